"""The addresses that open a record in Xero."""

from typing import TYPE_CHECKING, cast

from webapp.deps import current_deps
from webapp.queries.run_documents import XeroRecord
from webapp.xero.links import contact_link, document_link

if TYPE_CHECKING:
    from webapp.xero.records import DocumentKind


def xero_link(record: XeroRecord | None) -> str | None:
    """Where the person can see it; None where it is not in Xero or Xero gave no short code."""
    if record is None or not record.short_code:
        return None
    return document_link(
        record.short_code,
        cast("DocumentKind", record.collection),
        record.xero_type,
        record.xero_id,
        current_deps().xero.link_url,
    )


def contact_address(short_code: str | None, contact_id: str) -> str | None:
    """Where the person can see a contact; None where Xero gave no short code."""
    if not short_code:
        return None
    return contact_link(short_code, contact_id, current_deps().xero.link_url)
