"""Exporting what was confirmed and nothing else, and saying what is different where it is not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from webapp.mapping.exports.differences import Difference
from webapp.services.errors import ChangedMeanwhile
from webapp.services.exports.preflight import Preflight
from webapp.services.exports.previews import PreviewMemory

FORGOTTEN = "What you confirmed is not kept any more, so it cannot be said what is different."


class NotAsConfirmed(ChangedMeanwhile):
    """An export would not send what was confirmed; nothing was sent.

    ``present`` is what it would send now; ``differences`` says what is different, and is empty
    where what was confirmed is not kept any more.
    """

    def __init__(
        self, said: ChangedMeanwhile, present: Preflight, differences: tuple[Difference, ...]
    ) -> None:
        super().__init__(said.message, said.way_out)
        self.present = present
        self.differences = differences


@contextmanager
def as_confirmed(
    memory: PreviewMemory, confirmed: str | None, look: Callable[[], Preflight]
) -> Iterator[None]:
    """Begin an export in the block; where it is not what was confirmed, say what is different.

    Args:
        memory: where previews are kept.
        confirmed: the hash that the export carries; None where nobody confirmed anything.
        look: foretells the export as it would be now.

    Raises:
        NotAsConfirmed: something changed since the preview; nothing was claimed or sent.
    """
    try:
        yield
    except ChangedMeanwhile as error:
        present = look()
        memory.keep(present)
        found = memory.differences(confirmed or "", present)
        raise NotAsConfirmed(error, present, found or ()) from error
