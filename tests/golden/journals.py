"""The kept cases of journals: each batch type, with what is particular about it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.mapping.exports.journals import journals
from webapp.mapping.exports.outgoing import JournalHead, OutgoingDocument, OutgoingLine, Tag
from webapp.mapping.exports.payload import Payload

TAGS = (Tag(category="Department", option="Head Office"), Tag(category="Job", option="1001"))


def line(value: str, debit: str = "320", credit: str | None = "477", **other: Any) -> OutgoingLine:
    """A line with two sides; what is not named is ordinary."""
    members = {
        "line_no": 1,
        "description": "Week 47",
        "job_code": "1001",
        "activity_code": "CARP",
        "work_centre_code": None,
        "value": Decimal(value),
        "gst": Decimal("0.00"),
        "gst_percent": Decimal(0),
        "gst_code": None,
        "export_code": None,
        "account_code": debit,
        "credit_account_code": credit,
        "tags": (),
    }
    return OutgoingLine(**members | other)


def signed(value: str, account: str, **other: Any) -> OutgoingLine:
    """A line of an adjustment, which has one side."""
    return line(value, account, None, **other)


def document(batch_type: BatchType, *lines: OutgoingLine, **other: Any) -> OutgoingDocument:
    """A journal of a batch of that type, dated with it; what is not named is ordinary."""
    head = JournalHead(
        batch_type=batch_type,
        batch_number="A2710001",
        reference="November",
        period="8 of 2027",
        period_start=dt.date(2026, 11, 1),
        period_end=dt.date(2026, 11, 30),
    )
    members = {
        "kind": DocumentKind.JOURNAL,
        "number": "J-1",
        "reference": None,
        "party_name": "",
        "contact_id": None,
        "date": dt.date(2026, 11, 20),
        "due_date": None,
        "currency_code": "NZD",
        "currency_rate": None,
        "back_link": "https://workbench.example/documents/1",
        "lines": tuple(replace(one, line_no=place) for place, one in enumerate(lines, 1)),
        "journal": head,
    }
    return OutgoingDocument(**members | other)


_LINES = {
    BatchType.TIMESHEET: [line("400.00"), line("-50.00", description="Keyed twice")],
    BatchType.DISBURSEMENT: [line("83.20", "493", "808", activity_code="TRAVEL")],
    BatchType.PLANT_ISSUE: [line("960.00", "330", "473", activity_code="DIGGER")],
    BatchType.STOCK_ISSUE: [line("212.40", "300", "625", activity_code="STOCK")],
    BatchType.STOCK_RETURN: [line("-12.40", "300", "625", activity_code="STOCK")],
    BatchType.STOCK_ADJUST: [line("-31.00", "300", "625", activity_code="COUNT")],
    BatchType.STOCK_QUANTITY: [line("7.75", "625", "300", activity_code="COUNT")],
    BatchType.STOCK_TRANSFER: [line("100.00", "625", "625", activity_code="MOVE")],
    BatchType.STOCK_VALUE: [line("0.01", "625", "300", activity_code="PRICE")],
    BatchType.AR_INTERNAL: [line("1500.00", "300", "260", activity_code="INTERN")],
    BatchType.ADJUSTMENT: [
        signed("1000.00", "625"),
        signed("-600.00", "300"),
        signed("-400.00", "310", job_code="1002"),
    ],
    BatchType.DOCKET_ACCRUAL: [line("5000.00", "310", "808", activity_code="CONC")],
    BatchType.PO_ACCRUAL: [line("720.00", "310", "808", activity_code="CONC")],
    BatchType.SCC_ACCRUAL: [line("9000.00", "325", "808", activity_code="SUBBY")],
    BatchType.CCC_ACCRUAL: [line("-15000.00", "625", "200", activity_code="CLAIM")],
}


def _one(outgoing: OutgoingDocument) -> Payload:
    (payload,) = journals(outgoing)
    return payload


BY_TYPE = {kind.value: _one(document(kind, *lines)) for kind, lines in _LINES.items()}
OWN = {
    "tracked": _one(
        document(BatchType.TIMESHEET, line("400.00", tags=TAGS), line("8.00", tags=TAGS[:1]))
    ),
    "bare": _one(
        document(
            BatchType.TIMESHEET,
            line("1.00", description=None, job_code=None, activity_code=None),
            number="7",
            journal=replace(document(BatchType.TIMESHEET).journal, reference=None),
        )
    ),
    "own reference": _one(
        document(BatchType.ADJUSTMENT, signed("5.00", "625"), signed("-5.00", "300"),
                 reference="Reversal of A2740001")
    ),
}  # fmt: skip
FILES = {"journals": BY_TYPE | OWN}
