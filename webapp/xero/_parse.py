"""Xero's JSON made into records (xero-api d). Unreadable values raise `ValueError`."""

from collections.abc import Mapping
from typing import Any

from webapp.xero._values import day, flag, identifier, instant, money, part, rows, text
from webapp.xero.records import (
    Account,
    Address,
    Contact,
    ContactGroup,
    Currency,
    DocumentKind,
    Organisation,
    Payment,
    RemoteDocument,
    TaxRate,
    Terms,
    TrackingCategory,
    TrackingOption,
)

Row = Mapping[str, Any]

_MOST_DAYS = 9999

_DOCUMENT_KEYS: dict[DocumentKind, tuple[str, str, str]] = {
    "Invoices": ("InvoiceID", "InvoiceNumber", "Reference"),
    "CreditNotes": ("CreditNoteID", "CreditNoteNumber", "Reference"),
    "ManualJournals": ("ManualJournalID", "", "Narration"),
}


def organisation(row: Row) -> Organisation:
    """Read GET /Organisation."""
    return Organisation(
        organisation_id=_id(row, "OrganisationID"),
        name=text(row.get("Name")),
        legal_name=text(row.get("LegalName")),
        short_code=text(row.get("ShortCode")),
        country_code=text(row.get("CountryCode")),
        base_currency=text(row.get("BaseCurrency")),
        version=text(row.get("Version")),
        timezone=text(row.get("Timezone")),
        period_lock_date=day(row.get("PeriodLockDate")),
        end_of_year_lock_date=day(row.get("EndOfYearLockDate")),
        is_demo_company=flag(row.get("IsDemoCompany")),
        organisation_class=text(row.get("Class")),
        organisation_status=text(row.get("OrganisationStatus")),
    )


def contact(row: Row) -> Contact:
    """Read one of GET /Contacts."""
    terms = part(row.get("PaymentTerms"))
    return Contact(
        contact_id=_id(row, "ContactID"),
        name=text(row.get("Name")),
        account_number=text(row.get("AccountNumber")),
        contact_number=text(row.get("ContactNumber")),
        status=text(row.get("ContactStatus")),
        group_names=tuple(text(group.get("Name")) for group in rows(row.get("ContactGroups"))),
        bills_terms=_terms(terms.get("Bills")),
        sales_terms=_terms(terms.get("Sales")),
        default_currency=text(row.get("DefaultCurrency")),
        tax_number=text(row.get("TaxNumber")),
        company_number=text(row.get("CompanyNumber")),
        email=text(row.get("EmailAddress")),
        phone=_phone(row),
        addresses=tuple(
            address for given in rows(row.get("Addresses")) if (address := _address(given))
        ),
        is_supplier=flag(row.get("IsSupplier")),
        is_customer=flag(row.get("IsCustomer")),
        merged_to_contact_id=identifier(row.get("MergedToContactID")),
        updated_at=instant(row.get("UpdatedDateUTC")),
    )


def contact_group(row: Row) -> ContactGroup:
    """Read one of GET /ContactGroups."""
    return ContactGroup(
        contact_group_id=_id(row, "ContactGroupID"),
        name=text(row.get("Name")),
        status=text(row.get("Status")),
    )


def account(row: Row) -> Account:
    """Read one of GET /Accounts."""
    return Account(
        account_id=_id(row, "AccountID"),
        code=text(row.get("Code")),
        name=text(row.get("Name")),
        type=text(row.get("Type")),
        account_class=text(row.get("Class")),
        status=text(row.get("Status")),
        tax_type=text(row.get("TaxType")),
        system_account=text(row.get("SystemAccount")),
        bank_account_type=text(row.get("BankAccountType")),
        currency_code=text(row.get("CurrencyCode")),
        enable_payments=flag(row.get("EnablePaymentsToAccount")),
        reporting_code=text(row.get("ReportingCode")),
        description=text(row.get("Description")),
        updated_at=instant(row.get("UpdatedDateUTC")),
    )


def tax_rate(row: Row) -> TaxRate:
    """Read one of GET /TaxRates. A missing effective rate is the displayed one."""
    display = money(row.get("DisplayTaxRate"))
    effective = money(row.get("EffectiveRate"))
    rate = effective if effective is not None else display
    if rate is None:
        raise ValueError("a tax rate without a rate")
    return TaxRate(
        name=text(row.get("Name")),
        tax_type=_key(row, "TaxType"),
        status=text(row.get("Status")),
        effective_rate=rate,
        display_rate=display if display is not None else rate,
        can_apply_to_assets=flag(row.get("CanApplyToAssets")),
        can_apply_to_equity=flag(row.get("CanApplyToEquity")),
        can_apply_to_expenses=flag(row.get("CanApplyToExpenses")),
        can_apply_to_liabilities=flag(row.get("CanApplyToLiabilities")),
        can_apply_to_revenue=flag(row.get("CanApplyToRevenue")),
    )


def currency(row: Row) -> Currency:
    """Read one of GET /Currencies."""
    return Currency(code=_key(row, "Code"), description=text(row.get("Description")))


def tracking_category(row: Row) -> TrackingCategory:
    """Read one of GET /TrackingCategories."""
    return TrackingCategory(
        category_id=_id(row, "TrackingCategoryID"),
        name=text(row.get("Name")),
        status=text(row.get("Status")),
        options=tuple(
            TrackingOption(
                option_id=_id(option, "TrackingOptionID"),
                name=text(option.get("Name")),
                status=text(option.get("Status")),
            )
            for option in rows(row.get("Options"))
        ),
    )


def document(kind: DocumentKind, row: Row) -> RemoteDocument:
    """Read one invoice, credit note or manual journal."""
    id_key, number_key, reference_key = _DOCUMENT_KEYS[kind]
    return RemoteDocument(
        kind=kind,
        xero_id=_id(row, id_key),
        type=text(row.get("Type")),
        number=text(row.get(number_key)),
        reference=text(row.get(reference_key)),
        contact_id=identifier(part(row.get("Contact")).get("ContactID")) or "",
        date=day(row.get("DateString"), row.get("Date")),
        status=text(row.get("Status")),
        sub_total=money(row.get("SubTotal")),
        total_tax=money(row.get("TotalTax")),
        total=money(row.get("Total")),
        url=text(row.get("Url")),
        updated_at=instant(row.get("UpdatedDateUTC")),
    )


def payment(row: Row) -> Payment:
    """Read one of GET /Payments."""
    invoice = part(row.get("Invoice"))
    party = part(invoice.get("Contact"))
    account = part(row.get("Account"))
    batch = part(row.get("BatchPayment"))
    return Payment(
        payment_id=_id(row, "PaymentID"),
        date=day(row.get("Date")),
        amount=money(row.get("Amount")),
        bank_amount=money(row.get("BankAmount")),
        currency_rate=money(row.get("CurrencyRate")),
        payment_type=text(row.get("PaymentType")),
        status=text(row.get("Status")),
        reference=text(row.get("Reference")),
        is_reconciled=flag(row.get("IsReconciled")),
        account_id=identifier(account.get("AccountID")),
        account_code=text(account.get("Code")),
        invoice_id=identifier(invoice.get("InvoiceID")),
        invoice_number=text(invoice.get("InvoiceNumber")),
        invoice_type=text(invoice.get("Type")),
        contact_id=identifier(party.get("ContactID")),
        contact_name=text(party.get("Name")),
        currency_code=text(invoice.get("CurrencyCode")),
        batch_payment_id=identifier(row.get("BatchPaymentID"))
        or identifier(batch.get("BatchPaymentID")),
        updated_at=instant(row.get("UpdatedDateUTC")),
    )


def _id(row: Row, key: str) -> str:
    found = identifier(row.get(key))
    if found is None:
        raise ValueError(f"a record without {key}")
    return found


def _key(row: Row, key: str) -> str:
    found = text(row.get(key))
    if not found:
        raise ValueError(f"a record without {key}")
    return found


def _terms(value: object) -> Terms | None:
    given = part(value)
    days = money(given.get("Day"))
    if days is None:
        return None
    if abs(days) > _MOST_DAYS:
        raise ValueError(f"not a number of days: {days}")
    return Terms(int(days), text(given.get("Type")))


def _phone(row: Row) -> str:
    """Give the first number there is, the default one before others, as one line."""
    numbers = [
        (
            text(phone.get("PhoneType")) != "DEFAULT",
            " ".join(
                piece
                for key in ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
                if (piece := text(phone.get(key)).strip())
            ),
        )
        for phone in rows(row.get("Phones"))
        if text(phone.get("PhoneNumber")).strip()
    ]
    return min(numbers, default=(True, ""), key=lambda ranked: ranked[0])[1]


def _address(row: Row) -> Address | None:
    """Read an address; Xero lists empty ones for each type, which are none."""
    lines = tuple(
        line
        for key in ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4")
        if (line := text(row.get(key)).strip())
    )
    address = Address(
        type=text(row.get("AddressType")),
        lines=lines,
        city=text(row.get("City")),
        region=text(row.get("Region")),
        postal_code=text(row.get("PostalCode")),
        country=text(row.get("Country")),
    )
    placed = lines or address.city or address.region or address.postal_code or address.country
    return address if placed else None
