"""The documents of a batch, and what became of each."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.problems import Problem
from webapp.domain.runs import UNFINISHED, ItemState
from webapp.models import Company, Document, DocumentLine, ExportItem
from webapp.queries.enquiries.in_xero import records_of
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.run_documents import XeroRecord
from webapp.queries.run_fates import WORST_FIRST, place_in


class Fate(StrEnum):
    """What became of a document so far; what one can ask for."""

    ANY = "any"
    IN_XERO = "in Xero"
    DID_NOT_GO = "did not go"
    ON_ITS_WAY = "on its way"
    NOT_TRIED = "not exported yet"


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One document of the batch. Amounts are in ``currency``."""

    id: int
    uid: str
    kind: DocumentKind
    number: str
    reference: str | None
    company: str | None
    date: dt.date
    due_date: dt.date | None
    status: DocumentStatus
    currency: str
    value_ex_gst: Decimal
    gst: Decimal
    lines: int
    fate: Fate
    outcome: ItemState | None
    """What the newest export that carried it made of it; of several parts, the worst."""
    problems: tuple[Problem, ...]
    xero: XeroRecord | None

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst


def fates(batch_id: int) -> Mapping[Fate, int]:
    """How many of the batch's documents met which fate. The caller checked the scope."""
    told = _told(batch_id)
    rows = db.session.execute(sa.select(told.c.fate, sa.func.count()).group_by(told.c.fate))
    counts = {Fate(fate): count for fate, count in rows}
    return {Fate.ANY: sum(counts.values()), **{fate: counts.get(fate, 0) for fate in _FATES}}


def documents(batch_id: int, fate: Fate, page: Page) -> tuple[DocumentRow, ...]:
    """A page of the batch's documents by number. The caller checked the scope."""
    return _rows(_listed(batch_id, fate).limit(PAGE_SIZE).offset(page.offset))


def all_documents(batch_id: int) -> tuple[DocumentRow, ...]:
    """Every document of the batch by number. The caller checked the scope."""
    return _rows(_listed(batch_id, Fate.ANY))


_FATES = tuple(fate for fate in Fate if fate is not Fate.ANY)


def _newest(batch_id: int) -> sa.Subquery:
    """Of each document the item of the newest run that carried it, the worst of its parts."""
    ranked = (
        sa.select(
            ExportItem.id,
            ExportItem.document_id,
            ExportItem.state,
            ExportItem.problems,
            sa.func.row_number()
            .over(
                partition_by=ExportItem.document_id,
                order_by=(ExportItem.run_id.desc(), place_in(WORST_FIRST), ExportItem.part),
            )
            .label("place"),
        )
        .where(ExportItem.batch_id == batch_id)
        .subquery()
    )
    return sa.select(ranked).where(ranked.c.place == 1).subquery()


def _told(batch_id: int) -> sa.Subquery:
    """The batch's documents with their newest items and their fate in one word."""
    newest = _newest(batch_id)
    fate = sa.case(
        (Document.status == DocumentStatus.UPDATED, sa.literal(Fate.IN_XERO.value)),
        (
            newest.c.state.in_([ItemState.REJECTED, ItemState.BLOCKED]),
            sa.literal(Fate.DID_NOT_GO.value),
        ),
        (newest.c.state.in_(sorted(UNFINISHED)), sa.literal(Fate.ON_ITS_WAY.value)),
        else_=sa.literal(Fate.NOT_TRIED.value),
    )
    return (
        sa.select(
            Document.id,
            fate.label("fate"),
            newest.c.state.label("outcome"),
            newest.c.problems,
        )
        .outerjoin(newest, newest.c.document_id == Document.id)
        .where(Document.batch_id == batch_id)
        .subquery()
    )


def _listed(batch_id: int, fate: Fate) -> sa.Select[Any]:
    told = _told(batch_id)
    lines = (
        sa.select(sa.func.count()).where(DocumentLine.document_id == Document.id).scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Document.id,
        Document.uid,
        Document.kind,
        Document.number,
        Document.reference,
        Company.name.label("company"),
        Document.document_date.label("date"),
        Document.due_date,
        Document.status,
        Document.currency_code.label("currency"),
        Document.value_ex_gst,
        Document.gst,
        lines.label("lines"),
        told.c.fate,
        told.c.outcome,
        told.c.problems,
    )
    listed: sa.Select[Any] = (
        sa.select(*columns)
        .join(told, told.c.id == Document.id)
        .outerjoin(Company, Company.id == Document.company_id)
        .order_by(Document.number, Document.id)
    )
    return listed if fate is Fate.ANY else listed.where(told.c.fate == fate.value)


def _rows(statement: sa.Select[Any]) -> tuple[DocumentRow, ...]:
    found = db.session.execute(statement).mappings().all()
    records = records_of([row["id"] for row in found])
    return tuple(
        DocumentRow(
            **{
                **row,
                "fate": Fate(row["fate"]),
                "problems": tuple(Problem.from_json(one) for one in row["problems"] or ()),
            },
            xero=records.get(row["id"]),
        )
        for row in found
    )
