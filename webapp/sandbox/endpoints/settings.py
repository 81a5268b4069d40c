"""Organisation, accounts, tax rates, currencies (d.1, d.3, d.4, d.5)."""

from decimal import Decimal

from webapp.sandbox.call import Call, EndpointAnswer, single
from webapp.sandbox.endpoints.writing import write_one
from webapp.sandbox.errors import bad_body, not_found, not_implemented
from webapp.sandbox.kinds import ACCOUNTS, CURRENCIES, TAX_RATES
from webapp.sandbox.listing import list_records
from webapp.sandbox.money import number
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.accounts import create_account, delete_account, update_account
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject

routes = Routes()

_ACTIONS = (
    "CreateApprovedInvoice", "CreateDraftInvoice", "CreateApprovedBill", "CreateDraftBill",
    "CreateInvoicePayment", "UseMulticurrency", "AttachFilesIntoInvoice", "CreateManualJournal",
    "ApproveTransactionsBeforePeriodLockDate",
)  # fmt: skip
_CURRENCY_NAMES = {
    "AUD": "Australian Dollar", "CAD": "Canadian Dollar", "CNY": "Chinese Yuan Renminbi",
    "EUR": "Euro", "FJD": "Fiji Dollar", "GBP": "British Pound", "HKD": "Hong Kong Dollar",
    "JPY": "Japanese Yen", "NZD": "New Zealand Dollar", "SGD": "Singapore Dollar",
    "USD": "United States Dollar",
}  # fmt: skip


@routes.on("GET", "Organisation")
def organisation(call: Call) -> EndpointAnswer:
    """Give the organisation; lock dates are there only when they are set."""
    return {"Organisations": [call.books.organisation.data]}


@routes.on("POST PUT", "Organisation")
def change_organisation(_call: Call) -> EndpointAnswer:
    """Refuse: an organisation is not changed by the API."""
    raise not_implemented()


@routes.on("GET", "Organisation/Actions")
def actions(call: Call) -> EndpointAnswer:
    """Tell what the connecting user and the plan allow."""
    limit = call.books.organisation.approval_limit
    refused = {"ApproveTransactionsBeforePeriodLockDate"}
    if limit == 0:
        refused |= {"CreateApprovedInvoice", "CreateApprovedBill"}
    return {
        "Actions": [
            {"Name": name, "Status": "NOT-ALLOWED" if name in refused else "ALLOWED"}
            for name in _ACTIONS
        ]
    }


@routes.on("GET", "Accounts")
def accounts(call: Call) -> EndpointAnswer:
    """List the chart of accounts, archived ones too; it is never paged."""
    return {"Accounts": list_records(call, ACCOUNTS, paged=False).records}


@routes.on("GET", "Accounts/{id}")
def account(call: Call) -> EndpointAnswer:
    """Give one account."""
    return single(ACCOUNTS, _account(call))


@routes.on("PUT", "Accounts")
def add_account(call: Call) -> EndpointAnswer:
    """Make an account; one a call."""
    return single(
        ACCOUNTS,
        write_one(
            ACCOUNTS,
            call.element(ACCOUNTS),
            "HasErrors",
            lambda payload: create_account(call.books, payload),
        ),
    )


@routes.on("POST", "Accounts/{id}")
def change_account(call: Call) -> EndpointAnswer:
    """Change or archive an account."""
    found = _account(call)
    return single(
        ACCOUNTS,
        write_one(
            ACCOUNTS,
            call.element(ACCOUNTS),
            "HasErrors",
            lambda payload: update_account(call.books, found, payload),
        ),
    )


@routes.on("DELETE", "Accounts/{id}")
def remove_account(call: Call) -> EndpointAnswer:
    """Delete an account that nothing uses."""
    found = _account(call)
    return single(
        ACCOUNTS,
        write_one(
            ACCOUNTS,
            {"AccountID": found["AccountID"]},
            "HasErrors",
            lambda _payload: delete_account(call.books, found),
        ),
    )


def _account(call: Call) -> JsonObject:
    found = call.books.get(ACCOUNTS, call.path["id"])
    if found is None:
        raise not_found()
    return found


@routes.on("GET", "TaxRates")
def tax_rates(call: Call) -> EndpointAnswer:
    """List the tax rates."""
    return {"TaxRates": list_records(call, TAX_RATES, paged=False).records}


@routes.on("GET", "TaxRates/{id}")
def tax_rate(call: Call) -> EndpointAnswer:
    """Give one tax rate by its TaxType."""
    found = call.books.find(TAX_RATES, "number", call.path["id"])
    if not found:
        raise not_found()
    return single(TAX_RATES, found[0])


@routes.on("PUT POST", "TaxRates")
def write_tax_rate(call: Call) -> EndpointAnswer:
    """Make a tax rate of one's own (TAX001 …), or change such a one."""
    return single(
        TAX_RATES,
        write_one(
            TAX_RATES,
            call.element(TAX_RATES),
            "HasErrors",
            lambda payload: _save_rate(call, payload),
        ),
    )


def _save_rate(call: Call, payload: JsonObject) -> JsonObject:
    books = call.books
    tax_type = str(payload.get("TaxType") or "")
    existing = books.find(TAX_RATES, "number", tax_type)
    if tax_type and (call.method == "PUT" or not existing):
        raise refuse("TaxType cannot be chosen for a new tax rate.")
    if existing and not tax_type.upper().startswith("TAX"):
        raise refuse(f"The tax rate '{tax_type}' is a system rate and cannot be changed.")
    components = payload.get("TaxComponents") or (existing[0]["TaxComponents"] if existing else [])
    name = payload.get("Name") or (existing[0]["Name"] if existing else "")
    if not name or not components:
        raise refuse("A tax rate needs a Name and at least one tax component.")
    same_name = [one for one in books.find(TAX_RATES, "name", name) if one["TaxType"] != tax_type]
    if same_name:
        raise refuse(f"A tax rate with the name '{name}' already exists.")
    rates = [number(part.get("Rate")) or Decimal(0) for part in components]
    total = sum(rates, Decimal(0)).quantize(Decimal("0.0001"))
    rate: JsonObject = {
        "Name": name,
        "TaxType": tax_type or _next_tax_type(call),
        "ReportTaxType": payload.get("ReportTaxType", "OUTPUT"),
        "CanApplyToAssets": True,
        "CanApplyToEquity": True,
        "CanApplyToExpenses": True,
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": True,
        "DisplayTaxRate": total,
        "EffectiveRate": total,
        "Status": payload.get("Status", "ACTIVE"),
        "TaxComponents": [
            {
                "Name": part.get("Name", name),
                "Rate": part_rate.quantize(Decimal("0.0001")),
                "IsCompound": part.get("IsCompound") is True,
                "IsNonRecoverable": part.get("IsNonRecoverable") is True,
            }
            for part, part_rate in zip(components, rates, strict=True)
        ],
    }
    books.save(TAX_RATES, rate)
    return rate


def _next_tax_type(call: Call) -> str:
    own = call.books.count(TAX_RATES, "number LIKE 'tax0%'")
    return f"TAX{own + 1:03d}"


@routes.on("GET", "Currencies")
def currencies(call: Call) -> EndpointAnswer:
    """List the currencies the organisation subscribes to."""
    return {"Currencies": list_records(call, CURRENCIES, paged=False).records}


@routes.on("PUT", "Currencies")
def add_currency(call: Call) -> EndpointAnswer:
    """Subscribe to a currency; the body is the bare object."""
    code = str(call.element(CURRENCIES).get("Code") or "").upper()
    if code not in _CURRENCY_NAMES:
        raise bad_body(f"The currency '{code}' is not known")
    found = call.books.find(CURRENCIES, "number", code)
    currency = found[0] if found else {"Code": code, "Description": _CURRENCY_NAMES[code]}
    if not found:
        call.books.save(CURRENCIES, currency)
    return single(CURRENCIES, currency)
