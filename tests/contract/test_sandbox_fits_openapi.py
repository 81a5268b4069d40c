"""Every answer of the sandbox, and every request the tests send it, fits what Xero publishes."""

import json

import pytest
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from tests.contract.published import as_published, faults_of, needs_published, reasons

pytestmark = needs_published


def check(api, answers, closed):
    assert api.answers
    for answer in api.answers:
        sent = answer.request
        request = RequestsOpenAPIRequest(as_published(sent))
        where = f"{sent.method} {sent.url} -> {answer.status_code}"
        try:
            answers.validate_response(request, RequestsOpenAPIResponse(answer))
        except OpenAPIError as error:
            pytest.fail(f"{where}: {reasons(error)} {answer.text[:300]}")
        if sent.body:
            assert faults_of(closed, sent) == "", where


def test_settings(api, answers, closed):
    for path in ("Organisation", "Organisation/Actions", "Accounts", "TaxRates", "TaxRates/INPUT2",
                 "Currencies", "TrackingCategories", "ContactGroups"):  # fmt: skip
        api.get(path)
    account = api.send("PUT", "Accounts", {"Code": "431", "Name": "Sheds", "Type": "EXPENSE"})
    path = f"Accounts/{account['Accounts'][0]['AccountID']}"
    api.get(path)
    api.send("POST", path, {"Accounts": [{"Name": "Site sheds"}]})
    api.refused("PUT", "Accounts", {"Code": "300", "Name": "Again", "Type": "EXPENSE"})
    api.call("DELETE", path)
    api.send("PUT", "Currencies", {"Code": "EUR"})
    component = {"Name": "Levy", "Rate": 2.5}
    api.send("PUT", "TaxRates", {"TaxRates": [{"Name": "Levy", "TaxComponents": [component]}]})
    check(api, answers, closed)


def test_tracking(api, answers, closed):
    category = api.get("TrackingCategories")["TrackingCategories"][0]
    path = f"TrackingCategories/{category['TrackingCategoryID']}"
    option = api.send("PUT", f"{path}/Options", {"Name": "North"})["Options"][0]
    api.send("POST", f"{path}/Options/{option['TrackingOptionID']}", {"Name": "South"})
    api.get(path)
    api.send("POST", path, {"Name": "Region"})
    api.call("DELETE", f"{path}/Options/{option['TrackingOptionID']}")
    check(api, answers, closed)


def test_contacts_and_groups(api, answers, closed):
    body = {"Contacts": [{"Name": "A"}, {"Name": "A"}]}
    api.call("PUT", "Contacts", json=body)
    made = api.send("PUT", "Contacts?summarizeErrors=false", body)["Contacts"][0]
    api.get("Contacts", page=1, pageSize=3)
    api.get("Contacts", summaryOnly="true")
    api.get(f"Contacts/{made['ContactID']}")
    group = api.send("PUT", "ContactGroups", {"ContactGroups": [{"Name": "G"}]})["ContactGroups"][0]
    path = f"ContactGroups/{group['ContactGroupID']}"
    api.send("PUT", f"{path}/Contacts", {"Contacts": [{"ContactID": made["ContactID"]}]})
    api.get(path)
    api.call("DELETE", f"{path}/Contacts/{made['ContactID']}")
    api.send("POST", f"Contacts/{made['ContactID']}", {"Contacts": [{"ContactStatus": "ARCHIVED"}]})
    check(api, answers, closed)


def test_what_is_made_up(api, answers, closed):
    order = {"tenant_id": api.tenant_id, "contacts": 60, "payments": 200, "suppliers": "S"}
    api.sandbox.control("POST", "made-up", order)
    for path in ("Contacts", "Invoices", "CreditNotes", "Payments"):
        api.get(path, page=1, pageSize=300)
    check(api, answers, closed)


def test_invoices(api, answers, closed, line):
    made = api.make(Url="https://jobs.example.com/1")
    api.make(Status="DRAFT", LineItems=[line(Description="A remark")])
    api.get("Invoices")
    api.get("Invoices", page=1, unitdp=4)
    api.get("Invoices", summaryOnly="true", page=1)
    path = f"Invoices/{made['InvoiceID']}"
    api.get(path)
    bad = api.bill(LineItems=[line(AccountCode="999"), line(LineAmount=1)])
    api.refused("PUT", "Invoices", {"Invoices": [bad]})
    api.send("POST", "Invoices?summarizeErrors=false", {"Invoices": [api.bill(), bad]})
    api.send("POST", path, {"Invoices": [{"Status": "VOIDED"}]})
    check(api, answers, closed)


def test_money(api, answers, closed):
    invoice = api.make()
    note = {"CreditNotes": [dict(api.bill(Type="ACCPAYCREDIT"), InvoiceNumber=None)]}
    del note["CreditNotes"][0]["InvoiceNumber"]
    credit = api.send("PUT", "CreditNotes", note)["CreditNotes"][0]
    named = {"InvoiceID": invoice["InvoiceID"]}
    body = {"Allocations": [{"Invoice": named, "Amount": 15, "Date": "2026-11-11"}]}
    base = f"CreditNotes/{credit['CreditNoteID']}"
    allocation = api.send("PUT", f"{base}/Allocations", body)["Allocations"][0]
    api.get(base)
    api.get("CreditNotes", page=1)
    payment = {"Invoice": named, "Account": {"Code": "090"}, "Date": "2026-11-11", "Amount": 100}
    paid = api.send("PUT", "Payments", {"Payments": [payment]})["Payments"][0]
    api.refused("PUT", "Payments", {"Payments": [payment]})
    api.get("Payments", page=1)
    api.get(f"Payments/{paid['PaymentID']}")
    api.get(f"Invoices/{invoice['InvoiceID']}")
    api.send("POST", f"Payments/{paid['PaymentID']}", {"Status": "DELETED"})
    api.call("DELETE", f"{base}/Allocations/{allocation['AllocationID']}")
    check(api, answers, closed)


def test_journals(api, answers, closed):
    lines = [{"LineAmount": 5, "AccountCode": "300"}, {"LineAmount": -5, "AccountCode": "625"}]
    body = {"ManualJournals": [{"Narration": "N", "Date": "2026-11-02", "JournalLines": lines}]}
    made = api.send("PUT", "ManualJournals", body)["ManualJournals"][0]
    api.get("ManualJournals")
    api.get("ManualJournals", page=1)
    api.get(f"ManualJournals/{made['ManualJournalID']}")
    body["ManualJournals"][0]["JournalLines"][0]["LineAmount"] = 6
    api.refused("PUT", "ManualJournals", body)
    check(api, answers, closed)


def test_attachments_and_history(api, answers, closed):
    base = f"Invoices/{api.make()['InvoiceID']}"
    headers = {"Content-Type": "application/octet-stream"}
    assert api.call("PUT", f"{base}/Attachments/a.pdf", data=b"x", headers=headers).ok
    api.get(f"{base}/Attachments")
    api.send("PUT", f"{base}/History", {"HistoryRecords": [{"Details": "Sent"}]})
    api.get(f"{base}/History")
    check(api, answers, closed)


def test_a_misspelled_member_of_a_request_is_seen(api, closed):
    api.call("PUT", "Invoices", json={"Invoices": [{"Type": "ACCPAY", "LineItem": []}]})
    assert "LineItem" in faults_of(closed, api.answers[-1].request)


MEMBERS = {
    "Invoices": {
        "Type", "InvoiceID", "InvoiceNumber", "Contact", "Date", "DateString", "DueDate",
        "DueDateString", "Status", "LineAmountTypes", "LineItems", "SubTotal", "TotalTax", "Total",
        "UpdatedDateUTC", "CurrencyCode", "CurrencyRate", "AmountDue", "AmountPaid",
        "AmountCredited", "HasAttachments", "HasErrors", "Payments", "CreditNotes",
    },
    "Contacts": {
        "ContactID", "ContactStatus", "Name", "EmailAddress", "Addresses", "Phones",
        "UpdatedDateUTC", "IsSupplier", "IsCustomer", "ContactGroups", "ContactPersons",
        "HasAttachments", "HasValidationErrors",
    },
    "Payments": {
        "PaymentID", "Date", "Amount", "BankAmount", "CurrencyRate", "PaymentType", "Status",
        "IsReconciled", "HasAccount", "Account", "Invoice", "UpdatedDateUTC", "Reference",
    },
}  # fmt: skip


@pytest.mark.parametrize("collection", sorted(MEMBERS))
def test_members_a_schema_tool_does_not_miss_are_there(api, published, collection):
    invoice = api.make()
    payment = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"},
               "Date": "2026-11-11", "Amount": 100}  # fmt: skip
    api.send("PUT", "Payments", {"Payments": [payment]})
    listed = api.get(collection, page=1)
    assert listed["pagination"]["itemCount"] == len(listed[collection])
    for record in listed[collection]:
        assert set(record) >= MEMBERS[collection]
    singular = published["components"]["schemas"][collection.rstrip("s")]["properties"]
    extra = MEMBERS[collection] - set(singular)
    assert extra <= {"DateString", "DueDateString"}, json.dumps(sorted(extra))


def test_batch_payments(api, answers, closed):
    bills = [api.make(InvoiceNumber=number) for number in ("B-1", "B-2")]
    paid = [{"Invoice": {"InvoiceID": one["InvoiceID"]}, "Amount": 10} for one in bills]
    body = {"Account": {"Code": "090"}, "Date": "2026-11-10", "Payments": paid}
    made = api.send("PUT", "BatchPayments", {"BatchPayments": [body]})["BatchPayments"][0]
    api.get("BatchPayments")
    api.get("Payments", page=1)
    path = f"BatchPayments/{made['BatchPaymentID']}"
    api.get(path)
    api.send("POST", path, {"Status": "DELETED"})
    check(api, answers, closed)
