"""A FinCo connected to Harbour Civil, with suppliers, codes and batches ready for export."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import uuid4

import pytest
import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.deps import Deps
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.money import gst_of
from webapp.models import (
    Activity,
    Batch,
    Company,
    Document,
    DocumentLine,
    ExportItem,
    FinCo,
    GstType,
    Job,
    Location,
    Period,
    ProfitCentre,
    XeroConnection,
    XeroContact,
)
from webapp.queries.run_summary import export_summary
from webapp.services import exports
from webapp.services.batches import close_batch, new_batch
from webapp.xero.throttle import RedisGate

GROUP = "Workbench AP (Suppliers)"
PUBLIC_URL = "http://localhost:5000"


@dataclass
class GateWith:
    """The real gate, with something happening while a call waits in it."""

    gate: RedisGate
    happening: Callable[[], object]

    @contextmanager
    def call(self, tenant_id: str) -> Iterator[None]:
        self.happening()
        with self.gate.call(tenant_id):
            yield

    def observe(self, *answer) -> None:
        self.gate.observe(*answer)

    def minute_remaining(self, tenant_id: str) -> int:
        return self.gate.minute_remaining(tenant_id)


@dataclass
class Books:
    """Makes batches and exports them, as finance does."""

    deps: Deps
    fin_co_id: int
    connection_id: int
    supplier_ids: list[int]
    codes: dict[str, int]

    def batch(self, *values: str, kind=DocumentKind.AP_INVOICE, closed=True, **line) -> int:
        """A batch of one-line documents with these values ex GST; its id."""
        with transaction():
            batch = new_batch(
                fin_co=db.session.get_one(FinCo, self.fin_co_id),
                kind=BatchType(kind.value),
                date=dt.date(2026, 11, 20),
                reference="November",
                user_id=None,
                now=utc_now(),
            )
            for place, value in enumerate(values):
                db.session.add(self._document(batch, kind, place, Decimal(value), line))
            db.session.flush()
            batch_id = batch.id
        if closed:
            close_batch(batch_id, user_id=None, now=utc_now())
        return batch_id

    def _document(self, batch, kind, place, value, line) -> Document:
        gst = line.get("gst", gst_of(value, Decimal(15)))
        return Document(
            uid=str(uuid4()),
            kind=kind,
            batch=batch,
            company_id=line.get("company_id", self.supplier_ids[place % len(self.supplier_ids)]),
            number=f"{batch.number} / {place}",
            document_date=line.get("date", dt.date(2026, 11, 12)),
            due_date=line.get("due_date", dt.date(2026, 12, 20)),
            currency_code="NZD",
            status=DocumentStatus.APPROVED,
            value_ex_gst=value,
            gst=gst,
            lines=[
                DocumentLine(
                    line_no=1,
                    description="Work done",
                    job_id=self.codes["job"],
                    activity_id=self.codes[line.get("activity", "CONC")],
                    gst_type_id=self.codes[line.get("gst_type", "G15")],
                    value_ex_gst=value,
                    gst=gst,
                )
            ],
        )

    def plan(self, *batch_ids: int) -> exports.ExportPlan:
        return exports.plan_export(
            batch_ids=batch_ids,
            user_id=None,
            now=utc_now(),
            public_url=PUBLIC_URL,
            after_commit=lambda _: None,
        )

    def work(self, run_id: int, *, clock: Callable[[], dt.datetime] = utc_now):
        """Let a worker carry the run on once; where it stands afterwards."""
        exports.run_export(
            self.deps.xero,
            self.deps.progress,
            run_id=run_id,
            owner="worker",
            clock=clock,
            lease_seconds=20,
        )
        return export_summary(run_id)

    def export(self, *batch_ids: int):
        """Plan and carry out; where the run stands afterwards."""
        (run_id,) = self.plan(*batch_ids).run_ids
        return self.work(run_id)

    def with_gate(self, happening: Callable[[], object]) -> "Books":
        """The same books, with something happening each time a call waits for its turn."""
        gate = GateWith(self.deps.xero.gate, happening)
        xero = replace(self.deps.xero, gate=gate)
        return replace(self, deps=replace(self.deps, xero=xero))

    def items(self, run_id: int) -> list[ExportItem]:
        db.session.expire_all()
        return list(
            db.session.scalars(
                sa.select(ExportItem).where(ExportItem.run_id == run_id).order_by(ExportItem.id)
            )
        )

    def status_of(self, batch_id: int) -> str:
        return db.session.get(Batch, batch_id, populate_existing=True).status.value

    def use_account(self, activity: str, account: str | None) -> None:
        """Mend (or break) the GL mapping of an activity."""
        db.session.get(Activity, self.codes[activity]).dr_gl_account = account
        db.session.commit()


@pytest.fixture
def books(sandbox, house, connect, deps) -> Books:
    sandbox.seed(
        contacts=[
            {"name": f"Supplier {n}", "account_number": f"S{n}", "group": GROUP} for n in range(5)
        ]
    )
    connection: XeroConnection = connect()
    contacts = [
        contact
        for page in deps.xero.client(connection).contacts()
        for contact in page.records
        if contact.name.startswith("Supplier ")
    ]
    sandbox.control("DELETE", "requests")
    with transaction():
        suppliers = [_supplier(house.fin_co_id, connection.tenant_id, one) for one in contacts]
        codes = _codes(house.fin_co_id)
        db.session.flush()
        ids = {name: row.id for name, row in codes.items()}
        supplier_ids = [supplier.id for supplier in suppliers]
        connection_id = connection.id
    return Books(deps, house.fin_co_id, connection_id, supplier_ids, ids)


def _supplier(fin_co_id, tenant_id, contact) -> Company:
    company = Company(
        fin_co_id=fin_co_id,
        name=contact.name,
        ap_account=contact.account_number,
        is_supplier=True,
    )
    company.xero_contacts = [
        XeroContact(
            fin_co_id=fin_co_id,
            tenant_id=tenant_id,
            contact_id=contact.contact_id,
            name=contact.name,
            status="ACTIVE",
            seen_at=utc_now(),
        )
    ]
    db.session.add(company)
    return company


def _codes(fin_co_id) -> dict:
    gst = GstType(code="G15", description="GST", export_code="INPUT2", percent=Decimal(15))
    unmapped = GstType(code="NEW", description="No Export Code yet", percent=Decimal(15))
    centre = ProfitCentre(
        code="CIV",
        description="Civil",
        fin_co_id=fin_co_id,
        location=db.session.scalars(sa.select(Location)).first(),
    )
    rows = {
        "G15": gst,
        "NEW": unmapped,
        "CONC": Activity(code="CONC", description="Concrete", dr_gl_account="310"),
        "PLANT": Activity(code="PLANT", description="Plant hire", dr_gl_account="310"),
        "BLANK": Activity(code="BLANK", description="Not mapped yet"),
        "job": Job(code="J1001", description="Bridge", profit_centre=centre),
    }
    period = Period(
        year=2027,
        number=8,
        start_date=dt.date(2026, 11, 1),
        end_date=dt.date(2026, 11, 30),
        is_current=True,
    )
    db.session.add_all([*rows.values(), period])
    return rows
