"""System batches: found or made for what an import brings in, never by a person (R57)."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType, number
from webapp.models import Batch, FinCo, Location, Period
from webapp.services.batches import take_numbers
from webapp.services.errors import NotAllowedNow

REFERENCE = "Receipts from Xero"


@dataclass
class Placed:
    """The batch of each date, by its id; the dates that none can be had for, and why not."""

    batches: dict[dt.date, int] = field(default_factory=dict)
    refused: dict[dt.date, NotAllowedNow] = field(default_factory=dict)


def receipt_batches(*, fin_co_id: int, dates: Collection[dt.date], now: dt.datetime) -> Placed:
    """Find or make the AR Receipt batch of each date, at the FinCo's Default Location.

    A batch made here is closed and Not For Export from the start: what it holds is in the ledger
    already, so nobody may add to it and it never goes out. Runs inside a transaction. Two at once
    for one FinCo could make a batch twice; the one import that runs for a FinCo is what calls.
    """
    placed = Placed()
    if not dates:
        return placed
    fin_co = db.session.get_one(FinCo, fin_co_id)
    location = fin_co.default_location
    if location is None:
        refusal = NotAllowedNow(
            f"FinCo {fin_co.code} has no Default Location, so its receipts have no batch.",
            "Set the Default Location in Financial Companies, then import again.",
        )
        placed.refused = dict.fromkeys(dates, refusal)
        return placed
    periods = receipt_periods(dates)
    for date in dates:
        if date not in periods:
            placed.refused[date] = NotAllowedNow(
                f"There is no financial period for {date:%d %b %Y}.",
                "Create the periods of that year in Period End Maintenance, then import again.",
            )
    placed.batches = _found(fin_co, location, periods)
    missing = {date: period for date, period in periods.items() if date not in placed.batches}
    if missing:
        _make(fin_co, location, missing, now)
        placed.batches |= _found(fin_co, location, missing)
    return placed


def receipt_periods(dates: Collection[dt.date]) -> Mapping[dt.date, Period]:
    """The period each date's receipts belong to; dates that none can take are missing.

    It is the period of the date itself, past or not: a receipt batch is never exported, so it
    moves nothing in the ledger, and a first import brings in the receipts of years (R57). Only a
    period whose receipts were closed in Period End Maintenance takes none any more: theirs go to
    the first period after it that is open for receipts, and what lies after the last period to
    the current one.
    """
    periods = db.session.scalars(
        sa.select(Period).where(sa.not_(Period.receipt_closed)).order_by(Period.start_date)
    ).all()
    current = next((period for period in periods if period.is_current), None)
    found = {
        date: next((period for period in periods if period.end_date >= date), current)
        for date in dates
    }
    return {date: period for date, period in found.items() if period is not None}


def _found(
    fin_co: FinCo, location: Location, periods: Mapping[dt.date, Period]
) -> dict[dt.date, int]:
    rows = db.session.execute(
        sa.select(Batch.id, Batch.batch_date, Batch.period_id)
        .where(
            Batch.is_system,
            Batch.batch_type == BatchType.AR_RECEIPT,
            Batch.fin_co_id == fin_co.id,
            Batch.location_id == location.id,
            Batch.batch_date.in_(periods),
        )
        .order_by(Batch.id)
    )
    return {row.batch_date: row.id for row in rows if row.period_id == periods[row.batch_date].id}


def _make(
    fin_co: FinCo, location: Location, periods: Mapping[dt.date, Period], now: dt.datetime
) -> None:
    for year in sorted({period.year for period in periods.values()}):
        dates = sorted(date for date, period in periods.items() if period.year == year)
        numbers = take_numbers(location, year, BatchType.AR_RECEIPT, len(dates))
        db.session.execute(
            sa.insert(Batch),
            [
                {
                    "number": number(location.batch_prefix, year, BatchType.AR_RECEIPT, taken),
                    "batch_type": BatchType.AR_RECEIPT,
                    "fin_co_id": fin_co.id,
                    "location_id": location.id,
                    "period_id": periods[date].id,
                    "batch_date": date,
                    "reference": REFERENCE,
                    "status": BatchStatus.CLOSED,
                    "not_for_export": True,
                    "is_system": True,
                    "reversing": False,
                    "created_at": now,
                    "closed_at": now,
                }
                for date, taken in zip(dates, numbers, strict=True)
            ],
        )
