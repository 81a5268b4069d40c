"""What becomes of the documents of batches: mapped, or held back with every reason why.

Planning and preflight both come through here, so that what is foretold is what is done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.domain.problems import Problem
from webapp.mapping.exports.against import (
    Facts,
    head_problems,
    head_warnings,
    line_problems,
    line_warnings,
    number_problems,
    numbers_in,
    size_problems,
)
from webapp.mapping.exports.against.numbers import Numbers
from webapp.mapping.exports.checks import problems_of
from webapp.mapping.exports.outgoing import OutgoingDocument
from webapp.mapping.exports.packing import pack
from webapp.mapping.exports.payload import Payload
from webapp.mapping.exports.registry import payloads_of
from webapp.models import Batch, Document, FinCo
from webapp.services.exports.gather import Gatherer, unsent_documents
from webapp.xero.encoding import encode


@dataclass(frozen=True)
class Prepared:
    """One document that is not in Xero yet. It has payloads, or problems."""

    document: Document
    outgoing: OutgoingDocument
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    """What a person should see though it is sent."""
    payloads: tuple[Payload, ...]


def prepare(
    fin_co: FinCo, tenant_id: str, batches: Sequence[Batch], public_url: str, facts: Facts
) -> list[Prepared]:
    """Map the unsent documents of a FinCo's batches, in the order of the batches.

    Only reads: keeping what comes of it is left to the caller.

    Args:
        fin_co: whose documents they are.
        tenant_id: the organisation they go to.
        batches: its batches that may go, in their order.
        public_url: address of this installation, for the back links.
        facts: what is known of that organisation.
    """
    place = {batch.id: position for position, batch in enumerate(batches)}
    documents = sorted(
        unsent_documents(list(place)), key=lambda document: (place[document.batch_id], document.id)
    )
    gatherer = Gatherer(fin_co, tenant_id, public_url)
    outgoing = [gatherer.outgoing(document) for document in documents]
    together = numbers_in(outgoing)
    return [
        _prepared(document, one, facts, together)
        for document, one in zip(documents, outgoing, strict=True)
    ]


def _prepared(
    document: Document, outgoing: OutgoingDocument, facts: Facts, together: Numbers
) -> Prepared:
    problems = (
        *problems_of(outgoing),
        *head_problems(outgoing, facts),
        *number_problems(outgoing, facts, together),
        *line_problems(outgoing, facts),
    )
    payloads = () if problems else payloads_of(outgoing)
    for payload in payloads:
        size = len(encode(payload.body))
        problems = (*problems, *size_problems(outgoing.record, size))
    warnings = (*head_warnings(outgoing), *line_warnings(outgoing))
    return Prepared(document, outgoing, problems, warnings, () if problems else payloads)


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
