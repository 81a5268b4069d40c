"""Codes made from names, where a file has long names and Workbench needs short codes."""

import hashlib
import re

from webapp.domain.ingest.values import same_name

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SMALL_WORDS = {"and", "of", "the", "for", "to", "in", "on", "a", "an", "or"}
_LETTERS_OF_A_WORD = 3


def code_from_name(name: str, length: int, check: int) -> str:
    """Make a code from a name alone, so that every file and every month makes the same one.

    The first letters of the name's words, then ``check`` characters computed from the whole name
    so that long names which begin alike stay apart. Spelling it with other capitals or spaces
    changes nothing. Whoever uses the code still compares names: two could share one.

    Args:
        name: the name.
        length: how long the code may be.
        check: how many of its characters are computed.
    """
    folded = same_name(name)
    words = [word for word in re.findall(r"[a-z0-9]+", folded) if word not in _SMALL_WORDS]
    letters = "".join(word[:_LETTERS_OF_A_WORD] for word in words)[: length - check]
    number = int.from_bytes(hashlib.sha256(folded.encode()).digest(), "big")
    tail = "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(check))
    return letters.upper() + tail
