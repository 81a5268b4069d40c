"""Runs the migrations inside the application, on the connection the application would use."""

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from flask import current_app

import webapp.models  # noqa: F401 - makes the whole schema known
from webapp.db import Base, db

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render_item(kind: str, item: Any, autogen: "AutogenContext") -> str | Literal[False]:
    """Write our own column types so that a migration can import them."""
    if kind == "type" and type(item).__module__ == "webapp.db":
        autogen.imports.add("import webapp.db")
        arguments = f"{item.precision}, {item.scale}" if hasattr(item, "scale") else ""
        return f"webapp.db.{type(item).__name__}({arguments})"
    return False


def run() -> None:
    """Bring the database along, each migration in a transaction of its own."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit(f"Migrations of {current_app.name} need a database to run on.")
run()
