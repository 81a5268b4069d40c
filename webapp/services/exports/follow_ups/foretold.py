"""What would follow an export's documents to Xero, as the settings stand now."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.domain.follow_ups import OF_PAYABLES, OF_RECEIVABLES, file_refusal, names_in_xero
from webapp.domain.problems import Problem
from webapp.models import Attachment, Batch, Document, FinCo, XeroSettings
from webapp.services.exports.follow_ups.plan import files_go
from webapp.services.exports.prepare import Prepared


class RefusedFile(NamedTuple):
    """A file that Xero would not take: it stays here, and its document goes all the same."""

    record: str
    code: str
    reason: str
    """The end of a sentence about it."""
    way_out: str

    @property
    def problem(self) -> Problem:
        """The same as everything that is wrong is told."""
        return Problem(
            code=self.code,
            record=self.record,
            message=f"{self.record} would not be sent: {self.reason}",
            way_out=self.way_out,
        )


@dataclass(frozen=True)
class Foretold:
    """The files and notes behind the documents that would be sent."""

    files: int
    """How many files would go (R107, R108)."""
    documents: int
    """Of how many documents they are."""
    refused: tuple[RefusedFile, ...]
    """The files that Xero would not take, and why (R109)."""
    unticked: int
    """How many files stay here, for their box on the Xero Integration screen is not ticked."""
    notes: int
    """How many History notes would be written: one on each record (C12.3)."""
    withheld: bool
    """Files wait, for the connection was not given the permission for them (C4.2)."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files that Xero would not take."""
        return tuple(file.problem for file in self.refused)


def foretell(
    fin_co: FinCo, batches: Sequence[Batch], prepared: Sequence[Prepared], *, withheld: bool
) -> Foretold:
    """Say what would follow the documents of a FinCo. Two statements, however many there are.

    Args:
        fin_co: whose documents they are.
        batches: which of its batches go.
        prepared: what would become of their documents.
        withheld: whether the connection lacks the permission for files.
    """
    settings = db.session.get(XeroSettings, fin_co.id) or XeroSettings(fin_co_id=fin_co.id)
    files = _files(batches)
    going = [one for one in prepared if one.payloads]
    sent, documents, unticked = 0, 0, 0
    refused: list[RefusedFile] = []
    for one in going:
        mine = files.get(one.document.id, [])
        if not files_go(settings, one.document.kind):
            # A journal's files never go, whatever is ticked.
            unticked += len(mine) if one.document.kind in OF_PAYABLES | OF_RECEIVABLES else 0
            continue
        found = _refused(one, mine)
        refused += found
        sent += len(mine) - len(found)
        documents += len(found) < len(mine)
    return Foretold(
        files=sent,
        documents=documents,
        refused=tuple(refused),
        unticked=unticked,
        notes=sum(len(one.payloads) for one in going) if settings.add_history_notes else 0,
        withheld=withheld and sent > 0,
    )


def _files(batches: Sequence[Batch]) -> Mapping[int, list[tuple[str, int]]]:
    """Name and size of the files of unsent documents, in the order in which they would go."""
    rows = db.session.execute(
        sa.select(Attachment.document_id, Attachment.file_name, Attachment.size)
        .join(Document, Document.id == Attachment.document_id)
        .where(
            Document.batch_id.in_([batch.id for batch in batches]),
            Document.status != DocumentStatus.UPDATED,
        )
        .order_by(Attachment.document_id, Attachment.added_at, Attachment.id)
    )
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for document_id, name, size in rows:
        found[document_id].append((name, size))
    return found


def _refused(prepared: Prepared, files: Sequence[tuple[str, int]]) -> list[RefusedFile]:
    names = names_in_xero(name for name, _ in files)
    found = []
    for place, (name, (_, size)) in enumerate(zip(names, files, strict=True), start=1):
        refusal = file_refusal(file_name=name, size=size, place=place)
        if refusal is not None:
            found.append(RefusedFile(f"{name} of {prepared.outgoing.record}", *refusal))
    return found
