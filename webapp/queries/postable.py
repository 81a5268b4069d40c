"""Which documents have anything to post: of a journal of zero lines nothing ever goes to Xero."""

from decimal import Decimal

import sqlalchemy as sa

from webapp.domain.documents import DocumentKind
from webapp.models import Document, DocumentLine

HALF_A_CENT = Decimal("0.005")
"""From here on a line rounds to an amount (R99)."""


def has_something_to_post() -> sa.ColumnElement[bool]:
    """The condition that a document has something for Xero. Only journals can have nothing."""
    return sa.or_(
        Document.kind != DocumentKind.JOURNAL,
        sa.exists().where(
            DocumentLine.document_id == Document.id,
            sa.or_(
                DocumentLine.value_ex_gst >= HALF_A_CENT,
                DocumentLine.value_ex_gst <= -HALF_A_CENT,
            ),
        ),
    )
