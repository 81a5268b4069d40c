"""What Xero would refuse is named before anything is sent, and nothing else is (issue's bench)."""

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from tests.integration.exports import seeded as causes
from tests.integration.exports.seeded import Seeded
from webapp.db import db, utc_now
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RunState
from webapp.mapping.exports.registry import payloads_of
from webapp.models import GlAccount, GstType, SalesCode, XeroConnection
from webapp.services import exports, imports
from webapp.services.exports.claims import in_order
from webapp.services.exports.outlook import connections_of, outlooks
from webapp.services.exports.plan import METHOD
from webapp.xero.encoding import encode
from webapp.xero.idempotency import new_key

PUBLIC_URL = "http://localhost:5000"


@pytest.fixture
def seeded(books, sandbox, house) -> Seeded:
    """FinCo 01 knows its organisation as of the last import; Xero is as it was then."""
    ledger = sandbox.inside()
    tenant = sandbox.tenant()
    sandbox.control(
        "PATCH",
        f"organisations/{tenant}",
        {"period_lock_date": "2026-10-31", "end_of_year_lock_date": "2026-03-31"},
    )
    run_id = imports.start_import(
        fin_co_id=house.fin_co_id,
        user_id=house.alice_id,
        now=utc_now(),
        after_commit=lambda _run_id: None,
    )
    imports.run_import(
        books.deps.xero,
        books.deps.progress,
        run_id=run_id,
        owner="this-test",
        clock=utc_now,
        lease_seconds=20,
    )
    connection = db.session.query(XeroConnection).one()
    connection.period_lock_date = dt.date(2026, 10, 31)
    connection.end_of_year_lock_date = dt.date(2026, 3, 31)
    sales = GstType(code="S15", description="GST", export_code="OUTPUT2", percent=Decimal(15))
    revenue = SalesCode(code="REV", description="Revenue", cr_gl_account="200", gst_type=sales)
    db.session.add_all([sales, revenue])
    db.session.flush()
    contacts = {name: one["ContactID"] for name, one in ledger.contacts().items()}
    found = Seeded(house.fin_co_id, connection.tenant_id, connection.token_id, contacts)
    assert db.session.query(GlAccount).filter_by(tenant_id=connection.tenant_id).count() > 40
    return found


def preflight(batch_ids):
    return exports.preflight(batch_ids=list(batch_ids), public_url=PUBLIC_URL)


def named(batch) -> Counter:
    """The codes of a batch's problems, each document's once."""
    if batch.refused:
        return Counter([batch.refused.code])
    return Counter(code for one in batch.documents for code in {p.code for p in one.problems})


def test_R83_R94_R95_R96_R97_R103_R104_C7_2_each_seeded_cause_is_named_before_anything_is_sent(
    seeded, books, sandbox
):
    for seed in (
        causes.seed_batches,
        causes.seed_heads,
        causes.seed_lines,
        causes.seed_journals,
    ):
        seed(seeded)
    db.session.commit()
    sandbox.control("DELETE", "requests")

    found = preflight(seeded.expected)

    assert sandbox.calls() == []
    wrong = {
        f"{batch.number} {seeded.expected[batch.batch_id]}": dict(named(batch))
        for batch in found.batches
        if set(named(batch)) != {seeded.expected[batch.batch_id]}
    }
    assert wrong == {}
    assert len(seeded.expected) >= 40
    everything = [p for one in found.documents for p in one.problems]
    everything += [batch.refused for batch in found.batches if batch.refused]
    assert all(one.message and one.way_out for one in everything)


def test_what_the_preflight_holds_back_xero_refuses_as_well(seeded, books, sandbox):
    for seed in (causes.seed_heads, causes.seed_lines, causes.seed_journals):
        seed(seeded)
    # The number that is taken and the archived option are so in Xero too, not only here.
    ledger = sandbox.inside()
    _take_number(ledger, seeded)
    db.session.commit()
    batches = in_order([key for key in seeded.expected if key not in seeded.ours])
    connections = connections_of(batches)
    client = books.deps.xero.client(db.session.get_one(XeroConnection, books.connection_id))

    taken = {}
    for outlook in outlooks(batches, connections, PUBLIC_URL):
        for prepared in outlook.prepared:
            cause = seeded.expected[prepared.document.batch_id]
            for payload in payloads_of(prepared.outgoing):
                body = encode({payload.collection: [payload.body]})
                db.session.commit()
                answer = client.send_frozen(
                    METHOD, payload.collection, body, new_key(seeded.tenant_id)
                )
                if all(element.ok for element in answer.elements):
                    taken.setdefault(cause, 0)
                    taken[cause] += 1

    # The first of two documents with one number arrives; the second is refused.
    assert taken == {"number-twice": 1}


def _take_number(ledger, seeded) -> None:
    body = {
        "Type": "ACCREC",
        "InvoiceNumber": "SI-1",
        "Contact": {"ContactID": seeded.contacts["Tasman Ready Mix"]},
        "DueDate": "2026-12-20",
        "Date": "2026-11-12",
        "LineItems": [{"Description": "By hand", "Quantity": 1, "UnitAmount": 1}],
    }
    ledger.call("PUT", "Invoices", {"Invoices": [body]})


def test_no_false_alarm_on_a_thousand_good_documents_and_xero_takes_them_all(
    seeded, books, sandbox
):
    kinds = (
        lambda n: causes.document(f"{n}.37"),
        lambda n: causes.document(f"-{n}.01", kind=DocumentKind.AP_CREDIT),
        lambda n: causes.document(f"{n}.99", kind=DocumentKind.SALES_INVOICE),
        lambda n: causes.document(f"-{n}.50", kind=DocumentKind.SALES_CREDIT),
        lambda n: causes.journal(causes.posting(value=f"{n}.10")),
    )
    batch_ids = []
    for make in kinds:
        for start in range(1, 201, 100):
            batch = seeded.of(None, *(make(n) for n in range(start, start + 100)))
            batch_ids.append(batch.id)
    db.session.commit()

    found = preflight(batch_ids)

    assert [p.message for one in found.documents for p in one.problems] == []
    assert sum(1 for _ in found.documents) == 1_000
    (run_id,) = exports.plan_export(
        batch_ids=batch_ids,
        user_id=None,
        now=utc_now(),
        public_url=PUBLIC_URL,
        after_commit=lambda _: None,
        confirmed=found.confirmation,
    ).run_ids
    assert books.work(run_id).state is RunState.COMPLETED
    fates = Counter(item.state for item in books.items(run_id))
    assert fates == {ItemState.SENT: 1_000}


def test_what_xero_changed_since_the_last_import_is_not_foretold_but_refused_and_explained(
    seeded, books, sandbox
):
    batch = seeded.of(None, causes.document())
    db.session.commit()
    sandbox.control("PATCH", f"organisations/{sandbox.tenant()}", {"archive_account": "310"})

    assert not named(preflight([batch.id]).batches[0])

    (run_id,) = books.plan(batch.id).run_ids
    books.work(run_id)
    (item,) = books.items(run_id)
    (problem,) = item.problems
    assert item.state is ItemState.REJECTED
    assert problem["message"].startswith("Account 310")
    assert "has been archived" in problem["verbatim"]
    assert problem["request_id"]
