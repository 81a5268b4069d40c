"""Which mapping carries which kind of document: a further batch type is one more entry."""

from collections.abc import Callable, Mapping

from webapp.domain.batches import BatchType
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind
from webapp.domain.entry.kinds import JOURNAL_TYPES
from webapp.mapping.exports.journals import journals
from webapp.mapping.exports.outgoing import OutgoingDocument
from webapp.mapping.exports.payables import payable
from webapp.mapping.exports.payload import Payload
from webapp.mapping.exports.sales import receivable

MAPPINGS: Mapping[DocumentKind, Callable[[OutgoingDocument], Payload]] = {
    DocumentKind.AP_INVOICE: payable,
    DocumentKind.SUB_CLAIM: payable,
    DocumentKind.AP_CREDIT: payable,
    DocumentKind.SALES_INVOICE: receivable,
    DocumentKind.SALES_CREDIT: receivable,
    DocumentKind.CONTRACT_CLAIM: receivable,
}

CARRIED_TYPES: frozenset[BatchType] = JOURNAL_TYPES | {BATCH_TYPE_OF[kind] for kind in MAPPINGS}
"""Batch types that can be exported."""


def payloads_of(document: OutgoingDocument) -> tuple[Payload, ...]:
    """What a document becomes in Xero: one record, or a journal's several parts (R115)."""
    if document.kind is DocumentKind.JOURNAL:
        return journals(document)
    return (MAPPINGS[document.kind](document),)
