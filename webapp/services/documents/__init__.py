"""Entering, editing, approving and deleting the documents of open batches."""

from webapp.services.documents.approving import approve, approve_all, unapprove
from webapp.services.documents.attaching import attach, detach
from webapp.services.documents.editing import delete_document, edit_document
from webapp.services.documents.entering import Entered, enter_batch, enter_documents
from webapp.services.documents.refused import Refused
from webapp.services.documents.trying import Reckoned, findings_of, reckon, refusal

__all__ = [
    "Entered",
    "Reckoned",
    "Refused",
    "approve",
    "approve_all",
    "attach",
    "delete_document",
    "detach",
    "edit_document",
    "enter_batch",
    "enter_documents",
    "findings_of",
    "reckon",
    "refusal",
    "unapprove",
]
