"""The currencies an organisation uses."""

from collections.abc import Collection, Iterable

from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.mapping.imports.rows import RowPlan
from webapp.xero.records import Currency

CODE_LENGTH = 3
NOT_A_CODE = f"a currency code has {CODE_LENGTH} letters"


def plan_currencies(currencies: Iterable[Currency], known: Collection[str]) -> RowPlan:
    """Add the codes that are not there; what is there belongs to people, rates above all (R71)."""
    plan = RowPlan()
    for code, currency in {currency.code: currency for currency in currencies}.items():
        if len(code) != CODE_LENGTH:
            plan.rejections.append(
                Rejection(Outcome.FAILED, code[:100], None, NOT_A_CODE, digest=code[:100])
            )
        elif code in known:
            plan.unchanged += 1
        else:
            plan.inserts.append({"code": code, "description": (currency.description or code)[:100]})
    return plan
