"""The way to Xero's consent page and back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.services.connections import authorization_address, complete_connect
from webapp.services.errors import ServiceError
from webapp.web.integration.consent import Consent, begin, finish
from webapp.web.integration.routes import SCREEN, address
from webapp.web.notices import Notice, answer, say
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
    """Send the person to Xero's consent page, with a state that comes back once (R16)."""
    fin_co_or_404(code)
    deps = current_deps()
    try:
        state = begin(deps.redis, Consent(viewer().user_id, code))
    except RedisError:
        return answer(UNAVAILABLE, address(code), 503)
    return redirect(authorization_address(deps.xero, state), 303)


@blueprint.get("/xero/callback")
@requires(Permission.CONFIGURE)
def callback() -> ResponseReturnValue:
    """Take the answer of the consent page and go back to the FinCo it was for.

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
        connection = complete_connect(
            deps.xero,
            fin_co_id=fin_co.id,
            user_id=viewer().user_id,
            code=code,
            now=deps.clock(),
        )
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        say(
            Notice(
                "success",
                f"FinCo {fin_co.code} is connected to {connection.organisation_name}.",
                "Check that this is the organisation you meant, then press Import.",
            )
        )
    return redirect(address(fin_co.code))


def _not_connected(code: str, *, declined: bool) -> Notice:
    why = "the consent page was cancelled" if declined else "Xero did not give its consent"
    return Notice(
        "info",
        f"FinCo {code} was not connected: {why}.",
        "Nothing changed. Press Connect to Xero to try again.",
    )
