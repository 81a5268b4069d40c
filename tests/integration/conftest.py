"""Real parts for integration tests: a database of each kind, a Valkey, a running sandbox.

``app`` is an application whose context is open, on SQLite and again on PostgreSQL; every test
finds its tables, its Redis and its sandbox empty. Tests that need one database only take
``sqlite_app``.
"""

import datetime as dt
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
import structlog
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from flask import Flask

from tests.integration.house import House, new_house
from webapp.cli import main
from webapp.config import Config
from webapp.db import Base, db
from webapp.deps import Deps, current_deps
from webapp.factory import create_app
from webapp.models import FinCo, XeroConnection
from webapp.services import connections

ROOT = Path(__file__).resolve().parents[2]
CLIENT_ID = "integration-tests"
CLIENT_SECRET = "the-secret-of-this-app-at-xero"
MORGAN = "6d2f0c1e-4a53-4a1b-9d0e-0f6f5f1f8a01"
PRIYA = "b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902"
STARTED_WITHIN = 30


@dataclass
class Sandbox:
    """A running sandbox: its address, its switches, and what a person does inside Xero."""

    url: str
    process: subprocess.Popen
    sessions: list[requests.Session] = field(default_factory=list)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def organisation(self, position: int = 0) -> dict[str, Any]:
        return self.control("GET", "state")["organisations"][position]

    def tenant(self, position: int = 0) -> str:
        return self.organisation(position)["tenant_id"]

    def fault(self, kind: str, **members: Any) -> None:
        self.control("PUT", "faults", [{"kind": kind, **members}])

    def no_faults(self) -> None:
        self.control("DELETE", "faults")

    def calls(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        return [
            call
            for call in self.control("GET", "requests")["requests"]
            if method in call["method"] and path in call["path"]
        ]

    def identity_calls(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """Give the calls of the identity server and of /connections."""
        return [
            call
            for call in self.control("GET", "requests?identity=true")["requests"]
            if method in call["method"] and path in call["path"]
        ]

    def consent(self, address: str, organisation: int = 0, user: str = MORGAN) -> dict[str, str]:
        """Press Allow on the consent page; give what comes back in the callback's query."""
        asked = {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()}
        chosen = {"decision": "allow", "tenant_id": self.tenant(organisation), "user": user}
        answer = requests.post(
            address.partition("?")[0], data=asked | chosen, allow_redirects=False, timeout=30
        )
        assert answer.status_code == 302, answer.text
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {key: value[0] for key, value in query.items()}

    def connected(self) -> list[tuple[str, str]]:
        """Give the name and connection id of every connection the app has."""
        app = requests.post(
            f"{self.url}/connect/token",
            auth=(CLIENT_ID, CLIENT_SECRET),
            data={"grant_type": "client_credentials", "scope": "app.connections"},
            timeout=30,
        )
        bearer = {"Authorization": f"Bearer {app.json()['access_token']}"}
        answer = requests.get(f"{self.url}/connections", headers=bearer, timeout=30)
        assert answer.ok, answer.text
        return [(one["tenantName"], one["id"]) for one in answer.json()]

    def seed(self, organisation: int = 0, **records: Any) -> None:
        self.control("POST", "seed", {"tenant_id": self.tenant(organisation), **records})

    def inside(self, organisation: int = 0) -> "Ledger":
        """Work in an organisation as its bookkeeper, by a sign-in of one's own."""
        redirect = "http://localhost:1/callback"
        query = (
            f"response_type=code&client_id={CLIENT_ID}&redirect_uri={redirect}"
            "&scope=openid accounting.contacts accounting.settings"
            " accounting.invoices accounting.payments accounting.manualjournals"
        )
        address = f"{self.url}/identity/connect/authorize?{query}"
        answer = requests.post(
            f"{self.url}/connect/token",
            auth=(CLIENT_ID, CLIENT_SECRET),
            data={
                "grant_type": "authorization_code",
                "code": self.consent(address, organisation, PRIYA)["code"],
                "redirect_uri": redirect,
            },
            timeout=30,
        )
        assert answer.ok, answer.text
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        session.headers["xero-tenant-id"] = self.tenant(organisation)
        session.headers["Accept"] = "application/json"
        self.sessions.append(session)
        return Ledger(f"{self.url}/api.xro/2.0", session)

    def hang_up(self) -> None:
        while self.sessions:
            self.sessions.pop().close()


@dataclass
class Ledger:
    """An organisation as its bookkeeper sees it."""

    base: str
    session: requests.Session

    def call(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        answer = self.session.request(
            method, f"{self.base}/{path}", json=body, params=params, timeout=30
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def contacts(self) -> dict[str, dict[str, Any]]:
        found = self.call("GET", "Contacts", includeArchived="true", page="1", pageSize="1000")
        return {contact["Name"]: contact for contact in found["Contacts"]}

    def groups(self) -> dict[str, str]:
        found = self.call("GET", "ContactGroups")["ContactGroups"]
        return {group["Name"]: group["ContactGroupID"] for group in found}

    def contact(self, name: str, *groups: str, **members: Any) -> str:
        """Make a contact, and put it into groups; give its id."""
        made = self.call("PUT", "Contacts", {"Contacts": [{"Name": name, **members}]})
        contact_id = made["Contacts"][0]["ContactID"]
        for group in groups:
            self.call(
                "PUT",
                f"ContactGroups/{self.groups()[group]}/Contacts",
                {"Contacts": [{"ContactID": contact_id}]},
            )
        return contact_id

    def change(self, contact_id: str, **members: Any) -> None:
        self.call("POST", f"Contacts/{contact_id}", {"Contacts": [members]})


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for each worker of the test run; its limits are out of the way."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "webapp.sandbox", "--port", "0",
            "--state", str(tmp_path_factory.mktemp("sandbox") / "state.db"),
            "--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET,
            "--minute-limit", "100000", "--daily-limit", "1000000", "--concurrent-limit", "64",
        ],
        cwd=ROOT, env={key: value for key, value in os.environ.items() if "XERO" not in key},
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    ready, _, _ = select.select([process.stdout], [], [], STARTED_WITHIN)
    line = process.stdout.readline() if ready else ""
    if "listening on" in line:
        yield Sandbox(line.split()[-1], process)
    process.kill()
    process.wait()
    process.stdout.close()
    assert "listening on" in line, f"the sandbox did not start: {line}"


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Iterator[Sandbox]:
    """The sandbox with its two first organisations, no faults and an empty log of calls."""
    sandbox_process.control("POST", "reset")
    sandbox_process.control("DELETE", "requests")
    yield sandbox_process
    sandbox_process.hang_up()


@pytest.fixture(scope="session")
def make_app(redis_url: str, sandbox_process: Sandbox) -> Callable[..., Flask]:
    """Make an application on a database; other settings may be given by name."""

    def make(database_url: str, **settings: Any) -> Flask:
        given = {
            "secret_key": "a secret key only these tests know about",
            "token_encryption_keys": (Fernet.generate_key().decode(),),
            "database_url": database_url,
            "redis_url": redis_url,
            "public_url": "http://localhost:5000",
            "xero_client_id": CLIENT_ID,
            "xero_client_secret": CLIENT_SECRET,
            "xero_login_url": sandbox_process.url,
            "xero_identity_url": sandbox_process.url,
            "xero_api_url": sandbox_process.url,
            "xero_link_url": sandbox_process.url,
            "export_lease_seconds": 20,
            "sweep_seconds": 10,
        }
        return create_app(Config(**(given | settings)))

    return make


@pytest.fixture(scope="session")
def apps(
    make_app: Callable[..., Flask],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[str], Flask]]:
    """One application for each kind of database, made when it is first asked for."""
    made: dict[str, Flask] = {}

    def app_on(kind: str) -> Flask:
        if kind not in made:
            if kind == "sqlite":
                file = tmp_path_factory.mktemp("database") / "workbench.sqlite3"
                address = f"sqlite:///{file}"
            else:
                address = request.getfixturevalue("new_postgres_database")()
            made[kind] = make_app(address)
            with made[kind].app_context():
                Base.metadata.create_all(db.engine)
        return made[kind]

    yield app_on
    for app in made.values():
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
            current_deps().redis.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def app(apps: Callable[[str], Flask], database: str) -> Iterator[Flask]:
    yield from _clean(apps(database))


@pytest.fixture
def sqlite_app(apps: Callable[[str], Flask]) -> Iterator[Flask]:
    yield from _clean(apps("sqlite"))


def _clean(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        _empty()
        current_deps().redis.flushdb()
        yield app
        db.session.rollback()
        db.session.remove()


def _empty() -> None:
    with db.engine.begin() as connection:
        # Its rows cannot be deleted, so the table goes and comes back.
        audit_events = Base.metadata.tables["audit_events"]
        audit_events.drop(connection)
        audit_events.create(connection)
        # The two tables point at each other; the rest can go in the order of their keys.
        connection.execute(
            sa.update(FinCo).values(
                template_company_id=None, retention_job_id=None, stock_control_job_id=None
            )
        )
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def deps(app: Flask) -> Deps:
    return current_deps()


@pytest.fixture
def house(app: Flask) -> House:
    return new_house()


@pytest.fixture
def connect(sandbox: Sandbox, house: House, deps: Deps) -> Callable[..., XeroConnection]:
    """Connect a FinCo (01 unless told) to an organisation, as a person does in the browser."""

    def connected(
        fin_co_id: int | None = None, organisation: int = 0, user: str = MORGAN
    ) -> XeroConnection:
        address = connections.authorization_address(deps.xero, "some-state")
        return connections.complete_connect(
            deps.xero,
            fin_co_id=house.fin_co_id if fin_co_id is None else fin_co_id,
            user_id=house.alice_id,
            code=sandbox.consent(address, organisation, user)["code"],
            now=now(),
        )

    return connected


@pytest.fixture
def command(deps: Deps, tmp_path: Path) -> Callable[..., Result]:
    """Run a command line of this copy; give what it printed and its exit status."""
    config = deps.config
    environment = {
        "INSTANCE_PATH": str(tmp_path),
        "SECRET_KEY": config.secret_key,
        "TOKEN_ENCRYPTION_KEYS": ",".join(config.token_encryption_keys),
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "PUBLIC_URL": config.public_url,
        "XERO_CLIENT_ID": config.xero_client_id,
        "XERO_CLIENT_SECRET": config.xero_client_secret,
        "XERO_LOGIN_URL": config.xero_login_url,
        "XERO_IDENTITY_URL": config.xero_identity_url,
        "XERO_API_URL": config.xero_api_url,
    }

    def run(*arguments: str) -> Result:
        db.session.commit()
        logging_before = structlog.get_config()
        result: Result = CliRunner(env=environment).invoke(main, list(arguments))
        structlog.configure(**logging_before)  # commands log to a stream that is closed by now
        return result

    return run


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
