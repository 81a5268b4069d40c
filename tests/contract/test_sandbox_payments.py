"""What the list of payments tells an importer (xero-api d.9, e, trap 26)."""

from datetime import UTC, datetime, timedelta

import requests


def pay(api, invoice, **changed):
    body = {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-10",
        "Amount": 10,
    } | changed
    return api.send("PUT", "Payments", {"Payments": [body]})["Payments"][0]


def changed_since(api, since):
    headers = {"If-Modified-Since": since.strftime("%Y-%m-%dT%H:%M:%S")}
    answer = api.call("GET", "Payments", params={"page": 1}, headers=headers)
    return [one["PaymentID"] for one in answer.json()["Payments"]]


def test_a_payment_names_its_invoice_its_contact_and_its_account(api):
    bill = api.make()

    pay(api, bill, Reference="Pay run 7")

    (listed,) = api.get("Payments", page=1)["Payments"]
    assert listed["Invoice"]["InvoiceID"] == bill["InvoiceID"]
    assert listed["Invoice"]["InvoiceNumber"] == bill["InvoiceNumber"]
    assert listed["Invoice"]["Type"] == "ACCPAY"
    assert listed["Invoice"]["CurrencyCode"] == "NZD"
    assert listed["Invoice"]["Contact"]["ContactID"] == bill["Contact"]["ContactID"]
    assert listed["Account"]["Code"] == "090"
    assert (listed["PaymentType"], listed["Status"]) == ("ACCPAYPAYMENT", "AUTHORISED")
    assert listed["Date"] == "/Date(1794268800000+0000)/"
    assert listed["Reference"] == "Pay run 7"


def test_payments_come_in_pages_that_say_how_many_there_are(api):
    bill = api.make()
    made = {pay(api, bill)["PaymentID"] for _ in range(5)}

    pages = [api.get("Payments", page=page, pageSize=2) for page in (1, 2, 3)]

    assert [len(page["Payments"]) for page in pages] == [2, 2, 1]
    assert {one["PaymentID"] for page in pages for one in page["Payments"]} == made
    assert pages[0]["pagination"] == {"page": 1, "pageSize": 2, "pageCount": 3, "itemCount": 5}


def test_a_deleted_payment_is_new_to_who_asks_what_changed(api):
    payment_id = pay(api, api.make())["PaymentID"]
    api.sandbox.control("POST", "clock", {"advance_seconds": 600})
    since = datetime.now(UTC) + timedelta(minutes=5)
    assert changed_since(api, since) == []

    api.send("POST", f"Payments/{payment_id}", {"Status": "DELETED"})

    assert changed_since(api, since) == [payment_id]


def test_a_foreign_payment_shows_its_rate_and_what_the_bank_paid(api):
    bill = api.make(CurrencyCode="USD", CurrencyRate="0.600000")

    pay(api, bill, CurrencyRate="0.625000")

    (listed,) = api.get("Payments", page=1)["Payments"]
    assert (listed["Amount"], listed["CurrencyRate"], listed["BankAmount"]) == (10, 0.625, 16)
    assert listed["Invoice"]["CurrencyCode"] == "USD"


def test_a_link_to_a_payment_or_to_the_chart_of_accounts_opens(api):
    payment = pay(api, api.make(), Reference="Pay run 7")
    link = f"{api.sandbox.url}/organisationlogin/default.aspx"
    short_code = api.get("Organisation")["Organisations"][0]["ShortCode"]

    def opened(path):
        asked = {"shortcode": short_code, "redirecturl": path}
        return requests.get(link, params=asked, timeout=30)

    shown = opened(f"/Bank/ViewTransaction.aspx?bankTransactionID={payment['PaymentID']}")
    assert "Pay run 7" in shown.text
    assert opened("/GeneralLedger/ChartOfAccounts.aspx").url.endswith("/accounts")
