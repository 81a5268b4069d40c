import json
import threading
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from webapp.xero.errors import (
    BadResponse,
    LimitReached,
    PermissionMissing,
    ReconnectNeeded,
    Refused,
    TooMuchAsked,
    Unavailable,
)

API = "https://api.test/api.xro/2.0"
EXPIRED = {"Title": "Unauthorized", "Detail": "TokenExpired: token expired at 08/12/2022 07:00:40"}


def query(call):
    return {key: value[0] for key, value in parse_qs(urlsplit(call.request.url).query).items()}


def contact(number):
    return {"ContactID": f"c-{number}", "Name": f"Contact {number}"}


def invoice(number, **members):
    return {"InvoiceID": f"i-{number}", "InvoiceNumber": number, **members}


def test_every_call_names_the_tenant_and_asks_for_json(client, tenant, xero):
    xero.get(f"{API}/Organisation", json={"Organisations": [{"OrganisationID": "o-1"}]})
    assert client.organisation().organisation_id == "o-1"
    headers = xero.calls[0].request.headers
    assert headers["xero-tenant-id"] == tenant
    assert headers["Accept"] == "application/json"
    assert headers["Authorization"] == "Bearer access-secret-1"
    assert "Idempotency-Key" not in headers


def test_trap_16_every_page_of_contacts_is_asked_for_by_its_number(client, xero):
    for number in (1, 2):
        xero.get(
            f"{API}/Contacts",
            json={
                "pagination": {"page": number, "pageSize": 1, "pageCount": 2, "itemCount": 2},
                "Contacts": [contact(number)],
            },
        )
    pages = list(client.contacts(page_size=1))
    assert [page.records[0].contact_id for page in pages] == ["c-1", "c-2"]
    assert [(page.number, page.page_count, page.item_count) for page in pages] == [
        (1, 2, 2),
        (2, 2, 2),
    ]
    assert [query(call) for call in xero.calls] == [
        {"includeArchived": "true", "page": page, "pageSize": "1"} for page in ("1", "2")
    ]


def test_what_changed_since_is_asked_in_utc_to_the_second(client, xero):
    xero.get(f"{API}/Accounts", json={"Accounts": None})
    auckland = timezone(timedelta(hours=13))
    since = datetime(2026, 11, 3, 2, 30, 15, 999999, tzinfo=auckland)
    assert client.accounts(modified_since=since) == []
    assert xero.calls[0].request.headers["If-Modified-Since"] == "2026-11-02T13:30:15"


@pytest.mark.parametrize("kind", ["Invoices", "CreditNotes", "ManualJournals"])
def test_nothing_new_is_an_empty_page(client, xero, kind):
    xero.get(f"{API}/{kind}", status=304)
    since = datetime(2026, 11, 2, tzinfo=UTC)
    assert [page.records for page in client.documents_modified_since(kind, since)] == [()]


def test_invoices_are_asked_for_by_many_numbers_at_once(client, xero):
    numbers = [f"INV-{number}" for number in range(45)] + ["INV-0"]
    xero.get(f"{API}/Invoices", json={"Invoices": [invoice("INV-0"), invoice("INV-1")]})
    xero.get(f"{API}/Invoices", json={"Invoices": [invoice("INV-44")]})
    found = client.invoices_by_number(numbers)
    assert [document.number for document in found] == ["INV-0", "INV-1", "INV-44"]
    asked = [query(call)["InvoiceNumbers"].split(",") for call in xero.calls]
    assert [number for chunk in asked for number in chunk] == numbers[:-1]


def test_long_numbers_do_not_make_the_address_too_long(client, xero):
    numbers = [f"{number}-" + "x" * 250 for number in range(12)]
    xero.get(f"{API}/Invoices", json={"Invoices": []})
    client.invoices_by_number(numbers)
    assert max(len(call.request.url) for call in xero.calls) < 2000


def test_a_number_with_a_comma_is_asked_for_alone(client, xero):
    xero.get(f"{API}/Invoices", json={"Invoices": []})
    assert client.invoices_by_number(['A, "1"', "B"]) == []
    asked = [query(call) for call in xero.calls]
    assert asked[0]["where"] == 'InvoiceNumber=="A, ""1"""'
    assert asked[1]["InvoiceNumbers"] == "B"


def test_a_document_is_read_as_it_stands(client, xero):
    xero.get(
        f"{API}/CreditNotes/n-1",
        body=json.dumps(
            {
                "CreditNotes": [
                    {
                        "CreditNoteID": "n-1",
                        "CreditNoteNumber": "CN-1",
                        "Type": "ACCPAYCREDIT",
                        "Contact": {"ContactID": "C-1"},
                        "DateString": "2026-09-27T00:00:00",
                        "Date": "/Date(1790467200000+0000)/",
                        "Status": "AUTHORISED",
                        "SubTotal": 100.1,
                        "TotalTax": 10.01,
                        "Total": 110.11,
                    }
                ]
            }
        ),
    )
    document = client.document("CreditNotes", "n-1")
    assert (document.total, document.sub_total) == (Decimal("110.11"), Decimal("100.1"))
    assert (document.date.isoformat(), document.contact_id) == ("2026-09-27", "c-1")
    assert query(xero.calls[0])["unitdp"] == "4"


@pytest.mark.parametrize("body", ["", "<html>gone</html>", "The resource cannot be found"])
def test_a_document_xero_does_not_know_is_none(client, xero, body):
    xero.get(f"{API}/Invoices/i-1", status=404, body=body)
    assert client.document("Invoices", "i-1") is None


def test_a_read_survives_faults_that_pass(client, clock, xero):
    before = clock.now
    xero.get(f"{API}/Currencies", body=requests.ConnectionError("reset"))
    xero.get(f"{API}/Currencies", status=503, body="The Organisation is offline")
    xero.get(f"{API}/Currencies", json={"Currencies": [{"Code": "AUD"}]})
    assert [currency.code for currency in client.currencies()] == ["AUD"]
    assert clock.now - before >= timedelta(seconds=3)


def test_a_fault_that_stays_is_unavailable(client, xero):
    xero.get(f"{API}/TaxRates", status=500, headers={"Xero-Correlation-Id": "corr-1"})
    with pytest.raises(Unavailable) as caught:
        client.tax_rates()
    assert len(xero.calls) == 4
    error = caught.value
    assert (error.method, error.path, error.status) == ("GET", "TaxRates", 500)
    assert error.correlation_id == "corr-1"


def test_an_expired_token_is_renewed_once_and_the_call_repeated(client, tokens, xero):
    xero.get(f"{API}/Currencies", status=401, json=EXPIRED)
    xero.post(
        "https://identity.test/connect/token",
        json={"access_token": "access-secret-2", "refresh_token": "refresh-secret-2"},
    )
    xero.get(f"{API}/Currencies", json={"Currencies": []})
    assert client.currencies() == []
    assert xero.calls[2].request.headers["Authorization"] == "Bearer access-secret-2"
    assert tokens.tokens.refresh_token == "refresh-secret-2"


def test_a_new_token_that_is_refused_too_asks_for_a_person(client, xero):
    xero.get(f"{API}/Currencies", status=401, json={"detail": "AuthenticationUnsuccessful"})
    xero.post(
        "https://identity.test/connect/token",
        json={"access_token": "access-secret-2", "refresh_token": "refresh-secret-2"},
    )
    with pytest.raises(ReconnectNeeded) as caught:
        client.currencies()
    assert caught.value.reason == "refresh_refused"
    assert len(xero.calls) == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"Detail": "AuthorizationUnsuccessful"}},
        {"json": {"detail": "AuthorizationUnsuccessful"}},
        {"headers": {"WWW-Authenticate": "insufficient_scope"}},
        {"headers": {"WWW-Authenticate": 'Bearer error="insufficent_scope"'}, "body": "<html>"},
    ],
)
def test_a_missing_scope_is_told_and_not_repeated(client, xero, answer):
    xero.get(f"{API}/Currencies", status=401, **answer)
    with pytest.raises(PermissionMissing):
        client.currencies()
    assert len(xero.calls) == 1


def test_a_disconnected_organisation_asks_for_a_person(client, xero):
    body = {"Title": "Forbidden", "Detail": "AuthenticationUnsuccessful"}
    xero.get(f"{API}/Organisation", status=403, json=body)
    with pytest.raises(ReconnectNeeded) as caught:
        client.organisation()
    assert caught.value.reason == "tenant_not_connected"


def test_the_day_limit_parks_the_work(client, clock, xero):
    limits = {"X-Rate-Limit-Problem": "day", "Retry-After": "66975"}
    xero.get(f"{API}/Currencies", status=429, headers=limits)
    for _ in range(2):
        with pytest.raises(LimitReached) as caught:
            client.currencies()
        assert caught.value.problem == "day"
        assert caught.value.retry_at == clock.now + timedelta(seconds=66975)
    assert len(xero.calls) == 1


def test_the_minute_limit_is_waited_for(client, clock, xero):
    limits = {"X-Rate-Limit-Problem": "minute", "Retry-After": "17"}
    before = clock.now
    xero.get(f"{API}/Currencies", status=429, headers=limits)
    xero.get(f"{API}/Currencies", json={"Currencies": []})
    client.currencies()
    assert timedelta(seconds=17) <= clock.now - before < timedelta(seconds=18)


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"Type": "HighVolumeException", "Message": "Too much"}},
        {"json": {"ErrorNumber": 51, "Message": "Too much"}},
        {"body": "The request is not filtering this organisation efficiently"},
    ],
)
def test_trap_18_an_organisation_too_big_for_the_question_is_told_apart(client, xero, answer):
    xero.get(f"{API}/Contacts", status=400, **answer)
    with pytest.raises(TooMuchAsked):
        list(client.contacts())
    assert len(xero.calls) == 1


def test_a_query_xero_refuses_shows_its_message(client, xero):
    body = {"Type": "QueryParseException", "ErrorNumber": 16, "Message": "Filter the query"}
    xero.get(f"{API}/Contacts", status=400, json=body)
    with pytest.raises(Refused) as caught:
        list(client.contacts())
    assert [problem.message for problem in caught.value.problems] == ["Filter the query"]


@pytest.mark.parametrize(
    "answer",
    [
        {"body": ""},
        {"body": "<html>hello</html>"},
        {"body": "[]"},
        {"json": {"Status": "OK"}},
        {"json": {"Currencies": {}}},
        {"status": 302, "headers": {"Location": "https://elsewhere.test/"}},
    ],
)
def test_an_answer_that_is_not_one_is_told(client, xero, answer):
    xero.get(f"{API}/Currencies", **answer)
    with pytest.raises(BadResponse):
        client.currencies()
    assert len(xero.calls) == 1


def test_e_a_record_that_cannot_be_read_leaves_the_others_of_its_list_in_peace(client, xero):
    odd = ["AUD", None, {"Description": "no code"}, {"Code": {"nested": "AUD"}}]
    xero.get(f"{API}/Currencies", json={"Currencies": [*odd, {"Code": "NZD"}]})

    found = client.currencies()

    assert [currency.code for currency in found] == ["NZD"]
    assert [one.reason for one in found.unreadable] == [
        "not an object",
        "not an object",
        "a record without Code",
        "not text",
    ]
    assert len({one.digest for one in found.unreadable}) == len(odd)


def test_e_a_contact_that_cannot_be_read_is_named_and_counts_as_given(client, xero):
    odd = {
        "ContactID": "C-2",
        "Name": "Smith \u0000 & Sons \U0001f3d7",
        "UpdatedDateUTC": "/Date(1439434356790)/",
        "Addresses": "none",
    }
    pages = {"page": 1, "pageSize": 1000, "pageCount": 1, "itemCount": 2}
    xero.get(f"{API}/Contacts", json={"pagination": pages, "Contacts": [contact(1), odd]})

    (page,) = client.contacts()

    assert [record.contact_id for record in page.records] == ["c-1"]
    (told,) = page.unreadable
    assert (told.name, told.xero_id, told.reason) == (
        "Smith  & Sons \U0001f3d7",
        "c-2",
        "not an array",
    )
    assert told.updated_at == datetime(2015, 8, 13, 2, 52, 36, 790000, UTC)


def test_e_a_contact_may_lack_everything_but_its_id(client, xero):
    bare = {"ContactID": "c-1", "ContactGroups": None, "Phones": None, "ContactStatus": "NEWWORD"}
    xero.get(f"{API}/Contacts", json={"Contacts": [bare]})

    (page,) = client.contacts()

    (record,) = page.records
    assert (record.name, record.group_names, record.phone, record.status) == ("", (), "", "NEWWORD")
    assert (record.updated_at, record.bills_terms) == (None, None)


@pytest.mark.parametrize("record", [{"InvoiceNumber": "1001"}, "1001"])
def test_a_document_that_cannot_be_read_is_never_taken_for_missing(client, xero, record):
    xero.get(f"{API}/Invoices", json={"Invoices": [record]})
    with pytest.raises(BadResponse):
        client.invoices_by_number(["1001"])


def test_every_call_is_counted_repeated_ones_too_and_what_is_left_is_learnt(client, xero):
    xero.get(f"{API}/Currencies", status=503, headers={"X-DayLimit-Remaining": "4901"})
    xero.get(f"{API}/Currencies", json={"Currencies": []}, headers={"X-DayLimit-Remaining": "4900"})
    assert (client.meter.calls, client.meter.left_today) == (0, None)

    client.currencies()

    assert (client.meter.calls, client.meter.left_today) == (2, 4900)


def test_an_answer_without_organisation_is_told(client, xero):
    xero.get(f"{API}/Organisation", json={"Organisations": []})
    with pytest.raises(BadResponse):
        client.organisation()


def test_lists_are_read_in_one_call_each(client, xero):
    xero.get(f"{API}/ContactGroups", json={"ContactGroups": [{"ContactGroupID": "g", "Name": "N"}]})
    xero.get(
        f"{API}/TrackingCategories",
        json={
            "TrackingCategories": [
                {
                    "TrackingCategoryID": "t",
                    "Name": "Job",
                    "Status": "ACTIVE",
                    "Options": [{"TrackingOptionID": "o", "Name": "1001", "Status": "ACTIVE"}],
                }
            ]
        },
    )
    assert client.contact_groups()[0].name == "N"
    assert client.tracking_categories()[0].options[0].name == "1001"
    assert query(xero.calls[1]) == {"includeArchived": "true"}


def test_each_thread_has_its_own_connection(client, xero):
    xero.get(f"{API}/Currencies", json={"Currencies": []})
    sessions = []

    def work():
        client.currencies()
        sessions.append(client._sender._wire._session())

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({id(session) for session in sessions}) == 5
    assert all(session.metadata.get("token_endpoint") is None for session in sessions)
