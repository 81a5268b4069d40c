"""Carries an export run out, from wherever it stands, until it ends or has to wait."""

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.runs import RequestState
from webapp.models import ExportRun, GlAccount, XeroConnection
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess
from webapp.services.connections import note_failure
from webapp.services.errors import NotConnected
from webapp.services.exports.context import Paused, RunContext
from webapp.services.exports.resolve import AMBIGUOUS_PAUSE, resolve
from webapp.services.exports.send import requests_in, send_all, suspect_orphans
from webapp.services.exports.settle import settle
from webapp.services.failures import explain
from webapp.services.lease import Lease, leased
from webapp.services.progress import Progress, topic
from webapp.xero.client import XeroClient
from webapp.xero.errors import LimitReached, PermissionMissing, ReconnectNeeded, XeroError

UNAVAILABLE_PAUSE = dt.timedelta(seconds=30)
RECONNECT_PAUSE = dt.timedelta(minutes=1)
"""How often a run looks whether its connection works again; that look makes no call."""


FAULT_PAUSE = dt.timedelta(minutes=1)


def run_export(
    xero: XeroAccess,
    progress: Progress,
    *,
    run_id: int,
    owner: str,
    clock: Callable[[], dt.datetime],
    lease_seconds: int,
) -> None:
    """Work on a run until every document is decided, or until it has to wait.

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
        suspect_orphans(run_id)
        try:
            context = _context(xero, progress, run_id, clock, lease)
            _carry_out(context)
        except Paused as pause:
            _pause(run_id, pause.resume_at, pause.reason)
        except XeroError as error:
            _pause_for(run_id, error, clock())
        except NotConnected as error:
            _pause(run_id, clock() + RECONNECT_PAUSE, f"{error.message} {error.way_out}")
        except Exception:
            db.session.rollback()
            _pause(
                run_id,
                clock() + FAULT_PAUSE,
                "The export stopped on a fault of its own, which is in the log. It tries again "
                "by itself; nothing is sent twice.",
            )
            raise
        _settle(run_id, clock())
        progress.changed(topic("export", run_id))


def _carry_out(context: RunContext) -> None:
    while context.lease.held:
        uncertain = requests_in(context.run_id, RequestState.UNCERTAIN)
        pending = requests_in(context.run_id, RequestState.PENDING)
        db.session.remove()
        if not uncertain and not pending:
            return
        for request_id in uncertain:
            resolve(context, request_id)
        if pending:
            send_all(context, pending, RequestState.PENDING)
        _settle(context.run_id, context.clock())
        if (
            uncertain
            and not pending
            and requests_in(context.run_id, RequestState.UNCERTAIN) == (uncertain)
        ):
            raise Paused(
                context.clock() + AMBIGUOUS_PAUSE,
                "Some documents need a look in Xero first; what to check stands beside them.",
            )


def _context(
    xero: XeroAccess,
    progress: Progress,
    run_id: int,
    clock: Callable[[], dt.datetime],
    lease: Lease,
) -> RunContext:
    run = db.session.get_one(ExportRun, run_id)
    client = _client(xero, run, clock)
    names = db.session.execute(
        sa.select(GlAccount.code, GlAccount.description).where(GlAccount.fin_co_id == run.fin_co_id)
    )
    context = RunContext(
        run_id=run_id,
        fin_co_id=run.fin_co_id,
        tenant_id=run.tenant_id,
        client=client,
        lease=lease,
        progress=progress,
        clock=clock,
        account_names={f"account:{code}": name for code, name in names},
    )
    with transaction():
        run.resume_at = None
        run.pause_reason = None
    db.session.remove()
    return context


def _client(xero: XeroAccess, run: ExportRun, clock: Callable[[], dt.datetime]) -> XeroClient:
    """The client of the run's organisation.

    Raises:
        Paused: while the FinCo is not connected to it.
    """
    connection = _connection(run)
    if connection is None or connection.state is not ConnectionState.CONNECTED:
        name = connection.organisation_name if connection else "its organisation"
        raise Paused(
            clock() + RECONNECT_PAUSE,
            f"The connection to {name} dropped. Connect it again on the Xero Integration screen; "
            "this export then goes on by itself, and nothing is sent twice.",
        )
    return xero.client(connection)


def _pause_for(run_id: int, error: XeroError, now: dt.datetime) -> None:
    """Put the run aside for as long as the error says, in words for the person who waits."""
    connection = _connection(db.session.get_one(ExportRun, run_id))
    name = "the organisation"
    if connection is not None:
        name = connection.organisation_name
        note_failure(connection.id, error, now)
    match error:
        case LimitReached():
            resume_at = error.retry_at
        case ReconnectNeeded() | PermissionMissing():
            resume_at = now + RECONNECT_PAUSE
        case _:
            resume_at = now + UNAVAILABLE_PAUSE
    reason = explain(error, name)
    _pause(
        run_id,
        resume_at,
        f"{reason.message} {reason.way_out} The export then goes on by itself, and nothing is "
        "sent twice.",
    )


def _connection(run: ExportRun) -> XeroConnection | None:
    """The FinCo's connection to the run's own organisation, and to no other."""
    return db.session.scalar(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == run.fin_co_id,
            XeroConnection.tenant_id == run.tenant_id,
        )
    )


def _pause(run_id: int, resume_at: dt.datetime, reason: str) -> None:
    with transaction():
        run = db.session.get_one(ExportRun, run_id)
        run.resume_at = resume_at
        run.pause_reason = reason


def _settle(run_id: int, now: dt.datetime) -> None:
    with transaction():
        settle(db.session.get_one(ExportRun, run_id), now)
    db.session.remove()


def due_exports(now: dt.datetime) -> list[int]:
    """Unfinished runs that nobody works on and that need not wait any longer.

    The window is open on the old side: a run that was lost long ago is still found.
    """
    return list(
        db.session.scalars(
            sa.select(ExportRun.id)
            .where(
                ExportRun.finished_at.is_(None),
                sa.or_(ExportRun.lease_until.is_(None), ExportRun.lease_until < now),
                sa.or_(ExportRun.resume_at.is_(None), ExportRun.resume_at <= now),
            )
            .order_by(ExportRun.id)
        )
    )
