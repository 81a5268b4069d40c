"""Asking the organisation how one document stands there now, and what differs from ours."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.money import ZERO
from webapp.models import Document, JobReceipt, Payment, XeroDocument
from webapp.queries.enquiries.paid import RECEIVED_ON, credits_on
from webapp.services import audit
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections import connected, note_failure
from webapp.services.errors import NotAllowedNow
from webapp.services.failures import explain
from webapp.xero.errors import XeroError
from webapp.xero.records import DocumentKind, RemoteDocument

GONE = frozenset({"VOIDED", "DELETED"})
"""What Xero keeps and nobody owes any more."""


@dataclass(frozen=True)
class Difference:
    """Something that is not alike in the two systems, each as a person reads it."""

    what: str
    in_xero: str
    here: str


@dataclass(frozen=True)
class XeroSays:
    """How a document stands in Xero. Amounts are in its currency; journals have none."""

    organisation: str
    status: str
    total: Decimal | None
    amount_due: Decimal | None
    amount_paid: Decimal | None
    currency: str
    differences: tuple[Difference, ...]

    @property
    def is_gone(self) -> bool:
        """Whether it was voided or deleted there."""
        return self.status in GONE


def ask_xero(
    xero: XeroAccess, *, document_id: int, user_id: int, source: str, now: dt.datetime
) -> XeroSays:
    """Read one document in Xero, and keep its status. One call.

    Args:
        xero: how Xero is reached.
        document_id: which document; the caller checked that the person may see it.
        user_id: who asks.
        source: from where, for the audit log.
        now: the present instant.

    Raises:
        NotConnected: the FinCo has no organisation.
        NotAllowedNow: the document is not in that organisation, or Xero did not answer.
    """
    document = db.session.get_one(Document, document_id)
    fin_co_id = document.batch.fin_co_id
    connection = connected(fin_co_id)
    connection_id, organisation = connection.id, connection.organisation_name
    row = db.session.scalar(
        sa.select(XeroDocument).filter_by(
            fin_co_id=fin_co_id, tenant_id=connection.tenant_id, document_id=document_id
        )
    )
    if row is None:
        raise NotAllowedNow(
            f"{document.kind.value} {document.number} is not in {organisation}.",
            "Export its batch first.",
        )
    row_id, collection, xero_id = row.id, cast("DocumentKind", row.collection), row.xero_id
    name = f"{document.kind.value} {document.number}"
    client = xero.client(connection)
    end_reading()
    try:
        remote = client.document(collection, xero_id)
    except XeroError as error:
        note_failure(connection_id, error, now)
        raise NotAllowedNow(*explain(error, organisation)) from error
    if remote is None:
        raise NotAllowedNow(
            f"{organisation} has no {name} any more, though it was exported there.",
            "Ask whoever keeps the books in Xero what became of it.",
        )
    with transaction():
        kept = db.session.get_one(XeroDocument, row_id, with_for_update=True)
        was, kept.status = kept.status, remote.status[:20] or None
        if was != kept.status:
            audit.record(
                at=now,
                user_id=user_id,
                fin_co_id=fin_co_id,
                action="ask Xero",
                source=source,
                detail={"document": name, "status in Xero": [was, kept.status]},
            )
        document = db.session.get_one(Document, document_id)
        return XeroSays(
            organisation,
            remote.status,
            remote.total,
            remote.amount_due,
            remote.amount_paid,
            remote.currency_code,
            tuple(_differences(document, remote)),
        )


def _differences(document: Document, remote: RemoteDocument) -> list[Difference]:
    # Credits are kept negative here and positive there.
    sign = -1 if document.value_ex_gst + document.gst < ZERO else 1
    total = sign * (document.value_ex_gst + document.gst)
    found = [
        Difference(what, f"{there:,.2f}", f"{here:,.2f}")
        for what, there, here in (
            ("Total inc GST", remote.total, total),
            ("GST", remote.total_tax, sign * document.gst),
        )
        if there is not None and there != here
    ]
    if remote.currency_code and remote.currency_code != document.currency_code:
        found.append(Difference("Currency", remote.currency_code, document.currency_code))
    if remote.date is not None and remote.date != document.document_date:
        found.append(Difference("Date", _day(remote.date), _day(document.document_date)))
    owed = _owed(document)
    due = remote.amount_due
    if owed is not None and due is not None and remote.status not in GONE and due != owed:
        found.append(Difference("Amount due", f"{due:,.2f}", f"{owed:,.2f}"))
    return found


def _owed(document: Document) -> Decimal | None:
    """What is still to be paid on an invoice or claim, as imports left it; None for others."""
    total = document.value_ex_gst + document.gst
    if document.kind.is_credit or document.company_id is None or total < ZERO:
        return None
    money: type[Payment | JobReceipt] = JobReceipt if document.kind in RECEIVED_ON else Payment
    paid = db.session.scalar(
        sa.select(sa.func.sum(money.amount)).where(
            money.document_id == document.id, money.reversed_at.is_(None)
        )
    )
    return total - credits_on([document.id]).get(document.id, ZERO) - (paid or ZERO)


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%b %Y}"
