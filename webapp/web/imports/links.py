"""The address that opens in Xero what an import left out."""

from webapp.deps import current_deps
from webapp.domain.runs import ImportKind
from webapp.xero.links import chart_link, contact_link, payment_link


def problem_link(short_code: str | None, kind: ImportKind, xero_id: str | None) -> str | None:
    """Where a record that an import left out can be seen; None where that is not known."""
    if not short_code or not xero_id:
        return None
    base = current_deps().xero.link_url
    match kind:
        case ImportKind.COMPANIES:
            return contact_link(short_code, xero_id, base)
        case ImportKind.JOB_RECEIPTS | ImportKind.PAYMENTS:
            return payment_link(short_code, xero_id, base)
        case ImportKind.GL_ACCOUNTS:
            return chart_link(short_code, base)
        case _:
            return None
