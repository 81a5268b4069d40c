"""What Xero publishes about its accounting API, as OpenAPI."""

import copy
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.exceptions import OpenAPIError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "xero-openapi"
BASE = "https://api.xero.com"

beside_us = pytest.mark.skipif(not SHARED.is_dir(), reason="Xero's OpenAPI files are not beside us")
needs_published = [pytest.mark.shared, beside_us]


def read() -> dict[str, Any]:
    """The file without what stands in the way of judging by it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (SHARED / "xero_accounting.yaml").read_text(encoding="utf-8")
    # Examples hold dates that YAML has already read, and are of no use here.
    # Its security lists name retired scopes, and uploads are bytes, not base64.
    return _without(yaml.load(text, loader))


def _without(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: "binary" if (key, value) == ("format", "byte") else _without(value)
            for key, value in node.items()
            if key not in ("example", "examples", "security", "securitySchemes")
        }
    if isinstance(node, list):
        return [_without(item) for item in node]
    return node


def open_schemas(published: dict[str, Any]) -> OpenAPI:
    """Judges answers. The file's own defaults break its validator: it is not judged itself."""
    return OpenAPI.from_dict(published, config=Config(spec_validator_cls=None))


def closed_schemas(published: dict[str, Any]) -> OpenAPI:
    """The same file with every object closed: a misspelled member of a request shows."""
    spec = copy.deepcopy(published)
    for schema in spec["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))


def as_published(sent: requests.PreparedRequest) -> requests.PreparedRequest:
    """Say a request again as if it had gone to Xero's own address."""
    path = sent.url.partition("/api.xro/")[2]
    return requests.Request(
        sent.method, f"{BASE}/api.xro/{path}", headers=dict(sent.headers), data=sent.body
    ).prepare()


def faults_of(closed: OpenAPI, sent: requests.PreparedRequest) -> str:
    """What is wrong with a request by the published file; nothing where it fits."""
    try:
        closed.validate_request(RequestsOpenAPIRequest(as_published(sent)))
    except OpenAPIError as error:
        return reasons(error)
    return ""


def reasons(error: OpenAPIError) -> str:
    """An error with what caused it, cut to what a person reads."""
    cause = error.__cause__
    details = getattr(cause, "schema_errors", None) or [cause]
    return f"{error} " + "; ".join(str(detail)[:300] for detail in details)
