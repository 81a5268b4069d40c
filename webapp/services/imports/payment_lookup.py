"""What is known here of a page of payments, in a few statements however many they are."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.runs import ImportKind
from webapp.mapping.imports.paid_documents import (
    PAID_KINDS,
    Documents,
    PaidDocument,
    candidate_numbers,
)
from webapp.mapping.imports.payments import KnownPayment, PaymentFields
from webapp.models import Batch, Company, Document, XeroContact, XeroDocument
from webapp.models.payments import JobReceipt, Payment
from webapp.services.among import among
from webapp.services.imports.source import Source
from webapp.xero import records

MODELS: Mapping[ImportKind, type[JobReceipt | Payment]] = {
    ImportKind.JOB_RECEIPTS: JobReceipt,
    ImportKind.PAYMENTS: Payment,
}
_FIELDS = tuple(PaymentFields.__dataclass_fields__)
_DOCUMENT = (
    Document.id,
    Document.kind,
    Document.number,
    Document.currency_code,
    Document.company_id,
    Document.status,
    Company.name,
)
_DOCUMENTS = sa.select(*_DOCUMENT).outerjoin(Company, Company.id == Document.company_id)


def documents_of(
    source: Source, kind: ImportKind, payments: Sequence[records.Payment]
) -> Documents:
    """Find the documents that payments may belong to: by stored id, the rest by number."""
    by_xero_id: dict[str, PaidDocument] = {}
    of_others: set[str] = set()
    links = db.session.execute(
        sa.select(XeroDocument.xero_id, XeroDocument.fin_co_id, XeroDocument.document_id).where(
            XeroDocument.tenant_id == source.tenant_id,
            among(XeroDocument.xero_id, {one.invoice_id for one in payments if one.invoice_id}),
        )
    ).all()
    mine = {row.document_id for row in links if row.fin_co_id == source.fin_co_id}
    # Apart from the links: joined to them, databases go through every document there is.
    rows = db.session.execute(_DOCUMENTS.where(among(Document.id, mine))) if mine else ()
    documents = {document.id: document for document in (_paid_document(*row) for row in rows)}
    for row in links:
        if row.fin_co_id == source.fin_co_id:
            by_xero_id[row.xero_id] = documents[row.document_id]
        else:
            of_others.add(row.xero_id)
    rest = [
        one
        for one in payments
        if one.invoice_id not in by_xero_id and one.invoice_id not in of_others
    ]
    return Documents(
        by_xero_id=by_xero_id,
        of_others=frozenset(of_others),
        by_number=_by_number(source, kind, rest),
        companies=_companies(source, rest),
    )


def _by_number(
    source: Source, kind: ImportKind, payments: Sequence[records.Payment]
) -> Mapping[str, list[PaidDocument]]:
    found: dict[str, list[PaidDocument]] = {}
    numbers = {number for one in payments for number in candidate_numbers(one, kind)}
    # Apart from the rest, for its index: most numbers of an organisation are nobody's here.
    ids = db.session.scalars(sa.select(Document.id).where(among(Document.number, numbers))).all()
    if not ids:
        return found
    linked = sa.exists().where(
        XeroDocument.document_id == Document.id, XeroDocument.tenant_id == source.tenant_id
    )
    rows = db.session.execute(
        _DOCUMENTS.join(Batch, Batch.id == Document.batch_id)
        .where(
            Batch.fin_co_id == source.fin_co_id,
            among(Document.id, ids),
            Document.kind.in_(PAID_KINDS[kind]),
            Document.status != DocumentStatus.CANCELLED,
            # What has an id there is told apart by it alone.
            sa.not_(linked),
        )
        .order_by(Document.id)
    )
    for row in rows:
        document = _paid_document(*row)
        found.setdefault(document.number, []).append(document)
    return found


def _companies(source: Source, payments: Sequence[records.Payment]) -> Mapping[str, int]:
    contacts = {one.contact_id for one in payments if one.contact_id}
    if not contacts:
        return {}
    rows = db.session.execute(
        sa.select(XeroContact.contact_id, XeroContact.company_id).where(
            XeroContact.fin_co_id == source.fin_co_id,
            XeroContact.tenant_id == source.tenant_id,
            among(XeroContact.contact_id, contacts),
        )
    )
    return {row.contact_id: row.company_id for row in rows}


def known_payments(
    source: Source, kind: ImportKind, payments: Sequence[records.Payment]
) -> Mapping[str, KnownPayment]:
    """Find those that were brought in before, reversed ones too, by payment id."""
    model = MODELS[kind]
    rows = db.session.execute(
        sa.select(
            model.payment_id,
            model.id,
            model.reversed_at,
            *(getattr(model, name) for name in _FIELDS),
            *_DOCUMENT,
        )
        .join(Document, Document.id == model.document_id)
        .outerjoin(Company, Company.id == Document.company_id)
        .where(
            model.fin_co_id == source.fin_co_id,
            model.tenant_id == source.tenant_id,
            among(model.payment_id, [one.payment_id for one in payments]),
        )
    )
    end = 3 + len(_FIELDS)
    return {
        row[0]: KnownPayment(
            id=row[1],
            document=_paid_document(*row[end:]),
            fields=PaymentFields(*row[3:end]),
            reversed=row[2] is not None,
        )
        for row in rows
    }


def _paid_document(
    document_id: int,
    kind: DocumentKind,
    number: str,
    currency_code: str,
    company_id: int | None,
    status: DocumentStatus,
    company_name: str | None,
) -> PaidDocument:
    return PaidDocument(
        id=document_id,
        kind=kind,
        number=number,
        currency_code=currency_code,
        company_id=company_id,
        company_name=company_name or "",
        exported=status is DocumentStatus.UPDATED,
    )
