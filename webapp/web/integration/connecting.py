"""The way to Xero's consent page and back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.services.connections import (
    NameNotTyped,
    authorization_address,
    cancel_pending,
    confirm_connection,
    current_connection,
    pending_for,
    receive_consent,
)
from webapp.services.errors import ServiceError
from webapp.web.integration.consent import Consent, begin, finish
from webapp.web.integration.recording import note
from webapp.web.integration.view import SCREEN, Typed, address, show
from webapp.web.notices import Notice, answer, refuse, say
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("connecting", __name__)

UNAVAILABLE = Notice(
    "warning",
    "Connecting does not work just now: a part of Workbench does not answer.",
    "Wait a minute and press Connect to Xero again.",
)
DECLINED = "access_denied"


@blueprint.post(f"{SCREEN}/<code>/connect")
@requires(Permission.CONFIGURE)
def connect(code: str) -> ResponseReturnValue:
    """Send the person to Xero's consent page, with a state that comes back once (R16).

    Payroll is asked for only where that is ticked (R9, C4.1).
    """
    fin_co_or_404(code)
    deps = current_deps()
    try:
        state = begin(deps.redis, Consent(viewer().user_id, code))
    except RedisError:
        return answer(UNAVAILABLE, address(code), 503)
    with_payroll = "payroll" in request.form
    return redirect(authorization_address(deps.xero, state, with_payroll=with_payroll), 303)


@blueprint.get("/xero/callback")
@requires(Permission.CONFIGURE)
def callback() -> ResponseReturnValue:
    """Take the answer of the consent page and ask the person whether it is the right one.

    Whatever went wrong, the connection there was before stays (R19), and the address with the
    code in it does not stay in the browser.
    """
    deps = current_deps()
    refusal = request.args.get("error")
    code = request.args.get("code")
    try:
        consent = finish(deps.redis, request.args.get("state", ""), viewer().user_id)
    except RedisError:
        say(UNAVAILABLE)
        return redirect(url_for("integration.screen"))
    if consent is None:
        return render_template("integration/bad_state.html"), 400
    fin_co = fin_co_or_404(consent.fin_co_code)
    if refusal or not code:
        say(_not_connected(fin_co.code, declined=refusal == DECLINED))
        return redirect(address(fin_co.code))
    try:
        pending = receive_consent(
            deps.xero,
            fin_co_id=fin_co.id,
            user_id=viewer().user_id,
            code=code,
            now=deps.clock(),
        )
    except ServiceError as error:
        say(Notice.refused(error))
        return redirect(address(fin_co.code))
    note("connect", fin_co.id, {"organisation_chosen": pending.organisation_name})
    return redirect(address(fin_co.code, anchor="confirm"))


@blueprint.post(f"{SCREEN}/<code>/confirm")
@requires(Permission.CONFIGURE)
def confirm(code: str) -> ResponseReturnValue:
    """Make the connection, now that the person has seen which organisation it is (C1.7)."""
    fin_co = fin_co_or_404(code)
    deps = current_deps()
    present = current_connection(fin_co.id)
    before = present.organisation_name if present else None
    typed = request.form.get("organisation", "")
    try:
        connection = confirm_connection(
            deps.xero,
            fin_co_id=fin_co.id,
            user_id=viewer().user_id,
            typed_name=typed,
            tenant_id=request.form.get("tenant_id", ""),
            now=deps.clock(),
        )
    except NameNotTyped as error:
        return show(fin_co, typed=Typed(typed, f"{error.message} {error.way_out}")), 422
    except ServiceError as error:
        return refuse(error, address(code))
    name = connection.organisation_name
    note("confirm", fin_co.id, {"organisation": [before, name]})
    say(Notice("success", f"FinCo {code} is connected to {name}.", "Press Test, then Import."))
    return redirect(address(code), 303)


@blueprint.post(f"{SCREEN}/<code>/cancel")
@requires(Permission.CONFIGURE)
def cancel(code: str) -> ResponseReturnValue:
    """Give a consent up that is not wanted; the connection there is stays."""
    fin_co = fin_co_or_404(code)
    deps = current_deps()
    pending = pending_for(fin_co.id)
    if pending is None:
        return redirect(address(code), 303)
    name = pending.organisation_name
    try:
        cancel_pending(deps.xero, fin_co_id=fin_co.id, now=deps.clock())
    except ServiceError as error:
        return refuse(error, address(code))
    note("cancel", fin_co.id, {"organisation_chosen": name})
    say(Notice("info", f"{name} was not connected to FinCo {code}.", "Nothing changed."))
    return redirect(address(code), 303)


def _not_connected(code: str, *, declined: bool) -> Notice:
    why = "the consent page was cancelled" if declined else "Xero did not give its consent"
    return Notice(
        "info",
        f"FinCo {code} was not connected: {why}.",
        "Nothing changed. Press Connect to Xero to try again.",
    )
