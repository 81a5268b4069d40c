from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.fernet import Fernet
from flask import Flask

from webapp.config import Config
from webapp.db import Base, db
from webapp.factory import create_app


def application(database_url: str) -> Flask:
    environment = {
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:1",
        "PUBLIC_URL": "http://localhost:5000",
        "SECRET_KEY": "a secret key only these tests know about",
        "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "XERO_CLIENT_ID": "id",
        "XERO_CLIENT_SECRET": "secret",
    }
    return create_app(Config.from_env({**environment, "INSTANCE_PATH": "/nonexistent"}))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    new_database = request.getfixturevalue("new_postgres_database")
    return new_database()


def test_upgrading_an_empty_database_makes_exactly_what_the_models_say(empty_database: str):
    with application(empty_database).app_context():
        flask_migrate.upgrade()

        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        db.engine.dispose()


def test_upgrading_again_changes_nothing_and_keeps_the_rows(empty_database: str):
    with application(empty_database).app_context():
        flask_migrate.upgrade()
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("INSERT INTO work_centres (code, description) VALUES ('A', 'Alpha')")
            )

        flask_migrate.upgrade()

        with db.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM work_centres")) == 1
        db.engine.dispose()


def test_the_whole_schema_can_be_taken_back(empty_database: str):
    with application(empty_database).app_context():
        flask_migrate.upgrade()
        flask_migrate.downgrade(revision="base")

        assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]
        db.engine.dispose()


def test_imports_from_before_say_what_asked_for_them(empty_database: str):
    with application(empty_database).app_context():
        flask_migrate.upgrade(revision="0001")
        with db.engine.begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO fin_cos (id, code, description, base_currency_code)"
                    " VALUES (1, '01', 'One', 'NZD')"
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO users (id, name, password_hash, role, active, session_key)"
                    " VALUES (1, 'Alice', 'none', 'Administrator', true, 'a')"
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO import_runs (id, fin_co_id, tenant_id, started_at,"
                    " started_by_id, finished_at) VALUES"
                    " (1, 1, 't', '2026-11-20', 1, '2026-11-20'),"
                    " (2, 1, 't', '2026-11-20', NULL, '2026-11-20')"
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO import_run_kinds (run_id, kind, state, fetched, created,"
                    " updated, unchanged, skipped, failed)"
                    " VALUES (1, 'Companies', 'done', 1, 1, 0, 0, 0, 0)"
                )
            )

        flask_migrate.upgrade()

        with db.engine.begin() as connection:
            origins = connection.exec_driver_sql("SELECT origin FROM import_runs ORDER BY id")
            assert origins.scalars().all() == ["person", "command"]
        flask_migrate.downgrade(revision="0001")
        with db.engine.begin() as connection:
            kept = connection.exec_driver_sql("SELECT count(*) FROM import_run_kinds")
            assert kept.scalar() == 1
        db.engine.dispose()


def test_nobody_who_was_there_before_is_asked_for_another_password(empty_database: str):
    with application(empty_database).app_context():
        flask_migrate.upgrade(revision="0011")
        with db.engine.begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO users (id, name, password_hash, role, active, session_key)"
                    " VALUES (1, 'Alice', 'none', 'Administrator', true, 'a')"
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO fin_cos (id, code, description, base_currency_code)"
                    " VALUES (1, '01', 'One', 'NZD')"
                )
            )
            connection.execute(
                sa.text("INSERT INTO user_fin_cos (user_id, fin_co_id) VALUES (1, 1)")
            )

        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT password_given FROM users")) == 0
        flask_migrate.downgrade(revision="0011")
        with db.engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM user_fin_cos")) == 1
        db.engine.dispose()
