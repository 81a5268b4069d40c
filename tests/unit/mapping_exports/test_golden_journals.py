"""What is sent for journals of each batch type is what is kept (tests/golden)."""

from decimal import Decimal

import pytest

from tests.golden import journals
from tests.golden.files import as_kept, stored
from webapp.domain.entry.kinds import JOURNAL_TYPES
from webapp.xero.encoding import decode, encode

KEPT = stored("journals")


def test_R89_each_batch_type_is_sent_as_its_golden_body_says_to_the_byte():
    made = {case: as_kept(payload) for case, payload in journals.FILES["journals"].items()}
    assert decode(encode(made)) == KEPT
    assert encode(made) == encode(KEPT)
    assert set(KEPT) >= set(JOURNAL_TYPES)


@pytest.mark.parametrize("case", KEPT)
def test_R89_R90_Q17_each_kept_body_is_posted_without_tax_and_balances(case):
    body = KEPT[case]["body"]
    assert (body["Status"], body["LineAmountTypes"]) == ("POSTED", "NoTax")
    assert sum(Decimal(line["LineAmount"]) for line in body["JournalLines"]) == 0
    assert all("TaxType" not in line for line in body["JournalLines"])
