"""The batch that documents are entered into, as long as anything in it may change."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus
from webapp.domain.entry.kinds import ENTERED_TYPES, MODULE_OF
from webapp.domain.entry.known import Books
from webapp.models import Batch, Document, FinCo
from webapp.services import audit
from webapp.services.errors import NotAllowedNow, NotFound


def hold_fin_co(fin_co_id: int) -> FinCo:
    """The FinCo's row, held until the transaction ends.

    Documents of one FinCo are entered one request after the other: each must see the numbers
    that the one before it used.
    """
    return db.session.execute(
        sa.select(FinCo).where(FinCo.id == fin_co_id).with_for_update(key_share=True)
    ).scalar_one()


def hold_batch(batch_id: int) -> Batch:
    """The batch, held open until the transaction ends.

    Raises:
        NotFound: there is none of that id.
        NotAllowedNow: it is not open (R78), holds documents that are not entered, or its period
            is closed for what it holds (workbench 2.16).
    """
    batch = db.session.execute(
        sa.select(Batch)
        .where(Batch.id == batch_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if batch is None:
        raise NotFound("There is no such batch.", "Check its number.")
    refuse_closed(batch)
    return batch


def hold_document(uid: str) -> Document:
    """The document and its batch, held while it may be changed; raises as ``hold_batch`` does."""
    batch_id = db.session.scalar(sa.select(Document.batch_id).where(Document.uid == uid))
    if batch_id is None:
        raise NotFound("There is no such document.", "Check its address.")
    hold_batch(batch_id)
    # Whoever held the batch before may have deleted it.
    document = db.session.execute(
        sa.select(Document).where(Document.uid == uid).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if document is None:
        raise NotFound("There is no such document.", "Check its address.")
    return document


def note_on(document: Document, trail: audit.Trail | None, action: str, **detail: object) -> None:
    """Put into the audit log what is done to a document, in the transaction that is open."""
    audit.note(
        trail,
        action,
        document.batch.fin_co_id,
        document=f"{document.kind.value} {document.number}",
        batch=document.batch.number,
        **detail,
    )


def refuse_closed(batch: Batch) -> None:
    """Raise NotAllowedNow unless documents may be entered into this batch now."""
    if batch.status is not BatchStatus.OPEN:
        raise NotAllowedNow(
            f"Batch {batch.number} is {batch.status.value}, so nothing in it can be changed.",
            "Enter the document in an open batch.",
        )
    if batch.batch_type not in ENTERED_TYPES or batch.is_system:
        raise NotAllowedNow(
            f"The documents of {batch.batch_type.value} batch {batch.number} are not entered "
            "by hand.",
            "Choose a batch of another type.",
        )
    module = MODULE_OF[batch.batch_type]
    if getattr(batch.period, f"{module.value}_closed"):
        raise NotAllowedNow(
            f"Period {batch.period.number} of {batch.period.year} is closed for "
            f"{batch.batch_type.value} batches.",
            "Enter it in a batch of an open period, or open the period again in Period End "
            "Maintenance.",
        )


def books_of(batch: Batch) -> Books:
    """What checking a document needs to know of its batch."""
    template = batch.fin_co.template_company
    return Books(
        fin_co=batch.fin_co.code,
        base_currency=batch.fin_co.base_currency_code,
        template_terms=(template.payment_terms_days, template.payment_terms_type)
        if template
        else (None, None),
        batch_number=batch.number,
        batch_type=batch.batch_type,
        batch_date=batch.batch_date,
    )
