"""Tells whether a record is still as somebody saw it."""

import hashlib
import json
from collections.abc import Mapping


def fingerprint(values: Mapping[str, object]) -> str:
    """A mark of these values: another one as soon as one of them is another.

    A form carries the mark of the record as it was shown; saving compares it with the record as
    it is, so that nobody writes over what they have not seen.
    """
    told = json.dumps({name: repr(value) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
