"""Keeps people from writing over what they have not seen."""

from webapp.models import Document
from webapp.queries.documents.kept import kept
from webapp.services.errors import ChangedMeanwhile


def refuse_changed(document: Document, seen: str | None) -> None:
    """Raise ChangedMeanwhile unless the document is still as somebody saw it.

    Args:
        document: held, so that nobody changes it until the transaction ends.
        seen: the fingerprint of ``queries.documents.kept``; None where nobody looked at it.
    """
    if seen is not None and kept(document.uid).mark != seen:
        raise ChangedMeanwhile(
            f"{document.kind.value} {document.number} was changed by somebody else while you had "
            "it open, so nothing was saved yet.",
            "What is kept now stands beside what you typed. Keep or correct yours, then press "
            "Save again.",
        )
