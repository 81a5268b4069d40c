"""Carries an export run out, from wherever it stands, until it ends or has to wait."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import RequestState
from webapp.models import ExportRun, GlAccount
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess
from webapp.services.exports.context import Hold, LeaseLost, Paused, RunContext, Stopped
from webapp.services.exports.pausing import connection_of, putting_aside, while_unconnected
from webapp.services.exports.resolve import AMBIGUOUS_PAUSE, resolve
from webapp.services.exports.send import requests_in, send_all, suspect_orphans
from webapp.services.exports.settle import settle, withdraw
from webapp.services.lease import leased
from webapp.services.progress import Progress


def run_export(
    xero: XeroAccess,
    progress: Progress,
    *,
    run_id: int,
    owner: str,
    clock: Callable[[], dt.datetime],
    lease_seconds: int,
) -> None:
    """Work on a run until every document is decided, or until it has to wait or is paused.

    Safe to call at any time, any number of times, from any number of processes: one of them
    holds the run's lease and the others return at once. A run whose process was killed is taken
    up where the rows say it stands.
    """
    with leased(
        ExportRun,
        run_id,
        owner=f"{owner}:{uuid4().hex}",
        clock=clock,
        seconds=lease_seconds,
    ) as lease:
        if lease is None:
            return
        hold = Hold(run_id=run_id, lease=lease, progress=progress, clock=clock)
        try:
            _work(xero, hold)
            _settle(hold)
        except LeaseLost:
            # Its successor has seen to everything; what this process knows is out of date.
            db.session.remove()
        hold.changed()


def _work(xero: XeroAccess, hold: Hold) -> None:
    with putting_aside(hold):
        suspect_orphans(hold)
        if not _paused(hold):
            _carry_out(_context(xero, hold))


def _carry_out(context: RunContext) -> None:
    while context.lease.held and not _paused(context):
        # What never left does not wait behind what Xero fails on.
        pending = requests_in(context.run_id, RequestState.PENDING)
        uncertain = requests_in(context.run_id, RequestState.UNCERTAIN)
        db.session.remove()
        # Settling takes back what never left of a cancelled run; its doubts go on being resolved.
        with suppress(Stopped):
            if pending:
                send_all(context, pending, RequestState.PENDING)
            elif uncertain:
                _resolve_each(context, uncertain)
            else:
                return
        _settle(context)


def _paused(hold: Hold) -> bool:
    """Whether a person stopped the run until they let it go on."""
    paused_at = db.session.scalar(sa.select(ExportRun.paused_at).where(ExportRun.id == hold.run_id))
    db.session.remove()
    return paused_at is not None


def _resolve_each(context: RunContext, uncertain: list[int]) -> None:
    """Look every one of them up, whatever becomes of the others, before the run waits for any."""
    pauses: list[Paused] = []
    for request_id in uncertain:
        if _paused(context):
            raise Stopped
        try:
            resolve(context, request_id)
        except Paused as paused:
            pauses.append(paused)
    fresh = requests_in(context.run_id, RequestState.PENDING)
    db.session.remove()
    if fresh:
        send_all(context, fresh, RequestState.PENDING)
    if pauses:
        raise min(pauses, key=lambda paused: paused.resume_at)
    _stop_if_nothing_moves(context, uncertain)


def _stop_if_nothing_moves(context: RunContext, before: list[int]) -> None:
    still = requests_in(context.run_id, RequestState.UNCERTAIN)
    pending = requests_in(context.run_id, RequestState.PENDING)
    if still == before and not pending:
        raise Paused(
            context.clock() + AMBIGUOUS_PAUSE,
            "Some documents need a look in Xero first; what to check stands beside them.",
            for_person=True,
        )


def _context(xero: XeroAccess, hold: Hold) -> RunContext:
    """Reach the run's own organisation, and no other.

    Raises:
        Paused: while the FinCo is not connected to it.
    """
    run = db.session.get_one(ExportRun, hold.run_id)
    connection = connection_of(run)
    if connection is None or connection.state is not ConnectionState.CONNECTED:
        raise while_unconnected(hold, run)
    client = xero.client(connection)
    names = db.session.execute(
        sa.select(GlAccount.code, GlAccount.description).where(GlAccount.fin_co_id == run.fin_co_id)
    )
    context = RunContext(
        run_id=hold.run_id,
        lease=hold.lease,
        progress=hold.progress,
        clock=hold.clock,
        fin_co_id=run.fin_co_id,
        tenant_id=run.tenant_id,
        client=client,
        engine=db.engine,
        account_names={f"account:{code}": name for code, name in names},
    )
    with hold.writing():
        run = db.session.get_one(ExportRun, hold.run_id)
        run.resume_at = None
        run.pause_reason = None
        run.waits_for_person = False
    db.session.remove()
    return context


def _settle(hold: Hold) -> None:
    with hold.writing():
        run = db.session.get_one(ExportRun, hold.run_id)
        if run.cancelled_at is not None:
            withdraw(run, hold.clock())
        settle(run, hold.clock())
    db.session.remove()


def due_exports(now: dt.datetime) -> list[int]:
    """Unfinished runs that nobody works on and that need not wait any longer.

    The window is open on the old side: a run that was lost long ago is still found. What a
    person paused is left alone until a person lets it go on.
    """
    return list(
        db.session.scalars(
            sa.select(ExportRun.id)
            .where(
                ExportRun.finished_at.is_(None),
                ExportRun.paused_at.is_(None),
                sa.or_(ExportRun.lease_until.is_(None), ExportRun.lease_until < now),
                sa.or_(ExportRun.resume_at.is_(None), ExportRun.resume_at <= now),
            )
            .order_by(ExportRun.id)
        )
    )
