"""Documents: get, change, approve, delete."""

from http import HTTPStatus
from typing import Any

from flask import Response

from webapp.api.guard import caller
from webapp.api.operations import blueprint, operation
from webapp.api.preconditions import seen, tagged
from webapp.api.schemas.documents import DocumentAnswer, DocumentBody, given
from webapp.api.trail import trail
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.api.documents import DocumentRow, document
from webapp.services import documents as services
from webapp.services.errors import NotFound

part = blueprint("documents", "Documents of batches. They can be changed while theirs is open.")


def document_or_404(uid: str) -> DocumentRow:
    """The document of that mark.

    Raises:
        NotFound: there is none for this token.
    """
    found = document(caller().viewer, uid)
    if found is None:
        raise NotFound("There is no such document for this token.", "Check its uid.")
    return found


@operation(part, "GET", "/documents/<uid>", needs=Permission.VIEW, answer=DocumentAnswer,
           tagged=True)  # fmt: skip
def get_document(uid: str) -> Any:
    """One document with its lines."""
    return tagged(document_or_404(uid))


@operation(part, "PUT", "/documents/<uid>", needs=Permission.LOAD_DOCUMENTS, body=DocumentBody,
           answer=DocumentAnswer, tagged=True)  # fmt: skip
def replace_document(body: dict[str, Any], uid: str) -> Any:
    """The document as it was sent; ``approved`` changes nothing here."""
    before = document_or_404(uid)
    services.edit_document(uid, given(body), seen=seen(before), trail=trail())
    return tagged(document_or_404(uid))


@operation(part, "DELETE", "/documents/<uid>", needs=Permission.LOAD_DOCUMENTS,
           status=HTTPStatus.NO_CONTENT, tagged=True)  # fmt: skip
def delete_document(uid: str) -> Any:
    """Nothing: the document is gone, with its lines and files."""
    before = document_or_404(uid)
    services.delete_document(uid, seen=seen(before), trail=trail())
    return Response(status=HTTPStatus.NO_CONTENT)


@operation(part, "POST", "/documents/<uid>/approve", needs=Permission.LOAD_DOCUMENTS,
           answer=DocumentAnswer, tagged=True)  # fmt: skip
def approve_document(uid: str) -> Any:
    """The document, approved."""
    before = document_or_404(uid)
    services.approve(
        uid, user_id=None, now=current_deps().clock(), seen=seen(before), trail=trail()
    )
    return tagged(document_or_404(uid))


@operation(part, "POST", "/documents/<uid>/unapprove", needs=Permission.LOAD_DOCUMENTS,
           answer=DocumentAnswer, tagged=True)  # fmt: skip
def unapprove_document(uid: str) -> Any:
    """The document, no longer approved."""
    before = document_or_404(uid)
    services.unapprove(
        uid, user_id=None, now=current_deps().clock(), seen=seen(before), trail=trail()
    )
    return tagged(document_or_404(uid))
