"""What becomes of the documents of batches: mapped, or held back with every reason why.

Planning and preflight both come through here, so that what is foretold is what is done.
"""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentStatus
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
from webapp.models import Batch, Document, FinCo, XeroDocument
from webapp.services.exports.gather import Gatherer, unsent_documents


@dataclass(frozen=True)
class Prepared:
    """One document that is not in Xero yet. It has payloads, or problems."""

    document: Document
    outgoing: OutgoingDocument
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    """What a person should see though it is sent."""
    payloads: tuple[Payload, ...]


@dataclass(frozen=True)
class Gathered:
    """The unsent documents of a FinCo's batches, and where they are to go."""

    fin_co: FinCo
    tenant_id: str
    batches: Sequence[Batch]
    documents: Sequence[tuple[Document, OutgoingDocument]]

    @property
    def numbers(self) -> Numbers:
        """Which of them would go under each sales number."""
        return numbers_in(outgoing for _, outgoing in self.documents)


def gather(
    fin_co: FinCo,
    tenant_id: str,
    batches: Sequence[Batch],
    public_url: str,
    only: Container[int] | None = None,
) -> Gathered:
    """Gather the unsent documents of a FinCo's batches, in the order of the batches.

    Args:
        fin_co: whose documents they are.
        tenant_id: the organisation they go to.
        batches: its batches that may go, in their order.
        public_url: address of this installation, for the back links.
        only: the ids of the documents that are meant; None where all of the batches are.
    """
    place = {batch.id: position for position, batch in enumerate(batches)}
    meant = (
        document
        for document in unsent_documents(list(place))
        if only is None or document.id in only
    )
    documents = sorted(meant, key=lambda document: (place[document.batch_id], document.id))
    gatherer = Gatherer(fin_co, tenant_id, public_url)
    outgoing = [(document, gatherer.outgoing(document)) for document in documents]
    return Gathered(fin_co, tenant_id, batches, outgoing)


def prepare(gathered: Gathered, facts: Facts, others: Sequence[Gathered]) -> list[Prepared]:
    """Map what was gathered, or say what holds it back.

    Only reads: keeping what comes of it is left to the caller.

    Args:
        gathered: the documents of one FinCo.
        facts: what is known of the organisation they go to.
        others: what goes to the same organisation from other FinCos.
    """
    together, beside = gathered.numbers, _named(others)
    there = _parts_in_xero(gathered.fin_co, gathered.tenant_id, gathered.batches)
    return [
        _without(
            there.get(document.id, frozenset()),
            _prepared(document, one, facts, together, beside),
        )
        for document, one in gathered.documents
    ]


def _named(others: Sequence[Gathered]) -> Numbers:
    """The sales numbers of other FinCos, with documents that are named with their FinCo."""
    return {
        number: [f"{record} of FinCo {other.fin_co.code}" for record in records]
        for other in others
        for number, records in other.numbers.items()
    }


def _prepared(
    document: Document,
    outgoing: OutgoingDocument,
    facts: Facts,
    together: Numbers,
    beside: Numbers,
) -> Prepared:
    problems = (
        *problems_of(outgoing),
        *head_problems(outgoing, facts),
        *number_problems(outgoing, facts, together, beside),
        *line_problems(outgoing, facts),
    )
    payloads = () if problems else payloads_of(outgoing)
    for payload in payloads:
        problems = (*problems, *size_problems(outgoing.record, len(payload.encoded)))
    warnings = (*head_warnings(outgoing), *line_warnings(outgoing))
    return Prepared(document, outgoing, problems, warnings, () if problems else payloads)


def _parts_in_xero(
    fin_co: FinCo, tenant_id: str, batches: Sequence[Batch]
) -> dict[int, frozenset[int]]:
    """Which parts of documents of these batches were sent before, by the documents' ids."""
    rows = db.session.execute(
        sa.select(XeroDocument.document_id, XeroDocument.part)
        .join(Document, Document.id == XeroDocument.document_id)
        .where(
            Document.batch_id.in_([batch.id for batch in batches]),
            Document.status != DocumentStatus.UPDATED,
            XeroDocument.fin_co_id == fin_co.id,
            XeroDocument.tenant_id == tenant_id,
        )
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for document_id, part in rows:
        found[document_id].add(part)
    return {document_id: frozenset(parts) for document_id, parts in found.items()}


def _without(there: frozenset[int], prepared: Prepared) -> Prepared:
    """Leave out what is in Xero already: a part is never sent twice (R115)."""
    missing = tuple(payload for payload in prepared.payloads if payload.part not in there)
    if missing or not prepared.payloads:
        return replace(prepared, payloads=missing)
    known = Problem(
        code="already-in-xero",
        record=prepared.outgoing.record,
        message=f"{prepared.outgoing.record} is in Xero already.",
        way_out="Look at it there. If it was voided, enter it again under another number.",
    )
    return replace(prepared, problems=(known,), payloads=())


def requests_of(payloads: Sequence[Payload]) -> Iterator[tuple[str, list[int]]]:
    """Cut payloads into requests, one collection at a time, in their order.

    Yields:
        The collection of a request, and the positions of its payloads among all of them.
    """
    for collection in dict.fromkeys(payload.collection for payload in payloads):
        members = [
            place for place, payload in enumerate(payloads) if payload.collection == collection
        ]
        for part in pack([len(payloads[place].encoded) + 1 for place in members]):
            yield collection, [members[place] for place in part]
