"""One bank line that pays several documents (xero-api d.9)."""


def batch(*invoices, **changed):
    return {
        "Account": {"Code": "090"},
        "Date": "2026-11-10",
        "Reference": "Pay run 7",
        "Payments": [
            {"Invoice": {"InvoiceID": one["InvoiceID"]}, "Amount": one["AmountDue"]}
            for one in invoices
        ],
    } | changed


def pay(api, *invoices, **changed):
    body = {"BatchPayments": [batch(*invoices, **changed)]}
    return api.send("PUT", "BatchPayments", body)["BatchPayments"][0]


def due(api, invoice):
    return api.get(f"Invoices/{invoice['InvoiceID']}")["Invoices"][0]["AmountDue"]


def children(api):
    return api.get("Payments", page=1)["Payments"]


def test_a_batch_pays_each_bill_by_a_payment_that_names_it(api):
    bills = [api.make(InvoiceNumber=number) for number in ("B-1", "B-2", "B-3")]

    made = pay(api, *bills)

    assert (made["Type"], made["Status"], made["TotalAmount"]) == ("PAYBATCH", "AUTHORISED", 345)
    assert [due(api, bill) for bill in bills] == [0, 0, 0]
    named = {
        (child["BatchPaymentID"], child["BatchPayment"]["BatchPaymentID"])
        for child in children(api)
    }
    assert named == {(made["BatchPaymentID"], made["BatchPaymentID"])}
    assert len(made["Payments"]) == len(children(api)) == 3


def test_a_batch_is_listed_and_given(api):
    made = pay(api, api.make())

    listed = api.get("BatchPayments")["BatchPayments"]
    assert [one["BatchPaymentID"] for one in listed] == [made["BatchPaymentID"]]
    one = api.get(f"BatchPayments/{made['BatchPaymentID']}")["BatchPayments"][0]
    assert one["Reference"] == "Pay run 7"


def test_removing_a_batch_removes_its_payments(api):
    bill = api.make()
    path = f"BatchPayments/{pay(api, bill)['BatchPaymentID']}"

    gone = api.send("POST", path, {"Status": "DELETED"})["BatchPayments"][0]

    assert gone["Status"] == "DELETED"
    assert [child["Status"] for child in children(api)] == ["DELETED"]
    assert due(api, bill) == 115
    assert api.refused("POST", path, {"Status": "DELETED"}) == [
        "Batch payment not of valid status for modification"
    ]


def test_a_batch_one_of_whose_payments_is_refused_pays_nothing(api):
    good, bad = api.make(InvoiceNumber="B-1"), api.make(InvoiceNumber="B-2", Status="DRAFT")

    assert api.refused("PUT", "BatchPayments", {"BatchPayments": [batch(good, bad)]})

    assert due(api, good) == 115
    assert children(api) == []


def test_a_batch_pays_bills_or_sales_invoices_not_both(api):
    bill = api.make()
    sale = api.make(
        Type="ACCREC",
        InvoiceNumber="S-1",
        LineItems=[{"Description": "Work", "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}],
    )

    assert api.refused("PUT", "BatchPayments", {"BatchPayments": [batch(bill, sale)]}) == [
        "The payments of a batch must all be of bills, or all of sales invoices."
    ]


def test_a_batch_of_nothing_is_refused(api):
    assert api.refused("PUT", "BatchPayments", {"BatchPayments": [batch()]}) == [
        "A batch payment must hold at least one payment."
    ]
