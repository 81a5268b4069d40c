"""Making a connection of a consent, once a person has seen which organisation it is for."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.matching import AP_GROUP, AR_GROUP
from webapp.models import ExportRun, PendingConnection, XeroConnection, XeroSettings
from webapp.models.xero import ConnectionState
from webapp.queries.integration import replaced_by
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.consent import (
    ConnectFailed,
    failing_in_plain_words,
    lock_fin_co,
    nothing_waits,
    pending_for,
    take_consent,
)
from webapp.services.connections.state import note_organisation
from webapp.services.connections.withdrawal import Former, give_up_quietly, set_disconnected
from webapp.services.errors import ServiceError
from webapp.services.tracking_categories import keep_tracking_categories
from webapp.xero.client import XeroClient
from webapp.xero.idempotency import new_key
from webapp.xero.records import Organisation


class NameNotTyped(ServiceError):
    """Another organisation would take the place of the present or last one, and was not typed."""


@dataclass(frozen=True)
class _Asked:
    """The consent as it was when the person confirmed it."""

    fin_co_id: int
    user_id: int | None
    tenant_id: str
    connection_id: str
    token_id: int


def complete_connect(
    xero: XeroAccess, *, fin_co_id: int, user_id: int | None, code: str, now: dt.datetime
) -> XeroConnection:
    """Take a consent and confirm it at once, for scripts that chose the organisation themselves.

    Raises:
        ConnectFailed: Xero refused, or did not answer; what there was before is untouched.
    """
    chosen = take_consent(xero, fin_co_id=fin_co_id, user_id=user_id, code=code, now=now)
    return confirm_connection(
        xero,
        fin_co_id=fin_co_id,
        user_id=user_id,
        typed_name=chosen.tenant_name[:255],
        tenant_id=chosen.tenant_id,
        now=now,
    )


def confirm_connection(
    xero: XeroAccess,
    *,
    fin_co_id: int,
    user_id: int | None,
    typed_name: str | None,
    now: dt.datetime,
    tenant_id: str | None = None,
) -> XeroConnection:
    """Make the connection that waits, in place of the one there is (R17, R18, C1.6, C1.7).

    What was learnt from an organisation stays with it: it is not used with another, and comes
    back when that organisation is connected again (C1.11).

    Args:
        xero: how Xero is reached.
        fin_co_id: whose consent is confirmed.
        user_id: who confirms; it must be who gave the consent.
        typed_name: the new organisation's name as the person typed it; only needed where another
            organisation is connected now, or was until the FinCo was disconnected: what was
            learnt from that one would not be used any more.
        now: the present instant.
        tenant_id: the organisation the person was shown, where there is a page that shows one.

    Raises:
        NameNotTyped: it is another organisation than the present or last one, and was not typed.
        ConnectFailed: there is no such consent, or Xero refused or did not answer; what there was
            before is untouched, and a consent that waits goes on waiting.
    """
    asked = _checked(fin_co_id, user_id, typed_name, tenant_id)
    end_reading()
    with failing_in_plain_words(fin_co_id):
        client = xero.client_for(asked.tenant_id, xero.token_store_by_id(asked.token_id))
        organisation = client.organisation()
        _ensure_contact_groups(client)
        categories = client.tracking_categories()
    with transaction():
        lock_fin_co(fin_co_id)
        if _checked(fin_co_id, user_id, typed_name, tenant_id) != asked:
            raise nothing_waits()
        replaced = set_disconnected(fin_co_id, now)
        connection = _keep(asked, organisation, now)
        # So that the screen that comes next lets them be chosen instead of typed.
        keep_tracking_categories(
            fin_co_id=fin_co_id, tenant_id=asked.tenant_id, categories=categories, now=now
        )
        _keep_settings(asked, replaced)
        _mend_siblings(connection, now)
        _wake_exports(connection, now)
        db.session.execute(
            sa.delete(PendingConnection).where(PendingConnection.fin_co_id == fin_co_id)
        )
    for former in replaced:
        if (former.tenant_id, former.token_id) != (asked.tenant_id, asked.token_id):
            give_up_quietly(xero, former)
    return connection


def _checked(
    fin_co_id: int, user_id: int | None, typed_name: str | None, tenant_id: str | None
) -> _Asked:
    pending = pending_for(fin_co_id)
    if pending is None:
        raise nothing_waits()
    if pending.user_id != user_id or tenant_id not in {None, pending.tenant_id}:
        raise ConnectFailed(
            f"The connection was not made: another consent, for {pending.organisation_name}, "
            "was given meanwhile.",
            "Look at the screen again. Who gave that consent confirms it, or it can be cancelled.",
        )
    replaced = replaced_by(fin_co_id, pending.tenant_id)
    if replaced and (typed_name or "").strip() != pending.organisation_name.strip():
        raise NameNotTyped(
            f"{replaced.organisation_name} {'is' if replaced.connected else 'was'} connected "
            f"{'now' if replaced.connected else 'last'}. {pending.organisation_name} would take "
            "its place, and the name typed is not that one.",
            f"Type {pending.organisation_name} letter by letter, or cancel.",
        )
    return _Asked(fin_co_id, user_id, pending.tenant_id, pending.connection_id, pending.token_id)


def _ensure_contact_groups(client: XeroClient) -> None:
    there = {group.name for group in client.contact_groups() if group.status == "ACTIVE"}
    for name in (AP_GROUP, AR_GROUP):
        if name not in there:
            client.create_contact_group(name, new_key(client.tenant_id))


def _keep(asked: _Asked, organisation: Organisation, now: dt.datetime) -> XeroConnection:
    connection = db.session.scalar(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == asked.fin_co_id,
            XeroConnection.tenant_id == asked.tenant_id,
        )
    )
    if connection is None:
        connection = XeroConnection(fin_co_id=asked.fin_co_id, tenant_id=asked.tenant_id)
        db.session.add(connection)
    connection.connection_id = asked.connection_id
    connection.token_id = asked.token_id
    connection.connected_at = now
    connection.connected_by_id = asked.user_id
    connection.outage_since = None
    connection.outage_reason = None
    connection.outage_mailed_at = None
    note_organisation(connection, organisation, now)
    db.session.flush()
    return connection


def _keep_settings(asked: _Asked, replaced: list[Former]) -> None:
    settings = db.session.get(XeroSettings, asked.fin_co_id)
    if settings is None:
        db.session.add(XeroSettings(fin_co_id=asked.fin_co_id))
    elif [former.tenant_id for former in replaced] != [asked.tenant_id]:
        # They were compared with the accounts of another organisation.
        settings.accounts_validated_at = None
        settings.accounts_with_problems = None


def _mend_siblings(connection: XeroConnection, now: dt.datetime) -> None:
    """Tell other FinCos that share organisation and sign-in: both just answered."""
    db.session.execute(
        sa.update(XeroConnection)
        .where(
            XeroConnection.id != connection.id,
            XeroConnection.token_id == connection.token_id,
            XeroConnection.tenant_id == connection.tenant_id,
            XeroConnection.state != ConnectionState.DISCONNECTED,
        )
        .values(
            connection_id=connection.connection_id,
            state=ConnectionState.CONNECTED,
            state_reason=None,
            checked_at=now,
        )
    )


def _wake_exports(connection: XeroConnection, now: dt.datetime) -> None:
    """Let the exports go on at once that waited for a person to connect or to give permission."""
    db.session.execute(
        sa.update(ExportRun)
        .where(
            ExportRun.fin_co_id == connection.fin_co_id,
            ExportRun.tenant_id == connection.tenant_id,
            ExportRun.finished_at.is_(None),
            ExportRun.waits_for_person,
        )
        .values(resume_at=now)
    )
