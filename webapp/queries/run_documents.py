"""The documents of an export run and what became of each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.problems import Problem
from webapp.domain.runs import UNFINISHED, ItemState
from webapp.models import (
    Company,
    Document,
    ExportItem,
    ExportRun,
    XeroConnection,
    XeroDocument,
)
from webapp.queries.paging import PAGE_SIZE, Page


class Outcome(StrEnum):
    """The outcomes one can ask for."""

    ANY = "any"
    NOT_SENT = "not sent"
    SENT = "sent"
    UNDECIDED = "undecided"


_STATES: Mapping[Outcome, frozenset[ItemState]] = {
    Outcome.ANY: frozenset(ItemState),
    Outcome.NOT_SENT: frozenset({ItemState.REJECTED, ItemState.BLOCKED}),
    Outcome.SENT: frozenset({ItemState.SENT}),
    Outcome.UNDECIDED: UNFINISHED,
}

_WORST_FIRST = sa.case(
    {
        ItemState.REJECTED.value: 0,
        ItemState.BLOCKED.value: 1,
        ItemState.UNCERTAIN.value: 2,
        ItemState.SENDING.value: 3,
        ItemState.PENDING.value: 4,
    },
    value=sa.cast(ExportItem.state, sa.String),
    else_=5,
)


@dataclass(frozen=True)
class XeroRecord:
    """Which record of which organisation a document became; ``status`` as Xero last told it."""

    collection: str
    xero_type: str
    xero_id: str
    short_code: str | None
    status: str | None = None


@dataclass(frozen=True)
class ItemRow:
    """One document of a run. ``total`` includes GST, in ``currency``, as it counts here."""

    uid: str
    number: str
    kind: str
    company: str | None
    date: dt.date
    currency: str
    total: Decimal
    state: ItemState
    xero_status: str | None
    problems: tuple[Problem, ...]
    xero: XeroRecord | None


def documents(run_id: int, outcome: Outcome, page_number: int) -> tuple[tuple[ItemRow, ...], Page]:
    """A page of a run's documents, what needs a person first. The caller checked the scope."""
    matching = (ExportItem.run_id == run_id, ExportItem.state.in_(_STATES[outcome]))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(ExportItem).where(*matching))
    page = Page(page_number, total or 0)
    found = db.session.execute(
        sa.select(
            Document.uid,
            Document.number,
            Document.kind,
            Company.name,
            Document.document_date,
            Document.currency_code,
            Document.value_ex_gst,
            Document.gst,
            ExportItem.state,
            ExportItem.xero_status,
            ExportItem.problems,
            XeroDocument.collection,
            XeroDocument.xero_type,
            XeroDocument.xero_id,
            XeroConnection.short_code,
        )
        .select_from(ExportItem)
        .join(ExportRun, ExportRun.id == ExportItem.run_id)
        .join(Document, Document.id == ExportItem.document_id)
        .outerjoin(Company, Company.id == Document.company_id)
        .outerjoin(
            XeroDocument,
            sa.and_(
                XeroDocument.document_id == ExportItem.document_id,
                XeroDocument.fin_co_id == ExportRun.fin_co_id,
                XeroDocument.tenant_id == ExportRun.tenant_id,
            ),
        )
        .outerjoin(
            XeroConnection,
            sa.and_(
                XeroConnection.fin_co_id == ExportRun.fin_co_id,
                XeroConnection.tenant_id == ExportRun.tenant_id,
            ),
        )
        .where(*matching)
        .order_by(_WORST_FIRST, Document.number, ExportItem.id)
        .limit(PAGE_SIZE)
        .offset(page.offset)
    )
    rows = tuple(
        ItemRow(
            row.uid,
            row.number,
            row.kind.value,
            row.name,
            row.document_date,
            row.currency_code,
            row.value_ex_gst + row.gst,
            row.state,
            row.xero_status,
            tuple(Problem.from_json(problem) for problem in row.problems),
            XeroRecord(row.collection, row.xero_type, row.xero_id, row.short_code)
            if row.xero_id
            else None,
        )
        for row in found
    )
    return rows, page
