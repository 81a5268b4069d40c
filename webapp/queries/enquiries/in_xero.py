"""Where documents are in Xero, for many at once."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.db import db
from webapp.models import XeroConnection, XeroDocument
from webapp.queries.run_documents import XeroRecord


def records_of(document_ids: Sequence[int] | None = None) -> dict[int, XeroRecord]:
    """The record each of these documents became, or every one; the newest where there are more."""
    select = (
        sa.select(
            XeroDocument.document_id,
            XeroDocument.collection,
            XeroDocument.xero_type,
            XeroDocument.xero_id,
            XeroConnection.short_code,
        )
        .outerjoin(
            XeroConnection,
            sa.and_(
                XeroConnection.fin_co_id == XeroDocument.fin_co_id,
                XeroConnection.tenant_id == XeroDocument.tenant_id,
            ),
        )
        .order_by(XeroDocument.linked_at)
    )
    if document_ids is not None:
        select = select.where(XeroDocument.document_id.in_(document_ids))
    return {
        row.document_id: XeroRecord(row.collection, row.xero_type, row.xero_id, row.short_code)
        for row in db.session.execute(select)
    }
