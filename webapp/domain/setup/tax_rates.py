"""Which of Xero's tax rates a GST Type may become, and whether their rates agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

ACTIVE = "ACTIVE"


@dataclass(frozen=True)
class Rate:
    """A tax rate as one FinCo's organisation has it; ``percent`` is its effective rate.

    ``on_expenses`` and ``on_revenue`` are Xero's CanApplyTo flags of those classes;
    ``on_balance_sheet`` is whether any flag of assets, equity or liabilities is set.
    """

    fin_co: str
    tax_type: str
    name: str
    status: str
    percent: Decimal
    on_expenses: bool
    on_revenue: bool
    on_balance_sheet: bool


@dataclass(frozen=True)
class Offer:
    """A tax type to choose, and how it is shown."""

    tax_type: str
    text: str


def fits(rate: Rate, *, for_ap: bool, for_ar: bool) -> bool:
    """Whether lines of that use can carry the rate (R68).

    Xero refuses a rate on an account whose class its CanApplyTo flags leave out (xero-api d.4).
    Purchases post to expenses and sales to revenue, and both to the balance sheet where work in
    progress is kept there; so a rate is kept from purchases only if it applies to revenue and not
    to expenses, and from sales only if the other way round. A rate that applies to nothing fits
    nothing.
    """
    sales_only = rate.on_revenue and not rate.on_expenses
    purchases_only = rate.on_expenses and not rate.on_revenue
    if not (rate.on_expenses or rate.on_revenue or rate.on_balance_sheet):
        return False
    return not (for_ap and sales_only) and not (for_ar and purchases_only)


def offers(rates: Iterable[Rate], *, for_ap: bool, for_ar: bool) -> tuple[Offer, ...]:
    """What the picker offers: active rates that fit, with name and percentage (R67).

    A tax type says of which FinCos it is where not every organisation has it, or has it otherwise
    (Q24).
    """
    fin_cos: set[str] = set()
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rate in rates:
        fin_cos.add(rate.fin_co)
        if rate.status == ACTIVE and fits(rate, for_ap=for_ap, for_ar=for_ar):
            text = f"{rate.name}, {shown(rate.percent)} %"
            found[rate.tax_type][text].append(rate.fin_co)
    return tuple(
        Offer(tax_type, f"{tax_type}: {_told(texts, fin_cos)}")
        for tax_type, texts in sorted(found.items())
    )


def warnings(export_code: str, percent: Decimal, rates: Iterable[Rate]) -> tuple[str, ...]:
    """What somebody should look at, though the line can be kept (R69)."""
    found = []
    known = [rate for rate in rates if rate.tax_type == export_code]
    for rate in known:
        if rate.status != ACTIVE:
            found.append(f"{export_code} is not active in the organisation of {rate.fin_co}.")
        elif rate.percent != percent:
            found.append(
                f"{shown(percent)} % here, {shown(rate.percent)} % in Xero ({rate.fin_co})."
            )
    return tuple(found)


def shown(percent: Decimal) -> str:
    """A percentage without needless zeros."""
    return f"{percent.normalize():f}"


def misfit(export_code: str, rates: Sequence[Rate], *, for_ap: bool, for_ar: bool) -> str | None:
    """Why an Export Code cannot be kept for that use; None where it can or is not known."""
    known = [rate for rate in rates if rate.tax_type == export_code]
    if not known or any(fits(rate, for_ap=for_ap, for_ar=for_ar) for rate in known):
        return None
    uses = [use for use, asked in (("AP", for_ap), ("AR", for_ar)) if asked]
    return (
        f"{known[0].name} cannot be used for {' and '.join(uses)} in Xero. "
        "Choose another, or change the ticks."
    )


def _told(texts: dict[str, list[str]], fin_cos: set[str]) -> str:
    everywhere = len(texts) == 1 and set(*texts.values()) == fin_cos
    return "; ".join(
        text if everywhere else f"{text} ({', '.join(sorted(of))})" for text, of in texts.items()
    )
