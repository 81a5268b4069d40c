"""``load KIND FILE``."""

import datetime as dt
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from webapp.cli.context import CommandError, Exit, application, fin_co_by_code, finish, json_option
from webapp.cli.load_target import load_target
from webapp.deps import current_deps
from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.mapping import ColumnMapping
from webapp.services.errors import ServiceError
from webapp.services.loading import (
    LoadReport,
    Stage,
    load_ap_invoices,
    read_mapping,
    targets,
)

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("ap-invoices",)


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[KIND] FILE")
@click.option(
    "--fin-co",
    help="Code of the FinCo whose records they become; lists that all FinCos share need none.",
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="TOML file that says which column is which.",
)
@click.option(
    "--batch-date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date of the batches, which decides their period. Default: today.",
)
@click.option(
    "--target",
    help=f"What the rows become, instead of KIND: {', '.join(one.name for one in targets())}.",
)
@click.option("--source", help="Name of a mapping that was remembered in the browser.")
@click.option("--dry-run", is_flag=True, help="With --target: say what would be done, no more.")
@click.option("--good-rows", is_flag=True, help="With --target: load good rows beside bad ones.")
@json_option
def load(
    *,
    words: tuple[str, ...],
    fin_co: str | None,
    mapping: Path | None,
    batch_date: dt.datetime | None,
    target: str | None,
    source: str | None,
    dry_run: bool,
    good_rows: bool,
    as_json: bool,
) -> None:
    """Load records of another system from a FILE.

    With KIND ap-invoices: purchase invoices of a CSV or XLSX file, by a mapping file. Each goes
    in whole or not at all, and loading a file again makes nothing twice. What was made lies in new
    open batches, approved, ready to be closed and exported.

    With --target: a CSV or XLSX file as any list or document. Columns are recognised by their
    headings unless --mapping or --source says which is which.

    Exit status: 0 done, 1 some rows refused, 2 nothing done.
    """
    *kinds, name = words
    file = Path(name)
    if bool(kinds) is bool(target) or len(kinds) > 1:
        raise click.UsageError("Name one FILE, and either KIND before it or --target.")
    if kinds and kinds[0] not in KINDS:
        raise click.BadParameter(f"{kinds[0]!r} is not one of {', '.join(map(repr, KINDS))}.")
    if target is not None:
        load_target(
            file,
            target=target,
            fin_co=fin_co,
            mapping=mapping,
            source=source,
            batch_date=batch_date.date() if batch_date else None,
            dry_run=dry_run,
            good_rows=good_rows,
            as_json=as_json,
        )
        return
    if fin_co is None or mapping is None or source or dry_run or good_rows:
        raise click.UsageError(
            "With KIND give --fin-co and --mapping, and only --batch-date beside them."
        )
    _load_ap_invoices(file, fin_co, mapping, batch_date, as_json=as_json)


def _load_ap_invoices(
    file: Path, fin_co: str, mapping: Path, batch_date: dt.datetime | None, *, as_json: bool
) -> None:
    with application(), Bars() as bars:
        now = current_deps().clock()
        fin_co_id = fin_co_by_code(fin_co).id
        try:
            report = load_ap_invoices(
                file,
                fin_co_id=fin_co_id,
                mapping=checked_mapping(mapping),
                batch_date=batch_date.date() if batch_date else now.astimezone().date(),
                user_id=None,
                now=now,
                progress=bars,
            )
        except FileRefused as refused:
            raise CommandError(f"{file}: {refused.message} {refused.way_out}") from None
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
    finish(_as_json(report), text=_as_text(report), as_json=as_json, status=_status(report))


def checked_mapping(path: Path) -> ColumnMapping:
    """Read a mapping file.

    Raises:
        CommandError: with everything that is wrong in it.
    """
    try:
        return read_mapping(path)
    except FileRefused as refused:
        raise CommandError(f"{path}: {refused.message} {refused.way_out}") from None
    except MappingRefused as refused:
        raise CommandError(
            f"The mapping {path} cannot be used:\n"
            + "\n".join(f"  {problem}" for problem in refused.problems)
        ) from None


class Bars:
    """A progress bar on stderr for each stage of a load, one after the other."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._stage: Stage | None = None
        self._at = 0
        self._advance: Callable[[int], object]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def __call__(self, stage: Stage, done: int, whole: int) -> None:
        """Show how far a stage is."""
        if stage is not self._stage:
            self._begin(stage, whole)
        self._advance(done - self._at)
        self._at = done

    def _begin(self, stage: Stage, whole: int) -> None:
        self._open.close()
        self._stage, self._at = stage, 0
        bar = click.progressbar(length=whole, label=stage.value, file=sys.stderr)
        self._open.enter_context(bar)
        self._advance = bar.update


def _status(report: LoadReport) -> Exit:
    if not report.documents:
        return Exit.NOTHING_DONE
    return Exit.SOME_REFUSED if report.refused else Exit.DONE


def _as_json(report: LoadReport) -> dict[str, Any]:
    return {
        "documents": report.documents,
        "lines": report.lines,
        "total": str(report.value),
        "already_loaded": report.already_loaded,
        "batches": [batch.number for batch in report.batches],
        "refused": [
            {"row": one.row, "reference": one.reference, "reason": one.reason}
            for one in report.refused
        ],
    }


def _as_text(report: LoadReport) -> str:
    lines = []
    if report.documents:
        lines.append(
            f"{report.documents:,} documents were made from {report.lines:,} lines, "
            f"{report.value:,.2f} ex GST."
        )
    else:
        lines.append("Nothing was stored.")
    if report.already_loaded:
        all_of_it = not report.documents and not report.refused
        lines.append(
            f"{'All ' if all_of_it else ''}{report.already_loaded:,} invoices of the file are "
            "already loaded, line for line."
        )
    made = [f"{count:,} {kind}" for kind, count in report.made.items() if count]
    if made:
        lines.append(f"Made on the way: {', '.join(made)}.")
    lines += [
        f"Batch {batch.number} ({batch.type.value}, open): {batch.documents:,} documents, "
        f"{batch.value:,.2f} ex GST."
        for batch in report.batches
    ]
    if report.refused:
        lines.append(f"{len(report.refused):,} rows were refused:")
        lines += [
            f"  row {one.row}{f', {one.reference}' if one.reference else ''}: {one.reason}"
            for one in report.refused
        ]
        lines.append("Correct these rows in the file and load it again; what is in stays as it is.")
    if report.batches:
        numbers = " ".join(batch.number for batch in report.batches)
        lines.append(
            f"Next: close batch {numbers.replace(' ', ' and ')} in Export Control, or with "
            f"`python -m webapp batches close {numbers}`."
        )
    return "\n".join(lines)
