"""A month in which documents lack things: each cause of refusal in a batch of its own."""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from webapp.db import db, utc_now
from webapp.domain.batches import BatchStatus, BatchType, number
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind, DocumentStatus
from webapp.domain.money import gst_of
from webapp.models import (
    Activity,
    Batch,
    Company,
    Document,
    DocumentLine,
    ExportRun,
    ExportRunBatch,
    FinCo,
    GstType,
    Job,
    Location,
    Period,
    ProfitCentre,
    SalesCode,
    XeroConnection,
    XeroContact,
    XeroDocument,
    XeroSettings,
    XeroToken,
    XeroTrackingCategory,
)
from webapp.models.xero import ConnectionState

DATE = dt.date(2026, 11, 12)
_count = itertools.count(1)


@dataclass
class Seeded:
    """Makes the batches, and remembers which cause each one carries."""

    fin_co_id: int
    tenant_id: str
    token_id: int
    contacts: dict[str, str]
    """The id of each contact of the organisation, by its name."""
    expected: dict[int, str] = field(default_factory=dict)
    ours: set[int] = field(default_factory=set)
    """Batches that Xero itself would take, or could not be asked about."""

    def fin_co(self, code: str, *, state=ConnectionState.CONNECTED, **connection: Any) -> FinCo:
        """A further FinCo, connected to the same organisation unless it is told otherwise."""
        fin_co = FinCo(code=code, description=code, base_currency_code="NZD")
        db.session.add(fin_co)
        db.session.flush()
        db.session.add(
            XeroConnection(
                **{
                    "fin_co_id": fin_co.id,
                    "tenant_id": self.tenant_id,
                    "connection_id": str(uuid4()),
                    "token_id": self.token_id,
                    "state": state,
                    "organisation_name": "Harbour Civil Ltd",
                    "base_currency_code": "NZD",
                    "connected_at": utc_now(),
                }
                | connection
            )
        )
        db.session.flush()
        return fin_co

    def of(
        self, cause: str | None, *documents: Document, ours: bool = False, **batch: Any
    ) -> Batch:
        """A closed batch with these documents, which carry the cause."""
        made = self.batch(documents, **batch)
        if cause is not None:
            self.expected[made.id] = cause
        if ours:
            self.ours.add(made.id)
        return made

    def batch(self, documents, *, fin_co=None, kind=None, **more: Any) -> Batch:
        fin_co = fin_co or db.session.get_one(FinCo, self.fin_co_id)
        if kind is None:
            kind = BATCH_TYPE_OF.get(documents[0].kind, BatchType.DISBURSEMENT)
        batch = Batch(
            **{
                "number": number("S", 2027, kind, next(_count)),
                "batch_type": kind,
                "fin_co": fin_co,
                "location": db.session.query(Location).first(),
                "period": db.session.query(Period).filter_by(number=8).one(),
                "batch_date": DATE,
                "status": BatchStatus.CLOSED,
                "created_at": utc_now(),
            }
            | more
        )
        db.session.add(batch)
        db.session.flush()
        for document in documents:
            document.batch = batch
            db.session.add(document)
            self._introduce(document, fin_co)
        db.session.flush()
        return batch

    def _introduce(self, document: Document, fin_co: FinCo) -> None:
        """Link the document's company for the FinCo, unless it is a stranger."""
        company = document.company
        contact_id = self.contacts.get(company.name) if company else None
        if contact_id is None:
            return
        connection = db.session.query(XeroConnection).filter_by(fin_co_id=fin_co.id).first()
        if connection is None:
            return
        here = {"fin_co_id": fin_co.id, "tenant_id": connection.tenant_id}
        if not db.session.query(XeroContact).filter_by(**here, company=company).count():
            status = "ARCHIVED" if company.name == "Old Mill Timber" else "ACTIVE"
            row = XeroContact(
                **here,
                company=company,
                contact_id=contact_id,
                name=company.name,
                status=status,
                seen_at=utc_now(),
            )
            db.session.add(row)
            db.session.flush()


def company(name: str, **more: Any) -> Company:
    known = db.session.query(Company).filter_by(name=name).first()
    if known is None:
        fin_co_id = db.session.query(FinCo.id).filter_by(code="01").scalar()
        known = Company(fin_co_id=fin_co_id, name=name, is_supplier=True, **more)
        db.session.add(known)
        db.session.flush()
    return known


def activity(account: str | None, credit: str | None = None) -> Activity:
    code = f"A{next(_count)}"
    return Activity(code=code, description=code, dr_gl_account=account, cr_gl_account=credit)


def gst_type(export_code: str | None, percent: str = "15") -> GstType:
    code = f"G{next(_count)}"
    return GstType(code=code, description=code, export_code=export_code, percent=Decimal(percent))


def line(value: str = "100.00", **more: Any) -> DocumentLine:
    members = {
        "line_no": 1,
        "description": "Work done",
        "value_ex_gst": Decimal(value),
        "gst": gst_of(Decimal(value), Decimal(15)),
        "activity": db.session.query(Activity).filter_by(code="CONC").one(),
        "gst_type": db.session.query(GstType).filter_by(code="G15").one(),
    }
    return DocumentLine(**members | more)


def document(value: str = "100.00", *, kind=DocumentKind.AP_INVOICE, **more: Any) -> Document:
    sales = kind in {DocumentKind.SALES_INVOICE, DocumentKind.SALES_CREDIT}
    if "lines" not in more and sales:
        more["lines"] = [sale(value)]
    lines = more.pop("lines", None)
    lines = [line(value)] if lines is None else lines
    members = {
        "uid": str(uuid4()),
        "kind": kind,
        "company": company("Tasman Ready Mix"),
        "number": f"N-{next(_count)}",
        "document_date": DATE,
        "due_date": dt.date(2026, 12, 20),
        "currency_code": "NZD",
        "status": DocumentStatus.APPROVED,
        "value_ex_gst": sum((one.value_ex_gst for one in lines), Decimal(0)),
        "gst": sum((one.gst for one in lines), Decimal(0)),
        "lines": lines,
    }
    return Document(**members | more)


def sale(value: str = "100.00", **more: Any) -> DocumentLine:
    members = {
        "activity": None,
        "sales_code": db.session.query(SalesCode).filter_by(code="REV").one(),
        "gst_type": db.session.query(GstType).filter_by(code="S15").one(),
    }
    return line(value, **members | more)


def journal(*lines: DocumentLine, **more: Any) -> Document:
    return document(
        kind=DocumentKind.JOURNAL,
        company=None,
        due_date=None,
        lines=list(lines) or [posting()],
        **more,
    )


def posting(debit: str = "325", credit: str | None = "814", value: str = "100.00", **more):
    return line(value, gst=Decimal(0), gst_type=None, activity=activity(debit, credit), **more)


def job(tag: str, fin_co: FinCo) -> Job:
    """A job whose Profit Centre names the option."""
    code = f"P{next(_count)}"
    centre = ProfitCentre(
        code=code,
        description=code,
        fin_co=fin_co,
        location=db.session.query(Location).first(),
        export_code=tag,
    )
    return Job(code=f"J{next(_count)}", description="Bridge", profit_centre=centre)


def tracked(seeded: Seeded, code: str, category: str) -> FinCo:
    """A FinCo that names a tracking category, as the organisation has Department and an old one."""
    fin_co = seeded.fin_co(code, tracking_read_at=utc_now())
    db.session.add(XeroSettings(fin_co_id=fin_co.id, tracking_category_1=category))
    for name, status, options in (
        ("Department", "ACTIVE", {"Head Office": "ACTIVE", "Old Yard": "ARCHIVED"}),
        ("Region", "ARCHIVED", {"North": "ACTIVE"}),
    ):
        row = XeroTrackingCategory(
            fin_co_id=fin_co.id, tenant_id=seeded.tenant_id, category_id=str(uuid4())
        )
        row.name, row.status = name, status
        row.options = [{"name": key, "status": value} for key, value in options.items()]
        db.session.add(row)
    db.session.flush()
    return fin_co


def seed_batches(seeded: Seeded) -> None:
    """Causes that hold a whole batch."""
    seeded.of("not-closed", document(), ours=True, status=BatchStatus.OPEN)
    seeded.of("not-closed", document(), ours=True, status=BatchStatus.OPEN, not_for_export=True)
    seeded.of("already-exported", document(), ours=True, status=BatchStatus.EXPORTED)
    held = seeded.of("being-exported", document(), ours=True, status=BatchStatus.EXPORTING)
    run = ExportRun(fin_co_id=seeded.fin_co_id, tenant_id=seeded.tenant_id, started_at=utc_now())
    run.batches = [ExportRunBatch(batch=held)]
    db.session.add(run)
    seeded.of("type-not-carried", document(), ours=True, kind=BatchType.AR_RECEIPT)
    seeded.of("empty", ours=True, kind=BatchType.AP_INVOICE)
    unconnected = FinCo(code="U1", description="None", base_currency_code="NZD")
    db.session.add(unconnected)
    seeded.of("not-connected", document(), ours=True, fin_co=unconnected)
    broken = seeded.fin_co("U2", state=ConnectionState.RECONNECT_NEEDED)
    seeded.of("not-connected", document(), ours=True, fin_co=broken)
    moved = seeded.fin_co("U3")
    earlier = str(uuid4())
    db.session.add(
        XeroConnection(
            fin_co_id=moved.id,
            tenant_id=earlier,
            connection_id=str(uuid4()),
            state=ConnectionState.DISCONNECTED,
            organisation_name="Their first organisation",
            connected_at=utc_now(),
        )
    )
    gone = document(status=DocumentStatus.UPDATED)
    seeded.of("begun-elsewhere", gone, document(), ours=True, fin_co=moved)
    db.session.add(in_xero(gone, moved.id, earlier, "ACCPAY"))


def in_xero(made: Document, fin_co_id: int, tenant_id: str, xero_type: str) -> XeroDocument:
    return XeroDocument(
        fin_co_id=fin_co_id,
        tenant_id=tenant_id,
        document_id=made.id,
        collection="Invoices",
        xero_type=xero_type,
        xero_id=str(uuid4()),
        linked_at=utc_now(),
    )


def seed_heads(seeded: Seeded) -> None:
    """Causes in the head of a document."""
    stranger = company("Nobody Ltd")
    client = DocumentKind.SALES_INVOICE
    seeded.of("no-xero-id", document(company=stranger))
    seeded.of("no-xero-id", document(kind=client, company=stranger))
    elsewhere = company("Known Elsewhere Ltd")
    db.session.add(
        XeroContact(
            fin_co_id=seeded.fin_co_id,
            tenant_id=str(uuid4()),
            company=elsewhere,
            contact_id=str(uuid4()),
            name=elsewhere.name,
            status="ACTIVE",
            seen_at=utc_now(),
        )
    )
    seeded.of("no-xero-id", document(company=elsewhere))
    seeded.of("contact-archived", document(company=company("Old Mill Timber")))
    seeded.of("no-lines", document(lines=[]))
    seeded.of("no-due-date", document(due_date=None, company=company("Ridgeway Quarries")))
    seeded.of(
        "no-due-date", document("-10.00", kind=DocumentKind.AP_CREDIT, due_date=None), ours=True
    )
    seeded.of("credit-above-zero", document("10.00", kind=DocumentKind.AP_CREDIT), ours=True)
    seeded.of("no-number", document(number=" "), ours=True)
    if db.engine.dialect.name == "sqlite":
        # PostgreSQL keeps none that is longer than Xero's in the first place.
        seeded.of("number-too-long", document(number="N" * 256))
    there = document(kind=client, number="SI-1", status=DocumentStatus.UPDATED)
    seeded.of(None, there, status=BatchStatus.EXPORTED)
    db.session.add(in_xero(there, seeded.fin_co_id, seeded.tenant_id, "ACCREC"))
    seeded.of("number-taken", document(kind=client, number="SI-1"))
    seeded.of(
        "number-twice", document(kind=client, number="SI-2"), document(kind=client, number="SI-2")
    )
    seeded.of("period-locked", document(document_date=dt.date(2026, 10, 31)))
    seeded.of("period-locked", document(document_date=dt.date(2026, 3, 1)))
    seeded.of("currency-not-enabled", document(currency_code="EUR", currency_rate=Decimal("0.55")))
    seeded.of("no-rate", document(currency_code="AUD"), ours=True)
    seeded.of("no-rate", document(currency_code="AUD", currency_rate=Decimal(0)), ours=True)
    abroad = seeded.fin_co("A1", base_currency_code="AUD")
    seeded.of("base-currency-differs", document(), ours=True, fin_co=abroad)
    token = db.session.get_one(XeroToken, seeded.token_id)
    withheld = XeroToken(
        xero_user_id=str(uuid4()),
        access_token="none",
        refresh_token="none",
        expires_at=utc_now(),
        refreshed_at=utc_now(),
        scope=" ".join(
            one
            for one in token.scope.split()
            if one not in {"accounting.invoices", "accounting.manualjournals"}
        ),
    )
    db.session.add(withheld)
    db.session.flush()
    without = seeded.fin_co("W1", token_id=withheld.id)
    seeded.of("permission-withheld", document(), ours=True, fin_co=without)
    seeded.of("permission-withheld", journal(), ours=True, fin_co=without)


def seed_lines(seeded: Seeded) -> None:
    """Causes on a line."""
    on = {
        "no-gl-account": [line(activity=activity(None))],
        "account-missing": [line(activity=activity("777"))],
        "account-archived": [line(activity=activity("495"))],
        "tax-type-unknown": [line(gst_type=gst_type("INPUT9"))],
        "tax-not-for-account": [line(gst_type=gst_type("OUTPUT2"))],
        "amount-too-large": [line("10000000000.00")],
    }
    for cause, lines in on.items():
        seeded.of(cause, document(lines=lines))
    for system in ("090", "800", "820", "960"):
        seeded.of("account-not-valid", document(lines=[line(activity=activity(system))]))
    blank = SalesCode(code=f"S{next(_count)}", description="Blank")
    lines = [sale(sales_code=blank)]
    seeded.of("no-gl-account", document(kind=DocumentKind.SALES_INVOICE, lines=lines))
    seeded.of("no-export-code", document(lines=[line(gst_type=gst_type(None))]), ours=True)
    for code, cause, category, option in (
        ("T1", "tracking-category-unknown", "Division", "Civil"),
        ("T2", "tracking-category-unknown", "department", "Head Office"),
        ("T3", "tracking-category-archived", "Region", "North"),
        ("T4", "tracking-option-unknown", "Department", "Moon"),
        ("T5", "tracking-option-archived", "Department", "Old Yard"),
    ):
        fin_co = tracked(seeded, code, category)
        made = document(lines=[line(job=job(option, fin_co))])
        # Xero drops a category that is written otherwise, and says nothing (R103).
        seeded.of(cause, made, fin_co=fin_co, ours=code == "T2")


def seed_journals(seeded: Seeded) -> None:
    """Causes that only journals have."""
    seeded.of("account-not-valid", journal(posting("630")))
    seeded.of("account-archived", journal(posting("325", "495")))
    seeded.of("no-cr-gl-account", journal(posting("325", None)))
    seeded.of(
        "journal-out-of-balance",
        journal(posting(value="100.00"), posting(value="-90.00", line_no=2)),
        kind=BatchType.ADJUSTMENT,
    )
    seeded.of("date-outside-period", journal(), ours=True, batch_date=dt.date(2026, 12, 2))
