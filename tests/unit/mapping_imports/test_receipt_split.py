"""How much of a receipt is GST (R54, R56; example 8.3)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.mapping.imports.receipts import InvoiceAmounts, Received, beyond, split_gst

INVOICE = InvoiceAmounts(total=Decimal("1150.00"), gst=Decimal("150.00"))
START = dt.date(2026, 11, 1)


def received(amount, day, gst=None):
    date = START + dt.timedelta(days=day)
    return Received(f"p{day:03}", date, Decimal(amount), None if gst is None else Decimal(gst))


def stored(receipts, shares):
    """The receipts as they are kept once their shares are."""
    return [replace(one, gst=shares[one.payment_id]) for one in receipts]


def arrive(invoice, batches, standing=()):
    """Let receipts arrive one batch after the other; give the shares in the end."""
    standing = list(standing)
    for batch in batches:
        now = [*standing, *batch]
        standing = stored(now, split_gst(invoice, standing, now))
    return {one.payment_id: one.gst for one in standing}


def cents(smallest, largest):
    return st.integers(smallest, largest).map(lambda whole: Decimal(whole).scaleb(-2))


@st.composite
def settled(draw):
    """An invoice, and receipts that settle it to the cent."""
    amounts = draw(st.lists(cents(1, 99_999), min_size=1, max_size=8))
    total = sum(amounts)
    percent = draw(st.sampled_from(["0", "5", "10", "12.5", "15", "20"]))
    gst = (total * Decimal(percent) / (100 + Decimal(percent))).quantize(Decimal("0.01"))
    receipts = [received(amount, day) for day, amount in enumerate(amounts)]
    return InvoiceAmounts(total, gst), receipts


def test_R56_example_8_3():
    first, last = received("500.00", 1), received("650.00", 2)

    shares = arrive(INVOICE, [[first], [last]])

    assert shares == {"p001": Decimal("65.22"), "p002": Decimal("84.78")}
    assert first.amount - shares["p001"] == Decimal("434.78")
    assert last.amount - shares["p002"] == Decimal("565.22")


def test_R56_halves_of_a_cent_go_up():
    invoice = InvoiceAmounts(total=Decimal("100.00"), gst=Decimal("1.00"))

    assert arrive(invoice, [[received("0.50", 1)]]) == {"p001": Decimal("0.01")}


@given(settled())
def test_R56_shares_of_a_settled_invoice_add_up_to_the_cent(case):
    invoice, receipts = case

    shares = arrive(invoice, [[one] for one in receipts])

    assert sum(shares.values()) == invoice.gst
    by_id = {one.payment_id: one for one in receipts}
    assert sum(by_id[key].amount - share for key, share in shares.items()) == (
        invoice.total - invoice.gst
    )


@given(settled(), st.randoms(use_true_random=False))
def test_R56_it_does_not_matter_in_which_order_and_portions_they_arrive(case, random):
    invoice, receipts = case
    shuffled = random.sample(receipts, len(receipts))
    cut = random.randint(0, len(receipts))

    assert arrive(invoice, [shuffled[:cut], shuffled[cut:]]) == arrive(invoice, [receipts])


def test_R56_every_order_of_three_gives_the_same():
    receipts = [received("333.33", 1), received("333.33", 2), received("483.34", 3)]

    outcomes = {
        tuple(sorted(arrive(INVOICE, [[one] for one in order]).items()))
        for order in permutations(receipts)
    }

    assert len(outcomes) == 1


@given(settled(), st.data())
def test_R56_the_sums_come_out_again_after_a_reversal_and_a_later_receipt(case, data):
    invoice, receipts = case
    shares = arrive(invoice, [receipts])
    standing = stored(receipts, shares)
    gone = data.draw(st.sampled_from(standing))
    left = [one for one in standing if one is not gone]

    after = split_gst(invoice, standing, left)
    assert after == {one.payment_id: one.gst for one in left}

    later = received(gone.amount, 500)
    end = arrive(invoice, [[later]], stored(left, after))
    assert sum(end.values()) == invoice.gst


@given(settled(), st.lists(cents(1, 50_000), max_size=3))
def test_R54_what_comes_on_top_holds_no_gst_and_is_told(case, extra):
    invoice, receipts = case
    more = [received(amount, 100 + place) for place, amount in enumerate(extra)]

    shares = arrive(invoice, [[*receipts, *more]])

    assert sum(shares.values()) == invoice.gst
    assert {shares[one.payment_id] for one in more} <= {Decimal(0)}
    over = beyond(invoice, [*receipts, *more])
    assert set(over) == {one.payment_id for one in more}
    if more:
        assert over[more[-1].payment_id] == sum(extra)


def test_R56_a_receipt_entered_again_after_its_over_paid_double_is_deleted_holds_the_gst():
    wrong = received("1150.00", 1)
    standing = stored([wrong], arrive(INVOICE, [[wrong]]))
    right = received("1150.00", 2)
    both = [*standing, right]
    standing = stored(both, split_gst(INVOICE, standing, both))
    assert standing[1].gst == 0

    assert split_gst(INVOICE, standing, standing[1:]) == {"p002": Decimal("150.00")}


@pytest.mark.parametrize(
    ("total", "gst"), [("0.00", "0.00"), ("-115.00", "-15.00"), ("0.00", "15.00")]
)
@pytest.mark.parametrize("amounts", [("10.00",), ("10.00", "20.00"), ("-10.00",)])
def test_R56_zero_and_negative_invoices_divide_by_nothing(total, gst, amounts):
    invoice = InvoiceAmounts(Decimal(total), Decimal(gst))
    receipts = [received(amount, day) for day, amount in enumerate(amounts)]

    shares = arrive(invoice, [receipts])

    assert set(shares) == {one.payment_id for one in receipts}


def test_an_invoice_without_gst_gives_receipts_without():
    invoice = InvoiceAmounts(total=Decimal("100.00"), gst=Decimal("0.00"))

    shares = arrive(invoice, [[received("30.00", 1)], [received("70.00", 2)]])

    assert list(shares.values()) == [Decimal("0.00"), Decimal("0.00")]


def test_a_receipt_whose_reference_alone_changed_keeps_its_share():
    receipts = [received("333.33", 1), received("816.67", 2)]
    standing = stored(receipts, arrive(INVOICE, [receipts]))

    assert split_gst(INVOICE, standing, standing) == {one.payment_id: one.gst for one in standing}


def test_R56_what_lay_beyond_the_invoice_is_split_anew_once_it_pays_it():
    receipts = [received("1100.00", 1), received("500.00", 2)]
    standing = stored(receipts, arrive(INVOICE, [receipts]))
    assert standing[1].gst == Decimal("6.52")

    assert split_gst(INVOICE, standing, standing[1:]) == {"p002": Decimal("65.22")}


def test_R56_a_negative_invoice_is_settled_from_its_own_side():
    invoice = InvoiceAmounts(total=Decimal("-115.00"), gst=Decimal("-15.00"))

    first = arrive(invoice, [[received("-10.00", 1)]])
    both = arrive(invoice, [[received("-10.00", 1), received("-105.00", 2)]])

    assert first == {"p001": Decimal("-1.30")}
    assert both == {"p001": Decimal("-1.30"), "p002": Decimal("-13.70")}
