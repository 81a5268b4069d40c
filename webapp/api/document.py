"""The OpenAPI document of the API, and a page to read it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_smorest import Api

from webapp.api.operations import BEARER, PREFIX

VERSION = "v1"
SETTINGS = {
    "API_TITLE": "Workbench",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": (
                "Batches with their documents, their export to the ledger, imports, and master "
                "records. Amounts are strings with a decimal point, dates are calendar days, "
                "instants are UTC. A refused write changed nothing. Refusals are problem details "
                "(RFC 9457)."
            )
        },
        "components": {
            "securitySchemes": {
                BEARER: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by an administrator under API Tokens.",
                }
            }
        },
    },
}

blueprint = Blueprint("api-docs", __name__, url_prefix=PREFIX)


class Contract(Api):  # type: ignore[misc]
    """flask-smorest's collector of operations. What goes wrong is answered elsewhere."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave the pages' own error handlers where they are."""


@dataclass(frozen=True)
class Member:
    """A member of a body or a parameter, as the page shows it."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Described:
    """An operation as the page shows it."""

    method: str
    address: str
    summary: str
    right: str
    parameters: tuple[Member, ...]
    body: tuple[str, tuple[Member, ...]] | None
    answers: tuple[tuple[str, str, str], ...]


@blueprint.get("/openapi.json")
def document() -> ResponseReturnValue:
    """The document, for machines."""
    return jsonify(contract())


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The document, for people."""
    spec = contract()
    described = [
        (tag, [one for tags, one in _operations(spec) if tag["name"] in tags])
        for tag in spec["tags"]
    ]
    schemas = [
        (name, schema.get("description", ""), _members(schema))
        for name, schema in sorted(spec["components"]["schemas"].items())
        if "properties" in schema
    ]
    return render_template("api/page.html", info=spec["info"], parts=described, schemas=schemas)


def contract() -> dict[str, Any]:
    """The document as plain values."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    found: dict[str, Any] = api.spec.to_dict()
    return found


def _operations(spec: dict[str, Any]) -> list[tuple[list[str], Described]]:
    return [
        (operation["tags"], _described(method, address, operation, path.get("parameters", [])))
        for address, path in spec["paths"].items()
        for method, operation in path.items()
        if method != "parameters"
    ]


def _described(
    method: str, address: str, operation: dict[str, Any], shared: list[dict[str, Any]]
) -> Described:
    parameters = [*shared, *operation.get("parameters", [])]
    body = operation.get("requestBody", {}).get("content", {})
    return Described(
        method=method.upper(),
        address=address,
        summary=operation.get("summary", ""),
        right=operation["x-right"],
        parameters=tuple(
            Member(
                one["name"],
                _kind(one["schema"]),
                one.get("required", False),
                one.get("description", ""),
            )
            for one in parameters
        ),
        body=next(((kind, _members(of["schema"])) for kind, of in body.items()), None),
        answers=tuple(
            (status, answer["description"], _content(answer))
            for status, answer in sorted(operation["responses"].items())
        ),
    )


def _content(answer: dict[str, Any]) -> str:
    kinds = [_kind(of.get("schema", {})) for of in answer.get("content", {}).values()]
    return ", ".join(kinds)


def _members(schema: dict[str, Any]) -> tuple[Member, ...]:
    if "$ref" in schema:
        return (Member("", _kind(schema), required=True, description=""),)
    required = schema.get("required", [])
    return tuple(
        Member(name, _kind(of), name in required, of.get("description", ""))
        for name, of in schema.get("properties", {}).items()
    )


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(_kind(one) for one in schema[word])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"] if one is not None)
    kind = schema.get("type", "anything")
    named = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if "items" in schema:
        return f"list of {_kind(schema['items'])}"
    return f"{named} ({schema['format']})" if "format" in schema else named
