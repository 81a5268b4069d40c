"""Documents that went to Xero, for payments to come back for."""

import datetime as dt
import uuid
from decimal import Decimal
from random import Random
from typing import Any

import sqlalchemy as sa

from webapp.db import db, utc_now
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import Batch, Company, Document, FinCo, Job, Period, XeroDocument

AT_ONCE = 5_000


def insert(fin_co_code: str, tenant_id: str, count: int) -> list[dict[str, Any]]:
    """Store documents of a FinCo as exported; give them as the sandbox takes known invoices.

    Every third is a job sales invoice, the others are bills.
    """
    chance = Random(f"{fin_co_code} {count}")
    fin_co = db.session.scalars(sa.select(FinCo).where(FinCo.code == fin_co_code)).one()
    company_id = db.session.scalars(
        sa.select(Company.id).where(Company.fin_co_id == fin_co.id, Company.ap_account.isnot(None))
    ).first()
    job_id = db.session.scalars(sa.select(Job.id)).first()
    batches = {kind: _batch(fin_co, kind) for kind in (BatchType.AP_INVOICE, BatchType.AR_INVOICE)}
    known = []
    for start in range(0, count, AT_ONCE):
        documents, links = [], []
        first = (db.session.scalar(sa.select(sa.func.max(Document.id))) or 0) + 1
        for n in range(start, min(start + AT_ONCE, count)):
            sales = n % 3 == 2
            value = Decimal(chance.randrange(10_000, 2_000_000)) / 100
            xero_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
            document_id = first + n - start
            documents.append(
                {
                    "id": document_id,
                    "uid": str(uuid.uuid4()),
                    "kind": DocumentKind.SALES_INVOICE if sales else DocumentKind.AP_INVOICE,
                    "batch_id": batches[BatchType.AR_INVOICE if sales else BatchType.AP_INVOICE],
                    "company_id": company_id,
                    "job_id": job_id if sales else None,
                    "number": f"OURS-{fin_co_code}-{n}",
                    "document_date": dt.date(2026, 1, 15),
                    "due_date": dt.date(2026, 2, 20),
                    "currency_code": fin_co.base_currency_code,
                    "status": DocumentStatus.UPDATED,
                    "value_ex_gst": value,
                    "gst": (value / 10).quantize(Decimal("0.01")),
                }
            )
            links.append(
                {
                    "fin_co_id": fin_co.id,
                    "tenant_id": tenant_id,
                    "document_id": document_id,
                    "collection": "Invoices",
                    "xero_type": "ACCREC" if sales else "ACCPAY",
                    "xero_id": xero_id,
                    "status": "AUTHORISED",
                    "linked_at": utc_now(),
                }
            )
            known.append(
                {
                    "Type": links[-1]["xero_type"],
                    "InvoiceID": xero_id,
                    "InvoiceNumber": documents[-1]["number"],
                    "Total": str(value + documents[-1]["gst"]),
                }
            )
        db.session.execute(sa.insert(Document), documents)
        db.session.execute(sa.insert(XeroDocument), links)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('documents', 'id'), :last)"),
            {"last": first + count},
        )
    db.session.commit()
    return known


def _batch(fin_co: FinCo, kind: BatchType) -> int:
    now = utc_now()
    batch = Batch(
        number=f"B{fin_co.code}-{kind.value}",
        batch_type=kind,
        fin_co=fin_co,
        location=fin_co.default_location,
        period=db.session.scalars(sa.select(Period).where(Period.is_current)).one(),
        batch_date=now.date(),
        status=BatchStatus.EXPORTED,
        created_at=now,
        exported_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    return batch.id
