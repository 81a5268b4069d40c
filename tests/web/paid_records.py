"""Payments and receipts, as imports leave them."""

import datetime as dt
import itertools
import uuid
from decimal import Decimal

from factories import NOW, TENANT, make_batch, make_document

from webapp.db import db
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.models import Company, JobReceipt, Payment, XeroDocument

_count = itertools.count(1)
REVERSED_AT = NOW - dt.timedelta(hours=3)


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


def make_bill(house, *, kind=DocumentKind.AP_INVOICE, value="100.00", gst="15.00", **more):
    batch = more.pop("batch", None) or make_batch(house, fin_co=more.pop("fin_co", house.fin_co))
    return make_document(batch, kind=kind, value=value, gst=gst, **more)


def make_claim(house, *, value="1000.00", gst="150.00", **more):
    """A contract claim on a client."""
    batch = make_batch(house, kind=BatchType.AR_INVOICE, fin_co=more.pop("fin_co", house.fin_co))
    more.setdefault(
        "company", Company(fin_co=batch.fin_co, name=f"Client {next(_count)}", is_client=True)
    )
    return make_document(
        batch,
        **{"kind": DocumentKind.CONTRACT_CLAIM, "value": value, "gst": gst, "claim_no": 4, **more},
    )


def make_payment(document, amount, *, on=None, **more) -> Payment:
    return _kept(Payment(**_paid(document, amount, on, more)))


def make_receipt(house, document, amount, *, gst="0.00", on=None, **more) -> JobReceipt:
    batch = make_batch(
        house, kind=BatchType.AR_RECEIPT, is_system=True, fin_co=document.batch.fin_co
    )
    return _kept(
        JobReceipt(
            batch=batch,
            gst=Decimal(gst),
            number=more.pop("number", next(_count)),
            **_paid(document, amount, on, more),
        )
    )


def put_in_xero(document, xero_type="ACCPAY") -> None:
    _kept(
        XeroDocument(
            fin_co_id=document.batch.fin_co_id,
            tenant_id=TENANT,
            document_id=document.id,
            collection="Invoices",
            xero_type=xero_type,
            xero_id=str(uuid.uuid4()),
            status="AUTHORISED",
            linked_at=NOW,
        )
    )


def _paid(document, amount, on, more):
    return {
        "fin_co_id": document.batch.fin_co_id,
        "tenant_id": TENANT,
        "payment_id": str(uuid.uuid4()),
        "document": document,
        "payment_date": on or day(15),
        "amount": Decimal(amount),
        "currency_code": document.currency_code,
        **more,
    }


def _kept(record):
    db.session.add(record)
    db.session.commit()
    return record
