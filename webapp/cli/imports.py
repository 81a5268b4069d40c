"""``import --fin-co CODE``."""

import re
from collections.abc import Sequence

import click

from jobs.queue import enqueue_import
from webapp.cli.context import CommandError, application, fin_co_by_code, json_option
from webapp.cli.runs import report_and_end, wait_for
from webapp.deps import current_deps
from webapp.domain.runs import ImportKind, RunOrigin
from webapp.queries.run_summary import import_summary
from webapp.services.audit import COMMAND_LINE
from webapp.services.errors import ServiceError
from webapp.services.imports import start_import


def _word(typed: str) -> str:
    """A kind as it is typed: ``GL Accounts`` and ``gl_accounts`` are ``gl-accounts``."""
    return re.sub(r"[^a-z]+", "-", typed.lower()).strip("-")


KINDS = {_word(kind.value): kind for kind in ImportKind}


@click.command("import")
@click.option("--fin-co", required=True, help="Code of the FinCo.")
@click.option("--full", is_flag=True, help="Read everything anew, not only what changed.")
@click.option(
    "--kind",
    "words",
    multiple=True,
    metavar="KIND",
    help=f"Import only this; may be given several times. One of: {', '.join(KINDS)}.",
)
@click.option("--wait", is_flag=True, help="Wait until the import has ended.")
@json_option
def import_(*, fin_co: str, full: bool, words: Sequence[str], wait: bool, as_json: bool) -> None:
    """Import from Xero what changed there since the last time."""
    kinds = [_kind(word) for word in words] or None
    with application():
        try:
            run_id = start_import(
                fin_co_id=fin_co_by_code(fin_co).id,
                user_id=None,
                now=current_deps().clock(),
                after_commit=enqueue_import,
                origin=RunOrigin.COMMAND,
                source=COMMAND_LINE,
                full=full,
                kinds=kinds,
            )
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
        summary = (
            wait_for("import", import_summary, [run_id])[0] if wait else import_summary(run_id)
        )
        if summary is None:
            raise CommandError(f"Import {run_id} is gone.")
        report_and_end([summary], as_json=as_json)


def _kind(word: str) -> ImportKind:
    kind = KINDS.get(_word(word))
    if kind is None:
        *others, last = KINDS
        raise CommandError(
            f"Nothing is imported by the name {word}. Write {', '.join(others)} or {last}."
        )
    return kind
