"""Approving documents, taking approval back, and deleting: asked once more, then done."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.queries.documents.batches import EntryBatch, batch_of, entry_batch, needs
from webapp.queries.documents.kept import KeptDocument, kept
from webapp.services import documents as services
from webapp.services.errors import ChangedMeanwhile, ServiceError
from webapp.web.integration.recording import trail
from webapp.web.notices import Notice, say
from webapp.web.security import requires, viewer

blueprint = Blueprint("deciding", __name__)


@dataclass(frozen=True)
class Decision:
    """Something that is done to a document after it was asked once more.

    Attributes:
        asks: the heading, and what the button says.
        hint: what becomes of it.
        done: what is said when it was done.
        do: does it; given the mark and the fingerprint of the document.
    """

    asks: str
    hint: str
    done: str
    do: Callable[[str, str], None]


def _approve(uid: str, seen: str) -> None:
    by = trail()
    services.approve(uid, user_id=by.user_id, now=by.at, seen=seen, trail=by)


def _unapprove(uid: str, seen: str) -> None:
    by = trail()
    services.unapprove(uid, user_id=by.user_id, now=by.at, seen=seen, trail=by)


def _delete(uid: str, seen: str) -> None:
    services.delete_document(uid, seen=seen, trail=trail())


DECISIONS = {
    "approve": Decision(
        "Approve",
        "Once all its documents are approved, the batch can be closed. An approved document can "
        "be changed again after its approval is taken back.",
        "is approved.",
        _approve,
    ),
    "unapprove": Decision(
        "Take back the approval of",
        "It can be changed then. The batch cannot be closed until it is approved again.",
        "is no longer approved.",
        _unapprove,
    ),
    "delete": Decision(
        "Delete",
        "It goes with its lines and its files, and does not come back.",
        "is deleted.",
        _delete,
    ),
}


@blueprint.get("/documents/<uid>/<any(approve, unapprove, delete):what>")
@requires(Permission.LOAD_DOCUMENTS)
def ask(uid: str, what: str) -> ResponseReturnValue:
    """Ask once more."""
    batch, document = _document(uid)
    refused = services.refusal(batch.id)
    if refused:
        say(Notice("warning", refused.message, refused.way_out))
        return redirect(url_for("batches.document", uid=uid), 303)
    return render_template(
        "documents/confirm.html",
        batch=batch,
        document=document,
        what=what,
        decision=DECISIONS[what],
    )


@blueprint.post("/documents/<uid>/<any(approve, unapprove, delete):what>")
@requires(Permission.LOAD_DOCUMENTS)
def decide(uid: str, what: str) -> ResponseReturnValue:
    """Do it, unless the document is no longer what the person was asked about."""
    batch, document = _document(uid)
    decision = DECISIONS[what]
    name = _name(document)
    here = url_for("batches.document", uid=uid)
    try:
        decision.do(uid, request.form.get("mark", ""))
    except ChangedMeanwhile:
        say(
            Notice(
                "warning",
                f"{name} was changed by somebody else meanwhile, so nothing was done.",
                "Look at it as it is now, then press the button again.",
            )
        )
        return redirect(here, 303)
    except ServiceError as error:
        say(Notice.refused(error))
        return redirect(here, 303)
    say(Notice("success", f"{name} {decision.done}"))
    gone = what == "delete"
    return redirect(url_for("batches.details", number=batch.number) if gone else here, 303)


@blueprint.get("/batches/<number>/approve")
@requires(Permission.LOAD_DOCUMENTS)
def ask_all(number: str) -> ResponseReturnValue:
    """Ask once more before everything in a batch is approved."""
    batch = _batch(number)
    refused = services.refusal(batch.id)
    if refused:
        say(Notice("warning", refused.message, refused.way_out))
        return redirect(url_for("batches.details", number=number), 303)
    return render_template(
        "documents/approve_all.html", batch=batch, needs=needs(batch.id, batch.batch_type)
    )


@blueprint.post("/batches/<number>/approve")
@requires(Permission.LOAD_DOCUMENTS)
def approve_all(number: str) -> ResponseReturnValue:
    """Approve every document of the batch that is not."""
    batch = _batch(number)
    by = trail()
    try:
        count = services.approve_all(batch.id, user_id=by.user_id, now=by.at, trail=by)
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        told = "1 document is" if count == 1 else f"{count} documents are"
        say(Notice("success", f"{told} approved.", "The batch can be closed now."))
    return redirect(url_for("batches.details", number=number), 303)


def _document(uid: str) -> tuple[EntryBatch, KeptDocument]:
    batch = batch_of(viewer(), uid)
    if batch is None:
        abort(404)
    return batch, kept(uid)


def _batch(number: str) -> EntryBatch:
    batch = entry_batch(viewer(), number=number)
    if batch is None:
        abort(404)
    return batch


def _name(document: KeptDocument) -> str:
    return f"{document.kind.value} {document.header['number']}"
