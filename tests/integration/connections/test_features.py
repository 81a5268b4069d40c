"""What a sign-in may do is read from the permissions that Xero says it gave."""

import pytest

from webapp.services.permissions import ESSENTIAL, PURPOSES, missing
from webapp.xero.authorize import BASE_SCOPES, PAYROLL_SCOPES


def test_C4_1_every_permission_that_is_asked_for_is_explained():
    assert set(PURPOSES) == {*BASE_SCOPES, *PAYROLL_SCOPES}
    assert set(ESSENTIAL) <= set(BASE_SCOPES)


def test_C4_2_what_was_not_given_is_named_with_what_it_is_for():
    given = [scope for scope in BASE_SCOPES if scope != "accounting.payments.read"]

    assert missing(BASE_SCOPES, given) == (
        ("accounting.payments.read", "importing payments and job receipts"),
    )


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("accounting.settings.read", "accounting.settings"),
        ("accounting.payments.read", "accounting.transactions.read"),
        ("accounting.payments.read", "accounting.transactions"),
        ("accounting.invoices", "accounting.transactions"),
        ("accounting.manualjournals", "accounting.transactions"),
    ],
)
def test_C4_2_a_wider_permission_includes_the_narrower(wanted, given):
    assert missing([wanted], [given]) == ()


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("accounting.invoices", "accounting.transactions.read"),
        ("accounting.contacts", "accounting.contacts.read"),
        ("accounting.contacts", "accounting.transactions"),
    ],
)
def test_C4_2_reading_does_not_include_writing(wanted, given):
    assert [one.scope for one in missing([wanted], [given])] == [wanted]


def test_nothing_is_missed_where_xero_does_not_say_what_it_gave():
    assert missing(BASE_SCOPES, []) == ()
