"""Writes down what is to follow a document, in the transaction that records it as sent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
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


def plan_follow_ups(run_id: int, links: Sequence[XeroDocument], now: dt.datetime) -> None:
    """Put what is to follow these records into their queue; nothing where no box is ticked.

    What is ticked now decides: a document that went before a box was ticked gets no files later
    (R107, R108). In as many statements for any number of records.

    Args:
        run_id: the export run that brought the documents there.
        links: which records they became, of one FinCo in one organisation.
        now: the present instant.
    """
    settings = db.session.get(XeroSettings, links[0].fin_co_id)
    if settings is None:
        return
    files = _files_that_go(settings, [link.document_id for link in links])
    if not files and not settings.add_history_notes:
        return
    queue = _queue(links[0].fin_co_id, links[0].tenant_id)
    queue.finished_at = None

    def follow(link: XeroDocument, kind: FollowUpKind, **more: object) -> FollowUp:
        return FollowUp(
            queue_id=queue.id,
            run_id=run_id,
            document_id=link.document_id,
            tenant_id=link.tenant_id,
            collection=link.collection,
            xero_id=link.xero_id,
            kind=kind,
            idempotency_key=new_key(link.tenant_id),
            planned_at=now,
            **more,
        )

    planned: list[FollowUp] = []
    for link in links:
        mine = files.get(link.document_id, ())
        names = names_in_xero(file.file_name for file in mine)
        planned += [
            follow(
                link,
                FollowUpKind.FILE,
                attachment_id=file.id,
                file_name=name,
                place=place,
                size=file.size,
                sha256=file.sha256,
            )
            for place, (file, name) in enumerate(zip(mine, names, strict=True), start=1)
        ]
        if settings.add_history_notes:
            planned.append(follow(link, FollowUpKind.NOTE))
    db.session.bulk_save_objects(planned)


def files_go(settings: XeroSettings, kind: DocumentKind) -> bool:
    """Whether the files of such a document are to be sent, by the two boxes (R107, R108)."""
    if kind in OF_PAYABLES:
        return settings.include_ap_attachments
    return kind in OF_RECEIVABLES and settings.include_ar_attachments


def _files_that_go(
    settings: XeroSettings, document_ids: Sequence[int]
) -> Mapping[int, Sequence[Attachment]]:
    """The files that are to be sent after these documents, by the documents' ids."""
    kinds = [kind for kind in DocumentKind if files_go(settings, kind)]
    if not kinds:
        return {}
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    for file in db.session.scalars(
        sa.select(Attachment)
        .join(Document, Document.id == Attachment.document_id)
        .where(Attachment.document_id.in_(document_ids), Document.kind.in_(kinds))
        .order_by(Attachment.added_at, Attachment.id)
    ):
        found[file.document_id].append(file)
    return found


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
