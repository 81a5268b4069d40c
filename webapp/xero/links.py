"""Addresses that open a record in Xero for a person (xero-api d.14, the classic form)."""

from urllib.parse import quote, urlencode

from webapp.xero.records import DocumentKind

XERO_WEB = "https://go.xero.com"


def document_link(
    short_code: str,
    kind: DocumentKind,
    type: str,  # noqa: A002 - Xero's own word for it
    xero_id: str,
    base: str = XERO_WEB,
) -> str:
    """Give the address that shows a document, whichever organisation the person is in.

    `type` is Xero's (ACCREC, ACCPAY, ACCRECCREDIT, ACCPAYCREDIT); journals have none.
    """
    identifier = quote(xero_id, safe="")
    if kind == "ManualJournals":
        return _through_login(short_code, f"/Journal/View.aspx?invoiceID={identifier}", base)
    ledger = "AccountsPayable" if type.startswith("ACCPAY") else "AccountsReceivable"
    page = (
        f"ViewCreditNote.aspx?creditNoteID={identifier}"
        if kind == "CreditNotes"
        else f"View.aspx?InvoiceID={identifier}"
    )
    return _through_login(short_code, f"/{ledger}/{page}", base)


def contact_link(short_code: str, contact_id: str, base: str = XERO_WEB) -> str:
    """Give the address that shows a contact."""
    return _through_login(short_code, f"/Contacts/View/{quote(contact_id, safe='')}", base)


def payment_link(short_code: str, payment_id: str, base: str = XERO_WEB) -> str:
    """Give the address that shows a payment (as Xero's own MCP server links to it)."""
    identifier = quote(payment_id, safe="")
    path = f"/Bank/ViewTransaction.aspx?bankTransactionID={identifier}"
    return _through_login(short_code, path, base)


def chart_link(short_code: str, base: str = XERO_WEB) -> str:
    """Give the address of the chart of accounts: one account has no page of its own."""
    return _through_login(short_code, "/GeneralLedger/ChartOfAccounts.aspx", base)


def _through_login(short_code: str, path: str, base: str) -> str:
    query = urlencode({"shortcode": short_code, "redirecturl": path}, quote_via=quote, safe="")
    return f"{base.rstrip('/')}/organisationlogin/default.aspx?{query}"
