"""What a person sees when something cannot be done or went wrong."""

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.queries import readiness
from webapp.services.errors import NotFound
from webapp.web.notices import is_htmx

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wording:
    """What happened and what to do about it."""

    title: str
    way_out: str


WORDINGS = {
    400: Wording("The request could not be understood", "Go back and try it from the screen."),
    401: Wording("You are not signed in", "Sign in and try again."),
    403: Wording(
        "Your role does not allow this",
        "Ask an administrator to do it, or to give you the role for it.",
    ),
    404: Wording(
        "There is nothing at this address for you",
        "Check the number or code in the address. It may belong to a financial company you "
        "were not given.",
    ),
    405: Wording(
        "This address does not answer to that", "Open the screen and use its buttons instead."
    ),
    413: Wording("That was too large to take", "Send less at once."),
    422: Wording("Something filled in cannot be taken", "Correct what is marked and send again."),
    429: Wording("Too many attempts", "Wait a few minutes, then try again."),
    500: Wording(
        "Something went wrong on our side",
        "Nothing half-done is kept. Try again; if it happens again, give your administrator "
        "the error number below.",
    ),
    503: Wording("A part of Workbench does not answer", "Wait a minute and try again."),
}
CSRF_WORDING = Wording(
    "This page was open too long",
    "Nothing was done. Reload the page, then press the button again.",
)

BUSY_WORDING = Wording(
    "Somebody else is storing a great deal at this moment",
    "Nothing of yours was stored yet. Wait a minute, go back, and press the button again.",
)


def init_app(app: Flask) -> None:
    """Answer every error with a page, or with a part of one where a part was asked for."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _csrf(error: CSRFError) -> Response:
    log.warning("form without a valid token: %s", error.description)
    return _render(HTTPStatus.BAD_REQUEST, CSRF_WORDING)


def _not_found(error: NotFound) -> Response:
    return _render(HTTPStatus.NOT_FOUND, Wording(error.message, error.way_out))


def _http(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError):
        return _unexpected(error)
    if error.response is not None:
        return make_response(error.get_response())
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = _render(status, WORDINGS.get(status, WORDINGS[HTTPStatus.BAD_REQUEST]))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    if readiness.is_busy(getattr(error, "original_exception", None) or error):
        log.warning("database was busy for too long on %s %s", request.method, request.path)
        return _render(HTTPStatus.SERVICE_UNAVAILABLE, BUSY_WORDING)
    error_id = secrets.token_hex(4)
    log.error(
        "error %s on %s %s",
        error_id,
        request.method,
        request.path,
        exc_info=error,
        extra={"error_id": error_id},
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _render(status, WORDINGS[status], error_id)


def _render(status: HTTPStatus, wording: Wording, error_id: str | None = None) -> Response:
    part = is_htmx()
    template = "errors/_part.html" if part else "errors/page.html"
    response = make_response(
        render_template(template, status=status.value, wording=wording, error_id=error_id), status
    )
    if part:
        # Whatever the form wanted to replace stays; the words go to the place kept for them.
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML show:#notice:top"
    return response
