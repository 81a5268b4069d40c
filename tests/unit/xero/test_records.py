from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.xero import _parse
from webapp.xero.records import Address, Terms

ID = "bd2270c3-8706-4c11-9cfb-000b551c3f51"
KEYS = st.sampled_from(
    [
        "Name", "Code", "Status", "Date", "DateString", "Total", "SubTotal", "TotalTax", "Contact",
        "ContactGroups", "PaymentTerms", "Addresses", "Phones", "UpdatedDateUTC", "Options",
        "EffectiveRate", "DisplayTaxRate", "PeriodLockDate", "IsSupplier", "Url", "Brand new",
    ]
)  # fmt: skip
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)
IDS = dict.fromkeys(
    (
        "OrganisationID", "ContactID", "ContactGroupID", "AccountID", "TrackingCategoryID",
        "TrackingOptionID", "InvoiceID", "CreditNoteID", "ManualJournalID", "TaxType", "Code",
    ),
    ID,
)  # fmt: skip
PARSERS = {
    "organisation": _parse.organisation,
    "contact": _parse.contact,
    "contact group": _parse.contact_group,
    "account": _parse.account,
    "currency": _parse.currency,
    "tracking category": _parse.tracking_category,
    "invoice": lambda row: _parse.document("Invoices", row),
    "credit note": lambda row: _parse.document("CreditNotes", row),
    "manual journal": lambda row: _parse.document("ManualJournals", row),
}


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS.keys())
def test_a_record_of_nothing_but_its_id_is_read(parse):
    assert parse(IDS)


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS.keys())
def test_a_record_of_nulls_is_read(parse):
    nulls = dict.fromkeys(
        ["Name", "Contact", "Options", "ContactGroups", "PaymentTerms", "Addresses", "Phones"]
    )
    assert parse({**nulls, **IDS})


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS.keys())
def test_a_record_without_its_key_is_refused(parse):
    with pytest.raises(ValueError, match="without"):
        parse({"Name": "nobody"})


@given(st.sampled_from(list(PARSERS.values())), st.dictionaries(KEYS, ODD, max_size=8))
def test_odd_records_are_read_or_refused_and_nothing_else(parse, row):
    try:
        parse({**row, **IDS})
    except ValueError:
        return


def test_a_contact_is_read_whole():
    row = {
        "ContactID": ID.upper(),
        "Name": "Ridgeway Timber",
        "AccountNumber": " 00123 ",
        "ContactStatus": "GDPRREQUEST",
        "ContactGroups": [{"Name": "Suppliers"}, {"Name": "Local"}],
        "PaymentTerms": {"Bills": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}, "Sales": None},
        "EmailAddress": "pay@ridgeway.test",
        "Phones": [
            {"PhoneType": "MOBILE", "PhoneNumber": "021 1"},
            {"PhoneType": "DEFAULT", "PhoneCountryCode": "64", "PhoneNumber": "555"},
            {"PhoneType": "FAX", "PhoneNumber": ""},
        ],
        "Addresses": [
            {"AddressType": "POBOX", "AddressLine1": "PO Box 1", "City": "Taupo"},
            {"AddressType": "STREET", "City": "", "Country": None},
        ],
        "MergedToContactID": "00000000-0000-0000-0000-000000000000",
        "UpdatedDateUTC": "/Date(1488391422280+0000)/",
        "IsSupplier": True,
    }
    contact = _parse.contact(row)
    assert contact.contact_id == ID
    assert contact.account_number == " 00123 "
    assert contact.status == "GDPRREQUEST"
    assert contact.group_names == ("Suppliers", "Local")
    assert contact.bills_terms == Terms(20, "OFFOLLOWINGMONTH")
    assert contact.sales_terms is None
    assert contact.phone == "64 555"
    assert contact.addresses == (Address("POBOX", ("PO Box 1",), "Taupo", "", "", ""),)
    assert contact.merged_to_contact_id is None
    assert contact.updated_at == datetime(2017, 3, 1, 18, 3, 42, 280000, tzinfo=UTC)
    assert (contact.is_supplier, contact.is_customer) == (True, False)


def test_lock_dates_are_days():
    row = {
        "OrganisationID": ID,
        "PeriodLockDate": "/Date(1790467200000+0000)/",
        "IsDemoCompany": True,
        "Class": "DEMO",
    }
    organisation = _parse.organisation(row)
    assert organisation.period_lock_date == date(2026, 9, 27)
    assert organisation.end_of_year_lock_date is None
    assert (organisation.is_demo_company, organisation.organisation_class) == (True, "DEMO")


def test_a_tax_rate_is_exact():
    row = {"TaxType": "INPUT", "EffectiveRate": Decimal("12.5000"), "CanApplyToExpenses": True}
    rate = _parse.tax_rate(row)
    assert (rate.effective_rate, rate.display_rate) == (Decimal("12.5"), Decimal("12.5"))
    assert (rate.can_apply_to_expenses, rate.can_apply_to_assets) == (True, False)


def test_a_tax_rate_without_a_rate_is_refused():
    with pytest.raises(ValueError, match="rate"):
        _parse.tax_rate({"TaxType": "INPUT"})


def test_an_account_keeps_values_nobody_knows():
    account = _parse.account({"AccountID": ID, "Type": "SOMETHING_NEW", "SystemAccount": ""})
    assert (account.type, account.code, account.system_account) == ("SOMETHING_NEW", "", "")


def test_a_journal_is_known_by_its_narration():
    row = {"ManualJournalID": ID, "Narration": "Batch 12", "Date": "/Date(1790467200000)/"}
    journal = _parse.document("ManualJournals", row)
    assert (journal.reference, journal.number, journal.total) == ("Batch 12", "", None)
    assert journal.date == date(2026, 9, 27)
