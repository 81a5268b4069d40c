"""Request bodies that are kept, so that a change of what Xero is sent shows in a review.

Each file holds the cases of one kind of document by name. When a mapping is meant to change,
``make golden`` writes the files anew; what changed is then read line by line before it is kept.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from webapp.mapping.exports.payload import Payload
from webapp.xero.encoding import decode, encode

FOLDER = Path(__file__).parent
WIDE = 400
"""What fits on so many columns stays on one line."""


def stored(name: str) -> dict[str, dict[str, Any]]:
    """The kept cases of one file; every number as exact as it was written."""
    return decode((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def write(name: str, payloads: Mapping[str, Payload]) -> None:
    """Write the cases of one file anew."""
    cases = {case: as_kept(payload) for case, payload in payloads.items()}
    (FOLDER / f"{name}.json").write_text(_laid_out(cases, "") + "\n", encoding="utf-8")


def as_kept(payload: Payload) -> dict[str, Any]:
    """A payload as its file holds it."""
    return {"collection": payload.collection, "total": payload.total, "body": payload.body}


def _laid_out(value: Any, indent: str) -> str:
    flat = encode(value).decode()
    if not isinstance(value, (dict, list)) or (indent and len(indent) + len(flat) <= WIDE):
        return flat
    inner = indent + "  "
    if isinstance(value, list):
        members = [f"{inner}{_laid_out(member, inner)}" for member in value]
        opening, closing = "[]"
    else:
        members = [
            f"{inner}{encode(key).decode()}: {_laid_out(member, inner)}"
            for key, member in value.items()
        ]
        opening, closing = "{}"
    return f"{opening}\n" + ",\n".join(members) + f"\n{indent}{closing}"
