"""Invoices and bills that stand in Workbench and in the organisation, and money paid on them."""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind, DocumentStatus
from webapp.domain.runs import ImportKind
from webapp.models import (
    Batch,
    Company,
    Document,
    FinCo,
    ImportProblem,
    JobReceipt,
    Payment,
    Period,
    XeroContact,
    XeroDocument,
)

BANK = "090"
SALES = {DocumentKind.SALES_INVOICE, DocumentKind.CONTRACT_CLAIM}
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@dataclass
class Books:
    """The two sides: what Workbench holds, and what a bookkeeper does in the organisation."""

    fin_co_id: int
    location_id: int
    tenant_id: str
    ledger: Any
    batch_numbers: Any = field(default_factory=lambda: itertools.count(1))
    contacts: dict[str, str] = field(default_factory=dict)

    def contact(self, name: str) -> str:
        """A contact of the organisation."""
        if name not in self.contacts:
            self.contacts[name] = self.ledger.contact(name)
        return self.contacts[name]

    def company(self, name: str, *, linked: bool = True, fin_co_id: int | None = None) -> Company:
        """A company of Workbench, linked to the contact of its name."""
        fin_co_id = fin_co_id or self.fin_co_id
        company = db.session.scalar(
            sa.select(Company).where(Company.name == name, Company.fin_co_id == fin_co_id)
        )
        if company is None:
            company = Company(fin_co_id=fin_co_id, name=name, currency_code="NZD")
            db.session.add(company)
            db.session.flush()
            if linked:
                db.session.add(
                    XeroContact(
                        fin_co_id=fin_co_id,
                        tenant_id=self.tenant_id,
                        company_id=company.id,
                        contact_id=self.contact(name),
                        name=name,
                        status="ACTIVE",
                        seen_at=NOW,
                    )
                )
            db.session.commit()
        return company

    def document(
        self,
        number: str,
        value: str = "1000.00",
        gst: str = "150.00",
        *,
        kind: DocumentKind = DocumentKind.SALES_INVOICE,
        company: str = "Ridgeway",
        company_is_linked: bool = True,
        xero_id: str | None = None,
        status: DocumentStatus = DocumentStatus.UPDATED,
        currency: str = "NZD",
        rate: str | None = None,
        fin_co_id: int | None = None,
    ) -> int:
        """A document of Workbench, with its stored id where one is given; give its id."""
        fin_co_id = fin_co_id or self.fin_co_id
        of = self.company(company, linked=company_is_linked, fin_co_id=fin_co_id)
        batch = Batch(
            number=f"T{next(self.batch_numbers)}",
            batch_type=BATCH_TYPE_OF[kind],
            fin_co_id=fin_co_id,
            location_id=self.location_id,
            period_id=db.session.scalars(sa.select(Period.id).where(Period.is_current)).one(),
            batch_date=dt.date(2026, 10, 1),
            status=BatchStatus.EXPORTED,
            created_at=NOW,
        )
        document = Document(
            uid=str(uuid.uuid4()),
            kind=kind,
            batch=batch,
            company_id=of.id,
            number=number,
            document_date=dt.date(2026, 10, 1),
            currency_code=currency,
            currency_rate=None if rate is None else Decimal(rate),
            status=status,
            value_ex_gst=Decimal(value),
            gst=Decimal(gst),
        )
        db.session.add(document)
        db.session.flush()
        if xero_id:
            db.session.add(
                XeroDocument(
                    fin_co_id=fin_co_id,
                    tenant_id=self.tenant_id,
                    document_id=document.id,
                    collection="Invoices",
                    xero_type="ACCREC" if kind in SALES else "ACCPAY",
                    xero_id=xero_id,
                    linked_at=NOW,
                )
            )
        db.session.commit()
        return document.id

    def in_xero(
        self,
        number: str,
        value: str = "1000.00",
        *,
        bill: bool = False,
        company: str = "Ridgeway",
        **members: Any,
    ) -> dict[str, Any]:
        """An approved invoice or bill of the organisation."""
        wanted = {
            "Type": "ACCPAY" if bill else "ACCREC",
            "Contact": {"ContactID": self.contact(company)},
            "Date": "2026-10-01",
            "DueDate": "2026-11-20",
            "InvoiceNumber": number,
            "Status": "AUTHORISED",
            "LineItems": [
                {
                    "Description": "Work",
                    "Quantity": 1,
                    "UnitAmount": value,
                    "AccountCode": "300" if bill else "200",
                }
            ],
        } | members
        return self.ledger.call("PUT", "Invoices", {"Invoices": [wanted]})["Invoices"][0]

    def invoice(self, number: str, value: str = "1000.00", gst: str = "150.00", **given: Any):
        """A sales invoice that was exported: give it as the organisation shows it."""
        invoice = self.in_xero(number, value, company=given.get("company", "Ridgeway"))
        self.document(number, value, gst, xero_id=invoice["InvoiceID"], **given)
        return invoice

    def bill(self, number: str, value: str = "1000.00", gst: str = "150.00", **given: Any):
        """A bill that was exported: give it as the organisation shows it."""
        given = {"kind": DocumentKind.AP_INVOICE} | given
        invoice = self.in_xero(number, value, bill=True, company=given.get("company", "Ridgeway"))
        self.document(number, value, gst, xero_id=invoice["InvoiceID"], **given)
        return invoice

    def pay(
        self, invoice: dict[str, Any], amount: str, date: str = "2026-11-10", **members: Any
    ) -> str:
        """Pay an invoice; give the payment's id."""
        wanted = {
            "Invoice": {"InvoiceID": invoice["InvoiceID"]},
            "Account": {"Code": BANK},
            "Date": date,
            "Amount": amount,
        } | members
        made = self.ledger.call("PUT", "Payments", {"Payments": [wanted]})
        return made["Payments"][0]["PaymentID"]

    def remove(self, payment_id: str) -> None:
        self.ledger.call("POST", f"Payments/{payment_id}", {"Status": "DELETED"})

    def receipts(self) -> list[JobReceipt]:
        db.session.expire_all()
        return list(db.session.scalars(sa.select(JobReceipt).order_by(JobReceipt.number)))

    def payments(self) -> list[Payment]:
        db.session.expire_all()
        return list(db.session.scalars(sa.select(Payment).order_by(Payment.id)))

    def reasons(self) -> dict[str, str]:
        """Why records stand outside, by their ids at Xero (or their names)."""
        db.session.expire_all()
        return {
            problem.xero_id or problem.name: problem.reason
            for problem in db.session.scalars(sa.select(ImportProblem))
        }


def a_period(year: int, number: int, start: dt.date, end: dt.date, **more: Any) -> Period:
    return Period(year=year, number=number, start_date=start, end_date=end, **more)


@pytest.fixture
def periods(house) -> None:
    """September to November 2026; the last is the current one."""
    db.session.add_all(
        [
            a_period(2027, 6, dt.date(2026, 9, 1), dt.date(2026, 9, 30)),
            a_period(2027, 7, dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
            a_period(2027, 8, dt.date(2026, 11, 1), dt.date(2026, 11, 30), is_current=True),
        ]
    )
    db.session.commit()


@pytest.fixture
def books(house, periods, connect, sandbox) -> Books:
    connection = connect()
    location_id = db.session.get_one(FinCo, house.fin_co_id).default_location_id
    made = Books(house.fin_co_id, location_id, connection.tenant_id, sandbox.inside())
    db.session.commit()
    return made


@pytest.fixture
def bring_in(start, carry_on, report) -> Callable[..., Any]:
    """Import receipts and payments into FinCo 01, or only one of the kinds."""

    def brought(
        kinds: Sequence[ImportKind] = (ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS),
        **given: Any,
    ) -> Any:
        run_id = start(kinds=kinds, **given)
        carry_on(run_id)
        return report(run_id)

    return brought


@pytest.fixture
def receipt_batches() -> Callable[[], list[Batch]]:
    def found() -> list[Batch]:
        db.session.expire_all()
        return list(
            db.session.scalars(
                sa.select(Batch)
                .where(Batch.batch_type == BatchType.AR_RECEIPT)
                .order_by(Batch.batch_date, Batch.id)
            )
        )

    return found
