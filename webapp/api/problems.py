"""Refusals as problem details (RFC 9457)."""

import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from marshmallow import Schema, fields
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.domain.entry.findings import Finding, Path
from webapp.queries import readiness
from webapp.services.documents import Refused
from webapp.services.errors import AlreadyRunning, ChangedMeanwhile, NotFound, ServiceError
from webapp.services.exports.confirming import NotAsConfirmed

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_WORDS = {
    400: ("The request could not be read.", "Send well-formed JSON."),
    401: (
        "No token that is good now came with the request.",
        "Send “Authorization: Bearer TOKEN”; an administrator makes tokens under API Tokens.",
    ),
    403: ("The token was not given the right for this.", "Use a token that has it."),
    404: (
        "There is nothing at this address for this token.",
        "Check the number or code in it; it may belong to a FinCo the token was not given.",
    ),
    405: ("This address does not answer to that method.", "See the document of this API."),
    413: ("That is too large.", "Send less at once."),
    415: ("This media type is not taken.", "See the document of this API."),
    503: ("A part of Workbench does not answer.", "Try again in a minute."),
}


class ProblemItem(Schema):
    """One thing that is wrong."""

    pointer = fields.String(metadata={"description": "JSON Pointer into the body (RFC 6901)."})
    parameter = fields.String(metadata={"description": "Name of a query parameter or header."})
    code = fields.String(required=True, metadata={"description": "Stable name of the cause."})
    detail = fields.String(required=True)
    way_out = fields.String(metadata={"description": "What to do about it."})
    record = fields.String(metadata={"description": "The record it concerns."})
    line = fields.Integer(metadata={"description": "Number of the line, from 1."})


class ProblemDetails(Schema):
    """Why a request was refused (RFC 9457). A refused write changed nothing."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    way_out = fields.String(metadata={"description": "What to do about it."})
    run = fields.Integer(metadata={"description": "The run that stands in the way."})
    problems = fields.List(fields.Nested(ProblemItem))


def problem(
    status: int,
    detail: str,
    way_out: str | None = None,
    *,
    problems: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: object,
) -> Response:
    """A refusal as an answer."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "way_out": way_out,
        "problems": problems,
        **more,
    }
    return Response(
        json.dumps({key: value for key, value in body.items() if value is not None}),
        status=status,
        mimetype=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def plain(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal for which the status says it all."""
    detail, way_out = _WORDS.get(status, (HTTPStatus(status).phrase, None))
    return problem(status, detail, way_out, headers=headers)


def register(blueprint: Blueprint) -> None:
    """Answer everything that goes wrong in this blueprint with problem details."""
    blueprint.register_error_handler(HTTPException, of_http)
    blueprint.register_error_handler(ServiceError, _of_service)
    blueprint.register_error_handler(RedisError, _of_redis)
    blueprint.register_error_handler(Exception, _unexpected)


def of_http(error: HTTPException) -> Response:
    """What Flask, or the reading of arguments, refused."""
    if isinstance(error, InternalServerError):
        return _unexpected(error)
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    messages = getattr(error, "data", {}).get("messages")
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and messages:
        return problem(
            status,
            "What was sent cannot be taken as it is.",
            "Correct what is listed and send it again.",
            problems=list(_of_arguments(messages)),
        )
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return plain(status, headers)


def pointer(path: Path) -> str:
    """A path as a JSON Pointer."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _of_service(error: ServiceError) -> Response:
    if isinstance(error, Refused):
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            error.message,
            error.way_out,
            problems=[_of_finding(finding) for finding in error.findings],
        )
    if isinstance(error, NotFound):
        return problem(HTTPStatus.NOT_FOUND, error.message, error.way_out)
    if isinstance(error, NotAsConfirmed):
        return problem(
            HTTPStatus.PRECONDITION_FAILED,
            error.message,
            error.way_out,
            problems=[
                {"code": "changed", "detail": " ".join(one.changes), "record": one.record}
                for one in error.differences
            ],
        )
    if isinstance(error, ChangedMeanwhile):
        return problem(HTTPStatus.PRECONDITION_FAILED, error.message, error.way_out)
    run = error.run_id if isinstance(error, AlreadyRunning) else None
    return problem(HTTPStatus.CONFLICT, error.message, error.way_out, run=run)


def _of_redis(error: RedisError) -> Response:
    log.warning("redis did not answer the API: %s", type(error).__name__)
    return plain(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "60"})


def _unexpected(error: Exception) -> Response:
    if readiness.is_busy(error):
        log.warning("database was busy for too long on %s %s", request.method, request.path)
        return plain(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "60"})
    error_id = secrets.token_hex(4)
    log.error(
        "error %s on %s %s",
        error_id,
        request.method,
        request.path,
        exc_info=error,
        extra={"error_id": error_id},
    )
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"Something went wrong on our side; error {error_id}.",
        "Try again; if it happens again, give the administrator the number of the error.",
    )


def _of_finding(finding: Finding) -> dict[str, Any]:
    found = finding.problem
    item = {
        "pointer": pointer(finding.path),
        "code": found.code,
        "detail": found.message,
        "way_out": found.way_out,
        "record": found.record,
        "line": found.line,
    }
    return {key: value for key, value in item.items() if value is not None}


def _of_arguments(messages: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for location, found in messages.items():
        for path, text in _flat(found, ()):
            where = (
                {"pointer": pointer(path)}
                if location == "json"
                else {"parameter": ".".join(str(part) for part in path)}
            )
            yield {**where, "code": "not-valid", "detail": text}


def _flat(found: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(found, Mapping):
        for key, value in found.items():
            # What is wrong with a record as a whole belongs to the record.
            yield from _flat(value, path if key == "_schema" else (*path, key))
    elif isinstance(found, list):
        for text in found:
            yield path, str(text)
    else:
        yield path, str(found)
