"""Carrying an import run on, kind by kind, under a lease."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

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
from webapp.services.imports.payments import import_payments
from webapp.services.imports.recording import (
    Hold,
    ImportStopped,
    KindLog,
    LeaseLost,
    unfinished_kinds,
)
from webapp.services.imports.source import Source
from webapp.services.imports.watermarks import Reach, modified_since
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

Logs = Mapping[ImportKind, KindLog]


def _alone(importer: Callable[[Source, KindLog], None]) -> Callable[[Source, Logs], None]:
    """Make of an importer of one kind one of a feed."""

    def bring_in(source: Source, logs: Logs) -> None:
        (kind_log,) = logs.values()
        importer(source, kind_log)

    return bring_in


IMPORTERS: dict[tuple[ImportKind, ...], Callable[[Source, Logs], None]] = {
    (ImportKind.COMPANIES,): _alone(import_companies),
    (ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS): import_payments,
    (ImportKind.GL_ACCOUNTS,): _alone(import_gl_accounts),
    (ImportKind.EXPORT_CODES,): _alone(import_export_codes),
    (ImportKind.CURRENCIES,): _alone(import_currencies),
}
"""What reads each feed: the kinds that one pass over the organisation's records brings in.

An importer is handed the logs of those that the run is still to bring in.
"""


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
        run = db.session.get_one(ImportRun, run_id)
        hold = Hold(run_id, run.fin_co_id, run.tenant_id, owner, progress, clock)
        try:
            _carry_on(xero, hold)
        except LeaseLost:
            log.warning("import.taken_over", run=run_id)


def _carry_on(xero: XeroAccess, hold: Hold) -> None:
    pending = unfinished_kinds(hold.run_id)
    all_read = bool(pending)
    logs: dict[ImportKind, KindLog] = {}
    try:
        source = _source(xero, hold)
        hold = replace(hold, meter=source.client.meter)
        for feed, importer in IMPORTERS.items():
            kinds = {kind: pending[kind] for kind in feed if kind in pending}
            if not kinds:
                continue
            since = modified_since(hold.run_id, kinds)
            logs = _logs(hold, kinds, Reach(since))
            for kind_log in logs.values():
                kind_log.begin()
            failure = _bring_in(importer, replace(source, modified_since=since), logs, hold)
            for kind, kind_log in logs.items():
                if failure is None:
                    kind_log.done()
                else:
                    kind_log.failed(failure.reason)
                    all_read = all_read and not failure.unread
                del pending[kind]
        if all_read:
            outages.end(source.connection_id)
    except _NothingMoreGoes as stop:
        begun = {kind: logs[kind] for kind in pending if kind in logs}
        for kind_log in (_logs(hold, pending, Reach()) | begun).values():
            kind_log.failed(str(stop))
    _finish(hold)


def _logs(hold: Hold, kinds: Mapping[ImportKind, int], reach: Reach) -> dict[ImportKind, KindLog]:
    return {
        kind: KindLog(hold, kind, kind_id, reach, counts_calls=position == 0)
        for position, (kind, kind_id) in enumerate(kinds.items())
    }


def _source(xero: XeroAccess, hold: Hold) -> Source:
    connection = current_connection(hold.fin_co_id)
    if connection is None or connection.tenant_id != hold.tenant_id:
        raise _NothingMoreGoes(
            "The FinCo was disconnected from the organisation this import was started for. "
            "Start a new import."
        )
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        raise _NothingMoreGoes(f"{connection.state_reason} {CONNECT_AGAIN}")
    source = Source(
        client=xero.client(connection),
        fin_co_id=hold.fin_co_id,
        tenant_id=hold.tenant_id,
        connection_id=connection.id,
        organisation_name=connection.organisation_name,
        modified_since=None,
    )
    end_reading()
    return source


def _bring_in(
    importer: Callable[[Source, Logs], None], source: Source, logs: Logs, hold: Hold
) -> _Failure | None:
    """Bring the kinds of a feed in; say why they failed where they did.

    Raises:
        _NothingMoreGoes: Xero would refuse the other kinds for the same reason.
        LeaseLost: the run is another's now.
    """
    kinds = ", ".join(logs)
    try:
        importer(source, logs)
    except XeroError as error:
        log.warning("import.kind_failed", run=hold.run_id, kinds=kinds, error=repr(error))
        explanation = explain(error, source.organisation_name)
        reason = " ".join(explanation)
        note_failure(source.connection_id, error, hold.clock())
        if isinstance(error, PermissionMissing):
            return _Failure(reason)  # withheld for this, not for the others (R33)
        if not isinstance(error, GateClosed):  # that one is our own store, not Xero
            outages.begin(source.connection_id, explanation.message, hold.clock())
        if isinstance(error, ReconnectNeeded | LimitReached):
            raise _NothingMoreGoes(reason) from error
        return _Failure(reason, unread=True)
    except ImportStopped as stop:
        return _Failure(str(stop))
    except IntegrityError:
        log.exception("import.kind_collided", run=hold.run_id, kinds=kinds)
        return _Failure(
            "Somebody changed the same records while they were being imported, or two of them "
            "claim the same code. Import again."
        )
    except (LeaseLost, OperationalError):
        raise
    except Exception:
        # A record nobody thought of must neither stop the other kinds nor be tried for ever.
        log.exception("import.kind_broke", run=hold.run_id, kinds=kinds)
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
