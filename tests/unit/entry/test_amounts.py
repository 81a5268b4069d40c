from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.documents import DocumentKind
from webapp.domain.money import gst_of

CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))


def test_R98_gst_is_computed_and_rounded_line_by_line(desk):
    ready = desk.enter(desk.document(DocumentKind.AP_INVOICE, *[desk.line("10.10")] * 3))

    assert [line.gst for line in ready.lines] == [Decimal("1.52")] * 3
    assert (ready.value, ready.gst) == (Decimal("30.30"), Decimal("4.56"))
    assert not any(line.gst_overridden for line in ready.lines)


def test_R98_gst_that_is_given_is_kept_whatever_the_rate(desk):
    ready = desk.enter(
        desk.document(DocumentKind.AP_INVOICE, desk.line("100.00", gst=Decimal("14.99")))
    )

    assert (ready.gst, ready.lines[0].gst_overridden) == (Decimal("14.99"), True)


def test_gst_of_zero_that_is_given_is_not_computed_after_all(desk):
    ready = desk.enter(desk.document(DocumentKind.AP_INVOICE, desk.line(gst=Decimal(0))))

    assert (ready.gst, ready.lines[0].gst_overridden) == (Decimal(0), True)


def test_R99_amounts_finer_than_cents_are_refused_at_their_line(desk):
    faults = desk.faults(
        desk.document(
            DocumentKind.AP_INVOICE, desk.line(), desk.line("1.005", gst=Decimal("0.001"))
        )
    )

    assert faults == {
        ("lines/1/value_ex_gst", "more-than-cents"),
        ("lines/1/gst", "more-than-cents"),
    }


def test_an_amount_no_firm_pays_is_taken_for_a_slip(desk):
    faults = desk.faults(desk.document(DocumentKind.AP_INVOICE, desk.line("10000000000")))

    assert faults == {("lines/0/value_ex_gst", "amount-too-large")}


@given(values=st.lists(CENTS, min_size=1, max_size=20))
def test_R99_lines_always_sum_to_their_document(desk, values):
    ready = desk.enter(
        desk.document(DocumentKind.AP_INVOICE, *[desk.line(str(value)) for value in values])
    )

    assert ready.value == sum(values)
    assert ready.gst == sum(gst_of(value, Decimal(15)) for value in values)


def test_a_claim_with_retention_adds_up_as_the_worked_example(desk):
    ready = desk.enter(
        desk.document(
            DocumentKind.CONTRACT_CLAIM,
            desk.sale("10000.00"),
            desk.sale("-500.00", sales_code="RET"),
            claim_no=3,
        )
    )

    assert (ready.value, ready.gst) == (Decimal("9500.00"), Decimal("1425.00"))
    assert [line.is_retention for line in ready.lines] == [False, True]


def test_journals_carry_no_gst(desk):
    ready = desk.enter(desk.document(DocumentKind.JOURNAL))

    assert (ready.gst, ready.lines[0].gst_type_id) == (Decimal(0), None)
