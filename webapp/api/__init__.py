"""/api/v1: what other systems may do here. Its OpenAPI document says all of it."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from webapp.api import (
    attachments,
    batches,
    codes,
    document,
    documents,
    exports,
    imports,
    problems,
    records,
)
from webapp.api.operations import PREFIX

PARTS = (
    batches.part,
    documents.part,
    attachments.part,
    exports.part,
    imports.part,
    records.part,
    codes.part,
)


def init_app(app: Flask) -> None:
    """Hang the API on the application, beside the pages."""
    app.config.update(document.SETTINGS)
    contract = document.Contract(app)
    for part in PARTS:
        contract.register_blueprint(part)
        app.extensions["csrf"].exempt(part)  # a browser sends no bearer token by itself
    app.register_blueprint(document.blueprint)
    app.before_request(_refuse_unknown_addresses)


def _refuse_unknown_addresses() -> Response | None:
    """Answer below the API's prefix as the API does, also where there is no operation."""
    error = request.routing_exception
    if not request.path.startswith(f"{PREFIX}/") or not isinstance(error, HTTPException):
        return None
    return None if isinstance(error, RequestRedirect) else problems.of_http(error)
