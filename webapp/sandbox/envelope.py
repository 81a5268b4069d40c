"""Bodies in and answers out, as JSON or XML (xero-api d, e)."""

import re
import uuid
from typing import Any

from werkzeug.datastructures import MIMEAccept

from webapp.sandbox import wire, xmlform
from webapp.sandbox.dates import wire_instant
from webapp.sandbox.errors import Refusal, bad_body
from webapp.sandbox.idempotency import Answer
from webapp.sandbox.wire import JsonObject

_JSON = "application/json; charset=utf-8"
_XML = "text/xml; charset=utf-8"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LARGEST_BODY = 10 * 1024 * 1024


def read_body(raw: bytes, content_type: str) -> Any:
    """Parse a body, JSON or XML; None when it is empty.

    Raises:
        Refusal: 400 when it cannot be read, 413 when it is over 10 MB.
    """
    if len(raw) > _LARGEST_BODY:
        raise Refusal(413, "The request is too large", content_type="text/plain; charset=utf-8")
    text = raw.strip()
    if not text:
        return None
    try:
        if text.startswith(b"<") or "xml" in content_type:
            return xmlform.parse(text)
        body = wire.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad_body(f"The body could not be read: {error}") from error
    if _has_control_characters(text):
        raise bad_body("The body holds characters that are not allowed in XML")
    return body


def _has_control_characters(text: bytes) -> bool:
    """Control characters cannot be written in XML, raw or as JSON escapes."""
    found = re.search(rb"\\u00(0[0-8bBcCeEfF]|1[0-9a-fA-F])|\\[bf]", text.replace(rb"\\", b""))
    return bool(found) or bool(_CONTROL.search(text.decode("utf-8", "replace")))


def wants_json(accept: MIMEAccept) -> bool:
    """Say whether the caller takes JSON by name; without that the service answers XML."""
    return any(
        quality > 0 and value.lower() in ("application/json", "text/json")
        for value, quality in accept
    )


def enveloped(members: JsonObject, now_ms: int, user: str) -> JsonObject:
    """Wrap an answer's members."""
    return {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": user,
        "DateTimeUTC": wire_instant(now_ms),
        **members,
    }


def encode(status: int, members: JsonObject, *, as_json: bool) -> Answer:
    """Write an answer in the form asked for."""
    if as_json:
        return Answer(status, wire.dumps(members).encode(), _JSON)
    root = "ApiException" if "ErrorNumber" in members else "Response"
    return Answer(status, xmlform.write(members, root), _XML)


def encode_refusal(refusal: Refusal, *, as_json: bool) -> Answer:
    """Write a refusal; problem bodies (401, 403, 500) are JSON always, as the service's are."""
    if isinstance(refusal.body, str):
        content_type = refusal.content_type or "text/plain; charset=utf-8"
        return Answer(refusal.status, refusal.body.encode(), content_type)
    if "ErrorNumber" in refusal.body:
        return encode(refusal.status, refusal.body, as_json=as_json)
    text = wire.dumps(refusal.body).replace("{instance}", str(uuid.uuid4()))
    return Answer(refusal.status, text.encode(), _JSON)
