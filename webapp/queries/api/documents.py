"""Documents with their lines, and what they became in Xero."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import Batch, Document, DocumentLine, Job, XeroDocument
from webapp.queries.api.listing import Listed, listed
from webapp.queries.documents.kept import kept
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class LineRow:
    """One line. Amounts are in the document's currency."""

    line_no: int
    description: str | None
    source_reference: str | None
    job: str | None
    profit_centre: str | None
    activity: str | None
    sales_code: str | None
    work_centre: str | None
    gst_type: str | None
    quantity: Decimal | None
    value_ex_gst: Decimal
    gst: Decimal
    gst_overridden: bool
    is_retention: bool
    dr_account: str | None
    cr_account: str | None


@dataclass(frozen=True)
class PartyRow:
    """The company of a document."""

    id: int
    name: str
    ap_account: str | None
    ar_account: str | None


@dataclass(frozen=True)
class DocumentRow:
    """One document. Amounts are in ``currency``; credits are negative."""

    id: int
    uid: str
    kind: DocumentKind
    number: str
    batch: str
    fin_co: str
    fin_co_id: int
    company: PartyRow | None
    job: str | None
    reference: str | None
    document_date: dt.date
    due_date: dt.date | None
    currency: str
    currency_rate: Decimal | None
    claim_no: int | None
    status: DocumentStatus
    value_ex_gst: Decimal
    gst: Decimal
    mark: str
    """The fingerprint of the document as its form shows it; empty where only its head is told."""
    lines: tuple[LineRow, ...] = ()
    applies_to: str | None = None
    xero_id: str | None = None

    @property
    def total(self) -> Decimal:
        """Including GST."""
        return self.value_ex_gst + self.gst


def document(viewer: Viewer, uid: str) -> DocumentRow | None:
    """The document of that mark, if it may be seen."""
    line = selectinload(Document.lines)
    found = db.session.scalar(
        sa.select(Document)
        .join(Document.batch)
        .where(Document.uid == uid, viewer.scope(Batch.fin_co_id))
        .options(
            *_HEAD,
            line.joinedload(DocumentLine.job).joinedload(Job.profit_centre),
            line.joinedload(DocumentLine.activity),
            line.joinedload(DocumentLine.sales_code),
            line.joinedload(DocumentLine.work_centre),
            line.joinedload(DocumentLine.gst_type),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        return None
    return replace(
        _row(found),
        mark=kept(uid).mark,
        lines=tuple(_line(line) for line in found.lines),
        applies_to=_number(found.applies_to_id),
        xero_id=_xero_id(found),
    )


def documents(batch_id: int, *, limit: int, offset: int) -> Listed[DocumentRow]:
    """A page of a batch's documents, their heads alone. The caller checked the scope."""
    statement = sa.select(Document).where(Document.batch_id == batch_id).options(*_HEAD)
    return listed(statement, [Document.id], _row, limit=limit, offset=offset)


_HEAD = (
    joinedload(Document.batch).joinedload(Batch.fin_co),
    joinedload(Document.company),
    joinedload(Document.job),
)


def _row(found: Document) -> DocumentRow:
    company = found.company
    return DocumentRow(
        id=found.id,
        uid=found.uid,
        kind=found.kind,
        number=found.number,
        batch=found.batch.number,
        fin_co=found.batch.fin_co.code,
        fin_co_id=found.batch.fin_co_id,
        company=PartyRow(company.id, company.name, company.ap_account, company.ar_account)
        if company
        else None,
        job=found.job.code if found.job else None,
        reference=found.reference,
        document_date=found.document_date,
        due_date=found.due_date,
        currency=found.currency_code,
        currency_rate=found.currency_rate,
        claim_no=found.claim_no,
        status=found.status,
        value_ex_gst=found.value_ex_gst,
        gst=found.gst,
        mark="",
    )


def _line(found: DocumentLine) -> LineRow:
    return LineRow(
        line_no=found.line_no,
        description=found.description,
        source_reference=found.source_reference,
        job=found.job.code if found.job else None,
        profit_centre=found.job.profit_centre.code if found.job else None,
        activity=found.activity.code if found.activity else None,
        sales_code=found.sales_code.code if found.sales_code else None,
        work_centre=found.work_centre.code if found.work_centre else None,
        gst_type=found.gst_type.code if found.gst_type else None,
        quantity=found.quantity,
        value_ex_gst=found.value_ex_gst,
        gst=found.gst,
        gst_overridden=found.gst_overridden,
        is_retention=found.is_retention,
        dr_account=found.gl_account,
        cr_account=found.cr_gl_account,
    )


def _number(document_id: int | None) -> str | None:
    if document_id is None:
        return None
    return db.session.scalar(sa.select(Document.number).where(Document.id == document_id))


def _xero_id(found: Document) -> str | None:
    if found.status is not DocumentStatus.UPDATED:
        return None
    return db.session.scalar(
        sa.select(XeroDocument.xero_id)
        .where(XeroDocument.document_id == found.id)
        .order_by(XeroDocument.linked_at.desc())
        .limit(1)
    )
