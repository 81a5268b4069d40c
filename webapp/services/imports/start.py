"""Starting an import, and finding those nobody works on."""

import datetime as dt
from collections.abc import Callable, Collection

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.runs import ImportKind, RunOrigin
from webapp.models import ImportRun, ImportRunKind, User, XeroConnection, XeroSettings
from webapp.models.xero import ConnectionState
from webapp.services import audit
from webapp.services.connections import connected
from webapp.services.errors import AlreadyRunning, NotAllowedNow, NotConnected
from webapp.services.failures import CONNECT_AGAIN

_ORIGINS = {
    RunOrigin.PERSON: "somebody",
    RunOrigin.SCHEDULE: "the schedule",
    RunOrigin.COMMAND: "a command",
}


def start_import(
    *,
    fin_co_id: int,
    user_id: int | None,
    now: dt.datetime,
    after_commit: Callable[[int], object],
    origin: RunOrigin = RunOrigin.PERSON,
    source: str | None = None,
    full: bool = False,
    kinds: Collection[ImportKind] | None = None,
) -> int:
    """Make an import run of the kinds that the FinCo's settings tick (R11, R14, R15).

    Args:
        fin_co_id: whose organisation is read.
        user_id: who asked; None where no person did.
        now: the present instant.
        after_commit: called with the run's id once the run is stored.
        origin: what asked.
        source: where it was asked, for the audit log; None keeps it out of there, as the
            schedule does: it has the runs themselves, and many a day would bury what people did.
        full: read everything anew, not only what changed since the last import.
        kinds: bring in only these; None means all that are ticked.

    Returns:
        The run's id.

    Raises:
        NotConnected: the FinCo has no connection that works (R29).
        AlreadyRunning: an import of this FinCo is not finished (R32).
        NotAllowedNow: a kind was asked for that is not ticked.
    """
    try:
        with transaction() as unit:
            connection = _working_connection(fin_co_id)
            _refuse_overlap(fin_co_id)
            run = ImportRun(
                fin_co_id=fin_co_id,
                tenant_id=connection.tenant_id,
                started_at=now,
                origin=origin,
                started_by_id=user_id,
                full=full,
                kinds=[ImportRunKind(kind=kind) for kind in _kinds(fin_co_id, kinds)],
            )
            db.session.add(run)
            db.session.flush()
            run_id = run.id
            if source is not None:
                audit.record(
                    at=now,
                    user_id=user_id,
                    fin_co_id=fin_co_id,
                    action="import",
                    source=source,
                    detail={"run": run_id, **({"everything": True} if full else {})},
                )
            unit.after_commit(lambda: after_commit(run_id))
    except IntegrityError:
        # Somebody started one between our look and our commit; the index let only one through.
        _refuse_overlap(fin_co_id)
        raise
    return run_id


def due_imports(now: dt.datetime) -> list[int]:
    """The unfinished runs that nobody works on, oldest first, however old they are."""
    return list(
        db.session.scalars(
            sa.select(ImportRun.id)
            .where(
                ImportRun.finished_at.is_(None),
                sa.or_(ImportRun.lease_until.is_(None), ImportRun.lease_until < now),
            )
            .order_by(ImportRun.id)
        )
    )


def _working_connection(fin_co_id: int) -> XeroConnection:
    connection = connected(fin_co_id)
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        raise NotConnected(
            f"The connection to {connection.organisation_name} does not work: "
            f"{connection.state_reason or 'Xero no longer accepts it.'}",
            CONNECT_AGAIN,
        )
    return connection


def _refuse_overlap(fin_co_id: int) -> None:
    unfinished = db.session.execute(
        sa.select(ImportRun.id, ImportRun.started_at, ImportRun.origin, User.name)
        .outerjoin(User, User.id == ImportRun.started_by_id)
        .where(ImportRun.fin_co_id == fin_co_id, ImportRun.finished_at.is_(None))
    ).first()
    if unfinished is not None:
        run_id, started_at, origin, name = unfinished
        raise AlreadyRunning(
            f"An import is running already, started by {name or _ORIGINS[origin]} "
            f"on {started_at:%d %b %Y at %H:%M} UTC.",
            "Wait until it is finished; its progress is shown below the buttons.",
            run_id,
        )


def _kinds(fin_co_id: int, asked: Collection[ImportKind] | None) -> list[ImportKind]:
    settings = db.session.get_one(XeroSettings, fin_co_id)
    boxes = {
        ImportKind.COMPANIES: settings.sync_companies,
        ImportKind.JOB_RECEIPTS: settings.sync_job_receipts,
        ImportKind.PAYMENTS: settings.sync_payments,
        ImportKind.GL_ACCOUNTS: settings.sync_gl_accounts,
    }
    ticked = [kind for kind in ImportKind if boxes.get(kind, True)]
    if asked is None:
        return ticked
    unticked = [kind for kind in ImportKind if kind in asked and kind not in ticked]
    if unticked:
        raise NotAllowedNow(
            f"Not ticked for this FinCo, so not imported: {', '.join(unticked)}.",
            "Tick it on the Xero Integration screen, or leave it out.",
        )
    return [kind for kind in ticked if kind in asked]
