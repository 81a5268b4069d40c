"""An organisation too large for one page: made up by numbers, and read page by page."""

import datetime as dt
from collections import Counter

import pytest

SUPPLIERS = "Suppliers we pay"
CUSTOMERS = "Customers who pay us"
CONTACTS = 2_300
PAYMENTS = 3_200
KNOWN = [
    {
        "Type": "ACCPAY",
        "InvoiceID": f"{n:08x}-0000-4000-8000-000000000000",
        "InvoiceNumber": f"OURS-{n}",
        "Total": f"{115 + n}.50",
    }
    for n in range(40)
]


def size(**changed):
    return {
        "seed": 7,
        "contacts": CONTACTS,
        "payments": PAYMENTS,
        "suppliers": SUPPLIERS,
        "customers": CUSTOMERS,
        "invoices": KNOWN,
    } | changed


def make_up(sandbox, position=0, **changed):
    body = {"tenant_id": sandbox.tenant(position)} | size(**changed)
    return sandbox.control("POST", "made-up", body)


def pages(api, path, **params):
    """Read page by page to the last one that the first says there is."""
    number = last = 1
    while number <= last:
        answer = api.get(path, page=number, pageSize=1000, **params)
        last = answer["pagination"]["pageCount"]
        yield answer
        number += 1


def everything(api, path, **params):
    return [record for page in pages(api, path, **params) for record in page[path]]


@pytest.mark.parametrize(
    ("path", "id_field", "params", "made", "furnished"),
    [
        ("Contacts", "ContactID", {"includeArchived": "true"}, "contacts", 5),
        ("Payments", "PaymentID", {}, "payments", 0),
    ],
)
def test_the_pages_of_a_large_list_leave_nothing_out_and_repeat_nothing(
    api, path, id_field, params, made, furnished
):
    expected = make_up(api.sandbox)[made]["made"] + furnished
    read = list(pages(api, path, **params))
    sizes = [len(page[path]) for page in read]
    records = [record for page in read for record in page[path]]
    assert len(read) == -(-expected // 1000)
    assert sizes[:-1] == [1000] * (len(read) - 1)
    assert {page["pagination"]["itemCount"] for page in read} == {expected}
    assert len(records) == len({record[id_field] for record in records}) == expected
    changed = [(instant(record), record[id_field]) for record in records]
    assert changed == sorted(changed)
    assert len({at for at, _ in changed}) < expected, "no two changed at the same moment"


def instant(record):
    return int(record["UpdatedDateUTC"].removeprefix("/Date(").removesuffix("+0000)/"))


def test_modified_since_gives_what_changed_and_an_empty_page_where_nothing_did(api):
    make_up(api.sandbox)
    for path, params in (("Contacts", {"includeArchived": "true"}), ("Payments", {})):
        changed = sorted(instant(record) for record in everything(api, path, **params))
        for since in (changed[-1] + 1000, changed[-1], changed[1500]):
            answer = asked_since(api, path, since, params)
            expected = sum(at >= since // 1000 * 1000 for at in changed)
            assert answer["pagination"]["itemCount"] == expected
            assert len(answer[path]) == min(expected, 1000)
        assert asked_since(api, path, changed[-1] + 1000, params)[path] == []


def asked_since(api, path, ms, params):
    since = dt.datetime.fromtimestamp(ms // 1000, dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    answer = api.call(
        "GET",
        path,
        params={**params, "page": 1, "pageSize": 1000},
        headers={"If-Modified-Since": since},
    )
    assert answer.status_code == 200
    return answer.json()


def test_the_same_numbers_make_the_same_organisation(api):
    first = make_up(api.sandbox)
    again = make_up(api.sandbox)
    assert {kind: counts["present"] for kind, counts in again.items()} == {
        kind: counts["made"] for kind, counts in first.items()
    }
    assert {counts["made"] for counts in again.values()} == {0}
    make_up(api.sandbox, position=1)
    other = api.sandbox.connect(1)
    one, two = (
        [(p["PaymentID"], p["Amount"], p["Date"], p["Status"]) for p in everything(by, "Payments")]
        for by in (api, other)
    )
    assert one == two


def test_contacts_of_every_sort_are_among_them(api):
    make_up(api.sandbox, payments=0, invoices=[])
    contacts = everything(api, "Contacts", includeArchived="true")[:CONTACTS]
    groups = Counter(tuple(group["Name"] for group in one["ContactGroups"]) for one in contacts)
    for combination in ((), (SUPPLIERS,), (CUSTOMERS,), (CUSTOMERS, SUPPLIERS)):
        assert groups[combination] > 20
    assert {one["ContactStatus"] for one in contacts} == {"ACTIVE", "ARCHIVED"}
    numbers = [one.get("AccountNumber") for one in contacts]
    assert 20 < numbers.count(None) < CONTACTS / 10
    assert any(one.get("PaymentTerms") for one in contacts)


def test_payments_of_every_sort_are_among_them(api):
    make_up(api.sandbox)
    payments = everything(api, "Payments")
    assert {one["PaymentType"] for one in payments} == {
        "ACCPAYPAYMENT", "ACCRECPAYMENT", "APCREDITPAYMENT", "ARCREDITPAYMENT",
    }  # fmt: skip
    assert {one["Status"] for one in payments} == {"AUTHORISED", "DELETED"}
    currencies = {(one.get("Invoice") or one["CreditNote"])["CurrencyCode"] for one in payments}
    assert len(currencies) == 2


def test_invoices_somebody_knows_are_there_and_are_paid(api):
    make_up(api.sandbox)
    for known in (KNOWN[0], KNOWN[-1]):
        invoice = api.get(f"Invoices/{known['InvoiceID']}")["Invoices"][0]
        assert invoice["InvoiceNumber"] == known["InvoiceNumber"]
        assert f"{invoice['Total']:.2f}" == known["Total"]
        paid = api.get("Payments", where=f'Invoice.InvoiceID==Guid("{known["InvoiceID"]}")')
        standing = sum(one["Amount"] for one in paid["Payments"] if one["Status"] != "DELETED")
        assert standing == pytest.approx(invoice["AmountPaid"])
        assert standing > 0


@pytest.mark.parametrize(
    "changed",
    [
        {"contacts": -1},
        {"payments": "many"},
        {"contacts": 0},
        {"invoices": [{"Type": "ACCPAY"}]},
        {"invoices": "all"},
    ],
)
def test_an_order_that_cannot_be_made_is_refused_and_nothing_of_it_stays(sandbox, changed):
    before = sandbox.control("GET", "state")
    with pytest.raises(AssertionError, match="error"):
        make_up(sandbox, **changed)
    assert sandbox.control("GET", "state") == before
