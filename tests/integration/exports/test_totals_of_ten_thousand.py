"""Ten thousand generated documents: what Xero makes of each is what Workbench says of it (R98)."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import chain

import pytest

from tests.golden.subledger import KINDS, document, purchase, sale
from webapp.domain.entry.kinds import SALES
from webapp.domain.money import CENT, gst_of
from webapp.mapping.exports.packing import MAX_DOCUMENTS
from webapp.mapping.exports.registry import MAPPINGS
from webapp.xero.encoding import encode
from webapp.xero.idempotency import new_key

HOW_MANY = 10_000
IN_FLIGHT = 5
CURRENCIES = ("NZD", "AUD", "USD")


@pytest.fixture
def database():
    """What is stored plays no part here: one kind of database is enough."""
    return "sqlite"


class OpenGate:
    """Lets every call through: at Xero's own pace the documents would take minutes."""

    @contextmanager
    def call(self, _tenant_id):
        yield

    def observe(self, *_answer):
        return


@pytest.fixture
def client(connect, deps):
    return replace(deps.xero, gate=OpenGate()).client(connect())


@pytest.fixture
def generated(client):
    """Documents of every kind, currency and way of GST, the same ones at every run."""
    choose = random.Random(1_115)
    contacts = [
        contact.contact_id
        for page in client.contacts()
        for contact in page.records
        if contact.status == "ACTIVE"
    ]
    return [_document(choose, number, choose.choice(contacts)) for number in range(HOW_MANY)]


def _document(choose, number, contact_id):
    kind = choose.choice(KINDS)
    lines = [_line(choose, kind) for _ in range(choose.choice((1, 1, 2, 3, 7)))]
    currency = choose.choice(CURRENCIES)
    made = document(
        kind,
        *lines,
        number=f"G{number:05}",
        contact_id=contact_id,
        currency_code=currency,
        currency_rate=None if currency == "NZD" else Decimal(choose.randint(1, 10**8)) / 10**7,
        back_link=f"https://workbench.example/documents/{number}",
    )
    if kind.is_credit and made.total > 0:
        made = replace(made, lines=tuple(_turned(line) for line in made.lines))
    return made


def _line(choose, kind):
    build = sale if kind in SALES else purchase
    most = choose.choice((9, 999, 99_999, 9_999_999))
    value = Decimal(choose.randint(-most // 4, most)) * CENT
    here, there = choose.choice(
        (("15", "15"), ("15", "15"), ("15", None), ("0", "0"), ("12.5", "15"), ("15", "0"))
    )
    # Xero's own rates: what it computes with is settled by the TaxType, not by what we believe.
    really = there or here
    other = {} if really == "15" else {"export_code": "NONE"}
    line = build(str(value), percent=here, xero_percent=there and Decimal(there), tags=(), **other)
    typed = choose.choice((0, 0, 0, 1, -1, 37))
    return replace(line, gst=gst_of(value, Decimal(here)) + typed * CENT)


def _turned(line):
    return replace(line, value=-line.value, gst=-line.gst)


def test_R98_C9_1_xeros_total_is_ours_to_the_cent(generated, client, sandbox):
    payloads = [MAPPINGS[one.kind](one) for one in generated]
    requests = [
        (collection, members[start : start + MAX_DOCUMENTS])
        for collection in ("Invoices", "CreditNotes")
        if (members := [one for one in payloads if one.collection == collection])
        for start in range(0, len(members), MAX_DOCUMENTS)
    ]

    def send(request):
        collection, members = request
        body = encode({collection: [one.body for one in members]})
        results = client.send_frozen("PUT", collection, body, new_key(client.tenant_id)).elements
        assert [message for result in results for message in result.errors] == []
        return {result.number: result.total for result in results}

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        totals = dict(chain.from_iterable(answer.items() for answer in pool.map(send, requests)))

    assert len(totals) == HOW_MANY
    assert totals == {one.number: abs(one.total) for one in generated}
    # Every kind, both signs, and GST that Xero would not have come to, are all among them.
    assert set(Counter(one.kind for one in generated)) == set(KINDS)
    assert {one.body["Type"] for one in payloads} == {
        "ACCPAY", "ACCPAYCREDIT", "ACCREC", "ACCRECCREDIT"
    }  # fmt: skip
    kept = sandbox.organisation()["documents"]
    assert sum(row["count"] for row in kept) == HOW_MANY
    assert sum(Decimal(row["total"]) for row in kept) == sum(totals.values())
