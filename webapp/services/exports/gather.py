"""Reads the documents of batches, with all that their mapping needs, in a few statements."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Load

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.entry.kinds import SALES
from webapp.domain.gl import derive_account
from webapp.domain.terms import TermsType, due_date
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine, Tag
from webapp.models import (
    Activity,
    Batch,
    Document,
    DocumentLine,
    FinCo,
    Job,
    XeroContact,
    XeroSettings,
    XeroTaxRate,
)
from webapp.models.xero import TrackingSource
from webapp.services.exports.journal_gather import CodedLine, as_journal

EXPORT_CATEGORY = "Export"


def unsent_documents(batch_ids: Sequence[int]) -> list[Document]:
    """The documents of these batches that are not in Xero yet, with lines and codes loaded."""
    # Thousands of lines share a few codes: read once each, not again beside every line.
    document = Load(Document)
    line = document.selectinload(Document.lines)
    return list(
        db.session.scalars(
            sa.select(Document)
            .where(Document.batch_id.in_(batch_ids), Document.status != DocumentStatus.UPDATED)
            .order_by(Document.batch_id, Document.id)
            .options(
                document.selectinload(Document.company),
                document.selectinload(Document.batch).joinedload(Batch.period),
                *_job_with_codes(document.selectinload(Document.job)),
                *_job_with_codes(line.selectinload(DocumentLine.job)),
                line.selectinload(DocumentLine.activity).joinedload(Activity.sales_code),
                line.selectinload(DocumentLine.sales_code),
                line.selectinload(DocumentLine.work_centre),
                line.selectinload(DocumentLine.gst_type),
            )
        )
    )


def _job_with_codes(job: Load) -> tuple[Load, ...]:
    return (
        job.joinedload(Job.profit_centre),
        job.joinedload(Job.job_type),
        job.selectinload(Job.groups),
    )


def stock_account_of(fin_co: FinCo) -> str | None:
    """The DR GL Account of the FinCo's Stock Control Job."""
    return db.session.scalar(
        sa.select(Job.dr_gl_account).where(Job.id == fin_co.stock_control_job_id)
    )


class Gatherer:
    """Turns a FinCo's documents into what the mapping takes, for one organisation.

    Ids are read for this FinCo and this tenant alone: what was learnt from another organisation
    is never sent (Q5).
    """

    def __init__(self, fin_co: FinCo, tenant_id: str, public_url: str) -> None:
        self._base_currency = fin_co.base_currency_code
        self._public_url = public_url
        self._settings = db.session.get(XeroSettings, fin_co.id) or XeroSettings()
        self._stock_account = stock_account_of(fin_co)
        contacts = db.session.execute(
            sa.select(XeroContact.company_id, XeroContact.contact_id).where(
                XeroContact.fin_co_id == fin_co.id, XeroContact.tenant_id == tenant_id
            )
        )
        self._contacts: dict[int, str] = dict(contacts.all())
        rates = db.session.execute(
            sa.select(XeroTaxRate.tax_type, XeroTaxRate.effective_rate).where(
                XeroTaxRate.fin_co_id == fin_co.id, XeroTaxRate.tenant_id == tenant_id
            )
        )
        self._xero_percents: dict[str, Decimal] = dict(rates.all())

    def outgoing(self, document: Document) -> OutgoingDocument:
        """One document, looked up and its accounts derived; nothing of it is changed."""
        company = document.company
        gathered = OutgoingDocument(
            kind=document.kind,
            number=document.number,
            reference=document.reference or (document.job.code if document.job else None),
            party_name=company.name if company else "",
            contact_id=self._contacts.get(company.id) if company else None,
            date=document.document_date,
            due_date=_due_date(document),
            currency_code=document.currency_code,
            currency_rate=self._rate(document),
            back_link=f"{self._public_url}/documents/{document.uid}",
            lines=tuple(self._line(document, line) for line in document.lines),
        )
        if document.kind is not DocumentKind.JOURNAL:
            return gathered
        return as_journal(
            gathered,
            document,
            stock_account=self._stock_account,
            tracked=self._settings.track_journals,
        )

    def _rate(self, document: Document) -> Decimal | None:
        return None if document.currency_code == self._base_currency else document.currency_rate

    def _line(self, document: Document, line: DocumentLine) -> OutgoingLine:
        job = line.job or document.job
        gst_type = line.gst_type
        export_code = gst_type.export_code if gst_type else None
        return OutgoingLine(
            line_no=line.line_no,
            description=line.description,
            job_code=job.code if job else None,
            job_description=job.description if job else None,
            activity_code=line.activity.code if line.activity else None,
            sales_code=line.sales_code.code if line.sales_code else None,
            work_centre_code=line.work_centre.code if line.work_centre else None,
            value=line.value_ex_gst,
            gst=line.gst,
            gst_percent=gst_type.percent if gst_type else Decimal(0),
            xero_percent=self._xero_percents.get(export_code) if export_code else None,
            gst_code=gst_type.code if gst_type else None,
            export_code=export_code,
            account_code=account_of(document.kind, line, job),
            tags=() if line.is_retention or job is None else self._tags(job),
        )

    def _tags(self, job: Job) -> tuple[Tag, ...]:
        """The tracking of a line; retention lines carry none (R100, R101, R105)."""
        chosen = (
            (self._settings.tracking_category_1, job.profit_centre.export_code),
            (self._settings.tracking_category_2, self._second_option(job)),
        )
        return tuple(
            Tag(category=category, option=option)
            for category, option in chosen
            if category and option
        )

    def _second_option(self, job: Job) -> str | None:
        match self._settings.tracking_source_2:
            case TrackingSource.JOB_TYPE:
                return job.job_type.description if job.job_type else None
            case TrackingSource.EXPORT_GROUP:
                groups = [group for group in job.groups if group.category == EXPORT_CATEGORY]
                return (groups[0].value or groups[0].description) if groups else None
            case _:
                return job.code


def account_of(kind: DocumentKind, line: CodedLine, job: Job | None) -> str | None:
    """Where a line posts: its cost account, or on the sales side its revenue account (R93).

    Retention is money held back, neither cost nor revenue: it goes to the clearing account its
    own code names, whatever account the job gives for the rest (workbench 3.1, rule 5).
    """
    if kind in SALES:
        code = line.sales_code.cr_gl_account if line.sales_code else None
        override = job.cr_gl_account if job else None
    else:
        code = line.activity.dr_gl_account if line.activity else None
        override = job.dr_gl_account if job else None
    centre = job.profit_centre if job else None
    return derive_account(
        job_override=None if line.is_retention else override,
        code=code,
        prefix=centre.gl_prefix if centre else None,
        suffix=centre.gl_suffix if centre else None,
    )


def _due_date(document: Document) -> dt.date | None:
    """As the document says; else by the terms the company has by now."""
    company = document.company
    if document.due_date or company is None:
        return document.due_date
    days, kind = company.payment_terms_days, company.payment_terms_type
    if days is None or kind not in set(TermsType):
        return None
    return due_date(document.document_date, days, kind)
