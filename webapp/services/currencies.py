"""Saving a currency. Rates are people's: no import ever changes one (R71)."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from webapp.db import db, transaction
from webapp.domain.fingerprints import fingerprint
from webapp.models import Currency
from webapp.queries.enquiries.currencies import EDITED
from webapp.services import audit
from webapp.services.errors import ChangedMeanwhile, NotValid

LONGEST_DESCRIPTION = 100
LONGEST_SYMBOL = 5
PLACES = Decimal("0.00000001")
"""A rate has at most eight decimals (workbench 2.10)."""
_RATE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,8})?")


@dataclass(frozen=True, kw_only=True)
class CurrencyEdit:
    """What was filled in; a rate left empty is none."""

    description: str
    symbol: str
    conversion_rate: str
    active: bool


def save_currency(
    code: str, edit: CurrencyEdit, *, seen: str, user_id: int, source: str, now: dt.datetime
) -> bool:
    """Keep what was filled in for a currency.

    Args:
        code: which currency; the caller found it.
        edit: all of it, as it shall be.
        seen: the fingerprint of what the person saw before.
        user_id: who saves it.
        source: from where, for the audit log.
        now: the present instant.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: it is no longer what the person saw.
        NotValid: something is missing, too long, or no rate.
    """
    after = _read(edit)
    with transaction():
        currency = db.session.get_one(Currency, code, with_for_update=True)
        before = {name: getattr(currency, name) for name in EDITED}
        if fingerprint(before) != seen:
            raise ChangedMeanwhile(
                f"{code} was changed by someone else after you opened it, so nothing was saved.",
                "Compare your entries with what is kept now, then save again.",
            )
        changed = audit.changes(before, after)
        if not changed:
            return False
        for name, value in after.items():
            setattr(currency, name, value)
        told = {name: [_told(value) for value in both] for name, both in changed.items()}
        audit.record(
            at=now,
            user_id=user_id,
            fin_co_id=None,
            action="edit currency",
            source=source,
            detail={"currency": code, **told},
        )
    return True


def _read(edit: CurrencyEdit) -> dict[str, object]:
    wrong: dict[str, str] = {}
    description, symbol = edit.description.strip(), edit.symbol.strip()
    rate = edit.conversion_rate.strip()
    if not description:
        wrong["description"] = "A currency needs a description."
    elif len(description) > LONGEST_DESCRIPTION:
        wrong["description"] = f"A description has at most {LONGEST_DESCRIPTION} characters."
    if len(symbol) > LONGEST_SYMBOL:
        wrong["symbol"] = f"A symbol has at most {LONGEST_SYMBOL} characters."
    if rate and not (_RATE.fullmatch(rate) and Decimal(rate)):
        wrong["conversion_rate"] = (
            "A rate is a number above zero with a decimal point and at most 8 decimals: 0.9241."
        )
    if wrong:
        raise NotValid(
            "The currency was not saved.", "Mend the marked fields, then save again.", wrong
        )
    return {
        "description": description,
        "symbol": symbol or None,
        "conversion_rate": Decimal(rate).quantize(PLACES) if rate else None,
        "active": edit.active,
    }


def _told(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value
