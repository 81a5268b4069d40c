"""Carrying an import run on, kind by kind, under a lease."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.db import db
from webapp.domain.runs import ImportKind, KindState
from webapp.models import ImportRun, ImportRunKind, XeroConnection
from webapp.models.xero import ConnectionState
from webapp.services import outages
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections import current_connection, note_failure
from webapp.services.failures import CONNECT_AGAIN, explain
from webapp.services.imports.companies import import_companies
from webapp.services.imports.currencies import import_currencies
from webapp.services.imports.export_codes import import_export_codes
from webapp.services.imports.gl_accounts import import_gl_accounts
from webapp.services.imports.recording import (
    Hold,
    ImportStopped,
    KindLog,
    LeaseLost,
    unfinished_kinds,
)
from webapp.services.imports.source import Source
from webapp.services.lease import leased
from webapp.services.progress import Progress
from webapp.xero.errors import (
    GateClosed,
    LimitReached,
    PermissionMissing,
    ReconnectNeeded,
    XeroError,
)

log = structlog.get_logger(__name__)

IMPORTERS: dict[ImportKind, Callable[[Source, KindLog], None]] = {
    ImportKind.COMPANIES: import_companies,
    ImportKind.GL_ACCOUNTS: import_gl_accounts,
    ImportKind.EXPORT_CODES: import_export_codes,
    ImportKind.CURRENCIES: import_currencies,
}


class _NothingMoreGoes(Exception):
    """No further kind could be read either; ``str()`` says why, in plain words."""


@dataclass(frozen=True)
class _Failure:
    """Why a kind as a whole was not brought in, in plain words."""

    reason: str
    unread: bool = False
    """Whether it is for want of an answer from Xero."""


def run_import(
    xero: XeroAccess,
    progress: Progress,
    *,
    run_id: int,
    owner: str,
    clock: Callable[[], dt.datetime],
    lease_seconds: int,
) -> None:
    """Bring in what a run has still to bring in.

    Of any number of processes that are given the same run one works on it, the others return at
    once. A run whose process was killed goes on from the kind it was at. One kind's failure is
    noted with its reason and the others go on (R33), unless Xero lets nothing through at all.

    Args:
        xero: how Xero is reached.
        progress: wakes whoever watches the run.
        run_id: which run; one that is finished is left alone.
        owner: a name no other process or thread uses.
        clock: gives the present instant in UTC.
        lease_seconds: how long after this process's death another may take over.
    """
    with leased(ImportRun, run_id, owner=owner, clock=clock, seconds=lease_seconds) as lease:
        if lease is None:
            return
        hold = Hold(run_id, owner, progress, clock)
        try:
            _carry_on(xero, hold)
        except LeaseLost:
            log.warning("import.taken_over", run=run_id)


def _carry_on(xero: XeroAccess, hold: Hold) -> None:
    pending = [(KindLog(hold, kind_id), kind) for kind_id, kind in unfinished_kinds(hold.run_id)]
    all_read = bool(pending)
    try:
        source = _source(xero, hold.run_id)
        while pending:
            kind_log, kind = pending[0]
            kind_log.begin()
            failure = _bring_in(source, kind, kind_log, hold)
            if failure is None:
                kind_log.done()
            else:
                kind_log.failed(failure.reason)
                all_read = all_read and not failure.unread
            pending.pop(0)
        if all_read:
            outages.end(source.connection_id)
    except _NothingMoreGoes as stop:
        for kind_log, _ in pending:
            kind_log.failed(str(stop))
    _finish(hold)


def _source(xero: XeroAccess, run_id: int) -> Source:
    run = db.session.get_one(ImportRun, run_id)
    connection = current_connection(run.fin_co_id)
    if connection is None or connection.tenant_id != run.tenant_id:
        raise _NothingMoreGoes(
            "The FinCo was disconnected from the organisation this import was started for. "
            "Start a new import."
        )
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        raise _NothingMoreGoes(f"{connection.state_reason} {CONNECT_AGAIN}")
    source = Source(
        client=xero.client(connection),
        fin_co_id=run.fin_co_id,
        tenant_id=run.tenant_id,
        connection_id=connection.id,
        organisation_name=connection.organisation_name,
    )
    end_reading()
    return source


def _bring_in(source: Source, kind: ImportKind, kind_log: KindLog, hold: Hold) -> _Failure | None:
    """Bring one kind in; say why it failed where it did.

    Raises:
        _NothingMoreGoes: Xero would refuse the other kinds for the same reason.
        LeaseLost: the run is another's now.
    """
    try:
        IMPORTERS[kind](source, kind_log)
    except XeroError as error:
        log.warning("import.kind_failed", run=hold.run_id, kind=kind.value, error=repr(error))
        explanation = explain(error, source.organisation_name)
        reason = " ".join(explanation)
        note_failure(source.connection_id, error, hold.clock())
        if not isinstance(error, GateClosed):  # that one is our own store, not Xero
            outages.begin(source.connection_id, explanation.message, hold.clock())
        if isinstance(error, ReconnectNeeded | PermissionMissing | LimitReached):
            raise _NothingMoreGoes(reason) from error
        return _Failure(reason, unread=True)
    except ImportStopped as stop:
        return _Failure(str(stop))
    except IntegrityError:
        log.exception("import.kind_collided", run=hold.run_id, kind=kind.value)
        return _Failure(
            "Somebody changed the same records while they were being imported, or two of them "
            "claim the same code. Import again."
        )
    except (LeaseLost, OperationalError):
        raise
    except Exception:
        # A record nobody thought of must neither stop the other kinds nor be tried for ever.
        log.exception("import.kind_broke", run=hold.run_id, kind=kind.value)
        return _Failure(
            "Something unexpected came up; what was stored before it stays. "
            f"The log has the details under run {hold.run_id}."
        )
    return None


def _finish(hold: Hold) -> None:
    with hold.step():
        run = db.session.get_one(ImportRun, hold.run_id)
        run.finished_at = hold.clock()
        states: Sequence[KindState] = db.session.scalars(
            sa.select(ImportRunKind.state).where(ImportRunKind.run_id == hold.run_id)
        ).all()
        if KindState.DONE in states:
            db.session.execute(
                sa.update(XeroConnection)
                .where(
                    XeroConnection.fin_co_id == run.fin_co_id,
                    XeroConnection.tenant_id == run.tenant_id,
                )
                .values(last_import_at=run.finished_at)
            )
