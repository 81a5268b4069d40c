"""The files of clients' documents go by a box of their own."""

import pytest
import sqlalchemy as sa

from tests.integration.exports.follow_ups.office import Office
from tests.integration.exports.sales.codes import WORK
from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.models import XeroDocument

ZIP = b"PK\x05\x06" + bytes(18)


@pytest.fixture
def office(books, sandbox, deps) -> Office:
    return Office(books, sandbox, deps)


@pytest.mark.parametrize(("ap", "ar"), [(True, False), (False, True)])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DocumentKind.SALES_INVOICE, "100.00"),
        (DocumentKind.CONTRACT_CLAIM, "100.00"),
        (DocumentKind.CONTRACT_CLAIM, "-100.00"),
        (DocumentKind.SALES_CREDIT, "-100.00"),
    ],
)
def test_R108_the_ar_box_alone_decides_for_sales_documents_and_the_supplier_invoices_with_them(
    office, sale, ap, ar, kind, value
):
    office.tick(ap=ap, ar=ar)
    batch_id = sale([(WORK, value)], kind=kind)
    names = ["quote.docx", "INV-7SupplierInvoices.zip"]
    for name in names:
        office.attach(batch_id, name, ZIP)

    office.export(batch_id)
    office.work()

    assert office.files() == [names if ar else []]
    assert len(office.uploads()) == (2 if ar else 0)


def test_R108_a_file_is_not_shown_to_the_client_with_the_online_invoice(office, sale, sandbox):
    """Cost papers lie among them; who wants the client to see one says so in Xero."""
    office.tick(ar=True)
    batch_id = sale([(WORK, "100.00")])
    office.attach(batch_id, "quote.docx", ZIP)

    office.export(batch_id)

    link = db.session.scalars(sa.select(XeroDocument)).one()
    listed = sandbox.inside().call("GET", f"Invoices/{link.xero_id}")["Invoices"][0]
    assert listed["HasAttachments"] is True
    assert [call["query"] for call in office.uploads()] == [""]
