"""What a company may be, however it comes in: typed, in a file, or from another system."""

from collections.abc import Collection, Mapping
from typing import Any

ROLES = ("is_client", "is_supplier", "is_subcontractor")
FROM_TEMPLATE = (
    "company_type",
    "price_code",
    "location_id",
    "branch",
    "other",
    "credit_status",
    "use_gst",
    "currency_code",
    "payment_terms_days",
    "payment_terms_type",
)
"""What a new company takes from the Template Company, as an imported one does (R43 to R45)."""
LED_BY_XERO = frozenset({"is_supplier", "ap_account"})
"""What every import sets anew on a company that is linked and no client (R41)."""
LED_FAULT = (
    "Supplier and AP Account of this company come from its contact in Xero, and every import sets "
    "them again. Change the Account Number there."
)
_LONGEST = {"name": 255, "alpha_code": 20, "ap_account": 50, "ar_account": 50}
_LABELS = {
    "name": "A name",
    "alpha_code": "An Alpha Code",
    "ap_account": "An AP Account",
    "ar_account": "An AR Account",
}


def with_role(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with what nobody said: an AP Account makes a supplier, an AR Account a client.

    Of files and other systems, which may know nothing of roles; a form always says all three.
    """
    if any(role in values for role in ROLES):
        return dict(values)
    told = {"is_supplier": values.get("ap_account"), "is_client": values.get("ar_account")}
    return {**values, **{role: True for role, account in told.items() if account}}


def company_faults(values: Mapping[str, object], changed: Collection[str]) -> dict[str, str]:
    """What is wrong with a company, by field.

    Args:
        values: all of it, as it shall be.
        changed: the fields that are new; what is kept already is not found fault with.
    """
    found: dict[str, str] = {}
    for name in ("name", "alpha_code", "ap_account", "ar_account"):
        text = str(values.get(name) or "")
        if name not in changed:
            continue
        if name == "name" and not (text.strip() and text.isprintable()):
            found[name] = "Write the name of the company."
        elif len(text) > _LONGEST[name]:
            found[name] = f"{_LABELS[name]} has at most {_LONGEST[name]} characters."
    if not any(values.get(role) for role in ROLES) and set(changed) & set(ROLES):
        found["is_supplier"] = "Tick what the company is: client, supplier or subcontractor."
    days = values.get("payment_terms_days")
    if "payment_terms_days" in changed and isinstance(days, int) and days < 0:
        found["payment_terms_days"] = "Days are not below zero."
    return found
