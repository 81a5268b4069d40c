"""What is sent for each kind, currency and way of GST is what is kept (tests/golden)."""

import pytest

from tests.golden import subledger
from tests.golden.files import as_kept, stored
from webapp.xero.encoding import decode, encode


@pytest.mark.parametrize("kind", subledger.FILES)
def test_each_case_is_sent_as_its_golden_file_says_to_the_byte(kind):
    made = {case: as_kept(payload) for case, payload in subledger.FILES[kind].items()}
    kept = stored(kind)
    assert decode(encode(made)) == kept
    assert encode(made) == encode(kept)


@pytest.mark.parametrize("kind", subledger.FILES)
def test_each_kind_has_every_way_of_gst_in_both_currencies(kind):
    ways = {"15 %", "no GST", "GST that was typed", "another rate in Xero", "mixed"}
    ways |= {"many small lines", "nothing in all"}
    assert set(stored(kind)) >= {
        f"{currency}, {way}" for currency in ("NZD", "AUD") for way in ways
    }


@pytest.mark.parametrize("kind", subledger.FILES)
def test_C6_5_Q35_every_document_goes_approved_and_is_marked_as_sent_to_nobody(kind):
    for kept in stored(kind).values():
        assert kept["body"]["Status"] == "AUTHORISED"
        assert "SentToContact" not in kept["body"]
