"""API Tokens: made, shown once, revoked."""

import datetime as dt

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import API_RIGHTS, Permission
from webapp.queries import viewers
from webapp.queries.api_tokens import api_tokens
from webapp.services.api_tokens import Made, make_token, revoke_token
from webapp.services.errors import ServiceError
from webapp.web.notices import Notice, say
from webapp.web.security import requires, viewer

UNPROCESSABLE = 422
blueprint = Blueprint("tokens", __name__, url_prefix="/administration/api-tokens")


@blueprint.get("")
@requires(Permission.MANAGE_TOKENS)
def page() -> ResponseReturnValue:
    """The tokens there are, and a form for a new one."""
    return _page()


@blueprint.post("")
@requires(Permission.MANAGE_TOKENS)
def make() -> ResponseReturnValue:
    """Make a token and show it: this once, on this page, and never in an address."""
    name = request.form.get("name", "")
    try:
        made = make_token(
            name=name,
            fin_co_codes=request.form.getlist("fin_co"),
            rights=[right for right in API_RIGHTS if right.value in request.form.getlist("right")],
            expires_at=_end_of(request.form.get("expires", "")),
            user_id=viewer().user_id,
            source=request.remote_addr or "",
            now=current_deps().clock(),
        )
    except (ServiceError, ValueError) as error:
        refused = (
            Notice.refused(error)
            if isinstance(error, ServiceError)
            else Notice("danger", "That is no day.", "Give it as year, month and day.")
        )
        return make_response(_page(refused=refused), UNPROCESSABLE)
    return _page(made=made, name=name)


@blueprint.get("/<int:token_id>/revoke")
@requires(Permission.MANAGE_TOKENS)
def ask(token_id: int) -> ResponseReturnValue:
    """Say what ends with a token before it is ended for good."""
    token = next((one for one in api_tokens() if one.id == token_id), None)
    if token is None:
        abort(404)
    return render_template("tokens/revoke.html", token=token)


@blueprint.post("/<int:token_id>/revoke")
@requires(Permission.MANAGE_TOKENS)
def revoke(token_id: int) -> ResponseReturnValue:
    """End a token at once."""
    name = revoke_token(
        token_id,
        user_id=viewer().user_id,
        source=request.remote_addr or "",
        now=current_deps().clock(),
    )
    say(Notice("success", f"The token {name} is revoked.", "What used it is refused from now on."))
    return redirect(url_for("tokens.page"), 303)


def _page(
    *, made: Made | None = None, name: str = "", refused: Notice | None = None
) -> ResponseReturnValue:
    return render_template(
        "tokens/page.html",
        tokens=api_tokens(),
        now=current_deps().clock(),
        made=made,
        name=name,
        refused=refused,
        choices=viewers.visible_fin_cos(viewer()),
        rights=API_RIGHTS,
        given=request.form,
    )


def _end_of(day: str) -> dt.datetime | None:
    """The end of a calendar day, in UTC; None where none was given."""
    if not day:
        return None
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time.max, dt.UTC)
