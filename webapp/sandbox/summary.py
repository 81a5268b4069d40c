"""What each organisation holds, counted and summed by the database."""

import sqlite3

from webapp.sandbox.money import from_cents
from webapp.sandbox.organisations import all_organisations
from webapp.sandbox.wire import JsonObject


def summaries(connection: sqlite3.Connection) -> list[JsonObject]:
    """Sum up every organisation; money as text, in the documents' own currencies together."""
    return [
        {
            "name": organisation.name,
            "tenant_id": organisation.tenant_id,
            "country": organisation.data["CountryCode"],
            "documents": _documents(connection, organisation.org),
            "contacts": _count(connection, organisation.org, "Contacts"),
            "payments": _count(connection, organisation.org, "Payments"),
            "manual_journals": _count(connection, organisation.org, "ManualJournals"),
            "attachments": connection.execute(
                "SELECT count(*) AS n FROM attachments WHERE org=?", (organisation.org,)
            ).fetchone()["n"],
        }
        for organisation in all_organisations(connection)
    ]


def _documents(connection: sqlite3.Connection, org: int) -> list[JsonObject]:
    rows = connection.execute(
        "SELECT type, status, count(*) AS n, sum(sub_total) AS sub_total, sum(total) AS total"
        " FROM records WHERE org=? AND kind IN ('Invoices', 'CreditNotes')"
        " GROUP BY type, status ORDER BY type, status",
        (org,),
    )
    return [
        {
            "type": row["type"],
            "status": row["status"],
            "count": row["n"],
            "sub_total": str(from_cents(row["sub_total"])),
            "total": str(from_cents(row["total"])),
        }
        for row in rows
    ]


def _count(connection: sqlite3.Connection, org: int, kind: str) -> int:
    row = connection.execute(
        "SELECT count(*) AS n FROM records WHERE org=? AND kind=?", (org, kind)
    ).fetchone()
    return int(row["n"])
