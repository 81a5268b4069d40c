"""Which batches an export may take, and taking them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
from webapp.queries.postable import has_something_to_post


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


Connections = Mapping[int, XeroConnection | None]
"""The connection of each FinCo, by its id."""


def refusals(batches: Sequence[Batch], connections: Connections) -> dict[int, Problem]:
    """Why batches may not even be tried, by their ids, in as many statements for any number.

    Each with the one reason that a person would mend first.
    """
    known = _Known(
        holders=_holders(batch.id for batch in batches if batch.status is BatchStatus.EXPORTING),
        elsewhere=_sent_elsewhere(batches, connections),
        filled=_filled(batches),
    )
    found = {
        batch.id: _of_its_state(batch, known) or _of_its_way(batch, connections, known)
        for batch in batches
    }
    return {batch_id: problem for batch_id, problem in found.items() if problem is not None}


@dataclass(frozen=True)
class _Known:
    """What the batches' own rows do not say, by their ids."""

    holders: Mapping[int, str]
    elsewhere: Mapping[int, str]
    """The organisation that has part of the batch and is not the FinCo's present one."""
    filled: frozenset[int]


def _problem(batch: Batch, code: str, message: str, way_out: str) -> Problem:
    return Problem(code=code, record=f"Batch {batch.number}", message=message, way_out=way_out)


def _of_its_state(batch: Batch, known: _Known) -> Problem | None:
    name = f"Batch {batch.number}"
    if batch.status is BatchStatus.EXPORTED:
        return _problem(
            batch,
            "already-exported",
            f"{name} is exported already, so nothing of it was sent again.",
            "Its documents and their links to Xero are in Batch Details.",
        )
    if batch.status is BatchStatus.EXPORTING:
        return _held(batch, known.holders)
    if may_be_exported(batch.status, not_for_export=batch.not_for_export):
        return None
    state = "marked Not For Export" if batch.not_for_export else "not closed"
    return _problem(
        batch, "not-closed", f"{name} is {state}.", "Only closed batches that may be exported go."
    )


def _of_its_way(batch: Batch, connections: Connections, known: _Known) -> Problem | None:
    name = f"Batch {batch.number}"
    connection = connections[batch.fin_co_id]
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
    elsewhere = known.elsewhere.get(batch.id)
    if elsewhere is not None:
        return _problem(
            batch,
            "begun-elsewhere",
            f"Part of {name} is in {elsewhere} already, and FinCo {batch.fin_co.code} is connected "
            f"to {connection.organisation_name} now.",
            f"Connect {elsewhere} again and export the rest there: a batch goes to one "
            "organisation.",
        )
    if batch.id not in known.filled:
        return _problem(
            batch,
            "empty",
            f"{name} holds nothing to send: no documents, or only journals whose lines are zero.",
            "Mark it Not For Export in Batch Details, so that it does not stand among those to go.",
        )
    return None


def _sent_elsewhere(batches: Sequence[Batch], connections: Connections) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(
            Document.batch_id,
            XeroConnection.fin_co_id,
            XeroConnection.tenant_id,
            XeroConnection.organisation_name,
        )
        .join(XeroDocument, XeroDocument.document_id == Document.id)
        .join(
            XeroConnection,
            sa.and_(
                XeroDocument.fin_co_id == XeroConnection.fin_co_id,
                XeroDocument.tenant_id == XeroConnection.tenant_id,
            ),
        )
        .where(Document.batch_id.in_([batch.id for batch in batches]))
        .distinct()
    )
    fin_co_of = {batch.id: batch.fin_co_id for batch in batches}
    found = {}
    for batch_id, fin_co_id, tenant_id, organisation in rows:
        now = connections[fin_co_of[batch_id]]
        if now is not None and fin_co_id == now.fin_co_id and tenant_id != now.tenant_id:
            found[batch_id] = organisation
    return found


def _filled(batches: Sequence[Batch]) -> frozenset[int]:
    return frozenset(
        db.session.scalars(
            sa.select(Document.batch_id)
            .where(Document.batch_id.in_([batch.id for batch in batches]), has_something_to_post())
            .distinct()
        )
    )


def take(batch: Batch) -> Problem | None:
    """Claim a closed batch for this run; if somebody was quicker, say who."""
    if claim(Batch, batch.id, Batch.status, BatchStatus.CLOSED, BatchStatus.EXPORTING):
        return None
    db.session.refresh(batch)
    return _held(batch, _holders([batch.id]))


def _holders(batch_ids: Iterable[int]) -> dict[int, str]:
    """Which export holds each batch and who began it, in words, by the ids of the batches."""
    rows = db.session.execute(
        sa.select(ExportRunBatch.batch_id, ExportRun.id, User.name)
        .join(ExportRun, ExportRunBatch.run_id == ExportRun.id)
        .outerjoin(User, User.id == ExportRun.started_by_id)
        .where(ExportRunBatch.batch_id.in_(list(batch_ids)), ExportRunBatch.active)
    )
    return {
        batch_id: f"{f' by {name}' if name else ''} (export {run_id})"
        for batch_id, run_id, name in rows
    }


def _held(batch: Batch, holders: Mapping[int, str]) -> Problem:
    return _problem(
        batch,
        "being-exported",
        f"Batch {batch.number} is already being exported{holders.get(batch.id, '')}.",
        "Nothing was sent twice. Watch that export instead.",
    )
