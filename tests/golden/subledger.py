"""The kept cases of invoices and credits: each kind, in each currency, with each way of GST."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from webapp.domain.documents import DocumentKind
from webapp.domain.entry.kinds import SALES
from webapp.domain.money import gst_of
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine, Tag
from webapp.mapping.exports.payload import Payload
from webapp.mapping.exports.registry import MAPPINGS

CONTACT_ID = "5f0f6c4e-0000-4000-8000-000000000001"
TAGS = (Tag(category="Department", option="Head Office"), Tag(category="Job", option="1001"))
CURRENCIES = {"NZD": None, "AUD": Decimal("0.93705312")}
Line = Callable[..., OutgoingLine]


def purchase(value: str, **other: Any) -> OutgoingLine:
    """A line of a supplier's document at 15 %; what is not named is ordinary."""
    return _line(value, {"activity_code": "CONC", "work_centre_code": "FDN"} | other, "INPUT2")


def sale(value: str, **other: Any) -> OutgoingLine:
    """A line of a client's document at 15 %; what is not named is ordinary."""
    named = {"sales_code": "CLAIM", "account_code": "200", "description": "Progress to date"}
    return _line(value, named | other, "OUTPUT2")


def _line(value: str, other: dict[str, Any], tax_type: str) -> OutgoingLine:
    amount = Decimal(value)
    percent = Decimal(other.pop("percent", 15))
    members = {
        "line_no": 1,
        "description": "Concrete, 20 MPa",
        "job_code": "1001",
        "job_description": "Harbour Bridge approaches",
        "activity_code": None,
        "work_centre_code": None,
        "value": amount,
        "gst": gst_of(amount, percent),
        "gst_percent": percent,
        "xero_percent": percent,
        "gst_code": "G",
        "export_code": tax_type,
        "account_code": "310",
        "tags": TAGS,
    }
    return OutgoingLine(**members | other)


def document(kind: DocumentKind, *lines: OutgoingLine, **other: Any) -> OutgoingDocument:
    """A document of that kind; what is not named is ordinary."""
    members = {
        "kind": kind,
        "number": "7001",
        "reference": "1001",
        "party_name": "Firth",
        "contact_id": CONTACT_ID,
        "date": dt.date(2026, 11, 20),
        "due_date": dt.date(2026, 12, 20),
        "currency_code": "NZD",
        "currency_rate": None,
        "back_link": "https://workbench.example/documents/7001",
        "lines": tuple(replace(line, line_no=place) for place, line in enumerate(lines, 1)),
    }
    return OutgoingDocument(**members | other)


def _ways_of_gst(line: Line) -> Iterator[tuple[str, list[OutgoingLine]]]:
    free = {"percent": 0, "export_code": "NONE", "gst_code": "NONE"}
    yield "15 %", [line("10000.00"), line("333.33")]
    yield "no GST", [line("80.00", **free), line("-0.05", **free)]
    yield "GST that was typed", [line("100.00", gst=Decimal("14.99"))]
    yield (
        "another rate in Xero",
        [line("200.00", percent="12.5", xero_percent=Decimal(15)), line("0.01", percent="12.5")],
    )
    yield (
        "mixed",
        [
            line("500.00"),
            line("-120.40", tags=()),
            line("60.00", **free),
            line("33.33", gst=Decimal("0.00")),
        ],
    )
    yield "many small lines", [line("10.10"), *(line(f"0.{cents:02}") for cents in range(1, 12))]


def _own_ways(kind: DocumentKind, line: Line) -> Iterator[tuple[str, list[OutgoingLine]]]:
    if kind.is_credit:
        yield "nothing in all", [line("-50.00"), line("50.00")]
        return
    yield "below zero", [line("-800.00")]
    yield "nothing in all", [line("50.00"), line("-50.00")]
    if kind is DocumentKind.CONTRACT_CLAIM:
        held = line("-500.00", sales_code="RETN", account_code="628", tags=(), description=None)
        yield "retention", [line("10000.00"), held]
    if kind is DocumentKind.SUB_CLAIM:
        held = line("-500.00", activity_code="RETN", account_code="808", tags=())
        yield "retention", [line("10000.00"), held]


def _payloads(kind: DocumentKind) -> dict[str, Payload]:
    line = sale if kind in SALES else purchase
    payloads = {}
    for way, lines in (*_ways_of_gst(line), *_own_ways(kind, line)):
        for currency, rate in CURRENCIES.items():
            made = [_turned(one) for one in lines] if kind.is_credit else lines
            outgoing = document(kind, *made, currency_code=currency, currency_rate=rate)
            payloads[f"{currency}, {way}"] = MAPPINGS[kind](outgoing)
    return payloads


def _turned(line: OutgoingLine) -> OutgoingLine:
    """The same line as a credit keeps it."""
    return replace(line, value=-line.value, gst=-line.gst)


KINDS = tuple(kind for kind in DocumentKind if kind is not DocumentKind.JOURNAL)
FILES = {kind.value.lower().replace(" ", "-"): _payloads(kind) for kind in KINDS}
