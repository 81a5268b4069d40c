"""What of a FinCo's organisation stands outside Workbench, and why."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.left_out import BY_SLUG, CAUSES, OTHER, Cause
from webapp.domain.runs import ImportKind
from webapp.models import ImportProblem, XeroConnection
from webapp.models.xero import ConnectionState
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.sorting import Sort, ordered

FAILED_FIRST = Sort("outcome")
OUTCOMES = ("failed", "skipped", "warning")

CAUSE_OF = sa.case(
    *(
        (sa.or_(*(ImportProblem.reason.like(pattern) for pattern in cause.patterns)), cause.slug)
        for cause in CAUSES
    ),
    else_=OTHER.slug,
).label("slug")
"""The slug of a reason's cause, found by the database so that it can count and filter by it."""

_SORTED_BY: dict[str, sa.ColumnElement[Any]] = {
    "outcome": ImportProblem.outcome.expression,
    "name": ImportProblem.name.expression,
    "kind": ImportProblem.kind.expression,
    "reason": ImportProblem.reason.expression,
    "since": ImportProblem.since.expression,
}
SORTS = frozenset(_SORTED_BY)


@dataclass(frozen=True)
class Organisation:
    """The organisation a FinCo is, or was last, connected to."""

    tenant_id: str
    name: str
    short_code: str | None
    connected: bool


@dataclass(frozen=True)
class Asked:
    """Which of the records to show."""

    kind: ImportKind | None = None
    outcome: str | None = None
    cause: Cause | None = None
    text: str = ""
    sort: Sort = FAILED_FIRST


@dataclass(frozen=True)
class OutsideRow:
    """A record that stands outside. ``since`` is when a run first met it."""

    kind: ImportKind
    outcome: str
    name: str
    reason: str
    since: dt.datetime
    xero_id: str | None
    cause: Cause


@dataclass(frozen=True)
class CauseCount:
    """How many records stand outside for one cause."""

    cause: Cause
    records: int


@dataclass(frozen=True)
class LeftOut:
    """A page of what stands outside, and the causes of all that the other filters let through."""

    rows: tuple[OutsideRow, ...] = ()
    page: Page = field(default=Page(1, 0))
    causes: tuple[CauseCount, ...] = ()


def organisation(fin_co_id: int) -> Organisation | None:
    """Whose records they are; None for a FinCo that never was connected."""
    row = db.session.execute(
        sa.select(
            XeroConnection.tenant_id,
            XeroConnection.organisation_name,
            XeroConnection.short_code,
            XeroConnection.state != ConnectionState.DISCONNECTED,
        )
        .where(XeroConnection.fin_co_id == fin_co_id)
        .order_by(
            sa.case((XeroConnection.state == ConnectionState.DISCONNECTED, 1), else_=0),
            XeroConnection.connected_at.desc(),
            XeroConnection.id.desc(),
        )
        .limit(1)
    ).first()
    return Organisation(*row) if row else None


def left_out(fin_co_id: int, tenant_id: str, asked: Asked, page_number: int) -> LeftOut:
    """A page of the records. The caller checked that the person may see the FinCo."""
    where = _where(fin_co_id, tenant_id, asked)
    found = db.session.execute(
        sa.select(CAUSE_OF, sa.func.count())
        .where(*where)
        .group_by(CAUSE_OF)
        .order_by(sa.func.count().desc(), CAUSE_OF)
    )
    causes = tuple(CauseCount(BY_SLUG[row[0]], row[1]) for row in found)
    shown = Page(
        page_number, sum(one.records for one in causes if asked.cause in {None, one.cause})
    )
    rows = db.session.execute(
        _rows(where, asked).limit(PAGE_SIZE).offset(shown.offset),
    )
    return LeftOut(tuple(_row(row) for row in rows), shown, causes)


def all_left_out(fin_co_id: int, tenant_id: str, asked: Asked) -> Iterator[OutsideRow]:
    """Every one of the records, however many."""
    rows = db.session.execute(_rows(_where(fin_co_id, tenant_id, asked), asked))
    return (_row(row) for row in rows)


def _where(fin_co_id: int, tenant_id: str, asked: Asked) -> list[sa.ColumnElement[bool]]:
    where = [ImportProblem.fin_co_id == fin_co_id, ImportProblem.tenant_id == tenant_id]
    if asked.kind:
        where.append(ImportProblem.kind == asked.kind)
    if asked.outcome:
        where.append(ImportProblem.outcome == asked.outcome)
    if asked.text:
        where.append(
            sa.or_(
                ImportProblem.name.icontains(asked.text, autoescape=True),
                ImportProblem.reason.icontains(asked.text, autoescape=True),
            )
        )
    return where


def _rows(where: list[sa.ColumnElement[bool]], asked: Asked) -> sa.Select[Any]:
    of_cause = [sa.literal(asked.cause.slug) == CAUSE_OF] if asked.cause else []
    return (
        sa.select(
            ImportProblem.kind,
            ImportProblem.outcome,
            ImportProblem.name,
            ImportProblem.reason,
            ImportProblem.since,
            ImportProblem.xero_id,
            CAUSE_OF,
        )
        .where(*where, *of_cause)
        .order_by(*ordered(asked.sort, _SORTED_BY, ImportProblem.id.expression))
    )


def _row(row: sa.Row[Any]) -> OutsideRow:
    return OutsideRow(
        row.kind, row.outcome, row.name, row.reason, row.since, row.xero_id, BY_SLUG[row.slug]
    )
