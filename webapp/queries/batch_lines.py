"""The lines of a batch, and what they come to by GST Type."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.models import (
    Activity,
    Company,
    Document,
    DocumentLine,
    GstType,
    Job,
    SalesCode,
    WorkCentre,
)
from webapp.queries.paging import PAGE_SIZE, Page


@dataclass(frozen=True)
class BatchLine:
    """One line, with the document it stands in. Amounts are in ``currency``."""

    id: int
    uid: str
    kind: DocumentKind
    document: str
    company: str | None
    date: dt.date
    line_no: int
    description: str | None
    source_reference: str | None
    job: str | None
    code: str | None
    """Of the activity or the sales code."""
    work_centre: str | None
    gst_type: str | None
    gl_account: str | None
    """As it was kept when the line was exported, or given by hand; None while derived."""
    cr_gl_account: str | None
    currency: str
    value_ex_gst: Decimal
    gst: Decimal
    gst_overridden: bool
    is_retention: bool

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst


@dataclass(frozen=True)
class TaxRow:
    """What the lines of one GST Type come to, in one currency."""

    currency: str
    gst_type: str | None
    description: str | None
    percent: Decimal | None
    export_code: str | None
    lines: int
    value_ex_gst: Decimal
    gst: Decimal

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst


def line_count(batch_id: int) -> int:
    """How many lines the batch has. The caller checked the scope."""
    count = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(DocumentLine)
        .join(Document, Document.id == DocumentLine.document_id)
        .where(Document.batch_id == batch_id)
    )
    return count or 0


def lines(batch_id: int, page: Page) -> tuple[BatchLine, ...]:
    """A page of the batch's lines, document by document. The caller checked the scope."""
    found = db.session.execute(_listed(batch_id).limit(PAGE_SIZE).offset(page.offset))
    return tuple(BatchLine(*row) for row in found)


def all_lines(batch_id: int) -> tuple[BatchLine, ...]:
    """Every line of the batch. The caller checked the scope."""
    return tuple(BatchLine(*row) for row in db.session.execute(_listed(batch_id)))


def tax_summary(batch_id: int) -> tuple[TaxRow, ...]:
    """The sums by GST Type and currency. The caller checked the scope."""
    of_type = (
        GstType.code,
        GstType.description,
        GstType.percent,
        GstType.export_code,
    )
    rows = db.session.execute(
        sa.select(
            Document.currency_code,
            *of_type,
            sa.func.count(),
            sa.func.sum(DocumentLine.value_ex_gst),
            sa.func.sum(DocumentLine.gst),
        )
        .select_from(DocumentLine)
        .join(Document, Document.id == DocumentLine.document_id)
        .outerjoin(GstType, GstType.id == DocumentLine.gst_type_id)
        .where(Document.batch_id == batch_id)
        .group_by(Document.currency_code, *of_type)
        .order_by(Document.currency_code, GstType.code.nulls_last())
    )
    return tuple(TaxRow(*row) for row in rows)


def _listed(batch_id: int) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        DocumentLine.id,
        Document.uid,
        Document.kind,
        Document.number,
        Company.name,
        Document.document_date,
        DocumentLine.line_no,
        DocumentLine.description,
        DocumentLine.source_reference,
        Job.code,
        sa.func.coalesce(Activity.code, SalesCode.code),
        WorkCentre.code,
        GstType.code,
        DocumentLine.gl_account,
        DocumentLine.cr_gl_account,
        Document.currency_code,
        DocumentLine.value_ex_gst,
        DocumentLine.gst,
        DocumentLine.gst_overridden,
        DocumentLine.is_retention,
    )
    return (
        sa.select(*columns)
        .select_from(DocumentLine)
        .join(Document, Document.id == DocumentLine.document_id)
        .outerjoin(Company, Company.id == Document.company_id)
        .outerjoin(Job, Job.id == DocumentLine.job_id)
        .outerjoin(Activity, Activity.id == DocumentLine.activity_id)
        .outerjoin(SalesCode, SalesCode.id == DocumentLine.sales_code_id)
        .outerjoin(WorkCentre, WorkCentre.id == DocumentLine.work_centre_id)
        .outerjoin(GstType, GstType.id == DocumentLine.gst_type_id)
        .where(Document.batch_id == batch_id)
        .order_by(Document.number, Document.id, DocumentLine.line_no)
    )
