"""``batches preflight``: what an export would do, without doing any of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from webapp.cli.context import CommandError, Exit, application, finish, json_option
from webapp.deps import current_deps
from webapp.queries.batch_list import batches as find_batches
from webapp.services.exports.causes import Cause, CurrencyPreflight
from webapp.services.exports.preflight import Preflight
from webapp.services.exports.preflight import preflight as foretell


@click.command("preflight")
@click.argument("numbers", nargs=-1, required=True)
@json_option
def preflight(numbers: Sequence[str], *, as_json: bool) -> None:
    """Say what an export of batches would send, what it would hold back, and why."""
    with application():
        rows = find_batches(numbers=numbers)
        unknown = set(numbers) - {row.number for row in rows}
        if unknown:
            raise CommandError(f"There is no batch {', '.join(sorted(unknown))}.")
        found = foretell(
            batch_ids=[row.id for row in rows], public_url=current_deps().config.public_url
        )
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
        for lock in destination.locks:
            yield f"{destination.organisation} is locked up to {lock.until} ({lock.name})."
        if destination.unchecked:
            yield f"Not checked in {destination.organisation}: {', '.join(destination.unchecked)}."


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
