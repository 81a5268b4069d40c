"""Making, closing and marking batches."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webapp.db import claim, db, transaction
from webapp.domain.batches import NUMBER_DIGIT, BatchStatus, BatchType, number
from webapp.domain.documents import DocumentStatus
from webapp.domain.entry.kinds import MODULE_OF
from webapp.models import Batch, BatchSequence, Document, FinCo, Location, Period
from webapp.queries.postable import has_something_to_post
from webapp.services import audit
from webapp.services.errors import NotAllowedNow

_RECOGNISED = 5
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def period_for(date: dt.date) -> Period:
    """The period of a batch of this date: its own, or where that is past, the current one.

    The batch's period is that of its date or the next open one (workbench 2.3); a date that no
    period holds is a slip of the pen, or of a year whose periods nobody made yet.

    Raises:
        NotAllowedNow: when no period of Period Ends holds the date.
    """
    current = db.session.scalar(sa.select(Period).where(Period.is_current))
    own = db.session.scalar(
        sa.select(Period).where(Period.start_date <= date, Period.end_date >= date)
    )
    if own is None:
        raise _no_period(date)
    if current is None or own.start_date >= current.start_date:
        return own
    return current


def _no_period(date: dt.date) -> NotAllowedNow:
    first: dt.date | None = db.session.scalar(sa.select(sa.func.min(Period.start_date)))
    last: dt.date | None = db.session.scalar(sa.select(sa.func.max(Period.end_date)))
    told = f"The batch date {date:%d %b %Y} is in no financial period"
    if first is None or last is None:
        return NotAllowedNow(
            f"{told}: there are none yet.",
            "Make the periods of its year under Set-up, Period Ends.",
        )
    known = f"those that exist run from {first:%d %b %Y} to {last:%d %b %Y}"
    gap = ", but none holds this day" if first <= date <= last else ""
    return NotAllowedNow(
        f"{told}: {known}{gap}.",
        "Correct the date, or add its period under Set-up, Period Ends.",
    )


def period_told(date: dt.date, kind: BatchType | None) -> str:
    """Which period a batch of this date would be in, and whether that takes this type, in words."""
    try:
        period = period_for(date)
    except NotAllowedNow as error:
        return f"{error.message} {error.way_out}"
    told = f"Period {period.number} of {period.year}"
    if not period.start_date <= date <= period.end_date:
        told += ", the current one: that of the date is past"
    if kind in MODULE_OF and getattr(period, f"{MODULE_OF[kind].value}_closed"):
        return f"{told}. It is closed for {kind.value} batches."
    return f"{told}."


def new_batch(
    *,
    fin_co: FinCo,
    kind: BatchType,
    date: dt.date,
    reference: str | None,
    user_id: int | None,
    now: dt.datetime,
) -> Batch:
    """Make an open batch under the next number of its range (R82). Runs inside a transaction."""
    location = fin_co.default_location
    if location is None:
        raise NotAllowedNow(
            f"FinCo {fin_co.code} has no Default Location, so its batches cannot be numbered.",
            "Set the Default Location in Financial Companies.",
        )
    period = period_for(date)
    batch = Batch(
        number=number(
            location.batch_prefix,
            period.year,
            kind,
            take_numbers(location, period.year, kind, 1)[0],
        ),
        batch_type=kind,
        fin_co=fin_co,
        location=location,
        period=period,
        batch_date=date,
        reference=reference,
        created_at=now,
        created_by_id=user_id,
    )
    db.session.add(batch)
    return batch


def take_numbers(location: Location, year: int, kind: BatchType, count: int) -> range:
    """Take the next numbers of a range; nobody else gets them. Runs inside a transaction."""
    key = {"location_id": location.id, "year": year, "digit": NUMBER_DIGIT[kind]}
    insert = _INSERT[db.session.get_bind().dialect.name]
    # A range is begun by whoever comes first; two who come at once must not collide.
    db.session.execute(insert(BatchSequence).values(**key, last=0).on_conflict_do_nothing())
    last: int = db.session.execute(
        sa.update(BatchSequence)
        .filter_by(**key)
        .values(last=BatchSequence.last + count)
        .returning(BatchSequence.last)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return range(last - count + 1, last + 1)


def close_batch(
    batch_id: int, *, user_id: int | None, now: dt.datetime, trail: audit.Trail | None = None
) -> Batch:
    """Close an open batch; it and its documents cannot be edited any more (R78).

    Raises:
        NotAllowedNow: when it is not open, marked Not For Export, holds documents that are not
            approved, which the message names (Q33), or adjustments that do not sum to zero (R81),
            together and journal by journal.
    """
    with transaction():
        # Held from here on: nothing may be entered between the looks below and the claim.
        batch = db.session.get_one(
            Batch, batch_id, with_for_update={"key_share": True}, populate_existing=True
        )
        if batch.not_for_export:
            raise NotAllowedNow(
                f"Batch {batch.number} is marked Not For Export.", "Take the mark off first."
            )
        _refuse_unapproved(batch)
        _refuse_unbalanced(batch)
        if not claim(
            Batch,
            batch.id,
            Batch.status,
            BatchStatus.OPEN,
            BatchStatus.CLOSED,
            closed_at=now,
            closed_by_id=user_id,
        ):
            raise NotAllowedNow(
                f"Batch {batch.number} is {batch.status.value}, so it cannot be closed.",
                "Only open batches can be closed.",
            )
        audit.note(trail, "close batch", batch.fin_co_id, batch=batch.number)
    return batch


def _refuse_unapproved(batch: Batch) -> None:
    unapproved = db.session.scalars(
        sa.select(Document.number)
        .where(Document.batch_id == batch.id, Document.status != DocumentStatus.APPROVED)
        .order_by(Document.number)
    ).all()
    if unapproved:
        raise NotAllowedNow(
            f"Not everything in batch {batch.number} is approved; {len(unapproved)} to go: "
            f"{_some(unapproved)}.",
            "Approve what is right and delete what is not, then close the batch.",
        )


def _refuse_unbalanced(batch: Batch) -> None:
    if batch.batch_type is not BatchType.ADJUSTMENT:
        return
    sums = sa.select(sa.func.sum(Document.value_ex_gst)).where(Document.batch_id == batch.id)
    difference = db.session.scalar(sums)
    if difference:
        raise NotAllowedNow(
            f"The adjustments of batch {batch.number} sum to {difference:,.2f}, not to zero.",
            "Correct the lines, or enter what is missing, then close the batch.",
        )
    # Each goes to Xero as a journal of its own, and Xero takes none that does not balance (R90).
    uneven = db.session.execute(
        sa.select(Document.number, Document.value_ex_gst)
        .where(Document.batch_id == batch.id, Document.value_ex_gst != 0)
        .order_by(Document.number, Document.id)
    ).all()
    if uneven:
        told = _some([f"{one.number} by {one.value_ex_gst:,.2f}" for one in uneven])
        raise NotAllowedNow(
            f"The adjustments of batch {batch.number} sum to zero together, but each journal has "
            f"to balance by itself, and {len(uneven)} do not: {told}.",
            "Enter what belongs together as lines of one journal, then close the batch.",
        )


def _some(names: Sequence[str]) -> str:
    """As many of the names as it takes to recognise what is meant."""
    return ", ".join(names[:_RECOGNISED]) + (", …" if len(names) > _RECOGNISED else "")


def set_not_for_export(batch_id: int, *, marked: bool, trail: audit.Trail | None = None) -> Batch:
    """Put the Not For Export mark on an open batch, or take it off (R79).

    A closed batch that holds nothing to send, or only journals of zero lines, can be marked too: it
    could not be exported, and would stand among those still to go for good (Q34).

    Raises:
        NotAllowedNow: when the batch is no longer open and holds something to send, or is one that
            imports keep (R57).
    """
    with transaction():
        batch = db.session.get_one(Batch, batch_id)
        if batch.is_system:
            raise NotAllowedNow(
                f"Batch {batch.number} holds what imports bring in, which is in Xero already.",
                "Leave it as it is; it is never exported.",
            )
        before = batch.not_for_export
        holds = db.session.scalar(
            sa.select(sa.exists().where(Document.batch_id == batch_id, has_something_to_post()))
        )
        allowed = (BatchStatus.OPEN,) if holds else (BatchStatus.OPEN, BatchStatus.CLOSED)
        if not any(
            claim(Batch, batch.id, Batch.status, status, status, not_for_export=marked)
            for status in allowed
        ):
            raise NotAllowedNow(
                f"Batch {batch.number} is {batch.status.value}: Not For Export can only be "
                "changed while a batch is open.",
                "Leave the batch unticked to keep it from being exported.",
            )
        audit.note(
            trail,
            "mark batch",
            batch.fin_co_id,
            batch=batch.number,
            not_for_export=[before, marked],
        )
    return batch
