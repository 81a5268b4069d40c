"""The files of a document: up to ten, of the sizes and types that Xero takes."""

from http import HTTPStatus
from typing import Any

from flask import Response, request

from webapp.api.documents import document_or_404
from webapp.api.operations import blueprint, operation
from webapp.api.schemas.attachments import AttachmentsAnswer
from webapp.api.trail import trail
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.api.attachments import attachments, content
from webapp.services.documents import attach, detach
from webapp.services.errors import NotFound

BYTES = "application/octet-stream"
part = blueprint("attachments", "Files of documents.")


@operation(part, "GET", "/documents/<uid>/attachments", needs=Permission.VIEW,
           answer=AttachmentsAnswer)  # fmt: skip
def list_attachments(uid: str) -> Any:
    """All files of a document."""
    return {"items": attachments(document_or_404(uid).id)}


@operation(part, "PUT", "/documents/<uid>/attachments/<file_name>",
           needs=Permission.LOAD_DOCUMENTS, answer=AttachmentsAnswer,
           refuses=(HTTPStatus.REQUEST_ENTITY_TOO_LARGE,),
           requestBody={
               "required": True,
               "description": "The file's bytes, up to 10 MB. Its type follows from its name.",
               "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
           })  # fmt: skip
def put_attachment(uid: str, file_name: str) -> Any:
    """All files of the document, this one among them; one of the same name is replaced."""
    document_or_404(uid)
    attach(uid, file_name, request.get_data(), now=current_deps().clock(), trail=trail())
    return {"items": attachments(document_or_404(uid).id)}


@operation(part, "GET", "/documents/<uid>/attachments/<file_name>", needs=Permission.VIEW,
           content_type=BYTES)  # fmt: skip
def get_attachment(uid: str, file_name: str) -> Any:
    """The file's bytes."""
    found = content(document_or_404(uid).id, file_name)
    if found is None:
        raise NotFound(f"There is no file {file_name} on it.", "Look at the list of files.")
    # Never under its own type: a browser that is led here shows nothing of it.
    response = Response(found, mimetype=BYTES)
    response.headers.set("Content-Disposition", "attachment", filename=file_name)
    return response


@operation(part, "DELETE", "/documents/<uid>/attachments/<file_name>",
           needs=Permission.LOAD_DOCUMENTS, status=HTTPStatus.NO_CONTENT)  # fmt: skip
def delete_attachment(uid: str, file_name: str) -> Any:
    """Nothing: the file is gone."""
    document_or_404(uid)
    detach(uid, file_name, trail=trail())
    return Response(status=HTTPStatus.NO_CONTENT)
