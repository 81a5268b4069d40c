"""Organisations: finding them, and making the first two."""

import secrets
import sqlite3
import uuid

from webapp.sandbox import seed_data
from webapp.sandbox.books import Books, Organisation, organisation_from
from webapp.sandbox.clock import Clock
from webapp.sandbox.kinds import (
    ACCOUNTS,
    CONTACT_GROUPS,
    CONTACTS,
    CURRENCIES,
    TAX_RATES,
    TRACKING,
)
from webapp.sandbox.rules.accounts import new_account
from webapp.sandbox.rules.contacts import blank_contact
from webapp.sandbox.store import Store
from webapp.sandbox.wire import JsonObject, dumps


def all_organisations(connection: sqlite3.Connection) -> list[Organisation]:
    """Give every organisation, oldest first."""
    rows = connection.execute("SELECT * FROM organisations ORDER BY org")
    return [organisation_from(row) for row in rows]


def organisation_by(
    connection: sqlite3.Connection, column: str, value: object
) -> Organisation | None:
    """Give one organisation by ``tenant_id``, ``name`` or ``org``."""
    row = connection.execute(
        f"SELECT * FROM organisations WHERE {column}=?",  # noqa: S608 - one of three fixed names
        (value,),
    ).fetchone()
    return None if row is None else organisation_from(row)


def make_first_organisations(store: Store, clock: Clock) -> None:
    """Make the two organisations of a new state; an existing state is left as it is."""
    with store.writing() as connection:
        if all_organisations(connection):
            return
        for template in seed_data.ORGANISATIONS:
            _make(connection, clock, template)


def start_anew(store: Store, clock: Clock) -> None:
    """Empty the state and make the first organisations again, with new ids."""
    with store.writing() as connection:
        for table in (
            "organisations", "records", "group_members", "attachments", "history", "connections",
            "grants", "idempotency", "requests",
        ):  # fmt: skip
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
        connection.execute("DELETE FROM meta WHERE key LIKE 'number:%'")
    make_first_organisations(store, clock)


def new_tenant(connection: sqlite3.Connection, organisation: Organisation) -> str:
    """Give an organisation a new tenant id, as the reset of a demo company does (a.8)."""
    tenant_id = str(uuid.uuid4())
    connection.execute(
        "UPDATE organisations SET tenant_id=? WHERE org=?", (tenant_id, organisation.org)
    )
    connection.execute("DELETE FROM connections WHERE org=?", (organisation.org,))
    return tenant_id


def _make(connection: sqlite3.Connection, clock: Clock, template: seed_data.Template) -> None:
    tenant_id = str(uuid.uuid4())
    short_code = "!" + "".join(secrets.choice("abcdefghjkmnpqrstvwxyzABCDEFGH") for _ in range(5))
    data: JsonObject = {
        **template.organisation,
        "OrganisationID": str(uuid.uuid4()),
        "ShortCode": short_code,
        "CreatedDateUTC": f"/Date({clock.now_ms()}+0000)/",
    }
    cursor = connection.execute(
        "INSERT INTO organisations (tenant_id, name, zone, data) VALUES (?, ?, ?, ?)",
        (tenant_id, data["Name"], template.zone, dumps(data)),
    )
    organisation = organisation_by(connection, "org", cursor.lastrowid)
    if organisation is None:
        raise LookupError("the organisation just made is not there")
    _fill(Books(connection, organisation, clock), template)


def _fill(books: Books, template: seed_data.Template) -> None:
    for rate in template.tax_rates:
        books.save(TAX_RATES, rate)
    for code, description in template.currencies:
        books.save(CURRENCIES, {"Code": code, "Description": description})
    for chosen in template.accounts:
        books.save(ACCOUNTS, new_account(chosen))
    for name, options in seed_data.TRACKING:
        books.save(TRACKING, _category(name, options))
    for name in seed_data.CONTACT_GROUPS:
        group = {"ContactGroupID": str(uuid.uuid4()), "Name": name, "Status": "ACTIVE"}
        books.save(CONTACT_GROUPS, group)
    for contact in template.contacts:
        books.save(CONTACTS, {**blank_contact(), **contact})


def _category(name: str, options: tuple[str, ...]) -> JsonObject:
    return {
        "Name": name,
        "Status": "ACTIVE",
        "TrackingCategoryID": str(uuid.uuid4()),
        "Options": [
            {"TrackingOptionID": str(uuid.uuid4()), "Name": option, "Status": "ACTIVE"}
            for option in options
        ],
    }
