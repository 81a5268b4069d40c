"""What a person may do to a run under way: stop it for a while, let it go on, end it.

Each takes the run's row first, as every step of the worker does that writes: a stop lies either
before a request is claimed, which then stays, or after it, and then it is recorded as any other.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from webapp.db import Transaction, db, transaction
from webapp.models import ExportRun, User
from webapp.services import audit
from webapp.services.errors import NotAllowedNow
from webapp.services.exports.settle import settle, withdraw
from webapp.services.progress import Progress, topic


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks for it, from which address, and when (UTC). ``user_id`` is None for a machine."""

    user_id: int | None
    source: str
    now: dt.datetime


def pause_run(run_id: int, asked: Asked, progress: Progress) -> None:
    """Let nothing more of the run leave until somebody resumes it.

    What is under way is recorded; the batches stay held, and files and notes wait too.

    Raises:
        NotAllowedNow: it is over, being cancelled, or paused already.
    """
    with transaction() as unit:
        run = _under_way(run_id)
        _refuse_cancelled(run)
        if run.paused_at is not None:
            raise NotAllowedNow(
                f"{_name(run)} is paused already{_by(run.paused_by)}.",
                "Press Resume when it is to go on.",
            )
        run.paused_at = asked.now
        run.paused_by_id = asked.user_id
        _note(unit, run, "pause export", asked, progress)


def resume_run(
    run_id: int, asked: Asked, progress: Progress, *, after_commit: Callable[[int], object]
) -> None:
    """Let a paused run go on, at once or when what it waited for has come.

    Args:
        run_id: which run.
        asked: who asks.
        progress: wakes whoever watches.
        after_commit: called with the run's id where nobody works on it.

    Raises:
        NotAllowedNow: it is over, being cancelled, or not paused.
    """
    with transaction() as unit:
        run = _under_way(run_id)
        _refuse_cancelled(run)
        if run.paused_at is None:
            raise NotAllowedNow(
                f"{_name(run)} is not paused.", "Somebody let it go on already; watch it below."
            )
        run.paused_at = None
        run.paused_by_id = None
        _note(unit, run, "resume export", asked, progress)
        if run.resume_at is None or run.resume_at <= asked.now:
            _hand_over(unit, run, asked.now, after_commit)


def cancel_run(
    run_id: int, asked: Asked, progress: Progress, *, after_commit: Callable[[int], object]
) -> None:
    """End the run: what has not left stays here, and its batches can be exported again.

    What is in Xero stays there. What is under way or in doubt is seen to before the run ends,
    for only Xero knows whether it arrived.

    Args:
        run_id: which run.
        asked: who asks.
        progress: wakes whoever watches.
        after_commit: called with the run's id where something is left to see to and nobody
            works on it.

    Raises:
        NotAllowedNow: it is over, or being cancelled already.
    """
    with transaction() as unit:
        run = _under_way(run_id)
        _refuse_cancelled(run)
        run.cancelled_at = asked.now
        run.cancelled_by_id = asked.user_id
        run.paused_at = None
        run.paused_by_id = None
        withdraw(run, asked.now)
        over = settle(run, asked.now)
        _note(unit, run, "cancel export", asked, progress)
        if not over and (run.resume_at is None or run.resume_at <= asked.now):
            _hand_over(unit, run, asked.now, after_commit)


def _under_way(run_id: int) -> ExportRun:
    run = db.session.get_one(ExportRun, run_id, with_for_update=True, populate_existing=True)
    if run.finished_at is not None:
        cancelled = f" It was cancelled{_by(run.cancelled_by)}." if run.cancelled_at else ""
        raise NotAllowedNow(
            f"{_name(run)} is over, so nothing was changed.{cancelled}",
            "What did not go can be exported again.",
        )
    return run


def _refuse_cancelled(run: ExportRun) -> None:
    if run.cancelled_at is not None:
        raise NotAllowedNow(
            f"{_name(run)} is being cancelled already{_by(run.cancelled_by)}.",
            "It ends once what was under way has been looked up in Xero.",
        )


def _name(run: ExportRun) -> str:
    return f"Export run {run.id}"


def _by(person: User | None) -> str:
    return f" by {person.name}" if person else ""


def _note(unit: Transaction, run: ExportRun, action: str, asked: Asked, progress: Progress) -> None:
    audit.record(
        at=asked.now,
        user_id=asked.user_id,
        fin_co_id=run.fin_co_id,
        action=action,
        source=asked.source,
        detail={"run": run.id},
    )
    unit.after_commit(partial(progress.changed, topic("export", run.id)))


def _hand_over(
    unit: Transaction, run: ExportRun, now: dt.datetime, after_commit: Callable[[int], object]
) -> None:
    """Give the run a worker, unless one has it: that one sees by itself what was decided."""
    if run.lease_until is None or run.lease_until < now:
        unit.after_commit(partial(after_commit, run.id))
