"""Writes with an Idempotency-Key are done once, however often they are sent."""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, request

from webapp.api.guard import caller
from webapp.api.problems import problem
from webapp.deps import current_deps
from webapp.services import api_writes
from webapp.services.api_writes import Answer, Begun, KeyReused, StillOpen

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": (
        "A key of your own making, such as a UUID. A write that is sent again with the same key "
        "within seven days is not done again: it gets the answer of the first time."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_KEY = re.compile(r"[!-~]{1,255}")
_KEPT_HEADERS = ("Location", "ETag")


def once(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Do an operation at most once for each key that comes with it."""

    @wraps(operation)
    def guarded(*args: Any, **given: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return operation(*args, **given)
        if not _KEY.fullmatch(key):
            return _refuse(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "key-not-valid",
                "An Idempotency-Key has 1 to 255 printable ASCII characters.",
            )
        try:
            begun = api_writes.begin(
                caller().token_id,
                key,
                method=request.method,
                path=request.path,
                body=request.get_data(),
                now=current_deps().clock(),
            )
        except KeyReused:
            return _refuse(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "key-reused",
                "This Idempotency-Key came before with another request. Take a new key.",
            )
        except StillOpen:
            return _refuse(
                HTTPStatus.CONFLICT,
                "still-open",
                "The first request with this Idempotency-Key has no answer yet. If it was cut "
                "short, look whether it took effect before you send it under a new key.",
            )
        if isinstance(begun, Answer):
            return _again(begun)
        return _first(begun, lambda: make_response(operation(*args, **given)))

    return guarded


def _first(begun: Begun, operation: Callable[[], Response]) -> Response:
    try:
        response = operation()
    except Exception:
        # Use cases roll back whatever they raise, so the same request may come again.
        api_writes.forget(begun)
        raise
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        api_writes.forget(begun)
        return response
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    api_writes.finish(begun, Answer(response.status_code, response.get_data(as_text=True), kept))
    return response


def _again(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, mimetype="application/json")
    response.headers.update(answer.headers)
    response.headers[REPLAYED] = "true"
    return response


def _refuse(status: HTTPStatus, code: str, detail: str) -> Response:
    return problem(status, detail, problems=[{"parameter": HEADER, "code": code, "detail": detail}])
