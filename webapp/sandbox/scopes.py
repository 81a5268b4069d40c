"""Scopes: which exist, and which a call needs (xero-api a.6)."""

from webapp.sandbox.errors import Refusal

IDENTITY = frozenset({"openid", "profile", "email", "offline_access"})
_GROUPS = {
    "invoices": "transactions",
    "payments": "transactions",
    "banktransactions": "transactions",
    "manualjournals": "transactions",
    "contacts": "contacts",
    "settings": "settings",
    "attachments": "attachments",
}
_REPORTS = (
    "trialbalance", "aged", "balancesheet", "profitandloss", "banksummary", "budgetsummary",
    "executivesummary", "taxreports",
)  # fmt: skip
_PAYROLL = ("employees", "timesheets", "settings", "payruns", "payslip")
KNOWN = (
    IDENTITY
    | {f"accounting.{name}{end}" for name in (*_GROUPS, "transactions") for end in ("", ".read")}
    | {f"accounting.reports.{name}.read" for name in _REPORTS}
    | {"accounting.reports.read", "accounting.journals.read", "app.connections", "files"}
    | {"files.read", "marketplace.billing"}
    | {f"payroll.{name}{end}" for name in _PAYROLL for end in ("", ".read")}
)
_OF_COLLECTION = {
    "invoices": "invoices",
    "creditnotes": "invoices",
    "payments": "payments",
    "batchpayments": "payments",
    "manualjournals": "manualjournals",
    "contacts": "contacts",
    "contactgroups": "contacts",
    "organisation": "settings",
    "accounts": "settings",
    "taxrates": "settings",
    "currencies": "settings",
    "trackingcategories": "settings",
}


def require(granted: frozenset[str], segments: tuple[str, ...], method: str) -> None:
    """Check that a token may make a call; a write scope includes reading, old broad names do too.

    Raises:
        Refusal: 401 insufficient_scope.
    """
    group = _OF_COLLECTION.get(segments[0])
    if "attachments" in segments[1:]:
        group = "attachments"
    if group is None:
        return
    allowed = {f"accounting.{group}", f"accounting.{_GROUPS[group]}"}
    if method == "GET":
        allowed |= {f"{name}.read" for name in allowed}
    if not allowed & granted:
        raise Refusal(
            401,
            {
                "Type": None,
                "Title": "Unauthorized",
                "Status": 401,
                "Detail": "AuthorizationUnsuccessful",
                "Instance": "{instance}",
                "Extensions": {},
            },
            {"WWW-Authenticate": "insufficient_scope"},
        )
