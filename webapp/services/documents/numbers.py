"""Numbers of documents: a supplier's are its own, ours are unique in a FinCo."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.findings import Finding, Findings, Path
from webapp.domain.entry.given import DocumentGiven
from webapp.domain.entry.kinds import CREDITED_BY, PAYABLES, SALES
from webapp.domain.entry.ready import ReadyDocument
from webapp.models import Batch, Document
from webapp.services.among import among

_LONGEST_OF_OURS = 10
"""Digits; longer ones are somebody else's references (workbench 2.11)."""
Key = tuple[frozenset[DocumentKind], int, str]
"""The kinds among which a number is unique, whose number it is, and the number without regard to
capitals: an invoice typed once as INV-7 and once as inv-7 would be paid twice."""


@dataclass(frozen=True)
class There:
    """A document that has the number already."""

    id: int
    kind: DocumentKind
    number: str
    batch: str


@dataclass
class Numbers:
    """Which numbers of a FinCo are in use; numbers given in one request use each other's up."""

    fin_co_id: int
    there: Mapping[Key, There]

    @classmethod
    def of(cls, fin_co_id: int, documents: Sequence[ReadyDocument]) -> "Numbers":
        """Look up the numbers these documents have, and those they say they apply to."""
        asked = {number for one in documents for number in (one.given.number, one.given.applies_to)}
        there: dict[Key, There] = {}
        ways = {way for number in asked if number for way in _ways_to_write(number)}
        # The batches are asked for apart: joined to them, SQLite would rather go through all
        # documents of the FinCo than look the numbers up.
        rows = db.session.execute(
            sa.select(
                Document.id,
                Document.kind,
                Document.number,
                Document.batch_id,
                Document.company_id,
            ).where(among(Document.number, ways), Document.kind != DocumentKind.JOURNAL)
        ).all()
        batches = {
            row.id: row.number
            for row in db.session.execute(
                sa.select(Batch.id, Batch.number).where(
                    among(Batch.id, {row.batch_id for row in rows}), Batch.fin_co_id == fin_co_id
                )
            )
        }
        for document_id, kind, number, batch_id, company_id in rows:
            key = _key(kind, number, company_id, fin_co_id)
            if key is not None and batch_id in batches:
                there[key] = There(document_id, kind, number, batches[batch_id])
        return cls(fin_co_id, there)

    def holder(self, ready: ReadyDocument) -> There | None:
        """What has the number of this document already."""
        given = ready.given
        key = _key(given.kind, given.number, ready.company_id, self.fin_co_id)
        return self.there.get(key) if key else None

    def taken(
        self, documents: Sequence[tuple[Path, ReadyDocument]], *, but: int | None = None
    ) -> list[Finding]:
        """Tell of each document whose number is in use, naming what uses it (workbench 2.11).

        Args:
            documents: each with its place in what was given.
            but: a document that may keep its own number.
        """
        found: list[Finding] = []
        first: dict[Key, Path] = {}
        for at, ready in documents:
            given = ready.given
            key = _key(given.kind, given.number, ready.company_id, self.fin_co_id)
            if key is None:
                continue
            findings = Findings(given.record, at)
            other = self.there.get(key)
            if other is not None and other.id != but:
                findings.add(
                    ("number",),
                    "number-in-use",
                    f"{other.kind.value} {other.number} of the same "
                    f"{'FinCo' if given.kind in SALES else 'supplier'} is already in batch "
                    f"{other.batch}.",
                    "Give another number, or leave the document out: it is there already.",
                )
            elif key in first:
                findings.add(
                    ("number",),
                    "number-given-twice",
                    f"{given.record} is given twice.",
                    "Leave one of the two out, or give it another number.",
                )
            first.setdefault(key, at)
            found += findings.found
        return found

    def applied(
        self, documents: Iterable[tuple[Path, ReadyDocument]]
    ) -> tuple[dict[Path, int], list[Finding]]:
        """The invoice each credit is for, by the credit's place, and those not to be found."""
        ids: dict[Path, int] = {}
        found: list[Finding] = []
        for at, ready in documents:
            given = ready.given
            if given.applies_to is None:
                continue
            invoice = CREDITED_BY[given.kind]
            key = _key(invoice, given.applies_to, ready.company_id, self.fin_co_id)
            other = self.there.get(key) if key else None
            if other is not None and other.kind is invoice:
                ids[at] = other.id
                continue
            findings = Findings(given.record, at)
            findings.add(
                ("applies_to",),
                "unknown-invoice",
                f"There is no {invoice.value} {given.applies_to} that it could be applied to.",
                "Correct the number, or enter the invoice first.",
            )
            found += findings.found
        return ids, found


def numbered(fin_co_id: int, documents: Sequence[DocumentGiven]) -> list[DocumentGiven]:
    """Give the sales documents that came without a number the next ones (workbench 2.14).

    The next is one more than the highest of the FinCo's sales numbers that is made of digits
    alone. Runs while the FinCo is held, so that nobody else takes the same.
    """
    if all(one.number for one in documents):
        return list(documents)
    highest = db.session.scalar(
        sa.select(Document.number)
        .join(Document.batch)
        .where(
            Batch.fin_co_id == fin_co_id,
            Document.kind.in_(sorted(SALES)),
            Document.number.regexp_match(f"^[0-9]{{1,{_LONGEST_OF_OURS}}}$"),
        )
        .order_by(sa.func.length(Document.number).desc(), Document.number.desc())
        .limit(1)
    )
    given = {one.number for one in documents}
    last, width = int(highest or 0), len(highest or "")
    found: list[DocumentGiven] = []
    for one in documents:
        number = one.number
        while not number and one.kind in SALES:
            last += 1
            candidate = f"{last:0{width}d}" if width else str(last)
            number = candidate if candidate not in given else ""
        found.append(one._replace(number=number))
    return found


def _key(kind: DocumentKind, number: str, company_id: int | None, fin_co_id: int) -> Key | None:
    if kind in SALES:
        return SALES, fin_co_id, number.casefold()
    if kind in PAYABLES and company_id is not None:
        return PAYABLES, company_id, number.casefold()
    return None


def _ways_to_write(number: str) -> set[str]:
    """The capitals people and systems use; each is found by the index, which knows them apart."""
    return {number, number.upper(), number.lower(), number.capitalize(), number.title()}
