"""Imports nobody asks for: every so often for each connected FinCo, sooner after a change in Xero.

Nothing is planned ahead. Whoever looks decides from the rows which FinCos are due, so a FinCo that
was connected a minute ago needs no entry anywhere, and one that was disconnected leaves none.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
import structlog

from webapp.db import db
from webapp.domain.runs import RunOrigin
from webapp.models import ImportRun, XeroConnection, XeroSettings
from webapp.models.xero import ConnectionState
from webapp.services.errors import AlreadyRunning, NotConnected
from webapp.services.imports.start import start_import

if TYPE_CHECKING:
    from redis import Redis

log = structlog.get_logger(__name__)

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)

SPREAD = 2_654_435_769
SPREAD_OVER = 2**32
"""Multiples of the golden ratio, cut off at one: neighbours lie as far apart as they can."""


def start_scheduled_imports(
    redis: "Redis",
    *,
    now: dt.datetime,
    interval: dt.timedelta,
    after_commit: Callable[[int], object],
) -> list[int]:
    """Start an import of every FinCo that is due one (R31), and say of which runs it was.

    A FinCo is due once in each interval, at an instant of its own, and for the first time after
    it was connected; a change in Xero makes it due at once, but never twice in half an interval.
    One that is not connected is never due (R29), one that still imports is left to that (R32),
    and whatever goes wrong with one, the others get theirs (R33).

    Args:
        redis: where changes are noted.
        now: the present instant.
        interval: how often each FinCo imports.
        after_commit: called with each run's id once the run is stored.
    """
    started: list[int] = []
    for fin_co_id in _due(redis, now, interval):
        try:
            started.append(
                start_import(
                    fin_co_id=fin_co_id,
                    user_id=None,
                    now=now,
                    after_commit=after_commit,
                    origin=RunOrigin.SCHEDULE,
                )
            )
        except (AlreadyRunning, NotConnected) as refused:
            log.info("import.not_scheduled", fin_co_id=fin_co_id, reason=type(refused).__name__)
        except Exception:
            log.exception("import.schedule_broke", fin_co_id=fin_co_id)
    return started


def note_changes(redis: "Redis", tenant_ids: Iterable[str], now: dt.datetime) -> list[int]:
    """Make the FinCos due whose companies come from these organisations; say which they are.

    Args:
        redis: where it is noted. If Redis forgets, the next interval brings the change in.
        tenant_ids: the organisations whose contacts changed. Unknown ones are passed over.
        now: when we heard of it.
    """
    fin_co_ids = db.session.scalars(
        sa.select(XeroConnection.fin_co_id)
        .join(XeroSettings, XeroSettings.fin_co_id == XeroConnection.fin_co_id)
        .where(
            XeroConnection.tenant_id.in_(list(tenant_ids)),
            XeroConnection.state == ConnectionState.CONNECTED,
            XeroSettings.sync_companies,
        )
        .order_by(XeroConnection.fin_co_id)
    ).all()
    for fin_co_id in fin_co_ids:
        redis.set(_changed_key(fin_co_id), now.isoformat())
    return list(fin_co_ids)


def offset(fin_co_id: int, interval: dt.timedelta) -> dt.timedelta:
    """How long after the beginning of each interval this FinCo's turn is: always the same."""
    share = fin_co_id * SPREAD % SPREAD_OVER
    return interval // SECOND * share // SPREAD_OVER * SECOND


def _due(redis: "Redis", now: dt.datetime, interval: dt.timedelta) -> list[int]:
    rows = db.session.execute(
        sa.select(
            XeroConnection.fin_co_id,
            XeroConnection.connected_at,
            sa.func.max(ImportRun.started_at, type_=ImportRun.started_at.type).label("started_at"),
        )
        .outerjoin(ImportRun, ImportRun.fin_co_id == XeroConnection.fin_co_id)
        .where(XeroConnection.state == ConnectionState.CONNECTED)
        .group_by(XeroConnection.fin_co_id, XeroConnection.connected_at)
        .order_by(XeroConnection.fin_co_id)
    ).all()
    due: list[int] = []
    for fin_co_id, connected_at, started_at in rows:
        last = max(connected_at, started_at or connected_at)
        turn = _latest_turn(fin_co_id, now, interval)
        if last < turn or (
            last <= now - interval / 2 and _changed_since(redis, fin_co_id, started_at)
        ):
            due.append(fin_co_id)
    return due


def _latest_turn(fin_co_id: int, now: dt.datetime, interval: dt.timedelta) -> dt.datetime:
    return now - (now - EPOCH - offset(fin_co_id, interval)) % interval


def _changed_since(redis: "Redis", fin_co_id: int, started_at: dt.datetime | None) -> bool:
    noted = cast("bytes | None", redis.get(_changed_key(fin_co_id)))
    if noted is None:
        return False
    return started_at is None or dt.datetime.fromisoformat(noted.decode()) > started_at


def _changed_key(fin_co_id: int) -> str:
    return f"workbench:changed-in-xero:{fin_co_id}"
