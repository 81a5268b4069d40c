"""All endpoints of the accounting API."""

from webapp.sandbox.endpoints import (
    attachments,
    batch_payments,
    contacts,
    documents,
    journals,
    payments,
    settings,
    tracking,
)
from webapp.sandbox.routing import Routes


def all_routes() -> Routes:
    """Give one table; what is more special comes first."""
    table = Routes()
    for module in (
        attachments, payments, batch_payments, settings, contacts, tracking, documents, journals,
    ):  # fmt: skip
        table.include(module.routes)
    return table
