import pytest

VOID_REFUSED = (
    "The status VOIDED cannot be applied to the invoice because it has payments or credit notes"
    " allocated to it."
)
ZERO = "00000000-0000-0000-0000-000000000000"


def payment(invoice, **changed):
    return {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-10",
        "Amount": invoice["AmountDue"],
    } | changed


def read(api, invoice):
    return api.get(f"Invoices/{invoice['InvoiceID']}")["Invoices"][0]


def pay(api, invoice, **changed):
    return api.send("PUT", "Payments", {"Payments": [payment(invoice, **changed)]})["Payments"][0]


def test_a_full_payment_makes_paid_and_its_removal_makes_authorised_again(api):
    invoice = api.make()
    made = pay(api, invoice)
    paid = read(api, invoice)
    assert made["PaymentType"] == "ACCPAYPAYMENT"
    assert (paid["Status"], paid["AmountDue"], paid["AmountPaid"]) == ("PAID", 0, 115)
    assert paid["Payments"][0]["PaymentID"] == made["PaymentID"]
    assert paid["FullyPaidOnDate"] == made["Date"]
    gone = api.send("POST", f"Payments/{made['PaymentID']}", {"Status": "DELETED"})
    assert gone["Payments"][0]["Status"] == "DELETED"
    again = read(api, invoice)
    assert (again["Status"], again["AmountDue"], again["Payments"]) == ("AUTHORISED", 115, [])
    assert "FullyPaidOnDate" not in again


def test_a_part_payment_leaves_the_rest_due(api):
    invoice = api.make()
    pay(api, invoice, Amount="15.01")
    left = read(api, invoice)
    assert (left["Status"], left["AmountDue"], left["AmountPaid"]) == ("AUTHORISED", 99.99, 15.01)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Amount": "115.01"}, "Payment amount exceeds the amount outstanding on this document"),
        ({"Amount": 0}, "Payment amount must be greater than zero."),
        ({"Account": {"Code": "300"}}, "Account code '300' does not accept payments."),
        ({"Account": {"Code": "nope"}}, "Account could not be found: 'nope'"),
        ({"Invoice": {"InvoiceID": ZERO}}, "The invoice to be paid could not be found."),
    ],
)
def test_a_payment_that_breaks_a_rule_is_refused(api, changed, message):
    invoice = api.make()
    body = {"Payments": [payment(invoice, **changed)]}
    assert api.refused("PUT", "Payments", body) == [message]
    assert read(api, invoice)["AmountDue"] == 115


def test_only_approved_documents_can_be_paid(api):
    draft = api.make(Status="DRAFT")
    assert api.refused("PUT", "Payments", {"Payments": [payment(draft, Amount=1)]}) == [
        "Payments can only be made against Authorised documents"
    ]


def test_removing_a_payment_takes_its_status_and_nothing_else(api):
    made = pay(api, api.make())
    path = f"Payments/{made['PaymentID']}"
    assert api.refused("POST", path, {"Status": "DELETED", "Amount": 1}) == [
        "Only Status accepted for updates."
    ]
    api.send("POST", path, {"Status": "DELETED"})
    assert api.refused("POST", path, {"Status": "DELETED"}) == [
        "Payment not of valid status for modification"
    ]
    assert api.get("Payments", page=1)["Payments"][0]["Status"] == "DELETED"


def test_each_payment_of_a_call_is_judged_by_itself(api):
    invoice = api.make()
    body = {"Payments": [payment(invoice, Amount=100), payment(invoice, Amount=100)]}
    results = api.send("PUT", "Payments?summarizeErrors=false", body)["Payments"]
    assert [one["HasValidationErrors"] for one in results] == [False, True]
    assert results[1]["PaymentID"] == ZERO
    assert read(api, invoice)["AmountDue"] == 15


def test_a_payment_on_a_locked_day_is_refused(api):
    invoice = api.make()
    lock = {"period_lock_date": "2026-11-10"}
    api.sandbox.control("PATCH", f"organisations/{api.tenant_id}", lock)
    assert len(api.refused("PUT", "Payments", {"Payments": [payment(invoice)]})) == 1


def test_a_document_with_a_payment_can_be_neither_voided_nor_repriced(api, line):
    invoice = api.make()
    pay(api, invoice, Amount=1)
    void = {"InvoiceID": invoice["InvoiceID"], "Status": "VOIDED"}
    assert api.refused("POST", "Invoices", {"Invoices": [void]}) == [VOID_REFUSED]
    reprice = {"InvoiceID": invoice["InvoiceID"], "LineItems": [line(UnitAmount=99)]}
    assert api.refused("POST", "Invoices", {"Invoices": [reprice]}) == [
        "This document cannot be edited as it has a payment or credit note allocated to it."
    ]


def test_a_part_paid_bill_may_get_another_due_date_and_account(api):
    invoice = api.make()
    pay(api, invoice, Amount=1)
    line_id = invoice["LineItems"][0]["LineItemID"]
    body = {
        "InvoiceID": invoice["InvoiceID"],
        "DueDate": "2026-12-20",
        "LineItems": [{"LineItemID": line_id, "AccountCode": "325"}],
    }
    changed = api.send("POST", "Invoices", {"Invoices": [body]})["Invoices"][0]
    assert changed["DueDateString"] == "2026-12-20T00:00:00"
    assert changed["LineItems"][0]["AccountCode"] == "325"
    assert changed["AmountDue"] == 114


def note(api, **changed):
    body = {"CreditNotes": [api.bill(**({"Type": "ACCPAYCREDIT"} | changed))]}
    return api.send("PUT", "CreditNotes", body)["CreditNotes"][0]


def allocation(invoice, amount):
    named = {"InvoiceID": invoice["InvoiceID"]}
    return {"Allocations": [{"Invoice": named, "Amount": amount, "Date": "2026-11-11"}]}


def test_a_credit_note_is_set_off_against_an_invoice_and_back(api):
    invoice, credit = api.make(), note(api)
    path = f"CreditNotes/{credit['CreditNoteID']}"
    made = api.send("PUT", f"{path}/Allocations", allocation(invoice, 115))["Allocations"][0]
    settled, used = read(api, invoice), api.get(path)["CreditNotes"][0]
    assert (settled["Status"], settled["AmountCredited"], settled["AmountPaid"]) == ("PAID", 115, 0)
    assert (used["Status"], used["RemainingCredit"], used["AppliedAmount"]) == ("PAID", 0, 115)
    answer = api.call("DELETE", f"{path}/Allocations/{made['AllocationID']}")
    assert answer.json()["IsDeleted"] is True
    assert read(api, invoice)["AmountDue"] == 115
    assert api.get(path)["CreditNotes"][0]["RemainingCredit"] == 115


def test_an_allocation_keeps_within_both_documents_and_one_contact(api):
    credit = note(api)
    path = f"CreditNotes/{credit['CreditNoteID']}/Allocations"
    over = api.refused("PUT", path, allocation(api.make(), "115.01"))
    assert over == ["Payment amount exceeds the amount outstanding on this document"]
    other = api.make(Contact={"Name": "Somebody else"})
    assert api.refused("PUT", path, allocation(other, 1)) == [
        "The credit note and the invoice must have the same contact."
    ]


def test_a_credit_note_is_refunded_by_a_payment(api):
    credit = note(api)
    body = {
        "CreditNote": {"CreditNoteID": credit["CreditNoteID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-12",
        "Amount": 115,
    }
    made = api.send("PUT", "Payments", {"Payments": [body]})["Payments"][0]
    assert made["PaymentType"] == "APCREDITPAYMENT"
    after = api.get(f"CreditNotes/{credit['CreditNoteID']}")["CreditNotes"][0]
    assert (after["Status"], after["RemainingCredit"]) == ("PAID", 0)


def test_a_credit_note_needs_no_due_date(api):
    assert note(api, DueDate=None)["Status"] == "AUTHORISED"


def journal(**changed):
    return {
        "Narration": "Accrual",
        "Date": "2026-11-30",
        "Status": "POSTED",
        "JournalLines": [
            {"LineAmount": 100, "AccountCode": "300"},
            {"LineAmount": -100, "AccountCode": "625"},
        ],
    } | changed


def test_a_balanced_journal_is_kept_without_tax(api):
    made = api.send("PUT", "ManualJournals", {"ManualJournals": [journal()]})["ManualJournals"][0]
    assert made["LineAmountTypes"] == "NoTax"
    assert [one["TaxType"] for one in made["JournalLines"]] == ["NONE", "NONE"]
    assert sum(one["LineAmount"] for one in made["JournalLines"]) == 0
    read_again = api.get(f"ManualJournals/{made['ManualJournalID']}")["ManualJournals"][0]
    assert read_again["JournalLines"] == made["JournalLines"]


def lines(*pairs):
    return [{"LineAmount": amount, "AccountCode": code} for amount, code in pairs]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Narration": " "}, "Narration must be specified."),
        (
            {"JournalLines": lines((100, "300"), (-10, "625"))},
            "The total debits (100.00) must equal total credits (-10.00)",
        ),
        ({"JournalLines": lines((0, "300"))}, "A manual journal needs at least two lines."),
        *(
            (
                {"JournalLines": lines((5, "300"), (-5, code))},
                f"Account code '{code}' is not a valid code for this document.",
            )
            for code in ("610", "800", "090", "960", "820", "630", "999")
        ),
        ({"Status": "VOIDED"}, "Manual journal not of valid status for modification"),
    ],
)
def test_a_journal_that_breaks_a_rule_is_refused(api, changed, message):
    body = {"ManualJournals": [journal(**changed)]}
    assert api.refused("PUT", "ManualJournals", body) == [message]


def test_tax_on_journal_lines_must_balance_too(api):
    sent = lines((100, "300"), (-100, "625"))
    body = {"ManualJournals": [journal(LineAmountTypes="Exclusive", JournalLines=sent)]}
    assert api.refused("PUT", "ManualJournals", body) == [
        "The total debits (115.00) must equal total credits (-100.00)"
    ]


def test_a_posted_journal_can_be_voided_and_a_draft_deleted(api):
    for first, second in (("POSTED", "VOIDED"), ("DRAFT", "DELETED")):
        body = {"ManualJournals": [journal(Status=first)]}
        made = api.send("PUT", "ManualJournals", body)["ManualJournals"][0]
        path = f"ManualJournals/{made['ManualJournalID']}"
        ended = api.send("POST", path, {"ManualJournals": [{"Status": second}]})
        assert ended["ManualJournals"][0]["Status"] == second


def test_journal_lists_have_lines_only_on_pages(api):
    api.send("PUT", "ManualJournals", {"ManualJournals": [journal()]})
    assert "JournalLines" not in api.get("ManualJournals")["ManualJournals"][0]
    assert len(api.get("ManualJournals", page=1)["ManualJournals"][0]["JournalLines"]) == 2
