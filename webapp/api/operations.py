"""Declares an operation: its address, its right, what it takes, and everything it may answer."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema

from webapp.api import problems
from webapp.api.guard import enter, requires
from webapp.api.idempotency import PARAMETER, once
from webapp.api.preconditions import ETAG, IF_MATCH
from webapp.domain.access import Permission

View = TypeVar("View", bound=Callable[..., Any])

PREFIX = "/api/v1"
BEARER = "token"
_PROBLEM = problems.ProblemDetails.__name__
_ALWAYS = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_OF_WRITES = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
_OF_BODIES = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def blueprint(name: str, description: str) -> Blueprint:
    """A part of the API; all of them stand behind the same guard."""
    made = Blueprint(f"api-{name}", __name__, url_prefix=PREFIX, description=description)
    made.before_request(enter)
    problems.register(made)
    return made


def operation(
    part: Blueprint,
    method: str,
    rule: str,
    *,
    needs: Permission,
    answer: type[Schema] | None = None,
    status: int = HTTPStatus.OK,
    query: type[Schema] | None = None,
    body: type[Schema] | None = None,
    content_type: str | None = None,
    found_or_404: bool | None = None,
    refuses: Sequence[int] = (),
    tagged: bool = False,
    **doc: Any,
) -> Callable[[View], View]:
    """Hang a function on the API, with its whole contract.

    Args:
        part: the blueprint it belongs to.
        method: of HTTP.
        rule: its address below the prefix.
        needs: the right a token must have been given.
        answer: what it answers when all goes well; None for no content, or for ``content_type``.
        status: with which status.
        query: its query parameters; unknown ones are refused.
        body: its JSON body, which may be left out where no member of it is required.
        content_type: of an answer that is not JSON.
        found_or_404: whether it may find nothing; by default where its address names a record.
        refuses: further statuses it may answer.
        tagged: whether it tells or changes a record that has an entity tag.
        doc: more for the document.
    """
    writes = method != "GET"
    changes = writes and tagged and "<" in rule
    statuses = {*_ALWAYS, *refuses, *((HTTPStatus.PRECONDITION_FAILED,) if changes else ())}
    if found_or_404 or (found_or_404 is None and "<" in rule):
        statuses.add(HTTPStatus.NOT_FOUND)
    if writes:
        statuses |= set(_OF_WRITES)
        doc["parameters"] = [PARAMETER, *((IF_MATCH,) if changes else ())]
    if body is not None:
        statuses |= set(_OF_BODIES)
    if query is not None:
        statuses.add(HTTPStatus.UNPROCESSABLE_ENTITY)

    def hang(view: View) -> View:
        made: Any = requires(needs)(view)
        # First, and by the name of their schema: each copies all that was documented before it,
        # which was a third of the time that a process of Workbench took to start.
        for refused in sorted(statuses):
            made = part.alt_response(
                int(refused), schema=_PROBLEM, content_type=problems.MEDIA_TYPE
            )(made)
        if body is not None:
            # Where nothing in it has to be given, the body as a whole need not be either.
            needed = any(field.required for field in body().fields.values())
            made = part.arguments(body, location="json", required=needed)(made)
        if query is not None:
            made = part.arguments(query, location="query", unknown=RAISE)(made)
        made = part.response(
            int(status),
            answer,
            content_type=content_type,
            description=_first_line(view),
            headers=ETAG if tagged and answer is not None else None,
        )(made)
        made = part.doc(
            security=[{BEARER: []}],
            operationId=view.__name__,
            **{"x-right": needs.value},
            **doc,
        )(made)
        if writes:
            made = once(made)
        part.route(rule, methods=[method], endpoint=view.__name__)(made)
        return view

    return hang


def _first_line(view: Callable[..., Any]) -> str:
    return (view.__doc__ or "").partition("\n")[0]
