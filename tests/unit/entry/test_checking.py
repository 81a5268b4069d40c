import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.kinds import ENTERED_TYPES, MODULE_OF, fits
from webapp.domain.entry.ready import ReadyDocument

AP = DocumentKind.AP_INVOICE
CREDIT = DocumentKind.AP_CREDIT
SALE = DocumentKind.SALES_INVOICE


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_each_kind_is_taken_by_its_batch_and_refused_by_all_others(desk, kind):
    value = "-100.00" if kind.is_credit else "100.00"
    line = desk.line(value) if kind.value.startswith(("AP", "Sub", "Jour")) else desk.sale(value)
    document = desk.document(kind, line)

    taken = [
        batch_type
        for batch_type in BatchType
        if isinstance(desk.enter(document, batch_type=batch_type), ReadyDocument)
    ]

    assert taken == [batch_type for batch_type in BatchType if fits(kind, batch_type)]
    assert taken


def test_every_batch_type_is_closed_by_a_category_of_the_period():
    assert set(MODULE_OF) == set(BatchType)


@pytest.mark.parametrize("batch_type", ["AR Receipt", "AP Payment", "Payroll", "Inter-company"])
def test_what_others_make_is_not_entered(batch_type):
    assert BatchType(batch_type) not in ENTERED_TYPES


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"company_account": None}, ("company_account", "no-company")),
        ({"company_account": "S7"}, ("company_account", "unknown-company")),
        ({"company_account": "OFF"}, ("company_account", "inactive-company")),
        ({"company_account": None, "company_id": 2}, ("company_id", "company-does-not-fit")),
        ({"company_account": None, "company_id": 7}, ("company_id", "unknown-company")),
        ({"job": "1001"}, ("job", "does-not-belong")),
        ({"claim_no": 1}, ("claim_no", "does-not-belong")),
        ({"applies_to": "N-0"}, ("applies_to", "does-not-belong")),
        ({"currency": "JPY"}, ("currency", "unknown-currency")),
        ({"currency": "USD"}, ("currency_rate", "no-currency-rate")),
        ({"currency_rate": Decimal("0.9")}, ("currency_rate", "rate-of-base-currency")),
        ({"date": dt.date(2206, 11, 1)}, ("document_date", "date-far-away")),
        ({"due_date": dt.date(1, 1, 1)}, ("due_date", "date-far-away")),
    ],
)
def test_what_is_wrong_with_a_document_is_told_at_its_field(desk, more, fault):
    assert desk.faults(desk.document(AP, **more)) == {fault}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"job": None}, ("lines/0/job", "no-job")),
        ({"job": "9"}, ("lines/0/job", "unknown-job")),
        ({"job": "1009"}, ("lines/0/job", "inactive-job")),
        ({"job": "TWICE"}, ("lines/0/job", "ambiguous-job")),
        ({"job": "1001", "profit_centre": "WN"}, ("lines/0/job", "unknown-job")),
        ({"activity": None}, ("lines/0/activity", "no-activity")),
        ({"activity": "X"}, ("lines/0/activity", "unknown-activity")),
        ({"activity": "OLD"}, ("lines/0/activity", "inactive-activity")),
        ({"activity": "BARE"}, ("lines/0/gst_type", "no-gst-type")),
        ({"gst_type": "X"}, ("lines/0/gst_type", "unknown-gst-type")),
        ({"gst_type": "S15"}, ("lines/0/gst_type", "gst-type-does-not-fit")),
        ({"work_centre": "X"}, ("lines/0/work_centre", "unknown-work-centre")),
        ({"sales_code": "CLAIM"}, ("lines/0/sales_code", "does-not-belong")),
        ({"dr_account": "300"}, ("lines/0/dr_account", "does-not-belong")),
    ],
)
def test_what_is_wrong_with_a_line_is_told_at_its_field(desk, more, fault):
    assert desk.faults(desk.document(AP, desk.line(**more))) == {fault}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"sales_code": None}, ("lines/0/sales_code", "no-sales-code")),
        ({"activity": "MAT"}, ("lines/0/activity", "does-not-belong")),
        ({"gst_type": "G15"}, ("lines/0/gst_type", "gst-type-does-not-fit")),
    ],
)
def test_what_is_wrong_with_a_sales_line_is_told_at_its_field(desk, more, fault):
    assert desk.faults(desk.document(SALE, desk.sale(**more))) == {fault}


def test_everything_wrong_with_all_lines_is_told_at_once_with_the_number_of_the_line(desk):
    result = desk.enter(
        desk.document(
            AP, desk.line(job="9"), desk.line(), desk.line(activity="X"), company_account="S7"
        )
    )

    assert [(one.problem.code, one.problem.line) for one in result] == [
        ("unknown-company", None),
        ("unknown-job", 1),
        ("unknown-activity", 3),
    ]
    assert all(one.problem.record == "AP Invoice N-1" for one in result)


def test_a_line_finds_its_job_by_the_profit_centre_where_two_have_it(desk):
    ready = desk.enter(desk.document(AP, desk.line(job="TWICE", profit_centre="WN")))

    assert ready.lines[0].job_id == 6


def test_a_sales_line_is_on_the_job_of_its_document_unless_it_names_another(desk):
    ready = desk.enter(desk.document(SALE, desk.sale(), desk.sale(job="TWICE", profit_centre="AK")))

    assert (ready.job_id, [line.job_id for line in ready.lines]) == (3, [3, 5])


def test_a_sales_document_without_a_job_is_told_once(desk):
    assert desk.faults(desk.document(SALE, job=None)) == {("job", "no-job")}
    assert desk.faults(desk.document(SALE, job="9")) == {("job", "unknown-job")}


def test_a_line_has_the_work_centre_of_its_code_unless_it_names_another(desk):
    ready = desk.enter(desk.document(AP, desk.line(), desk.line(work_centre="STRUC")))

    assert [line.work_centre_id for line in ready.lines] == [8, 7]


def test_payment_falls_due_by_the_terms_of_the_company_then_of_the_template_then_at_once(
    desk, known
):
    without = replace(known, suppliers={"S1": replace(known.suppliers["S1"], terms=(None, None))})
    document = desk.document(AP)

    assert desk.enter(document).due_date == dt.date(2026, 12, 20)
    templated = desk.enter(document, known=without, template_terms=(7, "DAYSAFTERBILLDATE"))
    assert templated.due_date == dt.date(2026, 11, 19)
    assert desk.enter(document, known=without).due_date == dt.date(2026, 11, 12)
    given = document._replace(due_date=dt.date(2027, 1, 5))
    assert desk.enter(given).due_date == dt.date(2027, 1, 5)


def test_R97_an_ap_credit_without_a_payment_date_is_refused(desk, known):
    without = replace(known, suppliers={"S1": replace(known.suppliers["S1"], terms=(None, None))})

    faults = desk.faults(desk.document(CREDIT, desk.line("-10.00")), known=without)

    assert faults == {("due_date", "no-due-date")}


def test_a_credit_is_entered_below_zero(desk):
    assert desk.faults(desk.document(CREDIT)) == {("lines", "credit-above-zero")}
    mixed = desk.document(CREDIT, desk.line("-100.00"), desk.line("40.00"))
    assert desk.enter(mixed).value == Decimal("-60.00")


def test_R106_a_foreign_document_has_its_rate_given_or_the_currency_s(desk):
    own = desk.enter(desk.document(AP, currency="AUD", currency_rate=Decimal("0.95")))
    kept = desk.enter(desk.document(AP, currency="AUD"))
    base = desk.enter(desk.document(AP))

    assert (own.currency, own.currency_rate) == ("AUD", Decimal("0.95"))
    assert (kept.currency, kept.currency_rate) == ("AUD", Decimal("0.92"))
    assert (base.currency, base.currency_rate) == ("NZD", None)


def test_a_document_is_in_the_currency_of_its_company_where_it_names_none(desk, known):
    abroad = replace(known, suppliers={"S1": replace(known.suppliers["S1"], currency="AUD")})

    assert desk.enter(desk.document(AP), known=abroad).currency == "AUD"


def test_a_document_without_lines_is_refused(desk):
    assert desk.faults(desk.document(AP)._replace(lines=())) == {("lines", "no-lines")}


def test_an_adjustment_has_one_side_and_other_journals_two(desk):
    both = desk.document(
        DocumentKind.JOURNAL, desk.line(activity=None, dr_account="300", cr_account="590")
    )

    assert desk.faults(both) == {("lines/0/cr_account", "does-not-belong")}
    assert isinstance(desk.enter(both, batch_type=BatchType.TIMESHEET), ReadyDocument)


def test_a_journal_has_no_company_no_gst_and_no_currency(desk):
    faults = desk.faults(
        desk.document(
            DocumentKind.JOURNAL, desk.line(gst_type="G15"), company_account="S1", currency="AUD"
        )
    )

    assert faults == {
        ("company_account", "does-not-belong"),
        ("currency", "does-not-belong"),
        ("lines/0/gst_type", "no-gst-on-journals"),
    }


def test_a_journal_line_names_an_activity_or_an_account(desk):
    faults = desk.faults(desk.document(DocumentKind.JOURNAL, desk.line(activity=None)))

    assert faults == {("lines/0/activity", "no-activity")}
