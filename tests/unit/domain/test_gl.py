import pytest

from webapp.domain.gl import derive_account


@pytest.mark.parametrize(
    ("override", "code", "prefix", "suffix", "account"),
    [
        (None, "200", "AK.01.", None, "AK.01.200"),
        (None, "@WN.01.200", "AK.01.", None, "WN.01.200"),
        ("1450", "200", "AK.01.", None, "1450"),
        (None, "310", None, ".AK", "310.AK"),
        (None, None, "AK.01.", None, None),
        (None, "@", None, None, None),
    ],
    ids=["prefix", "whole-code", "job-override", "suffix", "blank", "only-the-sign"],
)
def test_R93_the_account_is_derived_in_the_documented_order(
    override, code, prefix, suffix, account
):
    derived = derive_account(job_override=override, code=code, prefix=prefix, suffix=suffix)
    assert derived == account
