from typing import Any

from sqlalchemy import Connection, ForeignKey, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Base, Instant, PrimaryKey


class AuditEvent(Base):
    """One thing somebody did, kept as it was told at the time.

    Rows are only ever added: the database itself refuses to change or remove them.
    """

    __tablename__ = "audit_events"

    id: Mapped[PrimaryKey]
    at: Mapped[Instant] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user_name: Mapped[str] = mapped_column(String(80))
    """As the person was called then."""
    fin_co_id: Mapped[int | None] = mapped_column(ForeignKey("fin_cos.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(60))
    """The address it came from, or "command line"."""
    detail: Mapped[dict[str, Any]]
    """What changed: for each field its value before and after. Never a secret."""


_APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END""",
        """CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END""",
        # INSERT OR REPLACE would take the old row away without the trigger above being asked.
        """CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
        WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION audit_events_append_only() RETURNS trigger
        LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit_events is append-only'; END $$""",
        """CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_append_only()""",
        """CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()""",
    ),
}


def _guard(_table: Table, connection: Connection, **_given: object) -> None:
    for statement in _APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(Base.metadata.tables["audit_events"], "after_create", _guard)
