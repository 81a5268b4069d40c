import pytest

from webapp.domain.batches import (
    EXPORT_ORDER,
    NUMBER_DIGIT,
    BatchStatus,
    BatchType,
    may_be_exported,
    number,
)


@pytest.mark.parametrize(
    ("status", "not_for_export", "ticked"),
    [
        (BatchStatus.OPEN, False, False),
        (BatchStatus.CLOSED, False, True),
        (BatchStatus.OPEN, True, False),
        (BatchStatus.CLOSED, True, False),
        (BatchStatus.EXPORTING, False, False),
        (BatchStatus.EXPORTED, False, False),
    ],
)
def test_R74_only_a_closed_batch_that_may_go_and_never_went_can_be_ticked(
    status, not_for_export, ticked
):
    assert may_be_exported(status, not_for_export=not_for_export) is ticked


def test_R82_a_number_grows_rather_than_start_again():
    assert number("A", 2027, BatchType.AP_INVOICE, 1) == "A2720001"
    assert number("A", 2027, BatchType.AP_INVOICE, 12345) == "A27212345"


def test_every_type_has_a_digit_and_only_receipts_and_payments_never_go_out():
    assert set(NUMBER_DIGIT) == set(BatchType)
    assert set(BatchType) - set(EXPORT_ORDER) == {BatchType.AR_RECEIPT, BatchType.AP_PAYMENT}
