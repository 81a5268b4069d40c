"""Enters documents into open batches: all of what is given, or nothing of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.db import db, transaction
from webapp.domain.batches import BatchType
from webapp.domain.entry.checking import Check
from webapp.domain.entry.findings import Finding, Path
from webapp.domain.entry.given import DocumentGiven
from webapp.domain.entry.kinds import JOURNAL_TYPES
from webapp.domain.entry.ready import ReadyDocument
from webapp.models import Batch
from webapp.services import audit
from webapp.services.batches import new_batch
from webapp.services.documents.gathering import known_to
from webapp.services.documents.numbers import Numbers, numbered
from webapp.services.documents.open_batches import (
    books_of,
    hold_batch,
    hold_fin_co,
    refuse_closed,
)
from webapp.services.documents.refused import Refused
from webapp.services.documents.storing import store
from webapp.services.errors import NotAllowedNow

NO_DOCUMENTS: tuple[DocumentGiven, ...] = ()


@dataclass(frozen=True)
class Entered:
    """What was stored."""

    batch_number: str
    document_uids: tuple[str, ...]
    """In the order in which the documents were given."""


def enter_batch(
    *,
    fin_co_id: int,
    kind: BatchType,
    date: dt.date,
    reference: str | None,
    documents: Sequence[DocumentGiven],
    user_id: int | None,
    now: dt.datetime,
    reversing: bool = False,
    trail: audit.Trail | None = None,
) -> Entered:
    """Make an open batch with these documents in it; without any where none are given.

    Raises:
        Refused: documents that cannot be stored; then there is no batch either.
        NotAllowedNow: no such batch can be made, or its period is closed.
    """
    if reversing and kind is not BatchType.ADJUSTMENT:
        raise NotAllowedNow(
            f"A batch for {kind.value} is not reversed.",
            "Take the tick off Reversing, or choose Adjustment.",
        )
    with transaction():
        fin_co = hold_fin_co(fin_co_id)
        batch = new_batch(
            fin_co=fin_co, kind=kind, date=date, reference=reference, user_id=user_id, now=now
        )
        batch.reversing = reversing
        db.session.flush()
        refuse_closed(batch)
        _refuse_outside(batch)
        documents = numbered(fin_co_id, documents)
        uids = _enter(batch, documents, user_id, now)
        if documents:
            _note(trail, batch, documents)
        else:
            audit.note(trail, "make batch", fin_co_id, batch=batch.number, batch_type=kind.value)
        return Entered(batch.number, uids)


def _refuse_outside(batch: Batch) -> None:
    """Journals are posted on their batch's date, so that must lie in its period (Q12)."""
    period = batch.period
    inside = period.start_date <= batch.batch_date <= period.end_date
    if batch.batch_type in JOURNAL_TYPES and not inside:
        raise NotAllowedNow(
            f"Journals are posted on the date of their batch, and {batch.batch_date:%d %b %Y} lies "
            f"outside period {period.number} of {period.year}, which the batch would be in.",
            f"Date the batch from {period.start_date:%d %b %Y} to {period.end_date:%d %b %Y}.",
        )


def enter_documents(
    batch_id: int,
    documents: Sequence[DocumentGiven],
    *,
    user_id: int | None,
    now: dt.datetime,
    trail: audit.Trail | None = None,
) -> Entered:
    """Enter documents into an open batch.

    Raises:
        Refused: documents that cannot be stored; none was.
        NotFound: there is no such batch.
        NotAllowedNow: the batch is not open, or its period is closed.
    """
    with transaction():
        batch = hold_batch(batch_id)
        hold_fin_co(batch.fin_co_id)
        documents = numbered(batch.fin_co_id, documents)
        uids = _enter(batch, documents, user_id, now)
        _note(trail, batch, documents)
        return Entered(batch.number, uids)


def _note(trail: audit.Trail | None, batch: Batch, documents: Sequence[DocumentGiven]) -> None:
    if len(documents) == 1:
        told: dict[str, object] = {"document": documents[0].record}
    else:
        told = {"documents": len(documents)}
    action = "enter document" if len(documents) == 1 else "enter documents"
    audit.note(trail, action, batch.fin_co_id, batch=batch.number, **told)


def _enter(
    batch: Batch, documents: Sequence[DocumentGiven], user_id: int | None, now: dt.datetime
) -> tuple[str, ...]:
    placed = [(("documents", place), given) for place, given in enumerate(documents)]
    ready, applied = checked(batch, placed)
    return store(batch, ready, applied, user_id, now)


def checked(
    batch: Batch, documents: Sequence[tuple[Path, DocumentGiven]], *, but: int | None = None
) -> tuple[list[tuple[Path, ReadyDocument]], dict[Path, int]]:
    """The documents as they can be stored in this batch, and the invoices credits apply to.

    Args:
        batch: the open batch.
        documents: each with its place in what was given.
        but: a document that is being edited and may keep its own number.

    Raises:
        Refused: with everything that is wrong with any of them.
    """
    check = Check(books_of(batch), known_to(batch.fin_co_id, [given for _, given in documents]))
    ready: list[tuple[Path, ReadyDocument]] = []
    findings: list[Finding] = []
    for at, given in documents:
        result = check.of(given, at)
        if isinstance(result, ReadyDocument):
            ready.append((at, result))
        else:
            findings += result
    numbers = Numbers.of(batch.fin_co_id, [one for _, one in ready])
    findings += numbers.taken(ready, but=but)
    applied, unknown = numbers.applied(ready)
    findings += unknown
    if findings:
        raise Refused(sorted(findings, key=lambda one: one.path[:2] if one.path else ()))
    return ready, applied
