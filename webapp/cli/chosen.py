"""The batches a command is for: those named, or all of a FinCo that may."""

from collections.abc import Callable, Sequence

import click

from webapp.cli.context import CommandError, fin_co_by_code
from webapp.domain.batches import may_be_exported
from webapp.queries.batch_list import BatchRow
from webapp.queries.batch_list import batches as find_batches

_choice = [
    click.argument("numbers", nargs=-1),
    click.option("--all", "all_", is_flag=True, help="All batches of the FinCo that may."),
    click.option("--fin-co", help="Code of the FinCo whose batches --all takes."),
]


def choosing(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the numbers, and --all with --fin-co."""
    for decorate in reversed(_choice):
        command = decorate(command)
    return command


def chosen(
    numbers: Sequence[str], *, all_: bool, fin_co: str | None, may: Callable[[BatchRow], bool]
) -> list[BatchRow]:
    """The batches that are meant; of all only those that ``may``.

    Raises:
        CommandError: neither is named, or both, or a batch there is none of.
    """
    if all_ == bool(numbers):
        raise CommandError("Name the batches, or write --all --fin-co CODE.")
    if all_:
        if fin_co is None:
            raise CommandError("--all needs --fin-co CODE.")
        return [row for row in find_batches(fin_co=fin_co_by_code(fin_co).code) if may(row)]
    found = find_batches(numbers=numbers)
    unknown = set(numbers) - {row.number for row in found}
    if unknown:
        raise CommandError(f"There is no batch {', '.join(sorted(unknown))}. Nothing was done.")
    return found


def may_go(row: BatchRow) -> bool:
    """Whether Export would take the batch (R74)."""
    return may_be_exported(row.status, not_for_export=row.not_for_export)
