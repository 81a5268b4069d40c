from decimal import Decimal

import pytest

from webapp.domain.setup.tax_rates import Rate, fits, misfit, offers, warnings


def rate(
    fin_co="01", tax_type="INPUT2", name="GST", percent="15", on="eb", status="ACTIVE"
) -> Rate:
    """A rate that applies to what ``on`` names: expenses, revenue, the balance sheet."""
    return Rate(
        fin_co=fin_co,
        tax_type=tax_type,
        name=name,
        status=status,
        percent=Decimal(percent),
        on_expenses="e" in on,
        on_revenue="r" in on,
        on_balance_sheet="b" in on,
    )


@pytest.mark.parametrize(
    ("on", "for_ap", "for_ar", "both", "neither"),
    [
        ("eb", True, False, False, True),
        ("rb", False, True, False, True),
        ("erb", True, True, True, True),
        ("e", True, False, False, True),
        ("r", False, True, False, True),
        ("b", True, True, True, True),
        ("", False, False, False, False),
    ],
)
def test_R68_a_rate_fits_where_xero_lets_it_apply(on, for_ap, for_ar, both, neither):
    made = rate(on=on)
    assert fits(made, for_ap=True, for_ar=False) is for_ap
    assert fits(made, for_ap=False, for_ar=True) is for_ar
    assert fits(made, for_ap=True, for_ar=True) is both
    assert fits(made, for_ap=False, for_ar=False) is neither


@pytest.mark.parametrize("status", ["DELETED", "ARCHIVED", "PENDING", "SOMETHING_NEW"])
def test_R67_only_active_rates_are_offered(status):
    assert offers([rate(status=status)], for_ap=True, for_ar=False) == ()


def test_a_mark_stands_only_where_organisations_differ():
    alike = [rate("01"), rate("02")]
    assert [offer.text for offer in offers(alike, for_ap=True, for_ar=False)] == [
        "INPUT2: GST, 15 %"
    ]
    apart = [rate("01"), rate("02", percent="20"), rate("02", tax_type="X", name="Own")]
    assert [offer.text for offer in offers(apart, for_ap=True, for_ar=False)] == [
        "INPUT2: GST, 15 % (01); GST, 20 % (02)",
        "X: Own, 15 % (02)",
    ]


def test_R69_every_organisation_that_differs_is_named():
    rates = [rate("01"), rate("02", percent="12.50000000"), rate("03", status="DELETED")]
    assert warnings("INPUT2", Decimal("15.0"), rates) == (
        "15 % here, 12.5 % in Xero (02).",
        "INPUT2 is not active in the organisation of 03.",
    )
    assert warnings("", Decimal(15), rates) == ()


def test_a_code_that_fits_one_organisation_is_no_misfit():
    rates = [rate("01", on="rb"), rate("02", on="eb")]
    assert misfit("INPUT2", rates, for_ap=True, for_ar=False) is None
    assert misfit("UNKNOWN", rates, for_ap=True, for_ar=False) is None
    refused = misfit("INPUT2", rates[:1], for_ap=True, for_ar=False)
    assert refused == "GST cannot be used for AP in Xero. Choose another, or change the ticks."
