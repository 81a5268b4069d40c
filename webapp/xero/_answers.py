"""The envelope around every answer of the accounting API (xero-api d)."""

from webapp.xero._values import rows
from webapp.xero._wire import Answer
from webapp.xero.encoding import decode


def _envelope(answer: Answer) -> dict[str, object]:
    body = decode(answer.body)
    if not isinstance(body, dict):
        raise ValueError("the answer is not an object")  # noqa: TRY004 - unreadable is one error
    return {key.lower(): value for key, value in body.items()}


def elements(answer: Answer, name: str) -> list[dict[str, object]]:
    """Give the objects of a collection; raise `ValueError` where there is none."""
    envelope = _envelope(answer)
    if name.lower() not in envelope:
        raise ValueError(f"the answer holds no {name}")
    return list(rows(envelope[name.lower()]))


def pagination(answer: Answer) -> dict[str, int | None]:
    """Give what Xero says of the whole, as the arguments of `RawPage`."""
    said = _envelope(answer).get("pagination")
    counts = said if isinstance(said, dict) else {}
    names = {"page_size": "pageSize", "page_count": "pageCount", "item_count": "itemCount"}
    return {
        ours: counts[theirs] if isinstance(counts.get(theirs), int) else None
        for ours, theirs in names.items()
    }
