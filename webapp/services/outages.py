"""Outages: nothing comes in from a FinCo's organisation. Each is noted once and told once."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import sqlalchemy as sa
import structlog
from redis.exceptions import LockError

from webapp.db import db, transaction
from webapp.domain.access import Role
from webapp.models import FinCo, User, XeroConnection
from webapp.models.xero import ConnectionState
from webapp.services.access import end_reading
from webapp.services.failures import CONNECT_AGAIN
from webapp.services.mail import Mailer, MailFailed

if TYPE_CHECKING:
    from redis import Redis

log = structlog.get_logger(__name__)

SCREEN = "/administration/data-transfer/xero-integration?fin_co="
LOCK_LIFE = dt.timedelta(minutes=10)
"""Longer than all the mail of one run takes; a killed sender keeps the others waiting so long."""
UNSAID = "Xero no longer accepts the connection."
WAIT = (
    "Nothing for now: Workbench tries again by itself, and says no more once it gets through. "
    "If it lasts, press Test on the Xero Integration screen."
)


class _Outage(NamedTuple):
    connection_id: int
    fin_co_code: str
    fin_co_name: str
    organisation_name: str
    since: dt.datetime
    reason: str
    needs_person: bool


def begin(connection_id: int, reason: str, now: dt.datetime) -> None:
    """Note that nothing comes through and why; an outage that is noted already keeps its words."""
    with transaction():
        db.session.execute(
            sa.update(XeroConnection)
            .where(
                XeroConnection.id == connection_id,
                XeroConnection.state != ConnectionState.DISCONNECTED,
                XeroConnection.outage_since.is_(None),
            )
            .values(outage_since=now, outage_reason=reason[:500], outage_mailed_at=None)
        )


def end(connection_id: int) -> None:
    """Note that it comes through again."""
    with transaction():
        db.session.execute(
            sa.update(XeroConnection)
            .where(XeroConnection.id == connection_id)
            .values(outage_since=None, outage_reason=None, outage_mailed_at=None)
        )


def note_broken(now: dt.datetime) -> None:
    """Note an outage of every connection that needs a person, whoever found that out."""
    with transaction():
        db.session.execute(
            sa.update(XeroConnection)
            .where(
                XeroConnection.state == ConnectionState.RECONNECT_NEEDED,
                XeroConnection.outage_since.is_(None),
            )
            .values(
                outage_since=sa.func.coalesce(XeroConnection.checked_at, now),
                outage_reason=sa.func.coalesce(XeroConnection.state_reason, UNSAID),
                outage_mailed_at=None,
            )
        )


def tell_administrators(
    redis: "Redis", mailer: Mailer, *, public_url: str, now: dt.datetime
) -> int:
    """Write to the administrators who have an address, once per outage; say of how many.

    What the mail server does not take is tried again the next time.

    Args:
        redis: keeps a second process from sending the same.
        mailer: sends.
        public_url: the address of this installation, for the link in the mail.
        now: the present instant.
    """
    lock = redis.lock("workbench:outage-mail", timeout=LOCK_LIFE.total_seconds(), blocking=False)
    if not lock.acquire():
        return 0
    told = 0
    try:
        recipients, outages = _recipients(), _untold()
        end_reading()
        for outage in outages if recipients else ():
            mailer.send(recipients, _subject(outage), _text(outage, public_url))
            _set_told(outage, now)
            told += 1
    except MailFailed as error:
        log.warning("outage.mail_failed", cause=str(error))
    finally:
        try:
            lock.release()
        except LockError:
            log.warning("outage.lock_lapsed")
    return told


def _recipients() -> list[str]:
    # Administrators see every FinCo, whether or not they were given it.
    rows = db.session.scalars(
        sa.select(User.email)
        .where(User.active, User.role == Role.ADMINISTRATOR, User.email.is_not(None))
        .order_by(User.id)
    )
    return [address for address in rows if address]


def _untold() -> list[_Outage]:
    rows = db.session.execute(
        sa.select(
            XeroConnection.id,
            FinCo.code,
            FinCo.description,
            XeroConnection.organisation_name,
            XeroConnection.outage_since,
            sa.func.coalesce(XeroConnection.outage_reason, UNSAID),
            XeroConnection.state == ConnectionState.RECONNECT_NEEDED,
        )
        .join(FinCo, FinCo.id == XeroConnection.fin_co_id)
        .where(
            XeroConnection.state != ConnectionState.DISCONNECTED,
            XeroConnection.outage_since.is_not(None),
            XeroConnection.outage_mailed_at.is_(None),
        )
        .order_by(XeroConnection.id)
    )
    return [_Outage(*row) for row in rows]  # type: ignore[arg-type]  # `since` is not None here


def _set_told(outage: _Outage, now: dt.datetime) -> None:
    with transaction():
        db.session.execute(
            sa.update(XeroConnection)
            .where(
                XeroConnection.id == outage.connection_id,
                XeroConnection.outage_since == outage.since,
            )
            .values(outage_mailed_at=now)
        )


def _subject(outage: _Outage) -> str:
    return f"Workbench gets nothing from {outage.organisation_name} (FinCo {outage.fin_co_code})"


def _text(outage: _Outage, public_url: str) -> str:
    way_out = CONNECT_AGAIN if outage.needs_person else WAIT
    fin_co = f"FinCo {outage.fin_co_code}, {outage.fin_co_name}"
    return f"""\
Nothing comes in from {outage.organisation_name} for {fin_co}.

What happened: {outage.reason.removesuffix(CONNECT_AGAIN).strip()}

Since: {outage.since:%d %b %Y at %H:%M} UTC

What to do: {way_out}

The screen: {public_url}{SCREEN}{quote(outage.fin_co_code)}

This is written once, however long it lasts.
"""
