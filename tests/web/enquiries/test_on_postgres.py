"""The sums and orders of the enquiries on the database that an installation runs on."""

import pytest
from factories import make_connection
from paid_records import (
    REVERSED_AT,
    day,
    make_bill,
    make_claim,
    make_payment,
    make_receipt,
    put_in_xero,
)
from visiting import Browser, House

from webapp.db import db
from webapp.domain.access import Role
from webapp.domain.documents import DocumentKind
from webapp.models import Company, Currency, User, XeroContact
from webapp.queries.enquiries import companies, currencies, invoices, payments, receipts

pytestmark = pytest.mark.postgres


@pytest.fixture
def browser(postgres_app, password_hash) -> Browser:
    house = House()
    db.session.add(
        User(
            name="Bob",
            role=Role.FINANCE,
            password_hash=password_hash,
            session_key="key",
            fin_cos=[house.fin_co],
        )
    )
    db.session.add(Currency(code="AUD", description="Australian Dollar", conversion_rate="0.9241"))
    connection = make_connection(house.fin_co)
    supplier = Company(fin_co=house.fin_co, name="kauri", ap_account="K1", is_supplier=True)
    db.session.add_all([supplier, Company(fin_co=house.fin_co, name="Albatross")])
    db.session.flush()
    db.session.add(
        XeroContact(
            fin_co_id=house.fin_co.id,
            tenant_id=connection.tenant_id,
            company=supplier,
            contact_id="eeeeeeee-0000-4000-8000-00000000c0de",
            name="kauri",
            status="ACTIVE",
            seen_at=connection.connected_at,
        )
    )
    bill = make_bill(house, number="B-1", company=supplier)
    put_in_xero(bill)
    make_payment(bill, "40.00", on=day(12))
    make_payment(bill, "52.01", on=day(14))
    make_payment(bill, "99.00", on=day(18), reversed_at=REVERSED_AT)
    make_bill(
        house,
        kind=DocumentKind.AP_CREDIT,
        value="-20.00",
        gst="-3.00",
        applies_to_id=bill.id,
        company=supplier,
    )
    claim = make_claim(house, number="JSI-1")
    make_receipt(house, claim, "1000.00", gst="130.43", number=1, on=day(12))
    make_receipt(house, claim, "151.00", gst="19.57", number=2, on=day(13))
    make_receipt(house, claim, "500.00", number=3, reversed_at=REVERSED_AT)
    browser = Browser(postgres_app.test_client())
    assert browser.sign_in("bob").status_code == 303
    return browser


def cells(row) -> dict[str, str]:
    return {
        cell["data-label"]: " ".join(cell.text.split()) for cell in row.select("td[data-label]")
    }


def test_R54_R58_the_sums_are_right_and_every_order_and_filter_works(browser):
    row = cells(browser.open("/ap-invoice-enquiry?paid=over-paid").select_one("tbody tr"))
    assert row["Total Payment"] == "92.01"
    assert (row["Last Payment"], row["Last Payment Date"]) == ("52.01", "14 Nov 2026")
    assert (row["Total Credit Incl"], row["Balance"]) == ("23.00", "\u22120.01 Over-paid")
    received = [cells(row) for row in browser.open("/job-receipts").select("tbody tr")]
    assert {row["Invoice balance"] for row in received} == {"\u22121.00 Over-paid"}

    orders = {
        "/ap-invoice-enquiry": invoices.SORTS,
        "/job-sales-invoices": invoices.SORTS,
        "/payments": payments.PAYMENTS.sorted_by,
        "/job-receipts": receipts.RECEIPTS.sorted_by,
        "/companies": companies.SORTED_BY,
        "/currencies": currencies.SORTED_BY,
    }
    for address, columns in orders.items():
        for column in columns:
            for direction in ("", "-"):
                browser.open(f"{address}?sort={direction}{column}")
        browser.open(f"{address}?q=1")
        assert browser.get(f"{address}.csv?q=a").status_code == 200
    for paid in invoices.PaidFilter:
        browser.open(f"/ap-invoice-enquiry?paid={paid.value}&sort=-balance&from=2026-01-01")
    found = browser.open("/companies?linked=yes&role=supplier").select("tbody th")
    assert [cell.text.strip() for cell in found] == ["kauri"]


def test_names_are_in_the_order_people_expect_whatever_the_databases_own(browser):
    names = [cell.text.strip() for cell in browser.open("/companies?q=a").select("tbody th")]
    assert names[0] == "Albatross"
    assert "kauri" in names


def test_a_company_is_saved(browser):
    address = browser.open("/companies?q=albatross").select_one("tbody th a")["href"]
    seen = browser.open(address).select_one("input[name=seen]")["value"]
    taken = browser.send(address, {"seen": seen, "ap_account": "K1"})
    assert taken.status_code == 422
    assert browser.send(address, {"seen": seen, "ap_account": "A1"}).status_code == 303
