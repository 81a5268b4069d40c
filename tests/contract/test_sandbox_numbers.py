def test_bill_numbers_need_not_be_unique_and_a_post_always_makes_another(api):
    ids = {
        api.send("POST", "Invoices", {"Invoices": [api.bill()]})["Invoices"][0]["InvoiceID"]
        for _ in range(3)
    }
    assert len(ids) == 3


def sale(api, line, **changed):
    return api.bill(
        **{
            "Type": "ACCREC",
            "InvoiceNumber": "S-1",
            "LineItems": [line(AccountCode="200")],
        }
        | changed
    )


def test_sales_numbers_are_unique_for_put_and_updated_by_post(api, line):
    made = api.send("PUT", "Invoices", {"Invoices": [sale(api, line)]})["Invoices"][0]
    assert api.refused("PUT", "Invoices", {"Invoices": [sale(api, line, InvoiceNumber="s-1")]}) == [
        "Invoice # must be unique."
    ]
    changed = sale(api, line, Reference="PO 7")
    again = api.send("POST", "Invoices", {"Invoices": [changed]})["Invoices"][0]
    assert (again["InvoiceID"], again["Reference"]) == (made["InvoiceID"], "PO 7")


def test_a_voided_sales_number_stays_taken(api, line):
    made = api.send("PUT", "Invoices", {"Invoices": [sale(api, line)]})["Invoices"][0]
    voided = {"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}
    api.send("POST", "Invoices", {"Invoices": [voided]})
    for method in ("PUT", "POST"):
        assert "Invoice # must be unique." in api.refused(
            method, "Invoices", {"Invoices": [sale(api, line)]}
        )


def test_a_missing_sales_number_is_made_and_a_missing_bill_number_is_not(api, line):
    unnumbered = sale(api, line, InvoiceNumber=None)
    numbers = [
        api.send("PUT", "Invoices", {"Invoices": [unnumbered]})["Invoices"][0]["InvoiceNumber"]
        for _ in range(2)
    ]
    assert len(set(numbers)) == 2
    assert all(number.startswith("INV-") for number in numbers)
    assert api.make(InvoiceNumber=None)["InvoiceNumber"] == ""


def test_two_elements_of_one_call_may_not_share_a_sales_number(api, line):
    body = {"Invoices": [sale(api, line), sale(api, line)]}
    results = api.send("PUT", "Invoices?summarizeErrors=false", body)["Invoices"]
    assert [one["StatusAttributeString"] for one in results] == ["OK", "ERROR"]


def test_credit_note_numbers_are_unique_on_the_sales_side_only(api, line):
    def note(kind, account):
        return {
            "Type": kind,
            "CreditNoteNumber": "C-1",
            "Contact": {"ContactID": api.contact_id()},
            "Date": "2026-11-02",
            "Status": "AUTHORISED",
            "LineItems": [line(AccountCode=account)],
        }

    for _ in range(2):
        api.send("PUT", "CreditNotes", {"CreditNotes": [note("ACCPAYCREDIT", "300")]})
    api.send("PUT", "CreditNotes", {"CreditNotes": [note("ACCRECCREDIT", "200")]})
    assert api.refused("PUT", "CreditNotes", {"CreditNotes": [note("ACCRECCREDIT", "200")]}) == [
        "Credit Note # must be unique."
    ]
