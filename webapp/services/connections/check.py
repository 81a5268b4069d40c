"""Testing a connection."""

import datetime as dt
import time
from dataclasses import dataclass

from webapp.db import db, transaction
from webapp.models import XeroConnection
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections.state import connected, note_failure, note_organisation
from webapp.services.failures import explain
from webapp.services.tracking_categories import keep_tracking_categories
from webapp.xero.errors import XeroError


@dataclass(frozen=True)
class TestResult:
    """What a test of a connection found. Lock dates are calendar days of the organisation.

    ``calls_left_today`` is what Xero last said, None while it has not said.
    """

    ok: bool
    message: str
    way_out: str
    elapsed_ms: int
    organisation_name: str
    country_code: str | None
    base_currency_code: str | None
    period_lock_date: dt.date | None
    end_of_year_lock_date: dt.date | None
    is_demo_company: bool
    calls_left_today: int | None


def test_connection(xero: XeroAccess, *, fin_co_id: int, now: dt.datetime) -> TestResult:
    """Ask the organisation who it is, and note that and its tracking categories (R20, R103).

    Raises:
        NotConnected: there is nothing to test.
    """
    connection = connected(fin_co_id)
    connection_id, name = connection.id, connection.organisation_name
    client = xero.client(connection)
    end_reading()
    started = time.monotonic_ns()
    try:
        organisation = client.organisation()
        took = _ms_since(started)
        categories = client.tracking_categories()
    except XeroError as error:
        took = _ms_since(started)
        note_failure(connection_id, error, now)
        reason = explain(error, name)
        return _result(xero, connection_id, took, reason.message, reason.way_out, ok=False)
    with transaction():
        row = db.session.get_one(XeroConnection, connection_id)
        note_organisation(row, organisation, now)
        keep_tracking_categories(
            fin_co_id=fin_co_id, tenant_id=row.tenant_id, categories=categories, now=now
        )
    message = f"The connection to {organisation.name} works."
    return _result(xero, connection_id, took, message, "", ok=True)


def _ms_since(started: int) -> int:
    return (time.monotonic_ns() - started) // 1_000_000


def _result(
    xero: XeroAccess, connection_id: int, elapsed_ms: int, message: str, way_out: str, *, ok: bool
) -> TestResult:
    row = db.session.get_one(XeroConnection, connection_id)
    try:
        left = xero.gate.day_remaining(row.tenant_id)
    except XeroError:
        left = None
    return TestResult(
        ok=ok,
        message=message,
        way_out=way_out,
        elapsed_ms=elapsed_ms,
        organisation_name=row.organisation_name,
        country_code=row.country_code,
        base_currency_code=row.base_currency_code,
        period_lock_date=row.period_lock_date,
        end_of_year_lock_date=row.end_of_year_lock_date,
        is_demo_company=row.is_demo_company,
        calls_left_today=left,
    )
