"""One document with its lines, and where it is in Xero."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.problems import Problem
from webapp.domain.runs import ItemState
from webapp.models import (
    Activity,
    Batch,
    Company,
    Document,
    DocumentLine,
    ExportItem,
    FinCo,
    GstType,
    Job,
    SalesCode,
    XeroConnection,
    XeroDocument,
)
from webapp.queries.run_documents import XeroRecord
from webapp.queries.viewers import Viewer

_REFUSED = frozenset({ItemState.REJECTED, ItemState.BLOCKED})


@dataclass(frozen=True)
class LineRow:
    """One line. Amounts are in the document's currency."""

    line_no: int
    description: str | None
    source_reference: str | None
    job: str | None
    code: str | None
    gst_type: str | None
    gl_account: str | None
    cr_gl_account: str | None
    value_ex_gst: Decimal
    gst: Decimal
    gst_overridden: bool


@dataclass(frozen=True)
class Attempt:
    """What one export run made of the document."""

    run_id: int
    part: int
    """Which part of the document it carried, from 1; large journals have more than one."""
    state: ItemState
    xero_status: str | None
    settled_at: dt.datetime | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class DocumentDetails:
    """A document as a person reads it. Amounts are in ``currency``."""

    id: int
    number: str
    kind: DocumentKind
    reference: str | None
    batch_id: int
    batch_number: str
    fin_co: str
    company: str | None
    company_id: int | None
    date: dt.date
    due_date: dt.date | None
    currency: str
    status: DocumentStatus
    claim_no: int | None
    value_ex_gst: Decimal
    gst: Decimal
    lines: tuple[LineRow, ...]
    attempts: tuple[Attempt, ...]
    xero: XeroRecord | None

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst

    @property
    def in_parts(self) -> bool:
        """Whether it went, or was to go, as several records (R115)."""
        return any(attempt.part > 1 for attempt in self.attempts)

    @property
    def hindered(self) -> tuple[Attempt, ...]:
        """What the newest export was refused, while the document is not in Xero."""
        if self.status is DocumentStatus.UPDATED:
            return ()
        newest = self.attempts[0].run_id if self.attempts else None
        return tuple(
            attempt
            for attempt in self.attempts
            if attempt.run_id == newest and attempt.state in _REFUSED
        )


def document_details(viewer: Viewer, uid: str) -> DocumentDetails | None:
    """The document of that mark, if this person may see it."""
    row = (
        db.session.execute(
            sa.select(
                Document.id,
                Document.number,
                Document.kind,
                Document.reference,
                Document.batch_id,
                Batch.number.label("batch_number"),
                FinCo.code.label("fin_co"),
                Company.name.label("company"),
                Document.company_id,
                Document.document_date.label("date"),
                Document.due_date,
                Document.currency_code.label("currency"),
                Document.status,
                Document.claim_no,
                Document.value_ex_gst,
                Document.gst,
            )
            .join(Batch, Batch.id == Document.batch_id)
            .join(FinCo, FinCo.id == Batch.fin_co_id)
            .outerjoin(Company, Company.id == Document.company_id)
            .where(Document.uid == uid, viewer.scope(Batch.fin_co_id))
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    return DocumentDetails(
        **row, lines=_lines(row["id"]), attempts=_attempts(row["id"]), xero=_xero(row["id"])
    )


def _lines(document_id: int) -> tuple[LineRow, ...]:
    rows = db.session.execute(
        sa.select(
            DocumentLine.line_no,
            DocumentLine.description,
            DocumentLine.source_reference,
            Job.code,
            sa.func.coalesce(Activity.code, SalesCode.code),
            GstType.code,
            DocumentLine.gl_account,
            DocumentLine.cr_gl_account,
            DocumentLine.value_ex_gst,
            DocumentLine.gst,
            DocumentLine.gst_overridden,
        )
        .outerjoin(Job, Job.id == DocumentLine.job_id)
        .outerjoin(Activity, Activity.id == DocumentLine.activity_id)
        .outerjoin(SalesCode, SalesCode.id == DocumentLine.sales_code_id)
        .outerjoin(GstType, GstType.id == DocumentLine.gst_type_id)
        .where(DocumentLine.document_id == document_id)
        .order_by(DocumentLine.line_no)
    )
    return tuple(LineRow(*row) for row in rows)


def _attempts(document_id: int) -> tuple[Attempt, ...]:
    rows = db.session.execute(
        sa.select(
            ExportItem.run_id,
            ExportItem.part,
            ExportItem.state,
            ExportItem.xero_status,
            ExportItem.settled_at,
            ExportItem.problems,
        )
        .where(ExportItem.document_id == document_id)
        .order_by(ExportItem.id.desc())
    )
    return tuple(
        Attempt(
            row.run_id,
            row.part,
            row.state,
            row.xero_status,
            row.settled_at,
            tuple(Problem.from_json(problem) for problem in row.problems),
        )
        for row in rows
    )


def _xero(document_id: int) -> XeroRecord | None:
    row = db.session.execute(
        sa.select(
            XeroDocument.collection,
            XeroDocument.xero_type,
            XeroDocument.xero_id,
            XeroConnection.short_code,
            XeroDocument.status,
        )
        .outerjoin(
            XeroConnection,
            sa.and_(
                XeroConnection.fin_co_id == XeroDocument.fin_co_id,
                XeroConnection.tenant_id == XeroDocument.tenant_id,
            ),
        )
        .where(XeroDocument.document_id == document_id)
        .order_by(XeroDocument.linked_at.desc())
        .limit(1)
    ).first()
    return XeroRecord(*row) if row else None
