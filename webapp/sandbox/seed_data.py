"""What the two organisations of a new state hold: a chart of accounts, tax rates, contacts."""

from dataclasses import dataclass
from decimal import Decimal

from webapp.sandbox.wire import JsonObject


@dataclass(frozen=True)
class Template:
    """One organisation to be made."""

    zone: str
    organisation: JsonObject
    tax_rates: tuple[JsonObject, ...]
    currencies: tuple[tuple[str, str], ...]
    accounts: tuple[JsonObject, ...]
    contacts: tuple[JsonObject, ...]


TRACKING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Department", ("Head Office",)),
    ("Job", ()),
)
CONTACT_GROUPS = ("Plant hire",)


def _rate(name: str, tax_type: str, report: str, percent: str, applies_to: str) -> JsonObject:
    """Make a tax rate; ``applies_to`` holds the letters of A E X L R: the account classes."""
    rate = Decimal(percent).quantize(Decimal("0.0001"))
    return {
        "Name": name,
        "TaxType": tax_type,
        "ReportTaxType": report,
        "CanApplyToAssets": "A" in applies_to,
        "CanApplyToEquity": "E" in applies_to,
        "CanApplyToExpenses": "X" in applies_to,
        "CanApplyToLiabilities": "L" in applies_to,
        "CanApplyToRevenue": "R" in applies_to,
        "DisplayTaxRate": rate,
        "EffectiveRate": rate,
        "Status": "ACTIVE",
        "TaxComponents": [
            {"Name": "GST", "Rate": rate, "IsCompound": False, "IsNonRecoverable": False}
        ],
    }


_NZ_RATES = (
    _rate("15% GST on Expenses", "INPUT2", "INPUT", "15", "AEXL"),
    _rate("15% GST on Income", "OUTPUT2", "OUTPUT", "15", "AELR"),
    _rate("GST on Imports", "GSTONIMPORTS", "GSTONIMPORTS", "0", "L"),
    _rate("No GST", "NONE", "NONE", "0", "AEXLR"),
    _rate("Zero Rated", "ZERORATED", "OUTPUT", "0", "LR"),
)
_AU_RATES = (
    _rate("GST on Income", "OUTPUT", "OUTPUT", "10", "AELR"),
    _rate("GST on Expenses", "INPUT", "INPUT", "10", "AEXL"),
    _rate("GST Free Income", "EXEMPTOUTPUT", "EXEMPTOUTPUT", "0", "AELR"),
    _rate("GST Free Expenses", "EXEMPTEXPENSES", "EXEMPTEXPENSES", "0", "AEXL"),
    _rate("GST Free Exports", "EXEMPTEXPORT", "EXEMPTEXPORT", "0", "R"),
    _rate("Input Taxed", "INPUTTAXED", "INPUTTAXED", "0", "R"),
    _rate("BAS Excluded", "BASEXCLUDED", "BASEXCLUDED", "0", "AEXLR"),
    _rate("GST on Capital", "CAPEXINPUT", "CAPITALEXINPUT", "10", "A"),
    _rate("GST Free Capital", "EXEMPTCAPITAL", "EXEMPTCAPITAL", "0", "A"),
    _rate("GST on Imports", "GSTONIMPORTS", "GSTONIMPORTS", "0", "L"),
    _rate("GST on Capital Imports", "GSTONCAPIMPORTS", "GSTONCAPIMPORTS", "0", "L"),
    _rate("No GST", "NONE", "NONE", "0", "AEXLR"),
)

# code, name, type, system account, kind of tax: s(ales) p(urchases) n(one), and p if payable
_CHART = (
    ("200", "Contract Revenue", "REVENUE", "", "s"),
    ("210", "Day Works", "SALES", "", "s"),
    ("260", "Other Revenue", "OTHERINCOME", "", "s"),
    ("270", "Interest Income", "REVENUE", "", "n"),
    ("300", "Purchases", "DIRECTCOSTS", "", "p"),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "", "p"),
    ("320", "Direct Wages", "DIRECTCOSTS", "", "n"),
    ("325", "Subcontractors", "DIRECTCOSTS", "", "p"),
    ("330", "Plant Hire", "DIRECTCOSTS", "", "p"),
    ("400", "Advertising", "EXPENSE", "", "p"),
    ("404", "Bank Fees", "EXPENSE", "", "n"),
    ("408", "Cleaning", "EXPENSE", "", "p"),
    ("412", "Consulting & Accounting", "EXPENSE", "", "p"),
    ("416", "Depreciation", "DEPRECIATN", "", "n"),
    ("429", "General Expenses", "EXPENSE", "", "p"),
    ("433", "Insurance", "OVERHEADS", "", "p"),
    ("445", "Light, Power, Heating", "OVERHEADS", "", "p"),
    ("449", "Motor Vehicle Expenses", "EXPENSE", "", "p"),
    ("453", "Office Expenses", "OVERHEADS", "", "p"),
    ("461", "Printing & Stationery", "EXPENSE", "", "p"),
    ("469", "Rent", "OVERHEADS", "", "p"),
    ("473", "Repairs and Maintenance", "EXPENSE", "", "p"),
    ("477", "Salaries", "EXPENSE", "", "n"),
    ("489", "Telephone & Internet", "EXPENSE", "", "p"),
    ("493", "Travel", "EXPENSE", "", "p"),
    ("497", "Bank Revaluations", "EXPENSE", "BANKCURRENCYGAIN", "n"),
    ("498", "Unrealised Currency Gains", "EXPENSE", "UNREALISEDCURRENCYGAIN", "n"),
    ("499", "Realised Currency Gains", "EXPENSE", "REALISEDCURRENCYGAIN", "n"),
    ("505", "Income Tax", "EXPENSE", "", "n"),
    ("600", "Petty Cash Float", "CURRENT", "", "n"),
    ("610", "Accounts Receivable", "CURRENT", "DEBTORS", "n"),
    ("620", "Prepayments", "PREPAYMENT", "", "n"),
    ("625", "Work in Progress", "CURRENT", "", "n"),
    ("628", "Retentions Receivable", "CURRENT", "", "n"),
    ("630", "Materials on Hand", "INVENTORY", "", "n"),
    ("710", "Office Equipment", "FIXED", "", "p"),
    ("711", "Less Accumulated Depreciation", "FIXED", "", "n"),
    ("720", "Plant and Machinery", "FIXED", "", "p"),
    ("760", "Long-term Deposits", "NONCURRENT", "", "n"),
    ("800", "Accounts Payable", "CURRLIAB", "CREDITORS", "n"),
    ("801", "Unpaid Expense Claims", "CURRLIAB", "UNPAIDEXPCLM", "n"),
    ("804", "Wages Payable", "CURRLIAB", "WAGEPAYABLES", "n"),
    ("808", "Retentions Payable", "CURRLIAB", "", "n"),
    ("814", "Payroll Clearing", "CURRLIAB", "", "n"),
    ("820", "GST", "CURRLIAB", "GST", "n"),
    ("825", "Employee Tax Payable", "CURRLIAB", "", "n"),
    ("835", "Revenue Received in Advance", "LIABILITY", "", "s"),
    ("840", "Historical Adjustment", "CURRLIAB", "HISTORICAL", "n"),
    ("860", "Rounding", "CURRLIAB", "ROUNDING", "n"),
    ("877", "Tracking Transfers", "CURRLIAB", "TRACKINGTRANSFERS", "n"),
    ("880", "Owner Drawings", "CURRLIAB", "", "n"),
    ("900", "Bank Loan", "TERMLIAB", "", "n"),
    ("960", "Retained Earnings", "EQUITY", "RETAINEDEARNINGS", "n"),
    ("970", "Owner Funds Introduced", "EQUITY", "", "n"),
)


def _chart(sales: str, purchases: str, none: str, currency: str) -> tuple[JsonObject, ...]:
    taxes = {"s": sales, "p": purchases, "n": none}
    chart: list[JsonObject] = [
        {
            "Code": code,
            "Name": name,
            "Type": kind,
            "SystemAccount": system,
            "TaxType": taxes[tax],
            "EnablePaymentsToAccount": code in ("600", "880", "970"),
        }
        for code, name, kind, system, tax in _CHART
    ]
    bank = {"Type": "BANK", "BankAccountType": "BANK", "CurrencyCode": currency, "TaxType": none}
    chart.append({**bank, "Code": "090", "Name": "Business Cheque Account"})
    chart.append({**bank, "Code": "091", "Name": "Business Savings Account"})
    chart.append(
        {
            "Code": "495",
            "Name": "Vehicle Leases (old)",
            "Type": "EXPENSE",
            "TaxType": purchases,
            "Status": "ARCHIVED",
        }
    )
    return tuple(chart)


def _contacts(*rows: tuple[str, str | None, str]) -> tuple[JsonObject, ...]:
    made = []
    for name, account_number, status in rows:
        contact: JsonObject = {"Name": name, "ContactStatus": status}
        if account_number:
            contact["AccountNumber"] = account_number
        made.append(contact)
    return tuple(made)


_PAYMENT_TERMS = {
    "Bills": {"Day": 20, "Type": "OFFOLLOWINGMONTH"},
    "Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"},
}

ORGANISATIONS = (
    Template(
        zone="Pacific/Auckland",
        organisation={
            "Name": "Harbour Civil Ltd",
            "LegalName": "Harbour Civil Limited",
            "PaysTax": True,
            "Version": "NZ",
            "OrganisationType": "COMPANY",
            "OrganisationEntityType": "COMPANY",
            "BaseCurrency": "NZD",
            "CountryCode": "NZ",
            "IsDemoCompany": False,
            "OrganisationStatus": "ACTIVE",
            "TaxNumber": "101-202-303",
            "FinancialYearEndDay": 31,
            "FinancialYearEndMonth": 3,
            "SalesTaxBasis": "INVOICE",
            "SalesTaxPeriod": "TWOMONTHS",
            "DefaultSalesTax": "Tax Exclusive",
            "DefaultPurchasesTax": "Tax Exclusive",
            "Timezone": "NEWZEALANDSTANDARDTIME",
            "Class": "PREMIUM",
            "Edition": "BUSINESS",
            "LineOfBusiness": "Civil engineering",
            "Addresses": [],
            "Phones": [],
            "ExternalLinks": [],
            "PaymentTerms": _PAYMENT_TERMS,
        },
        tax_rates=_NZ_RATES,
        currencies=(
            ("NZD", "New Zealand Dollar"),
            ("AUD", "Australian Dollar"),
            ("USD", "United States Dollar"),
        ),
        accounts=_chart("OUTPUT2", "INPUT2", "NONE", "NZD"),
        contacts=_contacts(
            ("Ridgeway Quarries", "RIDGE01", "ACTIVE"),
            ("Tasman Ready Mix", "TASMAN", "ACTIVE"),
            ("Northern District Council", "NDC01", "ACTIVE"),
            ("Bayside Traffic Control", None, "ACTIVE"),
            ("Old Mill Timber", "OLDMILL", "ARCHIVED"),
        ),
    ),
    Template(
        zone="Australia/Sydney",
        organisation={
            "Name": "Southern Cross Engineering Pty Ltd",
            "LegalName": "Southern Cross Engineering Pty Ltd",
            "PaysTax": True,
            "Version": "AU",
            "OrganisationType": "COMPANY",
            "OrganisationEntityType": "COMPANY",
            "BaseCurrency": "AUD",
            "CountryCode": "AU",
            "IsDemoCompany": True,
            "OrganisationStatus": "ACTIVE",
            "RegistrationNumber": "51824753556",
            "TaxNumber": "51824753556",
            "FinancialYearEndDay": 30,
            "FinancialYearEndMonth": 6,
            "SalesTaxBasis": "ACCRUALS",
            "SalesTaxPeriod": "QUARTERLY1",
            "DefaultSalesTax": "Tax Exclusive",
            "DefaultPurchasesTax": "Tax Exclusive",
            "Timezone": "AUSEASTERNSTANDARDTIME",
            "Class": "DEMO",
            "Edition": "BUSINESS",
            "LineOfBusiness": "Structural steel",
            "Addresses": [],
            "Phones": [],
            "ExternalLinks": [],
            "PaymentTerms": _PAYMENT_TERMS,
        },
        tax_rates=_AU_RATES,
        currencies=(
            ("AUD", "Australian Dollar"),
            ("NZD", "New Zealand Dollar"),
            ("USD", "United States Dollar"),
        ),
        accounts=_chart("OUTPUT", "INPUT", "BASEXCLUDED", "AUD"),
        contacts=_contacts(
            ("Blue Gum Steel", "BLUEGUM", "ACTIVE"),
            ("Parramatta Cranes", "PCRANES", "ACTIVE"),
            ("Hunter Valley Rail", "HVR01", "ACTIVE"),
            ("Coral Coatings", "CORAL", "ARCHIVED"),
        ),
    ),
)
