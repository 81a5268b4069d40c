"""Which mapping carries which kind of document: a further batch type is one more entry."""

from collections.abc import Callable, Mapping

from webapp.domain.batches import BatchType
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind
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

CARRIED_TYPES: frozenset[BatchType] = frozenset(BATCH_TYPE_OF[kind] for kind in MAPPINGS)
"""Batch types that can be exported."""
