"""Job Receipts and Payments: one pass over the organisation's payments (R51 to R63)."""

from collections.abc import Mapping

from webapp.domain.runs import ImportKind
from webapp.services.imports.recording import KindLog
from webapp.services.imports.source import Source


def import_payments(source: Source, logs: Mapping[ImportKind, KindLog]) -> None:
    """Go through what was paid since the last import."""
    for page in source.client.payments(source.modified_since):
        for payment in page.records:
            for log in logs.values():
                log.saw(payment.updated_at)
