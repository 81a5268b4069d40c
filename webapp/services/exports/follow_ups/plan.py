"""Writes down what is to follow a document, in the transaction that records it as sent."""

import datetime as dt
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.follow_ups import (
    OF_PAYABLES,
    OF_RECEIVABLES,
    FollowUpKind,
    names_in_xero,
)
from webapp.models import (
    Attachment,
    Document,
    FollowUp,
    FollowUpQueue,
    XeroDocument,
    XeroSettings,
)
from webapp.xero.idempotency import new_key

FILES = "accounting.attachments"
"""The permission that files need (C4.2)."""


def plan_follow_ups(run_id: int, link: XeroDocument, now: dt.datetime) -> None:
    """Put what is to follow this record into its queue; nothing where no box is ticked.

    What is ticked now decides: a document that went before a box was ticked gets no files later
    (R107, R108).

    Args:
        run_id: the export run that brought the document there.
        link: which record it became.
        now: the present instant.
    """
    settings = db.session.get(XeroSettings, link.fin_co_id)
    if settings is None:
        return
    document = db.session.get_one(Document, link.document_id)
    files = _files(document.id) if files_go(settings, document.kind) else []
    if not files and not settings.add_history_notes:
        return
    queue = _queue(link.fin_co_id, link.tenant_id)
    queue.finished_at = None

    def follow(kind: FollowUpKind, **more: object) -> None:
        db.session.add(
            FollowUp(
                queue_id=queue.id,
                run_id=run_id,
                document_id=document.id,
                tenant_id=link.tenant_id,
                collection=link.collection,
                xero_id=link.xero_id,
                kind=kind,
                idempotency_key=new_key(link.tenant_id),
                planned_at=now,
                **more,
            )
        )

    names = names_in_xero(file.file_name for file in files)
    for place, (file, name) in enumerate(zip(files, names, strict=True), start=1):
        follow(
            FollowUpKind.FILE,
            attachment_id=file.id,
            file_name=name,
            place=place,
            size=file.size,
            sha256=file.sha256,
        )
    if settings.add_history_notes:
        follow(FollowUpKind.NOTE)


def files_go(settings: XeroSettings, kind: DocumentKind) -> bool:
    """Whether the files of such a document are to be sent, by the two boxes (R107, R108)."""
    if kind in OF_PAYABLES:
        return settings.include_ap_attachments
    return kind in OF_RECEIVABLES and settings.include_ar_attachments


def _files(document_id: int) -> list[Attachment]:
    return list(
        db.session.scalars(
            sa.select(Attachment)
            .where(Attachment.document_id == document_id)
            .order_by(Attachment.added_at, Attachment.id)
        )
    )


def _queue(fin_co_id: int, tenant_id: str) -> FollowUpQueue:
    """The queue to this organisation, held until the transaction ends; made where there is none."""
    held = (
        sa.select(FollowUpQueue)
        .where(FollowUpQueue.fin_co_id == fin_co_id, FollowUpQueue.tenant_id == tenant_id)
        .with_for_update()
    )
    found = db.session.scalar(held)
    if found is None:
        # Another run to the same organisation may be quicker; its row is there then.
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(FollowUpQueue(fin_co_id=fin_co_id, tenant_id=tenant_id))
        found = db.session.scalars(held).one()
    return found
