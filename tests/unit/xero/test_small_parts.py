from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from webapp.xero.endpoints import Endpoints
from webapp.xero.idempotency import KEY_LIFE, alive, new_key
from webapp.xero.links import chart_link, contact_link, document_link, payment_link

FIRST_SENT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_the_addresses_of_xero_are_made_of_three_hosts():
    endpoints = Endpoints("https://l/", "https://i", "http://127.0.0.1:9000/")
    assert endpoints.authorize_url == "https://l/identity/connect/authorize"
    assert endpoints.token_url == "https://i/connect/token"
    assert endpoints.revocation_url == "https://i/connect/revocation"
    assert endpoints.connections_url == "http://127.0.0.1:9000/connections"
    assert endpoints.accounting_url == "http://127.0.0.1:9000/api.xro/2.0"


@pytest.mark.parametrize("tenant", ["70784a63-d24b-46a9-a4db-0e70a274b056", "x" * 500])
def test_keys_name_the_tenant_fit_and_never_repeat(tenant):
    keys = {new_key(tenant) for _ in range(1000)}
    assert len(keys) == 1000
    assert all(len(key) <= 128 and key.startswith(tenant[:90]) for key in keys)


def test_a_key_lives_five_minutes():
    assert timedelta(minutes=5) == KEY_LIFE
    assert alive(FIRST_SENT, FIRST_SENT + timedelta(seconds=299))
    assert not alive(FIRST_SENT, FIRST_SENT + timedelta(seconds=300))


@pytest.mark.parametrize(
    ("kind", "document_type", "path"),
    [
        ("Invoices", "ACCREC", "/AccountsReceivable/View.aspx?InvoiceID=id-1"),
        ("Invoices", "ACCPAY", "/AccountsPayable/View.aspx?InvoiceID=id-1"),
        ("CreditNotes", "ACCPAYCREDIT", "/AccountsPayable/ViewCreditNote.aspx?creditNoteID=id-1"),
        (
            "CreditNotes",
            "ACCRECCREDIT",
            "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=id-1",
        ),
        ("ManualJournals", "", "/Journal/View.aspx?invoiceID=id-1"),
    ],
)
def test_a_document_opens_in_its_organisation(kind, document_type, path):
    link = urlsplit(document_link("!mBdtL", kind, document_type, "id-1"))
    assert f"{link.scheme}://{link.netloc}{link.path}" == (
        "https://go.xero.com/organisationlogin/default.aspx"
    )
    assert parse_qs(link.query) == {"shortcode": ["!mBdtL"], "redirecturl": [path]}


def test_a_payment_and_the_chart_of_accounts_open_in_their_organisation():
    asked = [
        parse_qs(urlsplit(link).query)["redirecturl"]
        for link in (payment_link("!mBdtL", "id-1"), chart_link("!mBdtL"))
    ]
    assert asked == [
        ["/Bank/ViewTransaction.aspx?bankTransactionID=id-1"],
        ["/GeneralLedger/ChartOfAccounts.aspx"],
    ]


def test_another_xero_serves_its_own_links():
    link = contact_link("!mBdtL", "id-1", base="http://127.0.0.1:9000/")
    assert link == (
        "http://127.0.0.1:9000/organisationlogin/default.aspx"
        "?shortcode=%21mBdtL&redirecturl=%2FContacts%2FView%2Fid-1"
    )
