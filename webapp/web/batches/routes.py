"""Batch Details, and the documents in a batch."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.attachments import MEDIA_TYPES
from webapp.queries import follow_ups
from webapp.queries.api.attachments import attachments
from webapp.queries.batch_details import BatchDetails
from webapp.queries.batch_documents import Fate, documents
from webapp.queries.document_details import document_details
from webapp.queries.documents.batches import needs
from webapp.queries.enquiries.paid import RECEIVED_ON, money_on
from webapp.queries.paging import Page
from webapp.services.batches import close_batch, set_not_for_export
from webapp.services.documents import refusal
from webapp.services.errors import ServiceError
from webapp.web.batches.found import batch_or_404, head
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.exports.marking import MARKED
from webapp.web.integration.recording import trail
from webapp.web.links import xero_link
from webapp.web.notices import Notice, say
from webapp.web.security import requires, safe_next, viewer

blueprint = Blueprint("batches", __name__)


@blueprint.get("/batches/<number>")
@requires(Permission.VIEW)
def details(number: str) -> ResponseReturnValue:
    """One batch with its documents."""
    batch = batch_or_404(number)
    fate = reading.choice(request.args, "fate", Fate) or Fate.ANY
    shown = head(batch)
    page = Page(page_number(request.args), shown["fates"][fate])
    return render_template(
        "batches/page.html",
        **shown,
        rows=documents(batch.id, fate, page),
        page=page,
        fate_asked=fate,
        fate_choices=list(Fate),
        xero_link=xero_link,
    )


@blueprint.post("/batches/<number>/close")
@requires(Permission.CLOSE_BATCHES)
def close(number: str) -> ResponseReturnValue:
    """Close the batch and go back to where the button was."""
    batch = batch_or_404(number)
    try:
        close_batch(batch.id, user_id=viewer().user_id, now=current_deps().clock(), trail=trail())
    except ServiceError as error:
        say(Notice.refused(error, link=_needs_link(batch)))
    else:
        say(Notice("success", f"Batch {number} is closed.", "It can be exported now."))
    return redirect(safe_next(request.form.get("back") or _address(number)), 303)


@blueprint.post("/batches/<number>/not-for-export")
@requires(Permission.CLOSE_BATCHES)
def not_for_export(number: str) -> ResponseReturnValue:
    """Put the mark on, or take it off."""
    batch = batch_or_404(number)
    marked = request.form.get("marked", "")
    if marked not in MARKED:
        abort(422)
    try:
        set_not_for_export(batch.id, marked=MARKED[marked], trail=trail())
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        done = (
            "is marked Not For Export" if marked == "yes" else "may be exported again once closed"
        )
        say(Notice("success", f"Batch {number} {done}."))
    return redirect(_address(number), 303)


@blueprint.get("/documents/<uid>")
@requires(Permission.VIEW)
def document(uid: str) -> ResponseReturnValue:
    """One document. Its address is written into Xero, so it stays what it is for good."""
    found = document_details(viewer(), uid)
    if found is None:
        abort(404)
    return render_template(
        "batches/document.html",
        document=found,
        uid=uid,
        files=attachments(found.id),
        file_types=",".join(f".{ending}" for ending in MEDIA_TYPES),
        refused=refusal(found.batch_id),
        money=money_on(found),
        receives=found.kind in RECEIVED_ON,
        follow_ups=follow_ups.of_document(viewer(), found.id),
        now=current_deps().clock(),
        xero_link=xero_link,
    )


def _needs_link(batch: BatchDetails) -> tuple[str, str] | None:
    if not needs(batch.id, batch.batch_type).unapproved:
        return None
    address = url_for("batches.details", number=batch.number, _anchor="unapproved")
    return address, "The documents that are not approved"


def _address(number: str) -> str:
    return url_for("batches.details", number=number)
