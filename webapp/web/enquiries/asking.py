"""The button of a document that asks Xero how it stands there."""

from decimal import Decimal

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.document_details import document_details
from webapp.services.asking_xero import XeroSays, ask_xero
from webapp.services.errors import ServiceError
from webapp.web.formats import money, xero_status
from webapp.web.integration.recording import source
from webapp.web.notices import Notice, answer, refuse
from webapp.web.security import requires, viewer

blueprint = Blueprint("asking_document", __name__)


@blueprint.post("/documents/<uid>/ask-xero")
@requires(Permission.RUN_IMPORT)
def ask(uid: str) -> ResponseReturnValue:
    """Read this one document in Xero, and say what differs."""
    document = document_details(viewer(), uid)
    if document is None:
        abort(404)
    back = url_for("batches.document", uid=uid)
    deps = current_deps()
    try:
        says = ask_xero(
            deps.xero,
            document_id=document.id,
            user_id=viewer().user_id,
            source=source(),
            now=deps.clock(),
        )
    except ServiceError as error:
        return refuse(error, back)
    return answer(_told(says), back)


def _told(says: XeroSays) -> Notice:
    facts = [
        ("Status", xero_status(says.status)),
        ("Total", _amount(says.total, says.currency)),
        ("Amount due", _amount(says.amount_due, says.currency)),
        ("Amount paid", _amount(says.amount_paid, says.currency)),
    ]
    facts += [
        (f"Differs: {one.what}", f"{one.in_xero} in Xero, {one.here} here")
        for one in says.differences
    ]
    shown = tuple((label, value) for label, value in facts if value)
    if says.is_gone:
        message = f"It is {xero_status(says.status).lower()} in {says.organisation}."
        way_out = "Nothing is owed on it there. Ask whoever keeps the books whether that is right."
        return Notice("warning", message, way_out, facts=shown)
    if says.differences:
        named = " and ".join(one.what for one in says.differences)
        only_due = [one.what for one in says.differences] == ["Amount due"]
        way_out = (
            "Import, so that payments and credits of Xero are known here too."
            if only_due
            else "Somebody changed it in one of the two. Decide which is right."
        )
        return Notice(
            "warning", f"It is not the same in {says.organisation}: {named}.", way_out, facts=shown
        )
    return Notice("success", f"It is the same in {says.organisation}.", facts=shown)


def _amount(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{money(amount)} {currency}".strip()
