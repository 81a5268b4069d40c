import datetime as dt
import io
import json
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from cryptography.fernet import Fernet, MultiFernet

from webapp.db import db
from webapp.models import XeroConnection, XeroToken
from webapp.models.xero import ConnectionState
from webapp.services import connections
from webapp.services.tokens import DbTokenStore
from webapp.xero import connect as xero_connect
from webapp.xero.errors import ReconnectNeeded, Unavailable

ROOT = Path(__file__).resolve().parents[3]
AT_ONCE = 20
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def expire(minutes: int = 5) -> None:
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes)
    db.session.execute(sa.update(XeroToken).values(expires_at=past))
    db.session.commit()


def stored() -> XeroToken:
    db.session.expire_all()
    row = db.session.scalar(sa.select(XeroToken))
    db.session.commit()
    return row


@pytest.fixture
def store(connect, deps) -> DbTokenStore:
    return deps.xero.token_store(connect())


def test_tokens_are_encrypted_where_they_are_kept(store):
    tokens = store.load()

    row = stored()
    for secret, kept in (
        (tokens.access_token, row.access_token),
        (tokens.refresh_token, row.refresh_token),
    ):
        assert secret
        assert secret not in kept
    with db.engine.connect() as connection:
        everything = str(connection.execute(sa.select(XeroToken)).mappings().all())
    assert tokens.refresh_token not in everything


def test_no_repr_and_no_log_line_shows_a_secret(store, connect, house, deps, sandbox, caplog):
    secrets = {deps.config.xero_client_secret, *deps.config.token_encryption_keys}
    written = io.StringIO()
    caplog.set_level(logging.DEBUG)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    try:
        secrets |= {store.load().access_token, store.load().refresh_token}
        expire()
        connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW)
        secrets |= {store.load().access_token, store.load().refresh_token}
        expire()
        sandbox.fault("refuse_refresh")
        connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW)
        with pytest.raises(ReconnectNeeded) as refused:
            store.load()
    finally:
        structlog.reset_defaults()
    seen = "\n".join(
        [
            written.getvalue(),
            caplog.text,
            repr(deps),
            repr(deps.xero),
            repr(store),
            repr(refused.value),
            repr(stored()),
        ]
    )
    assert "tokens_refreshed" in seen
    assert [secret for secret in secrets if secret in seen] == []


def test_a_key_that_was_added_in_front_still_reads_what_was_kept_before(store, deps):
    before = store.load()
    new = Fernet(Fernet.generate_key())
    keys = [new, *(Fernet(key) for key in deps.config.token_encryption_keys)]
    rotated = DbTokenStore(
        engine=db.engine, redis=deps.redis, cipher=MultiFernet(keys), token_id=stored().id
    )

    assert rotated.load() == before
    rotated.save(before)
    assert new.decrypt(stored().refresh_token).decode() == before.refresh_token


def test_a_lost_key_asks_for_a_new_connection_instead_of_breaking(store, deps):
    stranger = DbTokenStore(
        engine=db.engine,
        redis=deps.redis,
        cipher=MultiFernet([Fernet(Fernet.generate_key())]),
        token_id=stored().id,
    )

    with pytest.raises(ReconnectNeeded, match="TOKEN_ENCRYPTION_KEYS"):
        stranger.load()


def test_an_expired_token_is_refreshed_and_rotated_before_use(store, house, deps):
    before = store.load()
    expire()

    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok

    after = store.load()
    assert after.access_token != before.access_token
    assert after.refresh_token != before.refresh_token
    assert after.expires_at > dt.datetime.now(dt.UTC)


def test_twenty_threads_that_need_a_refresh_at_once_make_one(store, deps):
    expire()
    together = threading.Barrier(AT_ONCE)

    def token() -> str:
        together.wait()
        xero = deps.xero
        return xero_connect.valid_tokens(xero.endpoints, xero.credentials, store).access_token

    with ThreadPoolExecutor(AT_ONCE) as pool:
        given = {future.result() for future in [pool.submit(token) for _ in range(AT_ONCE)]}

    assert given == {store.load().access_token}


def refresh_at_once(deps, *, rounds: int) -> dict:
    """Let twenty processes ask for good tokens at once, again and again."""
    config = deps.config
    task = {
        "database_url": config.database_url,
        "redis_url": config.redis_url,
        "key": config.token_encryption_keys[0],
        "token_id": stored().id,
        "url": config.xero_api_url,
        "client_id": config.xero_client_id,
        "client_secret": config.xero_client_secret,
        "processes": AT_ONCE,
        "rounds": rounds,
    }
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("refreshers.py")), json.dumps(task)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "database",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)
def test_C14_1_twenty_processes_that_need_a_refresh_at_once_make_one_each_of_200_times(
    store, house, deps, sandbox, database
):
    rounds = 200 if database == "sqlite" else 20
    sandbox.control("DELETE", "requests")

    told = refresh_at_once(deps, rounds=rounds)

    assert told["errors"] == []
    assert told["disagreed"] == []
    assert (told["pids"], told["rounds"], told["tokens"]) == (AT_ONCE, rounds, rounds)
    refreshes = [call["status"] for call in sandbox.identity_calls("POST", "/connect/token")]
    assert refreshes == [200] * rounds
    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


def test_a_refused_refresh_marks_every_connection_of_that_sign_in(connect, house, sandbox, deps):
    connect()
    connect(house.other_fin_co_id, organisation=1)
    expire()
    sandbox.fault("refuse_refresh")

    result = connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    assert not result.ok
    assert "no longer accepts" in result.message
    assert stored().refused_at is not None
    states = db.session.scalars(sa.select(XeroConnection.state)).all()
    assert states == [ConnectionState.RECONNECT_NEEDED] * 2


def test_a_refusal_of_tokens_that_were_replaced_meanwhile_is_forgotten(store, connect):
    former = store.load()
    connect()

    store.refresh_refused(former)

    assert stored().refused_at is None
    assert store.load().refresh_token != former.refresh_token


def test_an_identity_server_that_does_not_answer_costs_no_connection(store, house, deps):
    expire()
    nowhere = replace(deps.xero.endpoints, identity_url="http://127.0.0.1:9")

    with pytest.raises(Unavailable):
        xero_connect.valid_tokens(nowhere, deps.xero.credentials, store)

    assert connections.test_connection(deps.xero, fin_co_id=house.fin_co_id, now=NOW).ok


def test_tokens_that_were_given_up_are_missing_not_broken(store, house, deps):
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=NOW)

    with pytest.raises(ReconnectNeeded, match="given up"):
        store.load()
