"""``batches list | close | preflight | export``."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import click

from jobs.queue import enqueue_export
from webapp.cli.chosen import choosing, chosen, may_go
from webapp.cli.context import CommandError, Exit, application, fin_co_by_code, finish, json_option
from webapp.cli.preflight import preflight_command
from webapp.cli.runs import report_and_end, wait_for
from webapp.deps import current_deps
from webapp.domain.batches import BatchStatus
from webapp.domain.problems import Problem
from webapp.queries.batch_list import BatchRow
from webapp.queries.batch_list import batches as find_batches
from webapp.queries.run_summary import RunSummary, export_summary
from webapp.services.batches import close_batch
from webapp.services.errors import ServiceError
from webapp.services.exports import ExportPlan, plan_export, preflight
from webapp.services.exports.confirming import FORGOTTEN, NotAsConfirmed, as_confirmed
from webapp.services.exports.previews import PreviewMemory


@click.group()
def batches() -> None:
    """Batches, as on Export Control."""


batches.add_command(preflight_command)


@batches.command("list")
@click.option("--fin-co", help="Only batches of this FinCo.")
@json_option
def list_(*, fin_co: str | None, as_json: bool) -> None:
    """List batches with their documents and totals ex GST."""
    with application():
        rows = find_batches(fin_co=fin_co and fin_co_by_code(fin_co).code)
        finish(
            {"batches": [_as_report(row) for row in rows]},
            text="\n".join(
                f"{row.number:<12} {row.batch_type.value:<14} {row.fin_co:<6} {_status(row):<16} "
                f"{row.documents:>6} {_value(row):>16}"
                for row in rows
            )
            or "There are no batches.",
            as_json=as_json,
            status=Exit.DONE,
        )


@batches.command("close")
@choosing
@json_option
def close(numbers: Sequence[str], *, all_: bool, fin_co: str | None, as_json: bool) -> None:
    """Close batches: those named, or with --all every open one of a FinCo."""
    with application():
        wanted = chosen(
            numbers,
            all_=all_,
            fin_co=fin_co,
            may=lambda row: row.status is BatchStatus.OPEN and not row.not_for_export,
        )
        closed: list[str] = []
        problems: list[dict[str, Any]] = []
        for row in wanted:
            try:
                close_batch(row.id, user_id=None, now=current_deps().clock())
            except ServiceError as error:
                problems.append(
                    Problem(
                        code="not-closed",
                        record=f"Batch {row.number}",
                        message=error.message,
                        way_out=error.way_out,
                    ).to_json()
                )
            else:
                closed.append(row.number)
        finish(
            {"closed": closed, "problems": problems},
            text="\n".join(
                [f"Closed {number}." for number in closed]
                + [f"{problem['message']} {problem['way_out']}" for problem in problems]
            )
            or "There was nothing to close.",
            as_json=as_json,
            status=_status_of(done=bool(closed), refused=bool(problems)),
        )


@batches.command("export")
@choosing
@click.option(
    "--confirm",
    metavar="HASH",
    help="Export only what `batches preflight` showed under this hash; without it, whatever is "
    "there.",
)
@click.option("--wait", is_flag=True, help="Wait until the export has ended.")
@json_option
def export(
    numbers: Sequence[str],
    *,
    all_: bool,
    fin_co: str | None,
    confirm: str | None,
    wait: bool,
    as_json: bool,
) -> None:
    """Export batches to Xero: those named, or with --all every one of a FinCo that may go.

    A script that was made to export need not confirm; with --confirm nothing goes that is not
    exactly as `batches preflight` showed it.
    """
    with application():
        wanted = chosen(numbers, all_=all_, fin_co=fin_co, may=may_go)
        plan = _plan([row.id for row in wanted], confirm, as_json=as_json)
        refused = [problem.to_json() for problem in plan.refused]
        if not plan.run_ids:
            finish(
                {"run": None, "state": None, "counts": {}, "requests": 0, "problems": refused},
                text="\n".join(f"{problem['message']} {problem['way_out']}" for problem in refused)
                or "There is nothing to export.",
                as_json=as_json,
                status=Exit.NOTHING_DONE,
            )
        summaries = (
            wait_for("export", export_summary, plan.run_ids)
            if wait
            else [_summary(run_id) for run_id in plan.run_ids]
        )
        report_and_end(summaries, as_json=as_json, refused=refused)


def _plan(batch_ids: Sequence[int], confirmed: str | None, *, as_json: bool) -> ExportPlan:
    """Begin the export; where it is not what was confirmed, say what is different and end."""
    deps = current_deps()
    look = partial(preflight, batch_ids=batch_ids, public_url=deps.config.public_url)
    try:
        with as_confirmed(PreviewMemory(deps.redis), confirmed, look):
            return plan_export(
                batch_ids=batch_ids,
                user_id=None,
                now=deps.clock(),
                public_url=deps.config.public_url,
                after_commit=enqueue_export,
                confirmed=confirmed,
            )
    except NotAsConfirmed as changed:
        finish(
            {
                "run": None,
                "state": None,
                "counts": {},
                "requests": 0,
                "problems": [],
                "differences": [
                    {"record": one.record, "changes": list(one.changes)}
                    for one in changed.differences
                ],
                "confirmation": changed.present.confirmation,
            },
            text="\n".join(_different(changed)),
            as_json=as_json,
            status=Exit.NOTHING_DONE,
        )


def _different(changed: NotAsConfirmed) -> Iterator[str]:
    yield changed.message
    for one in changed.differences:
        yield f"{one.record}: {' '.join(one.changes)}"
    if not changed.differences:
        yield FORGOTTEN
    yield f"If it is right as it is now: --confirm {changed.present.confirmation}"


def _summary(run_id: int) -> RunSummary:
    summary = export_summary(run_id)
    if summary is None:
        raise CommandError(f"Export {run_id} is gone.")
    return summary


def _as_report(row: BatchRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "type": row.batch_type.value,
        "fin_co": row.fin_co,
        "status": _status(row),
        "documents": row.documents,
        # In its one currency; where there are several it is none of them.
        "total": None if row.value_ex_gst is None else f"{row.value_ex_gst:.2f}",
        "totals": {one.currency: f"{one.value_ex_gst:.2f}" for one in row.totals},
    }


def _value(row: BatchRow) -> str:
    if row.value_ex_gst is not None:
        return f"{row.value_ex_gst:,.2f}"
    return " + ".join(f"{one.value_ex_gst:,.2f} {one.currency}" for one in row.totals)


def _status(row: BatchRow) -> str:
    return "not for export" if row.not_for_export else row.status.value


def _status_of(*, done: bool, refused: bool) -> Exit:
    if refused:
        return Exit.SOME_REFUSED if done else Exit.NOTHING_DONE
    return Exit.DONE if done else Exit.NOTHING_DONE
