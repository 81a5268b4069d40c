"""Which invoices of a file are there already: the same, or the same number with other lines."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.domain.ingest.grouping import Draft
from webapp.models import Batch, Document, DocumentLine
from webapp.services.loading.lookup import parts

_KINDS = (DocumentKind.AP_INVOICE, DocumentKind.AP_CREDIT, DocumentKind.SUB_CLAIM)
"""The kinds among which a supplier's number is unique."""


@dataclass
class Entered:
    """A document that is there. Two lines are the same by their reference and value."""

    batch: str
    value: Decimal
    lines: Counter[tuple[str, Decimal]] = field(default_factory=Counter)

    def is_same_as(self, draft: Draft) -> bool:
        """Whether it holds the lines of the file; how they were coded since does not count."""
        return self.lines == Counter((line.reference, line.value) for line in draft.lines)


def entered(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Entered]:
    """Find the documents with these suppliers and numbers."""
    found: dict[tuple[int, str], Entered] = {}
    by_id: dict[int, Entered] = {}
    for asked in parts(keys):
        rows = db.session.execute(
            sa.select(
                Document.id,
                Document.company_id,
                Document.number,
                Document.value_ex_gst,
                Batch.number,
            )
            .join(Document.batch)
            .where(
                Document.kind.in_(_KINDS),
                sa.tuple_(Document.company_id, Document.number).in_(asked),
            )
        )
        for document_id, company_id, number, value, batch in rows:
            if company_id is not None:
                by_id[document_id] = found[company_id, number] = Entered(batch, value)
    for part in parts(by_id):
        lines = db.session.execute(
            sa.select(
                DocumentLine.document_id, DocumentLine.source_reference, DocumentLine.value_ex_gst
            ).where(DocumentLine.document_id.in_(part))
        )
        for document_id, reference, value in lines:
            by_id[document_id].lines[reference or "", value] += 1
    return found
