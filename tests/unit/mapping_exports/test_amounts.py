"""Amounts and GST of lines: what Xero makes of them is what they are here."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden.subledger import document, purchase, sale
from webapp.domain.documents import DocumentKind
from webapp.domain.money import gst_of, to_cents
from webapp.mapping.exports.registry import MAPPINGS
from webapp.xero.encoding import encode

SIDES = [(DocumentKind.AP_INVOICE, purchase), (DocumentKind.SALES_INVOICE, sale)]


def mapped(outgoing):
    return MAPPINGS[outgoing.kind](outgoing)


@pytest.mark.parametrize(("kind", "line"), SIDES)
def test_R98_three_small_lines_are_taxed_line_by_line_as_xero_does(kind, line):
    payload = mapped(document(kind, *[line("10.10")] * 3))
    # 3 x 1.52 and not 15 % of 30.30.
    assert payload.total == Decimal("34.86")
    assert all("TaxAmount" not in item for item in payload.body["LineItems"])


@pytest.mark.parametrize(("kind", "line"), SIDES)
def test_R98_our_gst_is_sent_where_xeros_rate_would_come_to_another(kind, line):
    there_is_another_rate = line("200.00", percent="12.5", xero_percent=Decimal(15))
    item = mapped(document(kind, there_is_another_rate)).body["LineItems"][0]
    assert item["TaxAmount"] == Decimal("25.00")


def test_C8_2_gst_is_left_to_xero_where_its_rate_comes_to_the_same():
    """The GST Type here is out of date, and the GST was typed by the invoice: 15 % of it."""
    typed = purchase("200.00", percent="12.5", xero_percent=Decimal(15), gst=Decimal("30.00"))
    item = mapped(document(DocumentKind.AP_INVOICE, typed)).body["LineItems"][0]
    assert "TaxAmount" not in item


def test_C8_2_the_gst_types_own_rate_counts_while_xeros_is_not_known():
    unknown = purchase("200.00", percent="12.5", xero_percent=None)
    item = mapped(document(DocumentKind.AP_INVOICE, unknown)).body["LineItems"][0]
    assert "TaxAmount" not in item


def test_R98_a_gst_of_nothing_that_was_typed_is_sent_as_nothing():
    item = mapped(document(DocumentKind.AP_INVOICE, purchase("100.00", gst=Decimal("0.00")))).body[
        "LineItems"
    ][0]
    assert b'"TaxAmount":0.00' in encode(item)


@pytest.mark.parametrize(("kind", "line"), SIDES)
def test_R99_amounts_go_out_in_cents_rounded_half_up_and_sum_to_the_document(kind, line):
    parts = [
        replace(line("1.00"), value=Decimal(value), gst=Decimal(gst))
        for value, gst in (("10.0050", "1.5008"), ("-0.0050", "0.0000"), ("3.3349", "0.5002"))
    ]
    payload = mapped(document(kind, *parts))
    amounts = [item["UnitAmount"] for item in payload.body["LineItems"]]
    assert [str(amount) for amount in amounts] == ["10.01", "-0.01", "3.33"]
    assert payload.total == sum(amounts) + Decimal("2.00")


@pytest.mark.parametrize(("kind", "line"), SIDES)
def test_a_text_of_signs_xml_cannot_carry_still_leaves_a_description(kind, line):
    nameless = line("1.00", description="\x00\x07", job_code=None, job_description=None)
    bare = replace(nameless, activity_code=None, work_centre_code=None)
    item = mapped(document(kind, bare)).body["LineItems"][0]
    assert item["Description"] == "-"


amounts = st.decimals("-99999", "99999", places=2)
rates = st.sampled_from([Decimal(0), Decimal("9.975"), Decimal(10), Decimal("12.5"), Decimal(15)])


@given(
    st.sampled_from([kind for kind in DocumentKind if kind is not DocumentKind.JOURNAL]),
    st.lists(st.tuples(amounts, rates, rates, st.sampled_from([0, 1, -1])), min_size=1),
)
def test_R98_xeros_total_is_ours_whatever_the_lines_the_rates_and_the_typed_gst(kind, drawn):
    lines = [
        replace(
            purchase(str(value), percent=here, xero_percent=there),
            gst=gst_of(value, here) + off * Decimal("0.01"),
        )
        for value, here, there, off in drawn
    ]
    outgoing = document(kind, *lines)
    payload = mapped(outgoing)
    by_xero = sum(
        to_cents(item["UnitAmount"])
        + item.get("TaxAmount", gst_of(item["UnitAmount"], line.xero_percent))
        for item, line in zip(payload.body["LineItems"], outgoing.lines, strict=True)
    )
    ours = -outgoing.total if outgoing.goes_as_credit else outgoing.total
    assert by_xero == payload.total == ours
    assert payload.total >= 0 or (kind.is_credit and outgoing.total > 0)
