"""The tax rates that the Export Code picker offers (R67)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.mapping.imports.rows import KnownRow, RowPlan
from webapp.xero.records import TaxRate

GONE = "DELETED"
_PLACES = Decimal("0.00000001")
LONGEST_TAX_TYPE = 50
HIGHEST_RATE = 1000

COLUMNS = (
    "tax_type",
    "name",
    "status",
    "effective_rate",
    "can_apply_to_assets",
    "can_apply_to_equity",
    "can_apply_to_expenses",
    "can_apply_to_liabilities",
    "can_apply_to_revenue",
)


def plan_tax_rates(rates: Iterable[TaxRate], known: Iterable[KnownRow]) -> RowPlan:
    """Bring every rate in, whatever its status; one Xero no longer names counts as deleted.

    Args:
        rates: all rates of the organisation.
        known: the rates kept of this organisation for this FinCo.
    """
    plan = RowPlan()
    rows = {row.values["tax_type"]: row for row in known}
    for tax_type, rate in {rate.tax_type: rate for rate in rates}.items():
        reason = _odd(rate)
        if reason:
            # What is kept of it from before stands until the rate can be kept again.
            rows.pop(tax_type, None)
            plan.rejections.append(
                Rejection(
                    Outcome.FAILED, rate.name or tax_type[:100], None, reason, digest=tax_type[:100]
                )
            )
            continue
        plan.put(rows.pop(tax_type, None), _values(rate))
    for row in rows.values():
        if row.values["status"] != GONE:
            plan.put(row, {**row.values, "status": GONE})
    return plan


def _odd(rate: TaxRate) -> str:
    """Why a rate cannot be kept; nothing where it can."""
    if len(rate.tax_type) > LONGEST_TAX_TYPE:
        return f"its tax type is longer than {LONGEST_TAX_TYPE} characters"
    if not 0 <= rate.effective_rate <= HIGHEST_RATE:
        return f"its rate of {rate.effective_rate:.6g} per cent cannot be one"
    return ""


def _values(rate: TaxRate) -> dict[str, object]:
    return {
        "tax_type": rate.tax_type,
        "name": rate.name[:255],
        "status": rate.status[:20],
        "effective_rate": rate.effective_rate.quantize(_PLACES, ROUND_HALF_UP),
        "can_apply_to_assets": rate.can_apply_to_assets,
        "can_apply_to_equity": rate.can_apply_to_equity,
        "can_apply_to_expenses": rate.can_apply_to_expenses,
        "can_apply_to_liabilities": rate.can_apply_to_liabilities,
        "can_apply_to_revenue": rate.can_apply_to_revenue,
    }
