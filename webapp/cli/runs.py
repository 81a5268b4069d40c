"""``runs show``, and waiting for a run from the command line."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

import click

from webapp.cli.context import CommandError, Exit, application, finish, json_option
from webapp.db import db
from webapp.deps import current_deps
from webapp.domain.runs import RunState
from webapp.queries.run_summary import RunSummary, export_summary, import_summary
from webapp.services.progress import topic

LOOK_AGAIN_SECONDS = 1
PATIENCE = dt.timedelta(minutes=2)
"""A run that has to wait longer than this, or for a person, is reported as waiting."""

COUNTED = ("fetched", "created", "updated", "unchanged", "skipped", "failed", "calls")

Summarise = Callable[[int], RunSummary | None]


@click.group()
def runs() -> None:
    """Export and import runs."""


@runs.command("show")
@click.argument("run")
@json_option
def show(run: str, *, as_json: bool) -> None:
    """Show a run: export-12, import-3, or just the number of an export."""
    kind, _, number = run.rpartition("-")
    if not number.isdigit() or kind not in {"", "export", "import"}:
        raise CommandError(f"{run} is not a run. Write export-12 or import-3.")
    with application():
        summary = import_summary(int(number)) if kind == "import" else export_summary(int(number))
        if summary is None:
            raise CommandError(f"There is no run {run}.")
        report_and_end([summary], as_json=as_json)


def wait_for(kind: str, summarise: Summarise, run_ids: Sequence[int]) -> list[RunSummary]:
    """Watch runs until each is finished or has to wait for long, with a progress line."""
    return [_wait(kind, summarise, run_id) for run_id in run_ids]


def _wait(kind: str, summarise: Summarise, run_id: int) -> RunSummary:
    deps = current_deps()
    shown = ""
    with deps.progress.watching(topic(kind, run_id)) as watch:
        while True:
            summary = summarise(run_id)
            db.session.remove()
            if summary is None:
                raise CommandError(f"There is no run {kind}-{run_id}.")
            line = _line(summary)
            if line != shown:
                click.echo(line, err=True)
                shown = line
            if summary.finished or _waits_long(summary, deps.clock()):
                return summary
            watch.wait(LOOK_AGAIN_SECONDS)


def _waits_long(summary: RunSummary, now: dt.datetime) -> bool:
    return summary.state is RunState.WAITING and (
        summary.waits_for_person
        or (summary.waiting_until is not None and summary.waiting_until - now > PATIENCE)
    )


def _line(summary: RunSummary) -> str:
    parts = []
    for name, count in summary.counts.items():
        if isinstance(count, dict):
            parts.append(f"{name}: {count['state']} ({count['fetched']})")
        elif count:
            parts.append(f"{count} {name}")
    reason = f" - {summary.waiting_for}" if summary.waiting_for else ""
    return f"{summary.run} {summary.state.value}: {', '.join(parts)}{reason}"


def _kind_lines(summary: RunSummary) -> list[str]:
    """An import kind by kind, and what it cost."""
    counted = [(name, kind) for name, kind in summary.counts.items() if isinstance(kind, dict)]
    if not counted:
        return []
    lines = [
        f"  {name}: " + ", ".join(f"{kind[count]:,} {count}" for count in COUNTED)
        for name, kind in counted
    ]
    left = "" if summary.calls_left is None else f", {summary.calls_left:,} left today"
    return [*lines, f"  {summary.requests:,} calls to Xero{left}"]


def as_report(summary: RunSummary) -> dict[str, Any]:
    """A run as scripts get it."""
    return {
        "run": summary.run,
        "fin_co": summary.fin_co,
        "state": summary.state.value,
        "counts": summary.counts,
        "requests": summary.requests,
        "calls_left": summary.calls_left,
        "problems": list(summary.problems),
        "waiting_until": summary.waiting_until.isoformat() if summary.waiting_until else None,
        "waiting_for": summary.waiting_for,
    }


def report_and_end(
    summaries: Sequence[RunSummary], *, as_json: bool, refused: Sequence[dict[str, Any]] = ()
) -> None:
    """Print what became of the runs and end with the status that tells it to a script.

    The object is that of the first run; where several FinCos were exported at once, ``runs``
    holds one for each.
    """
    reports = [as_report(summary) for summary in summaries]
    report = {**reports[0], "runs": reports}
    report["problems"] = [*report["problems"], *refused]
    lines = [line for summary in summaries for line in (_line(summary), *_kind_lines(summary))]
    for problem in [*refused, *(p for r in reports for p in r["problems"])]:
        record = f"{problem['record']}: " if problem.get("record") else ""
        lines.append(f"  {record}{problem['message']} {problem.get('way_out', '')}".rstrip())
    unlisted = sum(summary.unlisted for summary in summaries)
    if unlisted:
        lines.append(f"  and {unlisted:,} more, which the Imports page lists.")
    finish(
        json.loads(json.dumps(report, default=str)),
        text="\n".join(dict.fromkeys(lines)),
        as_json=as_json,
        status=_status(summaries, refused=bool(refused)),
    )


def _status(summaries: Sequence[RunSummary], *, refused: bool) -> Exit:
    """Nothing done means that every run ended without a single record taken."""
    going_well = {RunState.COMPLETED, RunState.RUNNING}
    if all(summary.state in going_well for summary in summaries) and not refused:
        return Exit.DONE
    if all(summary.finished and not summary.did_something for summary in summaries):
        return Exit.NOTHING_DONE
    return Exit.SOME_REFUSED
