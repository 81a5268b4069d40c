"""``batches preflight``: what an export would do, without doing any of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from webapp.cli.chosen import choosing, chosen, may_go
from webapp.cli.context import Exit, application, finish, json_option
from webapp.deps import current_deps
from webapp.services.exports.causes import Cause, CurrencyPreflight
from webapp.services.exports.preflight import Destination, Preflight, preflight
from webapp.services.exports.previews import PreviewMemory


@click.command("preflight")
@choosing
@json_option
def preflight_command(
    numbers: Sequence[str], *, all_: bool, fin_co: str | None, as_json: bool
) -> None:
    """Say what an export of batches would send, what it would hold back, and why.

    It ends with the hash that `batches export --confirm` takes.
    """
    with application():
        rows = chosen(numbers, all_=all_, fin_co=fin_co, may=may_go)
        deps = current_deps()
        found = preflight(batch_ids=[row.id for row in rows], public_url=deps.config.public_url)
        PreviewMemory(deps.redis).keep(found)
        refused = [batch.refused for batch in found.batches if batch.refused]
        finish(
            {
                "confirmation": found.confirmation,
                "requests": found.requests,
                "sent": [_sum(one) for one in found.totals],
                "held_back": [_sum(one) for one in found.held_back],
                "refused": [problem.to_json() for problem in refused],
                "causes": [_cause(cause) for cause in found.causes],
                "warnings": [_cause(cause) for cause in found.warnings],
                "follow_ups": [_follow_ups(one) for one in found.destinations],
            },
            text="\n".join(_lines(found)),
            as_json=as_json,
            status=_status(found, held=bool(refused or found.held_back)),
        )


def _status(found: Preflight, *, held: bool) -> Exit:
    if not found.totals:
        return Exit.NOTHING_DONE
    return Exit.SOME_REFUSED if held else Exit.DONE


def _lines(found: Preflight) -> Iterator[str]:
    for one in found.totals:
        yield f"Would be sent: {one.documents:,} documents, {one.total:,.2f} {one.currency}"
    for one in found.held_back:
        yield f"Would stay here: {one.documents:,} documents, {one.total:,.2f} {one.currency}"
    for batch in found.batches:
        if batch.refused:
            yield f"{batch.refused.message} {batch.refused.way_out}"
    for cause in (*found.causes, *found.warnings):
        worth = ", ".join(f"{one.total:,.2f} {one.currency}" for one in cause.totals)
        yield f"{cause.message} {len(cause.documents):,} documents, {worth}. {cause.way_out}"
    for destination in found.destinations:
        yield from _of_destination(destination)
    if found.totals:
        yield f"To export exactly this: --confirm {found.confirmation}"
    elif not found.batches:
        yield "There is nothing to export."


def _of_destination(destination: Destination) -> Iterator[str]:
    for lock in destination.locks:
        yield f"{destination.organisation} is locked up to {lock.until} ({lock.name})."
    yield from _following(destination)
    if destination.unchecked:
        yield f"Not checked in {destination.organisation}: {', '.join(destination.unchecked)}."


def _following(destination: Destination) -> Iterator[str]:
    told = destination.follow_ups
    if told.files:
        wait = ", once the connection is given permission for files" if told.withheld else ""
        yield f"Would follow to {destination.organisation}: {told.files:,} files{wait}"
    for problem in told.problems:
        yield f"{problem.message} {problem.way_out}"
    if told.unticked:
        yield f"Files that would stay here, for their box is not ticked: {told.unticked:,}"
    if told.notes:
        yield f"History notes in {destination.organisation}: {told.notes:,}"


def _follow_ups(destination: Destination) -> dict[str, Any]:
    told = destination.follow_ups
    return {
        "fin_co": destination.fin_co,
        "files": told.files,
        "files_refused": [problem.to_json() for problem in told.problems],
        "files_unticked": told.unticked,
        "files_withheld": told.withheld,
        "notes": told.notes,
    }


def _sum(one: CurrencyPreflight) -> dict[str, Any]:
    return {"currency": one.currency, "documents": one.documents, "total": f"{one.total:.2f}"}


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "code": cause.code,
        "message": cause.message,
        "way_out": cause.way_out,
        "documents": list(cause.documents),
        "totals": [_sum(one) for one in cause.totals],
    }
