"""The kept bodies of invoices and credits, before Xero's published file and a running sandbox."""

from decimal import Decimal

import pytest

from tests.contract.published import beside_us, faults_of
from tests.golden import subledger
from tests.golden.files import stored
from webapp.xero.encoding import decode, encode

CASES = [(kind, case) for kind in subledger.FILES for case in stored(kind)]


@pytest.fixture
def post(api):
    """Posts kept bodies, each under a number of its own and to a contact there is."""
    contact = {"ContactID": api.contact_id("Northern District Council")}
    for category in api.get("TrackingCategories")["TrackingCategories"]:
        if category["Name"] == "Job":
            path = f"TrackingCategories/{category['TrackingCategoryID']}/Options"
            api.send("PUT", path, {"Name": "1001"})

    def posted(collection, bodies):
        number = "InvoiceNumber" if collection == "Invoices" else "CreditNoteNumber"
        made = [
            body | {"Contact": contact, number: f"7{place:04}"} for place, body in enumerate(bodies)
        ]
        answer = api.call(
            "PUT",
            f"{collection}?summarizeErrors=false&unitdp=4",
            data=encode({collection: made}),
            headers={"Content-Type": "application/json"},
        )
        return decode(answer.text)[collection]

    return posted


@pytest.fixture(scope="module")
def kept():
    cases = [stored(kind)[case] for kind, case in CASES]
    return {
        collection: [one for one in cases if one["collection"] == collection]
        for collection in ("Invoices", "CreditNotes")
    }


@pytest.mark.parametrize("collection", ["Invoices", "CreditNotes"])
def test_R98_C9_1_the_sandbox_comes_to_the_same_total_for_every_kept_body(collection, post, kept):
    expected = kept[collection]
    answers = post(collection, [case["body"] for case in expected])
    assert [answer.get("ValidationErrors", []) for answer in answers] == [[]] * len(expected)
    assert [Decimal(answer["Total"]) for answer in answers] == [case["total"] for case in expected]
    # A document of nothing is paid as soon as it is approved.
    assert {answer["Status"] for answer in answers if answer["Total"]} == {"AUTHORISED"}
    assert [answer["Type"] for answer in answers] == [case["body"]["Type"] for case in expected]


@pytest.mark.parametrize("collection", ["Invoices", "CreditNotes"])
def test_R106_the_sandbox_keeps_currency_and_rate_as_sent(collection, post, kept):
    expected = kept[collection]
    answers = post(collection, [case["body"] for case in expected])
    for answer, case in zip(answers, expected, strict=True):
        body = case["body"]
        assert answer["CurrencyCode"] == body["CurrencyCode"]
        assert answer["CurrencyRate"] == body.get("CurrencyRate", 1)


@pytest.mark.shared
@beside_us
@pytest.mark.parametrize("collection", ["Invoices", "CreditNotes"])
def test_every_kept_body_fits_what_xero_publishes_with_closed_schemas(
    collection, post, kept, api, closed
):
    post(collection, [case["body"] for case in kept[collection]])
    assert faults_of(closed, api.answers[-1].request) == ""
