import datetime as dt
import threading
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import Batch, BatchSequence, Document, DocumentLine, Period
from webapp.services.batches import close_batch
from webapp.services.documents import Refused, edit_document, enter_documents
from webapp.services.errors import NotAllowedNow, NotFound

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def codes(refused) -> set[tuple[str, str]]:
    return {
        ("/".join(str(part) for part in one.path), one.problem.code)
        for one in refused.value.findings
    }


def test_R77_a_document_lies_in_its_batch_with_lines_codes_and_amounts(clerk):
    line = clerk.line("10.10", quantity=Decimal("2.5"), work_centre="STRUC", description="Sand")
    entered = clerk.batch(clerk.document("A-1", line, line, line, approved=True))

    [uid] = entered.document_uids
    document = clerk.stored(uid)
    assert document.batch.number == entered.batch_number
    assert (document.value_ex_gst, document.gst) == (Decimal("30.30"), Decimal("4.56"))
    assert (document.status, document.approved_by_id) == (DocumentStatus.APPROVED, clerk.user_id)
    assert document.due_date.isoformat() == "2026-12-20"
    assert [line.line_no for line in document.lines] == [1, 2, 3]
    first = document.lines[0]
    assert (first.job.code, first.activity.code, first.work_centre.code, first.gst_type.code) == (
        "1001",
        "MAT",
        "STRUC",
        "G15",
    )
    assert (first.quantity, first.description) == (Decimal("2.5"), "Sand")


@pytest.mark.parametrize(
    ("kind", "batch_type", "more"),
    [
        (DocumentKind.AP_CREDIT, BatchType.AP_CREDIT, {}),
        (DocumentKind.SUB_CLAIM, BatchType.SUB_CLAIM, {"company_account": "S2", "claim_no": 4}),
        (DocumentKind.JOURNAL, BatchType.TIMESHEET, {"company_account": None}),
    ],
)
def test_documents_of_cost_go_into_batches_of_their_own(clerk, kind, batch_type, more):
    value = "-40.00" if kind.is_credit else "40.00"
    entered = clerk.batch(
        clerk.document("N-1", clerk.line(value), kind=kind, **more), kind=batch_type
    )

    document = clerk.stored(entered.document_uids[0])
    assert (document.kind, document.batch.batch_type) == (kind, batch_type)
    assert document.value_ex_gst == Decimal(value)


@pytest.mark.parametrize(
    ("kind", "batch_type"),
    [
        (DocumentKind.SALES_INVOICE, BatchType.AR_INVOICE),
        (DocumentKind.CONTRACT_CLAIM, BatchType.AR_INVOICE),
        (DocumentKind.SALES_CREDIT, BatchType.AR_CREDIT),
    ],
)
def test_sales_documents_are_raised_on_a_job_under_sales_codes(clerk, kind, batch_type):
    sign = "-" if kind.is_credit else ""
    lines = [
        clerk.line(f"{sign}{value}", job=None, activity=None, sales_code=code)
        for value, code in (("10000.00", "CLAIM"), ("500.00", "RET"))
    ]
    entered = clerk.batch(
        clerk.document("J-1", *lines, kind=kind, company_account="C1", job="1002"),
        kind=batch_type,
    )

    document = clerk.stored(entered.document_uids[0])
    assert document.job.code == "1002"
    assert [line.sales_code.code for line in document.lines] == ["CLAIM", "RET"]
    assert [line.is_retention for line in document.lines] == [False, True]
    assert [line.job.code for line in document.lines] == ["1002", "1002"]


def test_journals_keep_the_accounts_that_were_given(clerk):
    line = clerk.line(activity=None, dr_account="5100", cr_account="5900")
    entered = clerk.batch(
        clerk.document("J-1", line, kind=DocumentKind.JOURNAL, company_account=None),
        kind=BatchType.TIMESHEET,
    )

    [stored] = clerk.stored(entered.document_uids[0]).lines
    assert (stored.gl_account, stored.cr_gl_account) == ("5100", "5900")


def test_all_that_is_wrong_with_all_documents_is_told_and_nothing_is_stored(clerk):
    with pytest.raises(Refused) as refused:
        clerk.batch(
            clerk.document("A-1"),
            clerk.document("A-2", clerk.line(job="2001"), clerk.line(activity="X")),
            clerk.document("A-3", company_account="S9"),
        )

    assert codes(refused) == {
        ("documents/1/lines/0/job", "unknown-job"),
        ("documents/1/lines/1/activity", "unknown-activity"),
        ("documents/2/company_account", "unknown-company"),
    }
    assert [clerk.count(model) for model in (Batch, Document, DocumentLine, BatchSequence)] == [
        0
    ] * 4


def test_a_supplier_s_number_is_refused_the_second_time_naming_document_and_batch(clerk):
    first = clerk.batch(clerk.document("A-1"))

    with pytest.raises(Refused) as refused:
        clerk.batch(clerk.document("A-0"), clerk.document("A-1"))

    [finding] = refused.value.findings
    assert (finding.path, finding.problem.code) == (("documents", 1, "number"), "number-in-use")
    assert "AP Invoice A-1" in finding.problem.message
    assert first.batch_number in finding.problem.message
    assert clerk.count(Document) == 1


@pytest.mark.parametrize("typed", ["inv-7a", "INV-7A", "Inv-7a"])
def test_the_same_number_in_other_capitals_is_the_same_invoice(clerk, typed):
    clerk.batch(clerk.document("INV-7A"))

    with pytest.raises(Refused) as refused:
        clerk.batch(clerk.document(typed))
    assert codes(refused) == {("documents/0/number", "number-in-use")}

    with pytest.raises(Refused) as refused:
        clerk.batch(clerk.document("a-1"), clerk.document("A-1"))
    assert codes(refused) == {("documents/1/number", "number-given-twice")}


def test_a_number_given_twice_in_one_go_is_refused(clerk):
    with pytest.raises(Refused) as refused:
        clerk.batch(clerk.document("A-1"), clerk.document("A-1"))

    assert codes(refused) == {("documents/1/number", "number-given-twice")}


def test_two_suppliers_may_have_the_same_number(clerk):
    entered = clerk.batch(clerk.document("A-1"), clerk.document("A-1", company_account="S2"))

    assert len(entered.document_uids) == 2


def test_our_own_numbers_are_unique_in_a_fin_co(clerk):
    def sale(kind):
        line = clerk.line("-1.00" if kind.is_credit else "1.00", activity=None, sales_code="CLAIM")
        return clerk.document("J-1", line, kind=kind, company_account="C1", job="1001")

    clerk.batch(sale(DocumentKind.SALES_INVOICE), kind=BatchType.AR_INVOICE)

    with pytest.raises(Refused) as refused:
        clerk.batch(sale(DocumentKind.SALES_CREDIT), kind=BatchType.AR_CREDIT)
    assert codes(refused) == {("documents/0/number", "number-in-use")}


def test_a_credit_is_tied_to_the_invoice_it_is_for(clerk):
    [invoice] = clerk.batch(clerk.document("A-1")).document_uids

    def credit(number, applies_to):
        line = clerk.line("-40.00")
        return clerk.document(number, line, kind=DocumentKind.AP_CREDIT, applies_to=applies_to)

    [uid] = clerk.batch(credit("C-1", "A-1"), kind=BatchType.AP_CREDIT).document_uids
    assert clerk.stored(uid).applies_to_id == clerk.stored(invoice).id
    with pytest.raises(Refused) as refused:
        clerk.batch(credit("C-2", "A-9"), kind=BatchType.AP_CREDIT)
    assert codes(refused) == {("documents/0/applies_to", "unknown-invoice")}


def test_R78_nothing_is_entered_into_a_closed_batch(clerk):
    entered = clerk.batch(clerk.document("A-1", approved=True))
    close_batch(clerk.found(entered.batch_number).id, user_id=None, now=NOW)

    with pytest.raises(NotAllowedNow, match="closed"):
        clerk.add(entered.batch_number, clerk.document("A-2"))
    assert clerk.count(Document) == 1


def test_nothing_is_entered_where_there_is_no_batch(clerk):

    with pytest.raises(NotFound):
        enter_documents(999, [clerk.document("A-1")], user_id=None, now=NOW)


@pytest.mark.parametrize(
    ("module", "batch_type", "refused"),
    [
        ("ap_closed", BatchType.AP_INVOICE, True),
        ("ar_closed", BatchType.AP_INVOICE, False),
        ("ar_closed", BatchType.AR_INVOICE, True),
        ("time_closed", BatchType.TIMESHEET, True),
        ("stock_closed", BatchType.STOCK_VALUE, True),
        ("adjustment_closed", BatchType.PO_ACCRUAL, True),
    ],
)
def test_a_period_closed_for_a_type_takes_nothing_more_of_it(clerk, module, batch_type, refused):
    db.session.execute(sa.update(Period).values({module: True}))
    db.session.commit()

    if refused:
        with pytest.raises(NotAllowedNow, match="Period 8 of 2027 is closed"):
            clerk.batch(kind=batch_type)
        assert clerk.count(Batch) == 0
    else:
        assert clerk.batch(kind=batch_type).batch_number


@pytest.mark.parametrize("batch_type", [BatchType.AR_RECEIPT, BatchType.PAYROLL])
def test_batches_that_others_fill_are_not_made_here(clerk, batch_type):
    with pytest.raises(NotAllowedNow, match="not entered"):
        clerk.batch(kind=batch_type)


def test_R81_adjustments_that_do_not_sum_to_zero_keep_their_batch_open(clerk):
    def journal(number, *values):
        lines = [clerk.line(value) for value in values]
        return clerk.document(
            number, *lines, kind=DocumentKind.JOURNAL, company_account=None, approved=True
        )

    entered = clerk.batch(journal("1", "100.00", "-99.99"), kind=BatchType.ADJUSTMENT)
    batch = clerk.found(entered.batch_number)

    with pytest.raises(NotAllowedNow, match=r"sum to 0\.01"):
        close_batch(batch.id, user_id=None, now=NOW)
    assert clerk.found(entered.batch_number).status is BatchStatus.OPEN

    clerk.add(entered.batch_number, journal("2", "-0.01"))
    with pytest.raises(NotAllowedNow, match=r"2 do not: 1 by 0\.01, 2 by -0\.01"):
        close_batch(batch.id, user_id=None, now=NOW)

    db.session.execute(sa.delete(Document))
    db.session.commit()
    clerk.add(entered.batch_number, journal("3", "100.00", "-99.99", "-0.01"))
    assert close_batch(batch.id, user_id=None, now=NOW).status is BatchStatus.CLOSED


def test_R82_numbers_of_batches_are_never_given_twice(clerk):
    first = clerk.batch().batch_number
    with pytest.raises(Refused):
        clerk.batch(clerk.document("A-1", company_account="S7"))
    db.session.execute(sa.delete(Batch).where(Batch.number == first))
    db.session.commit()

    assert clerk.batch().batch_number == "A2720002"


def test_two_who_enter_the_same_invoice_at_once_enter_it_once(app, clerk):
    outcomes = []

    def enter():
        with app.app_context():
            try:
                outcomes.append(clerk.batch(clerk.document("A-1")).batch_number)
            except Refused as refused:
                outcomes.append(refused.findings[0].problem.code)

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes)[1:] == ["number-in-use"] * 3
    assert clerk.count(Document) == 1


def test_entering_many_takes_as_many_statements_as_entering_few(clerk):
    def statements(prefix, count):
        seen = []
        listener = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        clerk.batch(*[clerk.document(f"{prefix}{n}", *[clerk.line()] * 3) for n in range(count)])
        event.remove(db.engine, "before_cursor_execute", listener)
        return len(seen)

    assert statements("B", 60) <= statements("A", 2) + 2


def test_sales_documents_without_a_number_get_the_next_ones_of_their_fin_co(clerk):
    def sale(number, kind=DocumentKind.SALES_INVOICE):
        line = clerk.line(activity=None, sales_code="CLAIM")
        return clerk.document(number, line, kind=kind, company_account="C1", job="1001")

    def numbers(entered):
        return [clerk.stored(uid).number for uid in entered.document_uids]

    first = clerk.batch(sale(""), sale("A-77"), sale(""), kind=BatchType.AR_INVOICE)
    assert numbers(first) == ["1", "A-77", "2"]
    named = clerk.batch(sale("00998"), sale("20261122001"), kind=BatchType.AR_INVOICE)
    assert numbers(named) == ["00998", "20261122001"]
    more = clerk.batch(sale(""), sale("00999"), sale(""), kind=BatchType.AR_INVOICE)
    assert numbers(more) == ["01000", "00999", "01001"]
    clerk.batch(clerk.document("5000"))  # a supplier's number is nothing to us
    (uid,) = clerk.add(named.batch_number, sale("")).document_uids
    assert clerk.stored(uid).number == "01002"
    edit_document(uid, sale(""))
    assert clerk.stored(uid).number == "01002"
