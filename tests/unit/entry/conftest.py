import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.checking import Check
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.domain.entry.known import Books, CodeKnown, GstKnown, JobKnown, Known, Party

TODAY = dt.date(2026, 11, 12)
SUPPLIER = Party(
    id=1,
    name="Fletcher",
    active=True,
    is_client=False,
    is_supplier=True,
    currency=None,
    terms=(20, "OFFOLLOWINGMONTH"),
)
CLIENT = replace(SUPPLIER, id=2, name="Council", is_client=True, is_supplier=False)


def code(name: str, gst_type: str | None = "G15", **more) -> CodeKnown:
    values = {"id": 5, "active": True, "is_retention": False, "work_centre_id": 8}
    return CodeKnown(code=name, gst_type=gst_type, **{**values, **more})


def gst(name: str, percent: str = "15", *, ap: bool = True, ar: bool = True) -> GstKnown:
    return GstKnown(id=9, code=name, percent=Decimal(percent), use_for_ap=ap, use_for_ar=ar)


KNOWN = Known(
    parties={1: SUPPLIER, 2: CLIENT},
    suppliers={"S1": SUPPLIER, "OFF": replace(SUPPLIER, active=False)},
    clients={"C1": CLIENT},
    jobs={
        "1001": (JobKnown(id=3, code="1001", profit_centre="AK", active=True),),
        "1009": (JobKnown(id=4, code="1009", profit_centre="AK", active=False),),
        "TWICE": (
            JobKnown(id=5, code="TWICE", profit_centre="AK", active=True),
            JobKnown(id=6, code="TWICE", profit_centre="WN", active=True),
        ),
    },
    activities={
        "MAT": code("MAT"),
        "OLD": code("OLD", active=False),
        "RETN": code("RETN", is_retention=True),
        "BARE": code("BARE", None),
    },
    sales_codes={"CLAIM": code("CLAIM", "S15"), "RET": code("RET", "S15", is_retention=True)},
    work_centres={"STRUC": 7},
    gst_types={
        "G15": gst("G15", ar=False),
        "S15": gst("S15", ap=False),
        "NONE": gst("NONE", "0"),
    },
    currencies={"NZD": None, "AUD": Decimal("0.92"), "USD": None},
)
BATCH_TYPES = {
    DocumentKind.AP_INVOICE: BatchType.AP_INVOICE,
    DocumentKind.AP_CREDIT: BatchType.AP_CREDIT,
    DocumentKind.SUB_CLAIM: BatchType.SUB_CLAIM,
    DocumentKind.SALES_INVOICE: BatchType.AR_INVOICE,
    DocumentKind.SALES_CREDIT: BatchType.AR_CREDIT,
    DocumentKind.CONTRACT_CLAIM: BatchType.AR_INVOICE,
    DocumentKind.JOURNAL: BatchType.ADJUSTMENT,
}


class Desk:
    """Somebody who enters documents into a batch that fits them, unless told otherwise."""

    def line(self, value: str = "100.00", **more) -> LineGiven:
        values = {"job": "1001", "activity": "MAT"}
        return LineGiven(value=Decimal(value), **{**values, **more})

    def sale(self, value: str = "100.00", **more) -> LineGiven:
        return LineGiven(value=Decimal(value), **{"sales_code": "CLAIM", **more})

    def document(self, kind=DocumentKind.AP_INVOICE, *lines, **more) -> DocumentGiven:
        sells = kind in {
            DocumentKind.SALES_INVOICE,
            DocumentKind.SALES_CREDIT,
            DocumentKind.CONTRACT_CLAIM,
        }
        values = {"number": "N-1", "date": TODAY}
        if kind is not DocumentKind.JOURNAL:
            values["company_account"] = "C1" if sells else "S1"
        if sells:
            values["job"] = "1001"
        lines = lines or ((self.sale() if sells else self.line()),)
        return DocumentGiven(kind=kind, lines=tuple(lines), **{**values, **more})

    def enter(self, document: DocumentGiven, *, known: Known = KNOWN, **books):
        values = {
            "fin_co": "01",
            "base_currency": "NZD",
            "template_terms": (None, None),
            "batch_number": "12700001",
            "batch_type": BATCH_TYPES[document.kind],
            "batch_date": TODAY,
        }
        return Check(Books(**{**values, **books}), known).of(document)

    def faults(self, document: DocumentGiven, **more) -> set[tuple[str, str]]:
        result = self.enter(document, **more)
        assert isinstance(result, tuple), "it was taken"
        return {("/".join(str(part) for part in one.path), one.problem.code) for one in result}


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk()


@pytest.fixture
def known() -> Known:
    return KNOWN
