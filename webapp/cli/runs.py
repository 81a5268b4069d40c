"""``runs show``, and waiting for a run from the command line."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click

from jobs.queue import enqueue_export
from webapp.cli.context import CommandError, Exit, application, finish, json_option
from webapp.db import db
from webapp.deps import current_deps
from webapp.domain.runs import RunState
from webapp.queries.run_summary import RunSummary, export_summary, import_summary
from webapp.services import audit
from webapp.services.errors import ServiceError
from webapp.services.exports import Asked, cancel_run, pause_run, resume_run
from webapp.services.progress import Progress, topic

LOOK_AGAIN_SECONDS = 1
PATIENCE = dt.timedelta(minutes=2)
"""A run that has to wait longer than this, or for a person, is reported as waiting."""

AT_REST = frozenset({RunState.WAITING, RunState.PAUSED, RunState.CANCELLING})

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


@runs.command("pause")
@click.argument("run")
@json_option
def pause(run: str, *, as_json: bool) -> None:
    """Pause an export: nothing more of it leaves until it is resumed."""
    _stop(run, pause_run, as_json=as_json)


@runs.command("resume")
@click.argument("run")
@json_option
def resume(run: str, *, as_json: bool) -> None:
    """Let a paused export go on."""
    _stop(run, partial(resume_run, after_commit=enqueue_export), as_json=as_json)


@runs.command("cancel")
@click.argument("run")
@json_option
def cancel(run: str, *, as_json: bool) -> None:
    """End an export: what has not left stays here and can be exported again."""
    _stop(run, partial(cancel_run, after_commit=enqueue_export), as_json=as_json)


def _stop(run: str, action: Callable[[int, Asked, Progress], None], *, as_json: bool) -> None:
    kind, _, number = run.rpartition("-")
    if not number.isdigit() or kind not in {"", "export"}:
        raise CommandError(f"{run} is not an export. Write export-12 or just 12.")
    with application():
        deps = current_deps()
        summary = export_summary(int(number))
        if summary is None:
            raise CommandError(f"There is no run {run}.")
        asked = Asked(user_id=None, source=audit.COMMAND_LINE, now=deps.clock())
        try:
            action(int(number), asked, deps.progress)
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
        summary = export_summary(int(number)) or summary
        finish(as_report(summary), text=_line(summary), as_json=as_json, status=Exit.DONE)


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
    return summary.state in AT_REST and (
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
