"""Every document that an export tried to send, newest first, and what still needs a person."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.domain.problems import Problem
from webapp.domain.runs import UNFINISHED, ItemState
from webapp.models import (
    Batch,
    Company,
    Document,
    ExportItem,
    ExportRun,
    FinCo,
    User,
    XeroConnection,
    XeroDocument,
)
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_documents import XeroRecord, with_xero
from webapp.queries.viewers import Viewer


class LogFilter(StrEnum):
    """The outcomes one can ask for. Attention is what nobody has mended or cleared yet (R113)."""

    ANY = "any"
    ATTENTION = "attention"
    IN_XERO = "in xero"
    REFUSED = "refused"
    NOT_SENT = "not sent"
    UNDECIDED = "undecided"
    CANCELLED = "cancelled"


_later = aliased(ExportItem)
_STANDS = sa.and_(
    ExportItem.cleared_at.is_(None),
    sa.or_(
        sa.and_(
            ExportItem.state.in_([ItemState.REJECTED, ItemState.BLOCKED]),
            Document.status != DocumentStatus.UPDATED,
            # Another run took it up since; one that was cancelled before it left told nothing new.
            ~sa.exists().where(
                _later.document_id == ExportItem.document_id,
                _later.run_id > ExportItem.run_id,
                _later.state != ItemState.CANCELLED,
            ),
        ),
        sa.and_(
            ExportItem.state == ItemState.SENT,
            # What Xero remarked on a document that it took.
            sa.cast(ExportItem.problems, sa.String) != "[]",
        ),
    ),
)

_CONDITIONS: Mapping[LogFilter, sa.ColumnElement[bool]] = {
    LogFilter.ANY: sa.true(),
    LogFilter.ATTENTION: _STANDS,
    LogFilter.IN_XERO: ExportItem.state == ItemState.SENT,
    LogFilter.REFUSED: ExportItem.state == ItemState.REJECTED,
    LogFilter.NOT_SENT: ExportItem.state == ItemState.BLOCKED,
    LogFilter.UNDECIDED: ExportItem.state.in_(UNFINISHED),
    LogFilter.CANCELLED: ExportItem.state == ItemState.CANCELLED,
}


@dataclass(frozen=True, kw_only=True)
class LogAsked:
    """What was asked for. ``text`` is sought in document and batch numbers and company names."""

    fin_co: str | None = None
    show: LogFilter = LogFilter.ANY
    text: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    """Days on which the export was begun, in UTC."""


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """One document in one run. ``total`` includes GST, in ``currency``, as it counts here."""

    id: int
    run_id: int
    begun_at: dt.datetime
    settled_at: dt.datetime | None
    fin_co: str
    batch_number: str
    uid: str
    number: str
    kind: str
    company: str | None
    currency: str
    total: Decimal
    state: ItemState
    xero_status: str | None
    problems: tuple[Problem, ...]
    cleared_at: dt.datetime | None
    cleared_by: str | None
    may_be_cleared: bool
    xero: XeroRecord | None


@dataclass(frozen=True)
class Log:
    """A page of the log, and how many documents need attention under the other filters."""

    rows: tuple[LogRow, ...]
    page: Page
    attention: int


def log(viewer: Viewer, asked: LogAsked, page_number: int) -> Log:
    """The entries that match, newest run first. A fixed number of statements."""
    total = _count(viewer, asked, asked.show)
    page = Page(page_number, total)
    rows = _rows(viewer, asked, limit=PAGE_SIZE, offset=page.offset)
    attention = (
        total if asked.show is LogFilter.ATTENTION else _count(viewer, asked, LogFilter.ATTENTION)
    )
    return Log(tuple(rows), page, attention)


def whole_log(viewer: Viewer, asked: LogAsked) -> Iterator[LogRow]:
    """Every entry that matches, however many there are."""
    return _rows(viewer, asked)


def _count(viewer: Viewer, asked: LogAsked, show: LogFilter) -> int:
    return (
        db.session.scalar(
            _matching(viewer, asked, sa.func.count(ExportItem.id)).where(_CONDITIONS[show])
        )
        or 0
    )


def _matching(viewer: Viewer, asked: LogAsked, *columns: Any) -> sa.Select[Any]:
    select = (
        sa.select(*columns)
        .select_from(ExportItem)
        .join(ExportRun, ExportRun.id == ExportItem.run_id)
        .join(FinCo, FinCo.id == ExportRun.fin_co_id)
        .join(Batch, Batch.id == ExportItem.batch_id)
        .join(Document, Document.id == ExportItem.document_id)
        .outerjoin(Company, Company.id == Document.company_id)
        .where(viewer.scope(ExportRun.fin_co_id))
    )
    if asked.fin_co:
        select = select.where(FinCo.code == asked.fin_co)
    if asked.since:
        select = select.where(ExportRun.started_at >= _midnight(asked.since))
    if asked.until:
        select = select.where(ExportRun.started_at < _midnight(asked.until + dt.timedelta(days=1)))
    if asked.text:
        sought = (Document.number, Batch.number, Company.name)
        select = select.where(
            sa.or_(*(column.icontains(asked.text, autoescape=True) for column in sought))
        )
    return select


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _rows(
    viewer: Viewer, asked: LogAsked, *, limit: int | None = None, offset: int | None = None
) -> Iterator[LogRow]:
    columns = (
        ExportItem.id,
        ExportItem.run_id,
        ExportRun.started_at.label("begun_at"),
        ExportItem.settled_at,
        FinCo.code.label("fin_co"),
        Batch.number.label("batch_number"),
        Document.uid,
        Document.number,
        Document.kind,
        Company.name.label("company"),
        Document.currency_code.label("currency"),
        ExportItem.total,
        ExportItem.state,
        ExportItem.xero_status,
        ExportItem.problems,
        ExportItem.cleared_at,
        User.name.label("cleared_by"),
        _STANDS.label("may_be_cleared"),
        XeroDocument.collection,
        XeroDocument.xero_type,
        XeroDocument.xero_id,
        XeroConnection.short_code,
    )
    found = db.session.execute(
        with_xero(_matching(viewer, asked, *columns))
        .outerjoin(User, User.id == ExportItem.cleared_by_id)
        .where(_CONDITIONS[asked.show])
        .order_by(ExportItem.run_id.desc(), ExportItem.id.desc())
        .limit(limit)
        .offset(offset)
    ).mappings()
    return (_row(row) for row in found)


def _row(row: sa.RowMapping) -> LogRow:
    told = dict(row)
    collection, xero_type, xero_id, short_code = (
        told.pop(name) for name in ("collection", "xero_type", "xero_id", "short_code")
    )
    told["kind"] = row["kind"].value
    told["may_be_cleared"] = bool(row["may_be_cleared"])
    told["problems"] = tuple(Problem.from_json(problem) for problem in row["problems"])
    record = XeroRecord(collection, xero_type, xero_id, short_code) if xero_id else None
    return LogRow(**told, xero=record)
