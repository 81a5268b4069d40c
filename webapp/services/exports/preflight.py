"""Foretells an export: what would go, what would be held back and why; nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.documents import DocumentKind
from webapp.domain.money import total
from webapp.domain.problems import Problem
from webapp.services.connections import current_connection
from webapp.services.exports.claims import in_order, refusal
from webapp.services.exports.prepare import Prepared, prepare, requests_of


@dataclass(frozen=True)
class DocumentPreflight:
    """A document that is not in Xero yet. ``total`` includes GST, in ``currency``."""

    document: str
    """Its uid."""
    kind: DocumentKind
    number: str
    currency: str
    total: Decimal
    problems: tuple[Problem, ...]
    """Every reason why it would be held back; none where it would be sent."""

    @property
    def sent(self) -> bool:
        """Whether it would be sent."""
        return not self.problems


@dataclass(frozen=True)
class CurrencyPreflight:
    """What would be sent in one currency. ``total`` includes GST."""

    currency: str
    documents: int
    total: Decimal


@dataclass(frozen=True)
class BatchPreflight:
    """A batch: refused as a whole, or looked into document by document."""

    batch_id: int
    number: str
    refused: Problem | None
    documents: tuple[DocumentPreflight, ...]
    """Those not in Xero yet; none where the batch is refused, for nobody looked into it."""

    @property
    def totals(self) -> tuple[CurrencyPreflight, ...]:
        """The sums over what would be sent, by currency."""
        sent = [document for document in self.documents if document.sent]
        sums = []
        for currency in sorted({document.currency for document in sent}):
            amounts = [document.total for document in sent if document.currency == currency]
            sums.append(CurrencyPreflight(currency, len(amounts), total(amounts)))
        return tuple(sums)


@dataclass(frozen=True)
class Preflight:
    """What a press of Export would come to now."""

    batches: tuple[BatchPreflight, ...]
    """In the order in which they would go."""
    requests: int
    """How many requests would carry the documents of all the batches together."""


def preflight(*, batch_ids: Sequence[int], public_url: str) -> Preflight:
    """Say what an export of these batches would do at this moment, without a call to Xero.

    What only Xero knows, such as a locked period or an archived account, is not foretold.

    Args:
        batch_ids: the ticked batches, in any order; they go in the fixed order (R76).
        public_url: address of this installation, for the back links.
    """
    batches = in_order(batch_ids)
    fin_cos = {batch.fin_co_id: batch.fin_co for batch in batches}
    connections = {key: current_connection(key) for key in fin_cos}
    refused = {batch.id: refusal(batch, connections[batch.fin_co_id]) for batch in batches}
    documents: dict[int, list[DocumentPreflight]] = {batch.id: [] for batch in batches}
    requests = 0
    for key, fin_co in fin_cos.items():
        taken = [batch for batch in batches if batch.fin_co_id == key and not refused[batch.id]]
        connection = connections[key]
        if not taken or connection is None:
            continue
        prepared = prepare(fin_co, connection.tenant_id, taken, public_url)
        for one in prepared:
            documents[one.document.batch_id].append(_told(one))
        payloads = [one.payload for one in prepared if one.payload is not None]
        requests += sum(1 for _ in requests_of(payloads))
    return Preflight(
        tuple(
            BatchPreflight(batch.id, batch.number, refused[batch.id], tuple(documents[batch.id]))
            for batch in batches
        ),
        requests,
    )


def _told(prepared: Prepared) -> DocumentPreflight:
    document = prepared.document
    return DocumentPreflight(
        document.uid,
        document.kind,
        document.number,
        document.currency_code,
        prepared.outgoing.total,
        prepared.problems,
    )
