from decimal import Decimal

import pytest

ZERO = "00000000-0000-0000-0000-000000000000"
ARCHIVED_ACCOUNT = (
    "Account code '495' has been archived, or has been deleted. Please use an active account."
)


def test_totals_are_the_sum_of_the_lines_and_tax_is_rounded_on_each_line(api, line):
    made = api.make(LineItems=[line(UnitAmount="0.07") for _ in range(3)])
    assert [one["TaxAmount"] for one in made["LineItems"]] == [0.01] * 3
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (0.21, 0.03, 0.24)
    assert made["AmountDue"] == made["Total"]


@pytest.mark.parametrize(
    ("types", "sub_total", "tax", "total"),
    [("Exclusive", 10, 1.5, 11.5), ("Inclusive", 8.7, 1.3, 10), ("NoTax", 10, 0, 10)],
)
def test_amounts_may_hold_tax_or_not(api, line, types, sub_total, tax, total):
    made = api.make(LineAmountTypes=types, LineItems=[line(UnitAmount=10)])
    assert (made["SubTotal"], made["TotalTax"], made["Total"]) == (sub_total, tax, total)


def test_tax_is_rounded_half_up(api, line):
    made = api.make(LineItems=[line(UnitAmount="0.30", TaxType="INPUT2")])
    assert made["TotalTax"] == 0.05


def test_a_stated_tax_amount_stands_instead_of_the_computed_one(api, line):
    made = api.make(LineItems=[line(TaxAmount="14.98")])
    assert (made["TotalTax"], made["Total"]) == (14.98, 114.98)


def test_arithmetic_is_exact_where_binary_fractions_are_not(api, line):
    made = api.make(LineItems=[line(UnitAmount="0.1", TaxType="NONE") for _ in range(30)])
    assert made["Total"] == 3


def test_unit_amounts_have_two_decimals_unless_four_are_asked_for(api, line):
    lines = [line(Quantity=3, UnitAmount="1.2345")]
    assert api.make(LineItems=lines)["SubTotal"] == 3.69
    body = {"Invoices": [api.bill(LineItems=lines)]}
    made = api.send("PUT", "Invoices?unitdp=4", body)["Invoices"][0]
    assert (made["SubTotal"], made["LineItems"][0]["UnitAmount"]) == (3.7, 1.2345)
    read = f"Invoices/{made['InvoiceID']}"
    assert api.get(read)["Invoices"][0]["LineItems"][0]["UnitAmount"] == 1.23
    assert api.get(read, unitdp=4)["Invoices"][0]["LineItems"][0]["UnitAmount"] == 1.2345


def test_any_two_of_quantity_unit_and_amount_give_the_third(api, line):
    sent = [
        line(Quantity=4, LineAmount=10, UnitAmount=None),
        line(Quantity=None, UnitAmount=5, LineAmount=10),
        line(Quantity=2, UnitAmount=5),
    ]
    made = api.make(LineItems=sent)["LineItems"]
    assert [(one["Quantity"], one["UnitAmount"], one["LineAmount"]) for one in made] == [
        (4, 2.5, 10), (2, 5, 10), (2, 5, 10),
    ]  # fmt: skip


def test_a_line_amount_that_does_not_agree_is_refused_at_its_line(api, line):
    body = {"Invoices": [api.bill(LineItems=[line(), line(LineAmount="99.99")])]}
    answer = api.call("PUT", "Invoices", json=body)
    element = answer.json()["Elements"][0]
    assert answer.status_code == 400
    assert element["InvoiceID"] == ZERO
    assert [one["ValidationErrors"] for one in element["LineItems"]] == [
        [],
        [{"Message": "The line total 99.99 does not match the expected line total 100.00"}],
    ]


def test_stated_totals_must_agree(api):
    assert api.make(SubTotal=100, TotalTax=15, Total=115)["Total"] == 115
    assert api.refused("PUT", "Invoices", {"Invoices": [api.bill(Total="115.01")]}) == [
        "The invoice total does not equal the sum of the lines."
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Type": "BILL"}, "The invoice type is not valid."),
        ({"Contact": None}, "A Contact must be specified for this type of transaction."),
        ({"DueDate": None}, "The document due date must be specified."),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"Date": "31/12/2026"}, "Date is not a valid date."),
        ({"CurrencyCode": "EUR"}, "Organisation is not subscribed to currency EUR"),
        ({"Url": "/jobs/1"}, "Url must be an absolute address."),
        ({"Url": "https://xero-link.example.com/1"}, "Url must not contain the word xero."),
        ({"LineAmountTypes": "Gross"}, "LineAmountTypes 'Gross' is not valid."),
        ({"Status": "PAID"}, "The status PAID is not valid for a new invoice."),
        ({"InvoiceNumber": "x" * 256}, "InvoiceNumber must not be longer than 255 characters."),
    ],
)
def test_a_bill_that_lacks_or_breaks_something_is_refused(api, changed, message):
    assert message in api.refused("PUT", "Invoices", {"Invoices": [api.bill(**changed)]})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"AccountCode": "999"}, "Account code '999' is not a valid code for this document."),
        ({"AccountCode": "800"}, "Account code '800' is not a valid code for this document."),
        ({"AccountCode": "610"}, "Account code '610' is not a valid code for this document."),
        ({"AccountCode": "960"}, "Account code '960' is not a valid code for this document."),
        ({"AccountCode": "820"}, "Account code '820' is not a valid code for this document."),
        ({"AccountCode": "090"}, "Account code '090' is not a valid code for this document."),
        ({"AccountCode": None}, "Account code must be specified."),
        (
            {"AccountCode": "495"},
            ARCHIVED_ACCOUNT,
        ),
        (
            {"TaxType": "OUTPUT2"},
            "The TaxType code 'OUTPUT2' cannot be used with account code '300'.",
        ),
        (
            {"AccountCode": "200", "TaxType": "INPUT2"},
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
        ),
        ({"Quantity": "many"}, "Quantity is not a valid number."),
        ({"Description": None}, "Description cannot be empty."),
        ({"Description": "x" * 4001}, "The description must not be longer than 4000 characters."),
        ({"DiscountRate": 10}, "Discounts are allowed on sales invoices only."),
        (
            {"Tracking": [{"Name": "Job", "Option": "J1"}]},
            "The tracking option 'J1' of 'Job' does not exist or is not active.",
        ),
        (
            {"Tracking": [{"Name": "Region", "Option": "North"}]},
            "The tracking category 'Region' does not exist or is not active.",
        ),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused(api, line, changed, message):
    body = {"Invoices": [api.bill(LineItems=[line(), line(**changed)])]}
    assert api.refused("PUT", "Invoices", body) == [message]


def test_the_rounding_account_may_stand_on_a_line_of_a_bill(api, line):
    rounding = line(AccountCode="860", UnitAmount="0.01", TaxType="NONE")
    assert api.make(LineItems=[line(), rounding])["Total"] == 115.01


def test_a_draft_needs_neither_due_date_nor_accounts(api, line):
    made = api.make(Status="DRAFT", DueDate=None, LineItems=[line(AccountCode=None)])
    assert made["Status"] == "DRAFT"
    approve = {"InvoiceID": made["InvoiceID"], "Status": "AUTHORISED"}
    assert api.refused("POST", "Invoices", {"Invoices": [approve]}) == [
        "The document due date must be specified.",
        "Account code must be specified.",
    ]


def test_an_empty_total_is_paid_at_once_and_a_negative_one_refused(api, line):
    nothing = [line(), line(UnitAmount=-100)]
    made = api.make(LineItems=nothing)
    assert (made["Status"], made["AmountDue"]) == ("PAID", 0)
    negative = {"Invoices": [api.bill(LineItems=[line(UnitAmount=-1)])]}
    assert api.refused("PUT", "Invoices", negative) == ["The invoice total must not be negative."]
    note = {"CreditNotes": [api.bill(Type="ACCPAYCREDIT", LineItems=[line(UnitAmount=-1)])]}
    assert api.refused("PUT", "CreditNotes", note) == [
        "The credit note total must not be negative."
    ]


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("period_lock_date", "period lock date"),
        ("end_of_year_lock_date", "end of year lock date"),
    ],
)
def test_a_date_on_or_before_a_lock_date_is_refused(api, member, name):
    api.sandbox.control("PATCH", f"organisations/{api.tenant_id}", {member: "2026-10-31"})
    message = f"The document date cannot be before the {name}, currently set at 31 October 2026"
    for day in ("2026-10-30", "2026-10-31"):
        assert api.refused("PUT", "Invoices", {"Invoices": [api.bill(Date=day)]}) == [message]
    made = api.make(Date="2026-11-01")
    shown = api.get("Organisation")["Organisations"][0]
    assert shown["PeriodLockDate" if "period" in member else "EndOfYearLockDate"]
    api.sandbox.control("PATCH", f"organisations/{api.tenant_id}", {member: "2026-11-30"})
    void = {"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}
    assert api.refused("POST", "Invoices", {"Invoices": [void]})


def step(api, invoice_id, status):
    body = {"Invoices": [{"InvoiceID": invoice_id, "Status": status}]}
    return api.call("POST", "Invoices", json=body)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (["DRAFT", "SUBMITTED", "DRAFT", "AUTHORISED", "VOIDED"], True),
        (["DRAFT", "DELETED"], True),
        (["SUBMITTED", "DELETED"], True),
        (["DRAFT", "VOIDED"], False),
        (["AUTHORISED", "DRAFT"], False),
        (["AUTHORISED", "DELETED"], False),
        (["DRAFT", "DELETED", "DRAFT"], False),
        (["AUTHORISED", "VOIDED", "AUTHORISED"], False),
    ],
)
def test_statuses_follow_the_life_cycle(api, path, allowed):
    invoice_id = api.make(Status=path[0])["InvoiceID"]
    answers = [step(api, invoice_id, status) for status in path[1:]]
    assert [one.status_code for one in answers[:-1]] == [200] * (len(answers) - 1)
    assert (answers[-1].status_code == 200) is allowed
    if not allowed:
        assert "Invoice not of valid status for modification" in answers[-1].text


def test_lines_are_replaced_by_their_ids(api, line):
    made = api.make(Status="DRAFT", LineItems=[line(), line(UnitAmount=50)])
    first, second = made["LineItems"]
    body = {
        "InvoiceID": made["InvoiceID"],
        "LineItems": [{"LineItemID": second["LineItemID"], "Quantity": 2}, line(UnitAmount=1)],
    }
    changed = api.send("POST", "Invoices", {"Invoices": [body]})["Invoices"][0]
    kept, new = changed["LineItems"]
    assert kept["LineItemID"] == second["LineItemID"]
    assert kept["LineAmount"] == 100
    assert new["LineItemID"] not in (first["LineItemID"], second["LineItemID"])
    assert changed["SubTotal"] == 101


def test_a_change_without_lines_leaves_them(api):
    made = api.make(Status="DRAFT")
    body = {"Invoices": [{"InvoiceID": made["InvoiceID"], "Date": "2026-11-03"}]}
    changed = api.send("POST", "Invoices", body)["Invoices"][0]
    assert changed["LineItems"] == made["LineItems"]
    assert changed["DateString"] == "2026-11-03T00:00:00"


def test_a_summarised_call_with_one_bad_element_keeps_nothing(api, line):
    body = {"Invoices": [api.bill(), api.bill(LineItems=[line(AccountCode="999")])]}
    answer = api.call("POST", "Invoices", json=body)
    assert answer.status_code == 400
    error = answer.json()
    assert (error["ErrorNumber"], error["Type"]) == (10, "ValidationException")
    assert len(error["Elements"]) == 1
    assert api.get("Invoices", page=1)["Invoices"] == []


def test_unsummarised_results_stand_in_the_order_of_the_request(api, line):
    body = {
        "Invoices": [
            api.bill(InvoiceNumber="one"),
            api.bill(InvoiceNumber="two", LineItems=[line(AccountCode="999")]),
            api.bill(InvoiceNumber="three"),
        ]
    }
    results = api.send("POST", "Invoices?summarizeErrors=false", body)["Invoices"]
    assert [one["InvoiceNumber"] for one in results] == ["one", "two", "three"]
    assert [one["HasErrors"] for one in results] == [False, True, False]
    assert results[1]["InvoiceID"] == ZERO
    assert results[1]["ValidationErrors"]
    kept = {one["InvoiceNumber"] for one in api.get("Invoices", page=1)["Invoices"]}
    assert kept == {"one", "three"}


def test_an_archived_or_unknown_contact_is_refused_at_the_contact(api):
    for contact_id in (api.contact_id("Old Mill Timber"), "2c3e8d35-0d0b-4c9e-9d3c-1f5f6b0f4a11"):
        body = {"Invoices": [api.bill(Contact={"ContactID": contact_id})]}
        element = api.call("PUT", "Invoices", json=body).json()["Elements"][0]
        assert element["Contact"]["ValidationErrors"]
        assert element["ValidationErrors"] == []


def test_a_contact_named_in_a_document_is_found_or_made(api):
    before = len(api.get("Contacts")["Contacts"])
    known = api.make(Contact={"Name": "Ridgeway Quarries"})
    new = api.make(Contact={"Name": "Brand New Supplies"})
    assert known["Contact"]["ContactID"] == api.contact_id("Ridgeway Quarries")
    assert new["Contact"]["ContactID"] == api.contact_id("Brand New Supplies")
    assert len(api.get("Contacts")["Contacts"]) == before + 1


def test_a_first_bill_makes_a_supplier_without_counting_as_a_change(api):
    before = api.get(f"Contacts/{api.contact_id()}")["Contacts"][0]
    api.make()
    after = api.get(f"Contacts/{api.contact_id()}")["Contacts"][0]
    assert (before["IsSupplier"], after["IsSupplier"]) == (False, True)
    assert after["UpdatedDateUTC"] == before["UpdatedDateUTC"]


def test_a_small_plan_limits_approvals(api):
    api.sandbox.control("PATCH", f"organisations/{api.tenant_id}", {"approval_limit": 1})
    api.make()
    assert api.refused("PUT", "Invoices", {"Invoices": [api.bill()]}) == [
        "You have reached the limit of invoices you can approve"
    ]
    assert api.make(Status="DRAFT")["Status"] == "DRAFT"


def test_base_currency_documents_have_rate_one_and_foreign_ones_a_day_rate(api):
    assert api.make()["CurrencyRate"] == 1
    foreign = api.make(CurrencyCode="USD")
    assert foreign["CurrencyCode"] == "USD"
    assert 0 < foreign["CurrencyRate"] < 1
    assert api.make(CurrencyCode="USD", CurrencyRate="0.654321")["CurrencyRate"] == 0.654321


def test_dates_are_calendar_days_at_midnight_utc_with_their_text_beside(api):
    made = api.make(Date="2026-11-02", DueDate="/Date(1795132800000+0000)/")
    assert made["Date"] == "/Date(1793577600000+0000)/"
    assert made["DateString"] == "2026-11-02T00:00:00"
    assert made["DueDateString"] == "2026-11-20T00:00:00"


def test_fifty_documents_go_in_one_call(api, line):
    amounts = [Decimal(n) / 100 for n in range(1, 51)]
    body = {
        "Invoices": [
            api.bill(InvoiceNumber=f"N{n}", LineItems=[line(UnitAmount=str(amount))])
            for n, amount in enumerate(amounts)
        ]
    }
    results = api.send("POST", "Invoices?summarizeErrors=false", body)["Invoices"]
    assert len({one["InvoiceID"] for one in results}) == 50
    (row,) = api.sandbox.control("GET", "state")["organisations"][0]["documents"]
    assert (row["count"], row["sub_total"]) == (50, str(sum(amounts)))
    assert [one["documents"] for one in api.sandbox.log() if one["method"] == "POST"] == [50]


def test_what_a_refused_element_made_on_the_way_is_undone(api, line):
    contact = {"Name": "Made on the way"}
    bad = api.bill(Contact=contact, LineItems=[line(AccountCode="999")])
    api.send("POST", "Invoices?summarizeErrors=false", {"Invoices": [bad, api.bill()]})
    names = {one["Name"] for one in api.get("Contacts", includeArchived="true")["Contacts"]}
    assert "Made on the way" not in names
