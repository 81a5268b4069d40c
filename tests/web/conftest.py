import dataclasses
import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import event

from webapp.config import Config
from webapp.db import Base, db
from webapp.deps import EXTENSION
from webapp.domain.access import Role
from webapp.factory import create_app
from webapp.models import FinCo, User
from webapp.services.sign_in import hash_password

# Test folders are no packages; the makers of records lie beside the tests.
sys.path.insert(0, str(Path(__file__).parent))

from visiting import PASSWORD, Browser, House

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture(scope="session")
def config(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    database: Path = tmp_path_factory.mktemp("web") / "web.sqlite3"
    return Config(
        secret_key="a secret key only these tests know about",
        token_encryption_keys=(Fernet.generate_key().decode(),),
        database_url=f"sqlite:///{database}",
        redis_url=redis_url,
        public_url="http://127.0.0.1:8000",
        xero_client_id="client-id",
        xero_client_secret="client-secret-that-no-page-shows",
        xero_login_url="http://127.0.0.1:9999",
        xero_identity_url="http://127.0.0.1:9999",
        xero_api_url="http://127.0.0.1:9999",
        xero_link_url="http://127.0.0.1:9999",
        export_lease_seconds=20,
        sweep_seconds=10,
    )


@pytest.fixture(scope="session")
def shared_app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions[EXTENSION].redis.close()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    with shared_app.app_context():
        _empty()
        yield shared_app
        db.session.rollback()
        db.session.remove()
    shared_app.extensions[EXTENSION].redis.flushdb()


def _empty() -> None:
    with db.engine.begin() as connection:
        # Its rows cannot be deleted, so the table goes and comes back.
        audit_events = Base.metadata.tables["audit_events"]
        audit_events.drop(connection)
        audit_events.create(connection)
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def house(app: Flask) -> House:
    return House()


@pytest.fixture
def people(house: House, password_hash: str) -> dict[str, User]:
    """Alice administers; Bob (finance) and Rita (read only) have FinCo 01, Charlie has 02."""

    def person(name: str, role: Role, *fin_cos: FinCo) -> User:
        return User(
            name=name,
            role=role,
            password_hash=password_hash,
            session_key=f"key-of-{name}",
            fin_cos=list(fin_cos),
        )

    made = [
        person("Alice", Role.ADMINISTRATOR),
        person("Bob", Role.FINANCE, house.fin_co),
        person("Charlie", Role.FINANCE, house.other),
        person("Rita", Role.READ_ONLY, house.fin_co),
    ]
    db.session.add_all(made)
    db.session.commit()
    return {user.name: user for user in made}


@pytest.fixture
def nobody(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def browser_of(app: Flask, people: dict[str, User]):
    """Give a signed-in browser by name, without paying for argon2 each time."""

    def signed_in(name: str) -> Browser:
        client = app.test_client()
        user = people[name]
        with client.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{user.session_key}"
            session["_fresh"] = True
        return Browser(client)

    return signed_in


@pytest.fixture
def alice(browser_of) -> Browser:
    return browser_of("Alice")


@pytest.fixture
def bob(browser_of) -> Browser:
    return browser_of("Bob")


@pytest.fixture
def charlie(browser_of) -> Browser:
    return browser_of("Charlie")


@pytest.fixture
def rita(browser_of) -> Browser:
    return browser_of("Rita")


@pytest.fixture
def statements(app: Flask):
    """Record the SQL statements that run inside a block."""

    @contextmanager
    def recorded():
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return recorded


@pytest.fixture
def postgres_app(config, new_postgres_database):
    app = create_app(dataclasses.replace(config, database_url=new_postgres_database()))
    app.testing = True
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions[EXTENSION].redis.close()
