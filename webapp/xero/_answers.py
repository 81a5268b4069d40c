"""The envelope around every answer of the accounting API (xero-api d)."""

from webapp.xero._values import rows
from webapp.xero._wire import Answer
from webapp.xero.encoding import decode


class Envelope:
    """An answer, taken apart once.

    Raises:
        ValueError: it is not an object.
    """

    def __init__(self, answer: Answer) -> None:
        body = decode(answer.body)
        if not isinstance(body, dict):
            raise ValueError("the answer is not an object")  # noqa: TRY004 - unreadable is one error
        self._members = {key.lower(): value for key, value in body.items()}

    def given(self, name: str) -> list[object]:
        """Give what a collection holds, whatever it is; raise `ValueError` where there is none."""
        if name.lower() not in self._members:
            raise ValueError(f"the answer holds no {name}")
        found = self._members[name.lower()]
        if found is None:
            return []
        if not isinstance(found, list):
            raise ValueError(f"{name} is not an array")  # noqa: TRY004 - as above
        return found

    def pagination(self) -> dict[str, int | None]:
        """Give what Xero says of the whole, as the arguments of `RawPage`."""
        said = self._members.get("pagination")
        counts = said if isinstance(said, dict) else {}
        names = {"page_size": "pageSize", "page_count": "pageCount", "item_count": "itemCount"}
        return {
            ours: counts[theirs] if isinstance(counts.get(theirs), int) else None
            for ours, theirs in names.items()
        }


def elements(answer: Answer, name: str) -> list[dict[str, object]]:
    """Give the objects of a collection; raise `ValueError` where there is anything else."""
    return list(rows(Envelope(answer).given(name)))
