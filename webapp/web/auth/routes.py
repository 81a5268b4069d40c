from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from redis.exceptions import RedisError

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.services import sign_in as signing
from webapp.services import users
from webapp.services.errors import ServiceError
from webapp.web.auth.forms import ChangePasswordForm, OwnPasswordForm, SignInForm
from webapp.web.integration.recording import trail
from webapp.web.notices import Notice, say
from webapp.web.security import Person, requires, safe_next, viewer, viewer_or_none
from webapp.web.throttle import SignInThrottle

blueprint = Blueprint("auth", __name__)

WRONG = Notice("danger", "Name or password is wrong.", "Check both and try again.")
TOO_MANY = Notice("danger", "Too many attempts with this name.", "Wait 15 minutes, then try again.")
UNAVAILABLE = Notice(
    "warning",
    "Passwords cannot be checked just now: a part of Workbench does not answer.",
    "Wait a minute and try again. Nothing is wrong with your password.",
)


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The sign-in page; who is signed in already goes on."""
    if viewer_or_none():
        return redirect(safe_next(request.args.get("next")))
    return _page(SignInForm(), 200)


@blueprint.post("/sign-in")
def sign_in_submit() -> ResponseReturnValue:
    """Check name and password and begin a session."""
    form = SignInForm(request.form)
    if not form.validate():
        return _page(form, 422)
    deps = current_deps()
    name = form.name.data or ""
    throttle = SignInThrottle(deps.redis, name, request.remote_addr or "")
    try:
        if not throttle.admit():
            return _page(form, 429, TOO_MANY)
        found = signing.sign_in(name, form.password.data or "", now=deps.clock())
        if found is None:
            return _page(form, 422, WRONG)
        throttle.forget()
    except RedisError:
        return _page(form, 503, UNAVAILABLE)
    person = viewers.viewer(*found)
    if person is None:
        return _page(form, 422, WRONG)
    # A session that somebody else may have planted is not carried on.
    session.clear()
    login_user(Person(person))
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.get("/password")
@requires(Permission.VIEW)
def password() -> ResponseReturnValue:
    """Ask for a password of one's own, in place of the given one or of the last."""
    return _own_page(_own_form(), 200)


@blueprint.post("/password")
@requires(Permission.VIEW)
def choose_password() -> ResponseReturnValue:
    """Keep the person's own password and let them go on where they wanted to."""
    form = _own_form()
    if not form.validate():
        return _own_page(form, 422)
    throttle = SignInThrottle(current_deps().redis, viewer().name, request.remote_addr or "")
    try:
        if not throttle.admit():
            return _own_page(form, 429, TOO_MANY)
        present = form.present.data if isinstance(form, ChangePasswordForm) else None
        key = users.choose_password(
            viewer().user_id, form.password.data or "", trail(), present=present
        )
        throttle.forget()
    except RedisError:
        return _own_page(form, 503, UNAVAILABLE)
    except ServiceError as error:
        return _own_page(form, 422, Notice.refused(error))
    person = viewers.viewer(viewer().user_id, key)
    assert person is not None
    session.clear()
    login_user(Person(person))
    say(Notice("success", "Your password is kept.", "Use it from now on."))
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.post("/sign-out")
@requires(Permission.VIEW)
def sign_out() -> ResponseReturnValue:
    """End the session on this browser."""
    logout_user()
    session.clear()
    return redirect(url_for("auth.sign_in"), 303)


def _own_form() -> OwnPasswordForm:
    kind = OwnPasswordForm if viewer().password_given else ChangePasswordForm
    return kind(request.form)


def _own_page(
    form: OwnPasswordForm, status: int, notice: Notice | None = None
) -> ResponseReturnValue:
    target = request.values.get("next", "")
    return render_template("auth/password.html", form=form, notice=notice, next=target), status


def _page(form: SignInForm, status: int, notice: Notice | None = None) -> ResponseReturnValue:
    target = request.values.get("next", "")
    page = render_template("auth/sign_in.html", form=form, notice=notice, next=target)
    return page, status
