"""Foretells an export: what would go, what would be held back and why; nothing is changed."""

import datetime as dt
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.money import total
from webapp.domain.problems import Problem
from webapp.mapping.exports.against.facts import Facts, LockDate
from webapp.services.exports.causes import (
    Affected,
    Cause,
    CurrencyPreflight,
    Finding,
    causes_of,
    sums,
)
from webapp.services.exports.claims import in_order, refusals
from webapp.services.exports.follow_ups.foretold import Foretold
from webapp.services.exports.outlook import Outlook, connections_of, fingerprint, outlooks
from webapp.services.exports.prepare import Prepared, requests_of
from webapp.services.exports.subjects import subject_of


@dataclass(frozen=True)
class DocumentPreflight:
    """A document that is not in Xero yet. ``total`` includes GST, in ``currency``."""

    document: str
    """Its uid."""
    kind: DocumentKind
    number: str
    record: str
    """As a person names it."""
    company: str | None
    date: dt.date
    due_date: dt.date | None
    currency: str
    total: Decimal
    held_back: tuple[Finding, ...]
    """Every reason why it would be held back; none where it would be sent."""
    noticed: tuple[Finding, ...]
    """What a person should see though it is sent."""

    @property
    def sent(self) -> bool:
        """Whether it would be sent."""
        return not self.held_back

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The reasons without their places."""
        return tuple(one.problem for one in self.held_back)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is noticed, without its places."""
        return tuple(one.problem for one in self.noticed)


@dataclass(frozen=True)
class BatchPreflight:
    """A batch: refused as a whole, or looked into document by document."""

    batch_id: int
    number: str
    batch_type: BatchType
    fin_co: str
    refused: Problem | None
    documents: tuple[DocumentPreflight, ...]
    """Those not in Xero yet; none where the batch is refused, for nobody looked into it."""

    @property
    def totals(self) -> tuple[CurrencyPreflight, ...]:
        """The sums over what would be sent, by currency."""
        return sums((one.currency, one.total) for one in self.documents if one.sent)

    @property
    def held_back(self) -> tuple[CurrencyPreflight, ...]:
        """The sums over what would not, by currency."""
        return sums((one.currency, one.total) for one in self.documents if not one.sent)


@dataclass(frozen=True)
class Destination:
    """The organisation that a FinCo's documents go to, and what was known of it."""

    fin_co_id: int
    fin_co: str
    organisation: str
    locks: tuple[LockDate, ...]
    read_at: dt.datetime | None
    """When it last told its lock dates."""
    unchecked: tuple[str, ...]
    """What could not be compared, for it was never imported."""
    totals: tuple[CurrencyPreflight, ...]
    """The sums over what would be sent to it."""
    follow_ups: Foretold
    """What would follow the documents, as the settings stand now."""


@dataclass(frozen=True)
class Preflight:
    """What a press of Export would come to now."""

    batches: tuple[BatchPreflight, ...]
    """In the order in which they would go."""
    requests: int
    """How many requests would carry the documents of all the batches together."""
    destinations: tuple[Destination, ...]
    confirmation: str
    """The hash of all that would be sent and held back; a confirmed export carries it."""
    records: Mapping[str, Prepared]
    """What would be sent of each document, by its uid."""

    @property
    def documents(self) -> Iterator[DocumentPreflight]:
        """The documents of all the batches, in the order in which they would go."""
        return (document for batch in self.batches for document in batch.documents)

    @property
    def totals(self) -> tuple[CurrencyPreflight, ...]:
        """The sums over all that would be sent, by currency."""
        return sums((one.currency, one.total) for one in self.documents if one.sent)

    @property
    def held_back(self) -> tuple[CurrencyPreflight, ...]:
        """The sums over all that would not, by currency."""
        return sums((one.currency, one.total) for one in self.documents if not one.sent)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why documents are held back, each cause once with all its documents."""
        return causes_of(
            _affected(one, finding) for one in self.documents for finding in one.held_back
        )

    @property
    def warnings(self) -> tuple[Cause, ...]:
        """What is noticed of documents that are sent all the same."""
        return causes_of(
            _affected(one, finding) for one in self.documents if one.sent for finding in one.noticed
        )


def preflight(
    *, batch_ids: Sequence[int], public_url: str, only: Container[int] | None = None
) -> Preflight:
    """Say what an export of these batches would do at this moment, without a call to Xero.

    It compares with what was imported: what changed in Xero since then is not foretold.

    Args:
        batch_ids: the ticked batches, in any order; they go in the fixed order (R76).
        public_url: address of this installation, for the back links.
        only: the ids of the documents that are meant; None where all of the batches are.
    """
    batches = in_order(batch_ids)
    connections = connections_of(batches)
    refused = refusals(batches, connections)
    may_go = [one for one in batches if one.id not in refused]
    seen = outlooks(may_go, connections, public_url, only)
    prepared = [one for outlook in seen for one in outlook.prepared]
    documents: dict[int, list[DocumentPreflight]] = {batch.id: [] for batch in batches}
    for one in prepared:
        documents[one.document.batch_id].append(_told(one))
    return Preflight(
        batches=tuple(
            BatchPreflight(
                batch.id,
                batch.number,
                batch.batch_type,
                batch.fin_co.code,
                refused.get(batch.id),
                tuple(documents[batch.id]),
            )
            for batch in batches
        ),
        requests=sum(_requests(outlook) for outlook in seen),
        destinations=tuple(_destination(outlook, documents) for outlook in seen),
        confirmation=fingerprint(
            seen, [refused[batch.id] for batch in batches if batch.id in refused]
        ),
        records={one.document.uid: one for one in prepared},
    )


def _requests(outlook: Outlook) -> int:
    payloads = [payload for one in outlook.prepared for payload in one.payloads]
    return sum(1 for _ in requests_of(payloads))


def _told(prepared: Prepared) -> DocumentPreflight:
    document, outgoing = prepared.document, prepared.outgoing
    return DocumentPreflight(
        document=document.uid,
        kind=document.kind,
        number=document.number,
        record=outgoing.record,
        company=document.company.name if document.company else None,
        date=outgoing.date,
        due_date=outgoing.due_date,
        currency=document.currency_code,
        total=_total(prepared),
        held_back=_found(prepared, prepared.problems),
        noticed=_found(prepared, prepared.warnings),
    )


def _total(prepared: Prepared) -> Decimal:
    """What the document comes to; of a journal partly in Xero, what its missing parts do (R115)."""
    if prepared.document.kind is DocumentKind.JOURNAL and prepared.payloads:
        return total(payload.total for payload in prepared.payloads)
    return prepared.outgoing.total


def _found(prepared: Prepared, problems: Sequence[Problem]) -> tuple[Finding, ...]:
    return tuple(Finding(one, subject_of(one, prepared.document)) for one in problems)


def _affected(document: DocumentPreflight, finding: Finding) -> Affected:
    return Affected(document.document, document.record, document.currency, document.total, finding)


def _destination(
    outlook: Outlook, documents: Mapping[int, Sequence[DocumentPreflight]]
) -> Destination:
    mine = [one for batch in outlook.batches for one in documents[batch.id]]
    return Destination(
        fin_co_id=outlook.fin_co.id,
        fin_co=outlook.fin_co.code,
        organisation=outlook.connection.organisation_name,
        locks=outlook.facts.locks,
        read_at=outlook.connection.organisation_read_at,
        unchecked=tuple(_unchecked(outlook.facts)),
        totals=sums((one.currency, one.total) for one in mine if one.sent),
        follow_ups=outlook.follow_ups,
    )


def _unchecked(facts: Facts) -> Iterator[str]:
    if facts.chart is None:
        yield "GL accounts"
    if facts.tax_rates is None:
        yield "tax rates"
    if facts.categories is None:
        yield "tracking categories"
    if facts.currencies is None:
        yield "currencies"
