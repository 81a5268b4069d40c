"""The fields of a Location."""

from dataclasses import replace

from webapp.domain.setup.fields import Field

PREFIX = "batch_prefix"

FIELDS = (
    Field(name="code", label="Location", longest=10, required=True, fixed=True),
    Field(name="description", label="Description", longest=100, required=True),
    Field(
        name=PREFIX,
        label="Batch Prefix",
        longest=4,
        hint="Letters that begin the numbers of its batches. It stays once a batch carries it.",
    ),
)


def layout(*, carried: bool) -> tuple[Field, ...]:
    """The fields; the prefix is fixed once a batch carries it."""
    return tuple(
        replace(field, fixed=True, hint="Batches carry it, so it stays as it is.")
        if carried and field.name == PREFIX
        else field
        for field in FIELDS
    )


def prefix_fault(prefix: str) -> str | None:
    """What is wrong with a prefix.

    Digits follow it in a batch number: a prefix with digits of its own could run into them, and
    two Locations would then give out the same number (R82).
    """
    if prefix and not (prefix.isascii() and prefix.isalpha()):
        return "Letters from A to Z only: digits follow it in a batch number."
    return None
