"""What becomes of the documents of batches: mapped, or held back with every reason why.

Planning and preflight both come through here, so that what is foretold is what is done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.domain.problems import Problem
from webapp.mapping.exports.checks import problems_of
from webapp.mapping.exports.outgoing import OutgoingDocument
from webapp.mapping.exports.packing import pack
from webapp.mapping.exports.payload import Payload
from webapp.mapping.exports.registry import MAPPINGS
from webapp.models import Batch, Document, FinCo
from webapp.services.exports.gather import Gatherer, unsent_documents
from webapp.xero.encoding import encode


@dataclass(frozen=True)
class Prepared:
    """One document that is not in Xero yet. It has a payload, or problems."""

    document: Document
    outgoing: OutgoingDocument
    problems: tuple[Problem, ...]
    payload: Payload | None


def prepare(
    fin_co: FinCo, tenant_id: str, batches: Sequence[Batch], public_url: str
) -> list[Prepared]:
    """Map the unsent documents of a FinCo's batches, in the order of the batches.

    Only reads: keeping what comes of it is left to the caller.
    """
    place = {batch.id: position for position, batch in enumerate(batches)}
    documents = sorted(
        unsent_documents(list(place)), key=lambda document: (place[document.batch_id], document.id)
    )
    gatherer = Gatherer(fin_co, tenant_id, public_url)
    return [_prepared(document, gatherer.outgoing(document)) for document in documents]


def _prepared(document: Document, outgoing: OutgoingDocument) -> Prepared:
    problems = problems_of(outgoing)
    payload = None if problems else MAPPINGS[document.kind](outgoing)
    return Prepared(document, outgoing, problems, payload)


def requests_of(payloads: Sequence[Payload]) -> Iterator[tuple[str, list[int]]]:
    """Cut payloads into requests, one collection at a time, in their order.

    Yields:
        The collection of a request, and the positions of its payloads among all of them.
    """
    for collection in dict.fromkeys(payload.collection for payload in payloads):
        members = [
            place for place, payload in enumerate(payloads) if payload.collection == collection
        ]
        for part in pack([len(encode(payloads[place].body)) + 1 for place in members]):
            yield collection, [members[place] for place in part]
