"""Sales documents from the batch to the books of the organisation."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.integration.exports.sales.codes import HELD, WORK
from webapp.db import db, utc_now
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import ItemState, RunState
from webapp.models import (
    Batch,
    Company,
    Document,
    ExportItem,
    FinCo,
    GstType,
    XeroConnection,
    XeroDocument,
    XeroTaxRate,
)
from webapp.services.exports import preflight


def in_xero(sandbox):
    return {
        (row["type"], row["status"]): (row["count"], row["sub_total"], row["total"])
        for row in sandbox.organisation()["documents"]
    }


def test_R85_a_batch_of_sales_invoices_arrives_authorised_to_the_cent(books, sale, sandbox):
    batch = sale([(WORK, "100.00")], [(WORK, "33.33"), (WORK, "10.10")])

    run = books.export(batch)

    assert run.state is RunState.COMPLETED
    assert run.problems == ()
    assert in_xero(sandbox) == {("ACCREC", "AUTHORISED"): (2, "143.43", "164.95")}
    assert books.status_of(batch) == "exported"
    here = db.session.scalar(sa.select(sa.func.sum(Document.value_ex_gst + Document.gst)))
    assert here == Decimal("164.95")


def test_R85_xero_shows_our_number_reference_terms_and_the_way_back(books, sale, sandbox):
    books.export(sale([(WORK, "100.00")], reference="PO 88"))

    (invoice,) = sandbox.inside().call("GET", "Invoices", page="1")["Invoices"]
    document = db.session.scalars(sa.select(Document)).one()
    assert (invoice["InvoiceNumber"], invoice["Reference"]) == (document.number, "PO 88")
    assert invoice["DueDateString"].startswith("2026-12-20")
    assert invoice["Url"].endswith(f"/documents/{document.uid}")
    assert invoice["Contact"]["Name"] == document.company.name
    assert invoice["SentToContact"] is False


def test_R86_a_batch_of_sales_credits_arrives_as_credit_notes(books, sale, sandbox):
    run = books.export(sale([(WORK, "-80.00")], kind=DocumentKind.SALES_CREDIT))

    assert run.state is RunState.COMPLETED
    assert in_xero(sandbox) == {("ACCRECCREDIT", "AUTHORISED"): (1, "80.00", "92.00")}


def test_R105_a_claim_with_retention_is_one_invoice_with_a_negative_line(
    books, sale, sandbox, track
):
    batch = sale([(WORK, "10000.00"), (HELD, "-500.00")], kind=DocumentKind.CONTRACT_CLAIM)
    track()

    run = books.export(batch)

    assert run.problems == ()
    assert in_xero(sandbox) == {("ACCREC", "AUTHORISED"): (1, "9500.00", "10925.00")}
    (invoice,) = sandbox.inside().call("GET", "Invoices", page="1")["Invoices"]
    work, held = invoice["LineItems"]
    assert [tag["Option"] for tag in work["Tracking"]] == ["Head Office"]
    assert (held["AccountCode"], held["LineAmount"], held["Tracking"]) == ("628", -500, [])


def test_R104_exporting_makes_no_category_and_no_option(books, sale, sandbox, track):
    track()
    books.export(sale([(WORK, "10.00")]))

    written = [call for call in sandbox.calls("PUT") if "TrackingCategories" in call["path"]]
    assert written == []


def test_Q8_a_claim_below_zero_arrives_as_a_credit_note(books, sale, sandbox):
    run = books.export(sale([(WORK, "-800.00")], kind=DocumentKind.CONTRACT_CLAIM))

    assert run.problems == ()
    assert in_xero(sandbox) == {("ACCRECCREDIT", "AUTHORISED"): (1, "800.00", "920.00")}


def test_an_invoice_of_nothing_arrives_and_is_settled_at_once(books, sale, sandbox):
    run = books.export(sale([(WORK, "50.00"), (WORK, "-50.00")]))

    assert run.problems == ()
    assert in_xero(sandbox) == {("ACCREC", "PAID"): (1, "0.00", "0.00")}


@pytest.mark.parametrize("kind", ["500_after", "drop_after"])
@pytest.mark.parametrize(
    ("sold", "value"), [(DocumentKind.SALES_INVOICE, "10.00"), (DocumentKind.SALES_CREDIT, "-9.00")]
)
def test_R112_a_lost_answer_makes_no_second_sale(books, sale, sandbox, kind, sold, value):
    run_id = books.plan(sale(*[[(WORK, value)]] * 7, kind=sold)).run_ids[0]
    sandbox.fault(kind, times=1, method="PUT")

    run = books.work(run_id)
    while not run.finished:
        run = books.work(run_id)

    assert run.counts["sent"] == 7
    assert run.problems == ()
    assert sum(count for count, _, _ in in_xero(sandbox).values()) == 7


@pytest.mark.parametrize(
    ("sold", "value"), [(DocumentKind.SALES_INVOICE, "10.00"), (DocumentKind.SALES_CREDIT, "-9.00")]
)
def test_R112_after_the_keys_life_a_sale_that_arrived_is_found_and_not_sent_again(
    books, sale, sandbox, sold, value
):
    run_id = books.plan(sale(*[[(WORK, value)]] * 3, kind=sold)).run_ids[0]
    sandbox.fault("drop_after", times=None, method="PUT")
    books.work(run_id)
    sandbox.no_faults()
    sandbox.control("DELETE", "requests")

    run = books.work(run_id, clock=lambda: utc_now() + dt.timedelta(minutes=30))

    assert run.counts["sent"] == 3
    assert sandbox.calls("PUT") == []


def test_a_number_somebody_used_in_xero_is_refused_in_xeros_words(books, sale, sandbox):
    first = sale([(WORK, "10.00")])
    number = db.session.scalars(sa.select(Document.number)).one()
    contact = {"ContactID": sandbox.inside().contacts()["Supplier 0"]["ContactID"]}
    by_hand = {"Type": "ACCREC", "InvoiceNumber": number, "Contact": contact}
    sandbox.inside().call("PUT", "Invoices", {"Invoices": [by_hand]})

    run = books.export(first)

    (problem,) = run.problems
    assert problem["code"] == "number-not-unique"
    assert problem["verbatim"] == "Invoice # must be unique."


def test_a_number_another_fin_co_of_the_organisation_used_is_told_without_a_call(
    books, sale, sandbox, house
):
    first, second = sale([(WORK, "10.00")]), sale([(WORK, "20.00")])
    books.export(first)
    db.session.execute(sa.update(Document).values(number="SI-1"))
    db.session.execute(sa.update(XeroDocument).values(fin_co_id=house.other_fin_co_id))
    db.session.get_one(Batch, first).fin_co_id = house.other_fin_co_id
    db.session.commit()
    sandbox.control("DELETE", "requests")

    run = books.export(second)

    assert [problem["code"] for problem in run.problems] == ["number-taken"]
    assert sandbox.calls("PUT") == []


def test_one_number_of_two_fin_cos_that_share_an_organisation_is_foretold_of_both(
    books, sale, sandbox, house
):
    first, second = sale([(WORK, "10.00")]), sale([(WORK, "20.00")])
    join(books, house.other_fin_co_id)
    db.session.execute(sa.update(Document).values(number="SI-1"))
    db.session.get_one(Batch, second).fin_co_id = house.other_fin_co_id
    db.session.commit()

    found = preflight(batch_ids=[first, second], public_url="http://localhost:5000")

    told = [
        [one.message for one in document.problems if one.code == "number-twice"]
        for document in found.documents
    ]
    assert [len(messages) for messages in told] == [1, 1]
    code = db.session.get_one(FinCo, house.other_fin_co_id).code
    other = db.session.scalars(sa.select(Document).where(Document.batch_id == second)).one()
    assert f"({other.company.name}) of FinCo {code}," in told[0][0]
    assert "Harbour Civil Ltd in this export too" in told[0][0]
    books.plan(first, second)
    assert set(db.session.scalars(sa.select(ExportItem.state))) == {ItemState.BLOCKED}


def test_one_number_in_two_organisations_is_no_cause(books, sale, house):
    first, second = sale([(WORK, "10.00")]), sale([(WORK, "20.00")])
    join(books, house.other_fin_co_id, tenant_id=str(uuid4()))
    db.session.execute(sa.update(Document).values(number="SI-1"))
    db.session.get_one(Batch, second).fin_co_id = house.other_fin_co_id
    db.session.commit()

    found = preflight(batch_ids=[first, second], public_url="http://localhost:5000")

    assert "number-twice" not in {one.code for one in found.causes}


def join(books, fin_co_id, **other):
    """Connect another FinCo, to the same organisation unless another is named."""
    own = db.session.get_one(XeroConnection, books.connection_id)
    names = ("tenant_id", "token_id", "state", "organisation_name", "base_currency_code")
    kept = {name: getattr(own, name) for name in names}
    db.session.add(
        XeroConnection(
            fin_co_id=fin_co_id,
            connection_id=str(uuid4()),
            connected_at=utc_now(),
            **kept | other,
        )
    )


def test_R106_a_foreign_sale_arrives_in_its_currency_at_its_rate(books, sale, sandbox):
    rate = Decimal("0.93705312")
    run = books.export(sale([(WORK, "100.00")], currency_code="AUD", currency_rate=rate))

    assert run.problems == ()
    (invoice,) = sandbox.inside().call("GET", "Invoices", page="1")["Invoices"]
    assert (invoice["CurrencyCode"], invoice["CurrencyRate"]) == ("AUD", 0.937053)


def test_R98_a_rate_that_is_another_in_xero_does_not_change_the_total(books, sale, sandbox):
    """The GST Type says 12.5 %; the organisation's own OUTPUT2 is at 15 %."""
    gst_type = db.session.scalars(sa.select(GstType).where(GstType.code == "S15")).one()
    gst_type.percent = Decimal("12.5")
    batch = sale([(WORK, "200.00")])
    document = db.session.scalars(sa.select(Document)).one()
    document.gst = document.lines[0].gst = Decimal("25.00")
    tenant_id = db.session.get_one(XeroConnection, books.connection_id).tenant_id
    everywhere = {
        f"can_apply_to_{kind}": True
        for kind in ("assets", "equity", "expenses", "liabilities", "revenue")
    }
    for tenant, percent in ((tenant_id, 15), (str(uuid4()), "12.5")):
        db.session.add(
            XeroTaxRate(
                fin_co_id=books.fin_co_id,
                tenant_id=tenant,
                tax_type="OUTPUT2",
                name="GST on Income",
                status="ACTIVE",
                effective_rate=Decimal(percent),
                **everywhere,
            )
        )
    db.session.commit()

    run = books.export(batch)

    assert run.problems == ()
    assert in_xero(sandbox) == {("ACCREC", "AUTHORISED"): (1, "200.00", "225.00")}


def test_a_sale_without_a_due_date_falls_due_by_the_terms_its_client_has_by_now(books, sale):
    batch = sale([(WORK, "10.00")], due_date=None)
    assert [problem["code"] for problem in books.export(batch).problems] == ["no-due-date"]
    company = db.session.get_one(Company, books.supplier_ids[0])
    company.payment_terms_days, company.payment_terms_type = 20, "OFFOLLOWINGMONTH"
    db.session.commit()

    run = books.export(batch)

    assert run.problems == ()
    assert run.counts["sent"] == 1
