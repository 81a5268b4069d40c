"""Which batches an export may take, and taking them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.db import claim, db
from webapp.domain.batches import EXPORT_ORDER, BatchStatus, may_be_exported
from webapp.domain.problems import Problem
from webapp.mapping.exports.registry import CARRIED_TYPES
from webapp.models import (
    Batch,
    Document,
    ExportRun,
    ExportRunBatch,
    User,
    XeroConnection,
    XeroDocument,
)
from webapp.models.xero import ConnectionState


def in_order(batch_ids: Sequence[int]) -> list[Batch]:
    """The batches in the order in which they go out, whatever order they were ticked in."""
    batches = db.session.scalars(
        sa.select(Batch).where(Batch.id.in_(batch_ids)).options(joinedload(Batch.fin_co))
    ).all()
    places = {kind: place for place, kind in enumerate(EXPORT_ORDER)}
    # A type that never goes out has no place among them; it is refused, not forgotten.
    return sorted(
        batches, key=lambda batch: (places.get(batch.batch_type, len(places)), batch.number)
    )


def refusal(batch: Batch, connection: XeroConnection | None) -> Problem | None:
    """Why a batch may not even be tried, in the order a person would mend it."""
    return _of_its_state(batch) or _of_its_way(batch, connection)


def _problem(batch: Batch, code: str, message: str, way_out: str) -> Problem:
    return Problem(code=code, record=f"Batch {batch.number}", message=message, way_out=way_out)


def _of_its_state(batch: Batch) -> Problem | None:
    name = f"Batch {batch.number}"
    if batch.status is BatchStatus.EXPORTED:
        return _problem(
            batch,
            "already-exported",
            f"{name} is exported already, so nothing of it was sent again.",
            "Its documents and their links to Xero are in Batch Details.",
        )
    if batch.status is BatchStatus.EXPORTING:
        return _held(batch)
    if may_be_exported(batch.status, not_for_export=batch.not_for_export):
        return None
    state = "marked Not For Export" if batch.not_for_export else "not closed"
    return _problem(
        batch, "not-closed", f"{name} is {state}.", "Only closed batches that may be exported go."
    )


def _of_its_way(batch: Batch, connection: XeroConnection | None) -> Problem | None:
    name = f"Batch {batch.number}"
    if batch.batch_type not in CARRIED_TYPES:
        return _problem(
            batch,
            "type-not-carried",
            f"{name} is of type {batch.batch_type.value}, which is not exported from here.",
            "Enter it in Xero by hand, or leave it unticked.",
        )
    if connection is None or connection.state is not ConnectionState.CONNECTED:
        return _problem(
            batch,
            "not-connected",
            f"FinCo {batch.fin_co.code} is not connected to Xero, so {name} stayed as it is.",
            "Connect it on the Xero Integration screen, then export again.",
        )
    elsewhere = _sent_elsewhere(batch, connection)
    if elsewhere is not None:
        return _problem(
            batch,
            "begun-elsewhere",
            f"Part of {name} is in {elsewhere} already, and FinCo {batch.fin_co.code} is connected "
            f"to {connection.organisation_name} now.",
            f"Connect {elsewhere} again and export the rest there: a batch goes to one "
            "organisation.",
        )
    if not db.session.scalar(sa.select(sa.exists().where(Document.batch_id == batch.id))):
        return _problem(
            batch,
            "empty",
            f"{name} holds no documents.",
            "There is nothing to send; leave it unticked.",
        )
    return None


def _sent_elsewhere(batch: Batch, connection: XeroConnection) -> str | None:
    """The organisation that holds documents of the batch, if it is not the present one."""
    return db.session.scalar(
        sa.select(XeroConnection.organisation_name)
        .join(
            XeroDocument,
            sa.and_(
                XeroDocument.fin_co_id == XeroConnection.fin_co_id,
                XeroDocument.tenant_id == XeroConnection.tenant_id,
            ),
        )
        .join(Document, Document.id == XeroDocument.document_id)
        .where(
            Document.batch_id == batch.id,
            XeroDocument.fin_co_id == batch.fin_co_id,
            XeroDocument.tenant_id != connection.tenant_id,
        )
        .limit(1)
    )


def take(batch: Batch) -> Problem | None:
    """Claim a closed batch for this run; if somebody was quicker, say who."""
    if claim(Batch, batch.id, Batch.status, BatchStatus.CLOSED, BatchStatus.EXPORTING):
        return None
    db.session.refresh(batch)
    return _held(batch)


def _held(batch: Batch) -> Problem:
    holder = db.session.execute(
        sa.select(ExportRun.id, User.name)
        .join(ExportRunBatch, ExportRunBatch.run_id == ExportRun.id)
        .outerjoin(User, User.id == ExportRun.started_by_id)
        .where(ExportRunBatch.batch_id == batch.id, ExportRunBatch.active)
    ).first()
    by = f" by {holder.name}" if holder and holder.name else ""
    run = f" (export {holder.id})" if holder else ""
    return _problem(
        batch,
        "being-exported",
        f"Batch {batch.number} is already being exported{by}{run}.",
        "Nothing was sent twice. Watch that export instead.",
    )
