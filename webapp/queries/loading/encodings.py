"""How the letters beyond ASCII of a file look in several encodings, for people to choose by."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from webapp.domain.ingest.values import tidy

_AROUND = 24
_PIECES = 3
_CHUNK = 1_000_000
_LAST_OF_ASCII = 0x7F


def readings(path: Path, encodings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The same pieces of a file, read in each encoding; in the order of ``encodings``.

    Of encodings under which all of the file says the same only the first is there.

    Args:
        path: of a file whose encoding has one byte a letter.
        encodings: the names Python knows them by.
    """
    pieces, used = list(_pieces(path)), _beyond_ascii(path)
    apart: dict[str, str] = {}
    for encoding in encodings:
        apart.setdefault(used.decode(encoding, errors="replace"), encoding)
    return {
        encoding: tuple(tidy(piece.decode(encoding, errors="replace")) for piece in pieces)
        for encoding in apart.values()
    }


def _beyond_ascii(path: Path) -> bytes:
    """Each byte beyond ASCII that the file has, once."""
    seen: set[int] = set()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            seen.update(chunk)
    return bytes(sorted(byte for byte in seen if byte > _LAST_OF_ASCII))


def _pieces(path: Path) -> Iterator[bytes]:
    """Surroundings of the first bytes beyond ASCII, each of another byte."""
    seen: set[int] = set()
    with path.open("rb") as file:
        while len(seen) < _PIECES and (chunk := file.read(_CHUNK)):
            if chunk.isascii():
                continue
            for place, byte in enumerate(chunk):
                if byte > _LAST_OF_ASCII and byte not in seen:
                    seen.add(byte)
                    yield _cell(chunk, place)
                    if len(seen) == _PIECES:
                        return


def _cell(chunk: bytes, place: int) -> bytes:
    begin, end = max(0, place - _AROUND), place + _AROUND
    before = chunk[begin:place].replace(b"\r", b"\n").rpartition(b"\n")[2]
    after = chunk[place:end].replace(b"\r", b"\n").partition(b"\n")[0]
    return before + after
