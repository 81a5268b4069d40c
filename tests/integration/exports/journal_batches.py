"""Batches of journals, entered and closed as people do, and the journals that came of them."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.models import Activity, Batch, Period, SalesCode
from webapp.services.batches import close_batch
from webapp.services.documents.entering import enter_batch

DATE = dt.date(2026, 11, 20)
ONE_SIDED = BatchType.ADJUSTMENT


ACCOUNTS = {
    "LAB": ("320", "477"),
    "STK": ("300", "473"),
    "ACC": ("310", "808"),
    "INT": ("300", None),
    "WIP": ("625", None),
}
"""DR and CR GL Account of labour, stock, accruals, internal hire and work in progress."""


def add_codes(books) -> None:
    """Activities with these accounts; internal hire has its sales code for the other side."""
    internal = SalesCode(code="INTERN", description="Internal hire", cr_gl_account="260")
    with transaction():
        made = [
            Activity(code=code, description=code, dr_gl_account=debit, cr_gl_account=credit)
            for code, (debit, credit) in ACCOUNTS.items()
        ]
        db.session.add_all(made)
        next(one for one in made if one.code == "INT").sales_code = internal
        db.session.flush()
        books.codes |= {one.code: one.id for one in made}


def line(value: str, activity: str = "LAB", **other) -> LineGiven:
    return LineGiven(value=Decimal(value), activity=activity, **({"job": "J1001"} | other))


def journal(number: str, *lines: LineGiven, **other) -> DocumentGiven:
    return DocumentGiven(
        kind=DocumentKind.JOURNAL, number=number, date=DATE, lines=lines, approved=True, **other
    )


def enter(books, kind: BatchType, *journals: DocumentGiven, reversing: bool = False) -> int:
    """A closed batch with these journals; its id."""
    entered = enter_batch(
        fin_co_id=books.fin_co_id,
        kind=kind,
        date=DATE,
        reference="November",
        documents=journals,
        user_id=None,
        now=utc_now(),
        reversing=reversing,
    )
    batch_id = db.session.scalar(sa.select(Batch.id).where(Batch.number == entered.batch_number))
    close_batch(batch_id, user_id=None, now=utc_now())
    return batch_id


def december() -> None:
    with transaction():
        db.session.add(
            Period(
                year=2027,
                number=9,
                start_date=dt.date(2026, 12, 1),
                end_date=dt.date(2026, 12, 31),
            )
        )


@dataclass(frozen=True)
class Posted:
    """A manual journal as the organisation shows it."""

    narration: str
    status: str
    date: str
    url: str
    lines: list[tuple[str, Decimal]]
    tracking: list[list[tuple[str, str]]]

    @property
    def difference(self) -> Decimal:
        return sum((amount for _, amount in self.lines), Decimal(0))


def posted(sandbox) -> list[Posted]:
    """The organisation's manual journals by their narration."""
    found = sandbox.inside().call("GET", "ManualJournals", page="1", pageSize="1000")
    return sorted(
        (
            Posted(
                narration=one["Narration"],
                status=one["Status"],
                date=one["Date"],
                url=one.get("Url", ""),
                lines=[
                    (entry["AccountCode"], Decimal(str(entry["LineAmount"])))
                    for entry in one["JournalLines"]
                ],
                tracking=[
                    [(tag["Name"], tag["Option"]) for tag in entry["Tracking"]]
                    for entry in one["JournalLines"]
                ],
            )
            for one in found["ManualJournals"]
        ),
        key=lambda one: one.narration,
    )
