"""One organisation's records, inside one transaction."""

import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from webapp.sandbox.clock import Clock
from webapp.sandbox.dates import parse_day, wire_instant, wire_to_iso
from webapp.sandbox.kinds import Kind, fold
from webapp.sandbox.wire import JsonObject, dumps, loads

_COLUMNS = (
    "number", "alt", "name", "email", "type", "status", "contact", "document", "date", "due",
    "reference", "sub_total", "total", "amount_due", "amount_paid",
)  # fmt: skip
_VALUES = (
    f"INTO records (org, kind, id, {', '.join(_COLUMNS)}, updated, made_by, data)"
    f" VALUES (?, ?, ?, {', '.join('?' * len(_COLUMNS))}, ?, ?, ?)"
)


def new_id() -> str:
    """Make a record id."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Organisation:
    """An organisation's row: what the API shows and what the sandbox keeps beside it."""

    org: int
    tenant_id: str
    name: str
    zone: str
    expired: bool
    approval_limit: int | None
    data: JsonObject

    @property
    def base_currency(self) -> str:
        """Give the currency its ledger is kept in."""
        return str(self.data["BaseCurrency"])

    def lock_dates(self) -> list[tuple[str, date]]:
        """Give the lock dates that are set, each with its name in messages."""
        found = []
        for member, name in (
            ("PeriodLockDate", "period lock date"),
            ("EndOfYearLockDate", "end of year lock date"),
        ):
            day = parse_day(self.data.get(member))
            if day:
                found.append((name, day))
        return found


def organisation_from(row: sqlite3.Row) -> Organisation:
    """Read an organisation's row."""
    return Organisation(
        org=row["org"],
        tenant_id=row["tenant_id"],
        name=row["name"],
        zone=row["zone"],
        expired=bool(row["expired"]),
        approval_limit=row["approval_limit"],
        data=loads(row["data"]),
    )


class Books:
    """Reads and writes the records of one organisation; the caller owns the transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        organisation: Organisation,
        clock: Clock,
        app: str = "",
    ) -> None:
        self.connection = connection
        self.organisation = organisation
        self.clock = clock
        self.app = app

    def get(self, kind: Kind, record_id: str | None) -> JsonObject | None:
        """Give a record by its id, compared without case."""
        if not record_id:
            return None
        row = self.connection.execute(
            "SELECT data FROM records WHERE org=? AND kind=? AND id=?",
            (self.organisation.org, kind.plural, str(record_id).lower()),
        ).fetchone()
        return None if row is None else loads(row["data"])

    def find(self, kind: Kind, column: str, value: object) -> list[JsonObject]:
        """Give the records whose indexed text equals a value, oldest change first."""
        folded = fold(value)
        if folded is None:
            return []
        return self.select(kind, f"{column}=?", [folded])

    def select(
        self,
        kind: Kind,
        condition: str = "1",
        values: Sequence[object] = (),
        order: str = "updated, id",
        limit: int = -1,
        offset: int = 0,
    ) -> list[JsonObject]:
        """Give records by a condition on the indexed columns (built here, never from a request)."""
        rows = self.connection.execute(
            f"SELECT data FROM records WHERE org=? AND kind=? AND {condition}"  # noqa: S608 - conditions hold column names and placeholders only
            f" ORDER BY {order} LIMIT ? OFFSET ?",
            (self.organisation.org, kind.plural, *values, limit, offset),
        )
        return [loads(row["data"]) for row in rows]

    def count(self, kind: Kind, condition: str = "1", values: Sequence[object] = ()) -> int:
        """Count records by a condition on the indexed columns."""
        row = self.connection.execute(
            f"SELECT count(*) AS n FROM records WHERE org=? AND kind=? AND {condition}",  # noqa: S608 - as above
            (self.organisation.org, kind.plural, *values),
        ).fetchone()
        return int(row["n"])

    def save(self, kind: Kind, data: JsonObject, *, touch: bool = True) -> None:
        """Store a record; ``touch`` moves its UpdatedDateUTC, which some changes do not."""
        now = self.clock.now_ms()
        record_id = str(data[kind.id_field]).lower()
        before = self.connection.execute(
            "SELECT updated, made_by FROM records WHERE org=? AND kind=? AND id=?",
            (self.organisation.org, kind.plural, record_id),
        ).fetchone()
        updated = now if touch or before is None else before["updated"]
        made_by = self.app if before is None else before["made_by"]
        self.connection.execute(
            f"INSERT OR REPLACE {_VALUES}", self._row(kind, data, updated, made_by)
        )

    def add_all(self, kind: Kind, records: Iterable[tuple[JsonObject, int]]) -> int:
        """Store many whole records, each with the instant it changed; those there already stay.

        Returns:
            How many were new.
        """
        rows = (self._row(kind, data, updated, self.app) for data, updated in records)
        return self.connection.executemany(f"INSERT OR IGNORE {_VALUES}", rows).rowcount

    def _row(
        self, kind: Kind, data: JsonObject, updated: int, made_by: str | None
    ) -> tuple[object, ...]:
        if "UpdatedDateUTC" in data:
            data["UpdatedDateUTC"] = wire_instant(updated)
        if "UpdatedDateUTCString" in data:
            data["UpdatedDateUTCString"] = wire_to_iso(wire_instant(updated))
        index = kind.index(data)
        return (
            self.organisation.org,
            kind.plural,
            str(data[kind.id_field]).lower(),
            *(index.get(column) for column in _COLUMNS),
            updated,
            made_by,
            dumps(data),
        )

    def remove(self, kind: Kind, record_id: str) -> None:
        """Take a record away for good."""
        self.connection.execute(
            "DELETE FROM records WHERE org=? AND kind=? AND id=?",
            (self.organisation.org, kind.plural, record_id.lower()),
        )

    def by_ids(self, kind: Kind, ids: Iterable[str]) -> dict[str, JsonObject]:
        """Give records by their ids, a few hundred at a time."""
        wanted = sorted({one.lower() for one in ids})
        found: dict[str, JsonObject] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            for data in self.select(kind, f"id IN ({','.join('?' * len(part))})", part):
                found[str(data[kind.id_field]).lower()] = data
        return found

    def next_number(self, name: str, prefix: str) -> str:
        """Give the next generated document number, e.g. INV-0001."""
        key = f"number:{self.organisation.org}:{name}"
        row = self.connection.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        following = int(row["value"]) + 1 if row else 1
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(following)))
        return f"{prefix}{following:04d}"

    def set_organisation(self, **members: object) -> None:
        """Change members of the organisation as the API shows it."""
        data = {**self.organisation.data, **members}
        data = {key: value for key, value in data.items() if value is not None}
        self.connection.execute(
            "UPDATE organisations SET data=?, name=? WHERE org=?",
            (dumps(data), data["Name"], self.organisation.org),
        )
