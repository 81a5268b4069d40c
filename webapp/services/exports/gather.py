"""Reads the documents of batches, with all that their mapping needs, in a few statements."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.domain.gl import derive_account
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine, Tag
from webapp.models import (
    Document,
    DocumentLine,
    FinCo,
    Job,
    XeroContact,
    XeroSettings,
)
from webapp.models.xero import TrackingSource

EXPORT_CATEGORY = "Export"


def unsent_documents(batch_ids: Sequence[int]) -> list[Document]:
    """The documents of these batches that are not in Xero yet, with lines and codes loaded."""
    line = selectinload(Document.lines)
    return list(
        db.session.scalars(
            sa.select(Document)
            .where(Document.batch_id.in_(batch_ids), Document.status != DocumentStatus.UPDATED)
            .order_by(Document.batch_id, Document.id)
            .options(
                joinedload(Document.company),
                line.joinedload(DocumentLine.job).joinedload(Job.profit_centre),
                line.joinedload(DocumentLine.job).joinedload(Job.job_type),
                line.joinedload(DocumentLine.job).selectinload(Job.groups),
                line.joinedload(DocumentLine.activity),
                line.joinedload(DocumentLine.work_centre),
                line.joinedload(DocumentLine.gst_type),
            )
        )
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
        contacts = db.session.execute(
            sa.select(XeroContact.company_id, XeroContact.contact_id).where(
                XeroContact.fin_co_id == fin_co.id, XeroContact.tenant_id == tenant_id
            )
        )
        self._contacts: dict[int, str] = dict(contacts.all())

    def outgoing(self, document: Document) -> OutgoingDocument:
        """One document, looked up and its accounts derived; nothing of it is changed."""
        company = document.company
        return OutgoingDocument(
            kind=document.kind,
            number=document.number,
            party_name=company.name if company else "",
            contact_id=self._contacts.get(company.id) if company else None,
            date=document.document_date,
            due_date=document.due_date,
            currency_code=document.currency_code,
            currency_rate=self._rate(document),
            back_link=f"{self._public_url}/documents/{document.uid}",
            lines=tuple(self._line(line) for line in document.lines),
        )

    def _rate(self, document: Document) -> Decimal | None:
        return None if document.currency_code == self._base_currency else document.currency_rate

    def _line(self, line: DocumentLine) -> OutgoingLine:
        job, activity, gst_type = line.job, line.activity, line.gst_type
        profit_centre = job.profit_centre if job else None
        account = derive_account(
            job_override=job.dr_gl_account if job else None,
            code=activity.dr_gl_account if activity else None,
            prefix=profit_centre.gl_prefix if profit_centre else None,
            suffix=profit_centre.gl_suffix if profit_centre else None,
        )
        return OutgoingLine(
            line_no=line.line_no,
            description=line.description,
            job_code=job.code if job else None,
            activity_code=activity.code if activity else None,
            work_centre_code=line.work_centre.code if line.work_centre else None,
            value=line.value_ex_gst,
            gst=line.gst,
            gst_percent=gst_type.percent if gst_type else Decimal(0),
            gst_code=gst_type.code if gst_type else None,
            export_code=gst_type.export_code if gst_type else None,
            account_code=account,
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
