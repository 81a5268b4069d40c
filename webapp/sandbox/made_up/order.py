"""What is to be made up, and the chance it is made up by."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from webapp.sandbox.dates import parse_day
from webapp.sandbox.money import number, round_to
from webapp.sandbox.wire import JsonObject

_LAST_DAY = "2025-03-31"
_DAYS = 240
LONGEST_UNPAID = 60
"""Days within which whatever is paid is paid."""
_MINUTES_OF_A_DAY = 24 * 60
_MINUTE_MS = 60_000
_MOST = 1_000_000


class SizeError(Exception):
    """What was to be made up cannot be; ``str()`` says why."""


@dataclass(frozen=True)
class KnownInvoice:
    """An invoice whose number or id somebody else knows."""

    type: str
    number: str
    total: Decimal
    """Including tax, in the organisation's currency."""
    invoice_id: str

    @classmethod
    def read(cls, given: JsonObject) -> Self:
        """Read one of the body.

        Raises:
            SizeError: it lacks a member.
        """
        total = number(given.get("Total"))
        if given.get("Type") not in ("ACCPAY", "ACCREC") or total is None or total <= 0:
            raise SizeError("An invoice needs a Type (ACCPAY, ACCREC) and a Total above zero.")
        return cls(
            type=str(given["Type"]),
            number=str(given.get("InvoiceNumber") or ""),
            total=round_to(total, 2),
            invoice_id=str(given.get("InvoiceID") or "").lower(),
        )


@dataclass(frozen=True)
class Order:
    """How much to make, of what, and by which chance."""

    seed: int
    contacts: int
    payments: int
    until: date
    suppliers: str | None
    customers: str | None
    invoices: tuple[KnownInvoice, ...] = field(repr=False)

    @classmethod
    def read(cls, given: JsonObject) -> Self:
        """Read a body.

        Raises:
            SizeError: a member is not what it should be.
        """
        counts = {name: given.get(name, 0) for name in ("seed", "contacts", "payments")}
        for name, count in counts.items():
            if not isinstance(count, int) or not 0 <= count <= _MOST:
                raise SizeError(f"{name} must be a whole number up to {_MOST}.")
        known = given.get("invoices") or []
        if not isinstance(known, list) or not all(isinstance(one, dict) for one in known):
            raise SizeError("invoices must be a list of objects.")
        until = parse_day(given.get("until", _LAST_DAY))
        if until is None:
            raise SizeError("until must be a date.")
        return cls(
            **counts,
            until=until,
            suppliers=given.get("suppliers"),
            customers=given.get("customers"),
            invoices=tuple(KnownInvoice.read(one) for one in known),
        )

    def chance(self, of: str) -> "Chance":
        """Give the chance one sort of records is made by; each sort has its own."""
        return Chance(f"{self.seed} {of}", self.until)


class Chance(random.Random):
    """A row of accidents that is the same every time; all of them happened until a day."""

    def __init__(self, seed: str, until: date) -> None:
        super().__init__(seed)
        self._first_day = until - timedelta(days=LONGEST_UNPAID + _DAYS)

    def record_id(self) -> str:
        """Make a record id."""
        return str(uuid.UUID(int=self.getrandbits(128), version=4))

    def day(self) -> date:
        """Give a day early enough for what was made on it to be paid by now."""
        return self._first_day + timedelta(days=self.randrange(_DAYS))

    def minute_of(self, day: date) -> int:
        """Give a full minute of a day in milliseconds since 1970; several records share one."""
        minute = (day - date(1970, 1, 1)).days * _MINUTES_OF_A_DAY
        return (minute + self.randrange(_MINUTES_OF_A_DAY)) * _MINUTE_MS

    def amount(self, most: int) -> Decimal:
        """Give an amount of at least one, to the cent."""
        return Decimal(self.randrange(100, most * 100)) / 100
