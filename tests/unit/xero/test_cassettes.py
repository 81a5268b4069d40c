"""The client against recorded answers. `pytest tests/unit/xero --record-cassettes` makes them anew.

They come from the sandbox, started for the purpose with throw-away credentials; the name of each
file and its `origin` say so.
"""

import base64
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import betamax
import pytest
import requests
from betamax.serializers import JSONSerializer

from webapp.xero.authorize import BASE_SCOPES, authorization_url, exchange_code, list_connections
from webapp.xero.client import XeroClient
from webapp.xero.encoding import encode
from webapp.xero.endpoints import Credentials, Endpoints
from webapp.xero.records import ZERO_ID

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "cassettes"
ORIGIN = "sandbox"
REMOVED = "Bearer <removed>"
CALLBACK = "http://localhost/callback"
ORGANISATION = "Southern Cross Engineering Pty Ltd"
JWT = re.compile(r"ey[\w-]{8,}\.[\w-]{8,}\.[\w-]+")


class Labelled(JSONSerializer):
    """Says in each file where its answers came from, one line per value so that changes show."""

    name = "labelled"

    def serialize(self, cassette_data):
        return json.dumps({"origin": ORIGIN, **cassette_data}, indent=1, sort_keys=True) + "\n"


betamax.Betamax.register_serializer(Labelled)


def remove_token(interaction, _):
    interaction.data["request"]["headers"]["Authorization"] = [REMOVED]


class Recorder:
    """A client whose calls are recorded from a sandbox, or replayed."""

    def __init__(self, client, *, recording):
        self.client = client
        self._recording = recording

    @contextmanager
    def cassette(self, name):
        recorder = betamax.Betamax(
            self.client._sender._wire._session(), cassette_library_dir=str(FOLDER)
        )
        recorder.config.before_record(callback=remove_token)
        file = f"{ORIGIN}-{name}"
        if self._recording:
            (FOLDER / f"{file}.json").unlink(missing_ok=True)
        with recorder.use_cassette(
            file,
            record="once" if self._recording else "none",
            match_requests_on=["method", "path", "query", "body"],
            serialize_with="labelled",
            preserve_exact_body_bytes=True,
        ):
            yield self.client


@contextmanager
def sandbox(folder):
    credentials = Credentials("throw-away-app", os.urandom(12).hex())
    command = [
        *(sys.executable, "-m", "webapp.sandbox", "--port", "0", "--state", folder / "state"),
        *("--client-id", credentials.client_id, "--client-secret", credentials.client_secret),
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            base = process.stdout.readline().split()[-1]
            yield Endpoints(base, base, base), credentials
        finally:
            process.terminate()


def consent(endpoints, credentials):
    """Press the button a person presses, and give the tokens and the organisation."""
    overview = requests.get(f"{endpoints.api_url}/_sandbox/state", timeout=10).json()
    [tenant] = [one for one in overview["organisations"] if one["name"] == ORGANISATION]
    url = authorization_url(endpoints, credentials, CALLBACK, BASE_SCOPES, "state-1")
    pressed = requests.post(
        url,
        data={"decision": "allow", "tenant_id": tenant["tenant_id"]},
        allow_redirects=False,
        timeout=10,
    )
    [code] = parse_qs(urlsplit(pressed.headers["Location"]).query)["code"]
    tokens = exchange_code(endpoints, credentials, CALLBACK, code)
    [connection] = list_connections(endpoints, tokens.access_token, tokens.auth_event_id)
    return tokens, connection.tenant_id


@pytest.fixture
def recorder(request, tmp_path, client, session, tokens, gate, clock):
    if not request.config.getoption("--record-cassettes", default=False):
        yield Recorder(client, recording=False)
        return
    with sandbox(tmp_path) as (endpoints, credentials):
        clock.now = datetime.now(UTC)
        tokens.tokens, tenant = consent(endpoints, credentials)
        live = XeroClient(endpoints, tenant, session, gate, clock=clock, sleep=clock.sleep)
        yield Recorder(live, recording=True)


def document(**changes):
    return {
        "Type": "ACCPAY",
        "Status": "AUTHORISED",
        "Date": date(2026, 9, 27),
        "DueDate": date(2026, 10, 20),
        "LineAmountTypes": "Exclusive",
        **changes,
    }


def expense(client):
    return next(
        account
        for account in client.accounts()
        if account.account_class == "EXPENSE" and account.status == "ACTIVE" and account.code
    )


def line(account, amount="100.10"):
    return {
        "Description": "Sand — 2 m³",
        "Quantity": Decimal(1),
        "UnitAmount": Decimal(amount),
        "AccountCode": account,
        "TaxType": "INPUT",
    }


def test_what_an_organisation_holds_is_read(recorder):
    with recorder.cassette("settings") as client:
        organisation = client.organisation()
        accounts = client.accounts()
        rates = {rate.tax_type: rate for rate in client.tax_rates()}
        currencies = client.currencies()
        client.tracking_categories()
        client.contact_groups()
    assert organisation.name == ORGANISATION
    assert (organisation.country_code, organisation.base_currency) == ("AU", "AUD")
    assert organisation.short_code.startswith("!")
    assert {"EXPENSE", "REVENUE", "ASSET"} <= {account.account_class for account in accounts}
    assert rates["INPUT"].effective_rate == Decimal(10)
    assert rates["INPUT"].can_apply_to_expenses
    assert "AUD" in {currency.code for currency in currencies}


def test_contacts_are_read_page_by_page(recorder):
    with recorder.cassette("contacts") as client:
        pages = list(client.contacts(page_size=2))
    contacts = {contact.contact_id: contact for page in pages for contact in page.records}
    assert len(pages) > 1
    assert len(contacts) == pages[-1].item_count
    assert all(contact.name and contact.updated_at for contact in contacts.values())


def test_bills_good_and_bad_are_written_and_found_again(recorder):
    with recorder.cassette("bills") as client:
        account = expense(client)
        contact = next(
            one for page in client.contacts() for one in page.records if one.status == "ACTIVE"
        )
        known = {"ContactID": contact.contact_id}
        body = encode(
            {
                "Invoices": [
                    document(
                        InvoiceNumber="R-1", Contact=known, LineItems=[line(account.code)],
                        Url="https://workbench.test/batches/1",
                    ),
                    document(InvoiceNumber="R-2", Contact=known, LineItems=[line("NOWHERE")]),
                    document(
                        InvoiceNumber="R, 3", Contact=known, LineItems=[line(account.code, "0.05")]
                    ),
                ]
            }
        )  # fmt: skip
        written = client.send_frozen("POST", "Invoices", body, "recorded-key-1")
        again = client.send_frozen("POST", "Invoices", body, "recorded-key-1")
        good, bad, comma = written.elements
        found = client.invoices_by_number(["R-1", "R-2", "R, 3"])
        stands = client.document("Invoices", good.xero_id)
        missing = client.document("Invoices", ZERO_ID)
        since = datetime(2026, 1, 1, tzinfo=UTC)
        changed = list(client.documents_modified_since("Invoices", since))
    assert written.correlation_id
    assert [element.ok for element in written.elements] == [True, False, True]
    assert (good.number, good.status, good.contact_id) == ("R-1", "AUTHORISED", contact.contact_id)
    assert (good.sub_total, good.total_tax, good.total) == (
        Decimal("100.10"),
        Decimal("10.01"),
        Decimal("110.11"),
    )
    assert bad.xero_id is None
    assert any("NOWHERE" in problem.message for problem in bad.errors)
    # The same bytes under the same key are not a second bill.
    assert [element.xero_id for element in again.elements] == [good.xero_id, None, comma.xero_id]
    assert {document.number for document in found} == {"R-1", "R, 3"}
    assert (stands.total, stands.date) == (Decimal("110.11"), date(2026, 9, 27))
    assert stands.url == "https://workbench.test/batches/1"
    assert missing is None
    assert {document.xero_id for page in changed for document in page.records} == {
        good.xero_id,
        comma.xero_id,
    }


def test_journals_good_and_bad_are_written(recorder):
    with recorder.cassette("journals") as client:
        account = expense(client).code

        def journal(narration, credit):
            lines = [
                {"LineAmount": Decimal("250.00"), "AccountCode": account},
                {"LineAmount": Decimal(credit), "AccountCode": account},
            ]
            return {
                "Narration": narration,
                "Date": date(2026, 9, 27),
                "Status": "POSTED",
                "LineAmountTypes": "NoTax",
                "JournalLines": lines,
            }

        body = encode(
            {"ManualJournals": [journal("Level", "-250.00"), journal("Crooked", "-249.99")]}
        )
        good, bad = client.send_frozen("PUT", "ManualJournals", body, "recorded-key-2").elements
        stands = client.document("ManualJournals", good.xero_id)
    assert (good.ok, good.reference, good.status) == (True, "Level", "POSTED")
    assert not bad.ok
    assert bad.errors
    assert (stands.reference, stands.date) == ("Level", date(2026, 9, 27))


def cassettes():
    return sorted(FOLDER.glob("*.json"))


def texts(value):
    """Give every text of a cassette, the bodies decoded."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "base64_string":
                yield base64.b64decode(member).decode("utf-8", "replace")
            else:
                yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)
    else:
        yield str(value)


def test_there_are_cassettes():
    assert {file.stem for file in cassettes()} >= {
        f"{ORIGIN}-{name}" for name in ("settings", "contacts", "bills", "journals")
    }


@pytest.mark.parametrize("file", cassettes(), ids=lambda file: file.stem)
def test_a_cassette_says_where_it_comes_from(file):
    origin = json.loads(file.read_text())["origin"]
    assert file.stem.startswith(f"{origin}-")


@pytest.mark.parametrize("file", cassettes(), ids=lambda file: file.stem)
def test_a_cassette_holds_no_token(file):
    recorded = json.loads(file.read_text())
    for interaction in recorded["http_interactions"]:
        assert interaction["request"]["headers"]["Authorization"] == [REMOVED]
        assert "Set-Cookie" not in interaction["response"]["headers"]
    for text in texts(recorded):
        assert not JWT.search(text)
        assert not re.search(r"(access|refresh|id)_token|client_secret", text)
        assert text == REMOVED or not re.search(r"\b(Bearer|Basic) ", text)
