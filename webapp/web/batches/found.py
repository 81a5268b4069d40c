"""The batch of an address, and what every page of it shows at its head."""

from typing import Any

from flask import abort

from webapp.domain.entry.kinds import kinds_of
from webapp.queries import batch_details
from webapp.queries.batch_details import BatchDetails
from webapp.queries.batch_documents import fates
from webapp.queries.batch_totals import batch_totals
from webapp.queries.documents.batches import needs
from webapp.services.documents import refusal
from webapp.web.security import viewer

PAGES = (
    ("batches.details", "Documents"),
    ("batch_reports.lines", "Lines"),
    ("batch_reports.gl_analysis", "GL analysis"),
    ("batch_reports.tax", "Tax summary"),
    ("batch_reports.history", "History"),
)
"""The pages of a batch, by endpoint."""


def batch_or_404(number: str) -> BatchDetails:
    """The batch, if this person may see it; a foreign one does not exist for them."""
    found = batch_details.batch_details(viewer(), number)
    if found is None:
        abort(404)
    return found


def head(batch: BatchDetails) -> dict[str, Any]:
    """What the templates of a batch's pages are given."""
    return {
        "batch": batch,
        "fates": fates(batch.id),
        "totals": batch_totals([batch.id]).get(batch.id, ()),
        "kinds": kinds_of(batch.batch_type),
        "refused": refusal(batch.id) if batch.is_open else None,
        "needs": needs(batch.id, batch.batch_type) if batch.is_open else None,
        "pages_of_batch": PAGES,
    }
