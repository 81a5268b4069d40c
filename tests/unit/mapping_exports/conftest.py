import datetime as dt
from decimal import Decimal

import pytest

from webapp.domain.documents import DocumentKind
from webapp.domain.money import gst_of
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine, Tag


@pytest.fixture
def line():
    """Builds an outgoing line; what is not named is ordinary."""

    def build(value="100.00", **other):
        value = Decimal(value)
        members = {
            "line_no": 1,
            "description": "Concrete, 20 MPa",
            "job_code": "J1001",
            "activity_code": "CONC",
            "work_centre_code": "FDN",
            "value": value,
            "gst": gst_of(value, Decimal(15)),
            "gst_percent": Decimal(15),
            "gst_code": "G15",
            "export_code": "INPUT2",
            "account_code": "310",
            "tags": (Tag(category="Department", option="Civil"),),
        }
        return OutgoingLine(**members | other)

    return build


@pytest.fixture
def document(line):
    """Builds an outgoing document; what is not named is ordinary."""

    def build(*values, **other):
        members = {
            "kind": DocumentKind.AP_INVOICE,
            "number": "INV-7",
            "party_name": "Firth",
            "contact_id": "5f0f6c4e-0000-4000-8000-000000000001",
            "date": dt.date(2026, 11, 20),
            "due_date": dt.date(2026, 12, 20),
            "currency_code": "NZD",
            "currency_rate": None,
            "back_link": "https://workbench.example/documents/1",
            "lines": tuple(line(value, line_no=n) for n, value in enumerate(values or ("100",), 1)),
        }
        return OutgoingDocument(**members | other)

    return build
