"""Who may do what: sessions, permissions, CSRF, and the headers every answer carries."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.viewers import FinCoChoice, Viewer
from webapp.web.notices import Notice, said, say

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = frozenset(
    {
        "static",
        "bootstrap.static",
        "htmx.static",
        "health.alive",
        "health.ready",
        "auth.sign_in",
        "auth.sign_in_submit",
        "webhooks.receive",
        "api-docs.document",
        "api-docs.page",
    }
)
"""Every endpoint a person who has not signed in may reach; all others name a permission."""

MACHINES = "api-"
"""Endpoints that begin so ask for a token of their own, never for a session (webapp.api.guard)."""

SIGNED_OUT = Notice(
    "warning",
    "You were signed out, so nothing was done.",
    "Sign in and press the button again.",
)

BEFORE_OWN_PASSWORD = frozenset({"auth.password", "auth.choose_password", "auth.sign_out"})
"""All that a person may do who signed in with a password somebody else knows."""

SAFE_METHODS = frozenset({"GET", "HEAD"})


class Person:
    """Flask-Login's view of a signed-in viewer."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def get_id(self) -> str:
        """The session's identity. It holds the session key, so changing that ends the session."""
        return f"{self.viewer.user_id}:{self.viewer.session_key}"


def init_app(app: Flask) -> None:
    """Put sign-in, permissions, CSRF and headers in front of every route."""
    public_url = urlsplit(_config(app).public_url)
    app.config.update(
        # Cookies know no ports: two copies on one machine would sign each other's people out.
        SESSION_COOKIE_NAME=f"workbench_{public_url.port}" if public_url.port else "workbench",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session it is bound to
        WTF_CSRF_SSL_STRICT=False,  # decided by the token alone; Referrer-Policy hides the origin
    )
    manager = LoginManager(app)
    manager.user_loader(_load_person)
    manager.unauthorized_handler(_ask_to_sign_in)
    CSRFProtect(app)
    app.before_request(_enforce)
    app.after_request(_add_headers)
    app.context_processor(
        lambda: {"viewer": viewer_or_none(), "Permission": Permission, "said": said}
    )


def requires(permission: Permission) -> Callable[[View], View]:
    """Name the permission a view asks for; ``_enforce`` refuses views that name none."""

    def mark(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def required_permission(view: Callable[..., Any]) -> Permission | None:
    """The permission a view was marked with."""
    return cast("Permission | None", getattr(view, "required_permission", None))


def viewer() -> Viewer:
    """The signed-in person; only for views that ask for a permission."""
    return cast("Viewer", current_user.viewer)


def viewer_or_none() -> Viewer | None:
    """The signed-in person, where there is one."""
    return viewer() if current_user and current_user.is_authenticated else None


def fin_co_or_404(code: str) -> FinCoChoice:
    """The FinCo of that code, if the person may see it; a foreign one does not exist for them."""
    known = {fin_co.code: fin_co for fin_co in viewers.visible_fin_cos(viewer())}
    if code not in known:
        abort(404)
    return known[code]


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of this site, or the main menu."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("home.menu")
    if any(character < " " or character == "\\" for character in target):
        return url_for("home.menu")
    return target


def _config(app: Flask) -> Any:
    with app.app_context():
        return current_deps().config


def _load_person(identity: str) -> Person | None:
    user_id, _, key = identity.partition(":")
    found = viewers.viewer(int(user_id), key) if user_id.isdigit() else None
    return Person(found) if found else None


def _ask_for_own_password() -> AnyResponse:
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    if getattr(request, "htmx", False):
        return Response(status=401, headers={"HX-Redirect": url_for("auth.password")})
    return redirect(url_for("auth.password", next=back), 303)


def _ask_to_sign_in() -> AnyResponse:
    # A form that could not be sent is not sent again by itself: after signing in the person
    # comes back to the page it stood on.
    back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    if request.endpoint == "connecting.callback":
        back = None  # its one-time code has no business in another address
    if getattr(request, "htmx", False):
        back = urlsplit(request.htmx.current_url or "").path or None  # type: ignore[attr-defined]
        return Response(status=401, headers={"HX-Redirect": url_for("auth.sign_in", next=back)})
    if back is None and request.method not in SAFE_METHODS:
        say(SIGNED_OUT)
    return redirect(url_for("auth.sign_in", next=back))


def _enforce() -> AnyResponse | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC or endpoint.startswith(MACHINES):
        return None
    if viewer_or_none() is None:
        return _ask_to_sign_in()
    if viewer().password_given and endpoint not in BEFORE_OWN_PASSWORD:
        return _ask_for_own_password()
    permission = required_permission(current_app.view_functions[endpoint])
    if permission is None or not viewer().may(permission):
        abort(403)
    return None


def _add_headers(response: Response) -> Response:
    # A form that leads to Xero's sign-in is redirected there; browsers hold form-action to that.
    login = urlsplit(current_deps().config.xero_login_url)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; "
        f"form-action 'self' {login.scheme}://{login.netloc}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if current_deps().config.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
        response.headers["Cache-Control"] = "no-store"
    return response
