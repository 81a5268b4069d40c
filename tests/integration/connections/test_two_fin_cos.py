"""Two FinCos and two organisations: what belongs to one never travels to the other."""

import datetime as dt
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
from webapp.domain.runs import RunState
from webapp.models import (
    Activity,
    Company,
    Document,
    DocumentLine,
    FinCo,
    GstType,
    Job,
    Location,
    Payment,
    Period,
    ProfitCentre,
    XeroConnection,
    XeroContact,
    XeroDocument,
)
from webapp.queries.run_summary import export_summary
from webapp.services import connections, exports, imports
from webapp.services.access import XeroAccess
from webapp.services.accounts_validation import validate_accounts
from webapp.services.batches import close_batch, new_batch
from webapp.services.errors import NotConnected
from webapp.xero.endpoints import Endpoints

GROUP = "Workbench AP (Suppliers)"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


@dataclass
class Firm:
    """Does for a FinCo what its people do, over a line that is listened to."""

    deps: Deps
    xero: XeroAccess
    sandbox: object
    alice_id: int

    def connect(self, fin_co_id: int, organisation: int) -> XeroConnection:
        address = connections.authorization_address(self.xero, "s")
        pending = connections.receive_consent(
            self.xero,
            fin_co_id=fin_co_id,
            user_id=self.alice_id,
            code=self.sandbox.consent(address, organisation)["code"],
            now=NOW,
        )
        connection = connections.confirm_connection(
            self.xero,
            fin_co_id=fin_co_id,
            user_id=self.alice_id,
            typed_name=pending.organisation_name,
            now=NOW,
        )
        fin_co = db.session.get_one(FinCo, fin_co_id)
        fin_co.base_currency_code = connection.base_currency_code
        db.session.commit()
        return connection

    def import_now(self, fin_co_id: int) -> None:
        run_id = imports.start_import(
            fin_co_id=fin_co_id, user_id=self.alice_id, now=utc_now(), after_commit=lambda _: None
        )
        imports.run_import(
            self.xero,
            self.deps.progress,
            run_id=run_id,
            owner="test",
            clock=utc_now,
            lease_seconds=20,
        )

    def plan(self, fin_co_id: int) -> exports.ExportPlan:
        return exports.plan_export(
            batch_ids=[self._batch(fin_co_id)],
            user_id=None,
            now=utc_now(),
            public_url="http://localhost:5000",
            after_commit=lambda _: None,
        )

    def export(self, fin_co_id: int) -> None:
        (run_id,) = self.plan(fin_co_id).run_ids
        exports.run_export(
            self.xero,
            self.deps.progress,
            run_id=run_id,
            owner="test",
            clock=utc_now,
            lease_seconds=20,
        )
        assert export_summary(run_id).state is RunState.COMPLETED

    def pay_a_bill(self, organisation: int) -> None:
        """What the bookkeeper of an organisation does with a bill that came from here."""
        ledger = self.sandbox.inside(organisation)
        bill = ledger.call("GET", "Invoices", where='Type=="ACCPAY"')["Invoices"][0]
        paid = {
            "Invoice": {"InvoiceID": bill["InvoiceID"]},
            "Account": {"Code": "090"},
            "Date": "2026-11-18",
            "Amount": bill["AmountDue"],
        }
        ledger.call("PUT", "Payments", {"Payments": [paid]})

    def look(self, fin_co_id: int) -> None:
        """Press Test, then Validate Accounts."""
        assert connections.test_connection(self.xero, fin_co_id=fin_co_id, now=utc_now()).ok
        report = validate_accounts(self.xero, fin_co_id=fin_co_id, now=utc_now())
        assert report.accounts_used

    def _batch(self, fin_co_id: int) -> int:
        with transaction():
            batch = new_batch(
                fin_co=db.session.get_one(FinCo, fin_co_id),
                kind=BatchType.AP_INVOICE,
                date=NOW.date(),
                reference="November",
                user_id=None,
                now=utc_now(),
            )
            suppliers = db.session.scalars(
                sa.select(Company).where(
                    Company.fin_co_id == fin_co_id, Company.ap_account.like("S%")
                )
            ).all()
            assert len(suppliers) == 2
            db.session.add_all(_invoice(batch, supplier) for supplier in suppliers)
            db.session.flush()
            batch_id = batch.id
        close_batch(batch_id, user_id=None, now=utc_now())
        return batch_id


def _invoice(batch, supplier) -> Document:
    job = db.session.scalar(sa.select(Job).where(Job.code == f"J{supplier.fin_co_id}"))
    activity = db.session.scalars(sa.select(Activity)).one()
    currency = batch.fin_co.base_currency_code
    gst_type = db.session.scalars(sa.select(GstType).where(GstType.code == currency)).one()
    value, gst = Decimal(100), gst_of(Decimal(100), gst_type.percent)
    return Document(
        uid=str(uuid4()),
        kind=DocumentKind.AP_INVOICE,
        batch=batch,
        company_id=supplier.id,
        number=f"{batch.number} / {supplier.id}",
        document_date=dt.date(2026, 11, 12),
        due_date=dt.date(2026, 12, 20),
        currency_code=currency,
        status=DocumentStatus.APPROVED,
        value_ex_gst=value,
        gst=gst,
        lines=[
            DocumentLine(
                line_no=1,
                description="Work done",
                job_id=job.id,
                activity_id=activity.id,
                gst_type_id=gst_type.id,
                value_ex_gst=value,
                gst=gst,
            )
        ],
    )


@pytest.fixture
def firm(sandbox, house, deps, recorder) -> Firm:
    for organisation in (0, 1):
        sandbox.seed(
            organisation,
            contacts=[
                {"name": f"Supplier {n}", "account_number": f"S{n}", "group": GROUP}
                for n in range(2)
            ],
        )
    with transaction():
        location = db.session.scalars(sa.select(Location)).one()
        for fin_co_id in (house.fin_co_id, house.other_fin_co_id):
            centre = ProfitCentre(
                code=f"P{fin_co_id}", description="Civil", fin_co_id=fin_co_id, location=location
            )
            db.session.add(Job(code=f"J{fin_co_id}", description="Bridge", profit_centre=centre))
        db.session.add_all(
            [
                GstType(code="NZD", description="GST", export_code="INPUT2", percent=Decimal(15)),
                GstType(code="AUD", description="GST", export_code="INPUT", percent=Decimal(10)),
                Activity(code="CONC", description="Concrete", dr_gl_account="310"),
                Period(
                    year=2027,
                    number=8,
                    start_date=dt.date(2026, 11, 1),
                    end_date=dt.date(2026, 11, 30),
                    is_current=True,
                ),
            ]
        )
    xero = replace(deps.xero, endpoints=Endpoints(recorder.url, recorder.url, recorder.url))
    return Firm(deps, xero, sandbox, house.alice_id)


def learnt(fin_co_id: int, tenant_id: str) -> set[str]:
    """The ids a FinCo keeps of an organisation."""
    db.session.expire_all()
    contacts = sa.select(XeroContact.contact_id).where(
        XeroContact.fin_co_id == fin_co_id, XeroContact.tenant_id == tenant_id
    )
    documents = sa.select(XeroDocument.xero_id).where(
        XeroDocument.fin_co_id == fin_co_id, XeroDocument.tenant_id == tenant_id
    )
    found = {*db.session.scalars(contacts), *db.session.scalars(documents)}
    db.session.commit()
    return found


def test_C1_6_R48_no_request_carries_an_id_or_a_tenant_of_the_other_fin_co(
    firm, house, recorder, sandbox
):
    tenants, connection_ids = {}, {}
    for fin_co_id, organisation in ((house.fin_co_id, 0), (house.other_fin_co_id, 1)):
        connection = firm.connect(fin_co_id, organisation)
        tenants[fin_co_id] = connection.tenant_id
        connection_ids[fin_co_id] = connection.connection_id
    for organisation, (fin_co_id, tenant_id) in enumerate(tenants.items()):
        before = len(recorder.exchanges)
        firm.import_now(fin_co_id)
        firm.export(fin_co_id)
        firm.pay_a_bill(organisation)
        firm.import_now(fin_co_id)
        firm.look(fin_co_id)
        asked = {one.tenant_id for one in recorder.exchanges[before:] if one.tenant_id}
        assert asked == {tenant_id}
    before = len(recorder.exchanges)
    connections.disconnect(firm.xero, fin_co_id=house.fin_co_id, now=NOW)
    given_up = [(one.method, one.path) for one in recorder.exchanges[before:]]
    assert given_up == [("DELETE", f"/connections/{connection_ids[house.fin_co_id]}")]
    firm.look(house.other_fin_co_id)

    assert recorder.strangers() == []
    first, second = (learnt(fin_co_id, tenant) for fin_co_id, tenant in tenants.items())
    assert first
    assert second
    assert not first & second
    paid = db.session.execute(sa.select(Payment.fin_co_id, Payment.tenant_id)).all()
    assert sorted(map(tuple, paid)) == sorted(tenants.items())
    tenant_ids = set(tenants.values())
    for one in recorder.of_api():
        assert not [tenant for tenant in tenant_ids if tenant in f"{one.path} {one.sent}"]
    logged = {call["tenant_id"] for call in sandbox.calls()}
    assert logged == tenant_ids


def test_C1_11_ids_of_the_former_organisation_stay_home_and_come_back_with_it(
    firm, house, recorder, sandbox
):
    first = firm.connect(house.fin_co_id, 0).tenant_id
    firm.import_now(house.fin_co_id)
    firm.export(house.fin_co_id)
    known = learnt(house.fin_co_id, first)
    assert known

    second = firm.connect(house.fin_co_id, 1).tenant_id
    firm.import_now(house.fin_co_id)
    firm.export(house.fin_co_id)
    assert learnt(house.fin_co_id, second)
    assert not known & learnt(house.fin_co_id, second)
    assert learnt(house.fin_co_id, first) == known

    firm.connect(house.fin_co_id, 0)
    before = len(recorder.exchanges)
    firm.export(house.fin_co_id)

    sent = " ".join(one.sent for one in recorder.exchanges[before:])
    assert [one for one in known if one in sent]
    assert recorder.strangers() == []


def test_R29_after_a_disconnect_nothing_goes_out(firm, house, deps, recorder):
    firm.connect(house.fin_co_id, 0)
    firm.import_now(house.fin_co_id)
    connections.disconnect(firm.xero, fin_co_id=house.fin_co_id, now=NOW)
    before = len(recorder.exchanges)

    with pytest.raises(NotConnected, match="not connected to Xero"):
        firm.import_now(house.fin_co_id)
    with pytest.raises(NotConnected, match="not connected to Xero"):
        connections.test_connection(firm.xero, fin_co_id=house.fin_co_id, now=NOW)
    plan = firm.plan(house.fin_co_id)
    assert plan.run_ids == ()
    assert ["not connected to Xero" in problem.message for problem in plan.refused] == [True]

    assert recorder.exchanges[before:] == []
