"""Changing the key that tokens are stored under (C14.1)."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from webapp.db import db
from webapp.models import XeroToken
from webapp.services import connections

ROOT = Path(__file__).resolve().parents[3]
PRIYA = "b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902"


@pytest.fixture
def two_sign_ins(connect, house):
    connect()
    connect(house.other_fin_co_id, organisation=1, user=PRIYA)


@pytest.fixture
def new_key() -> str:
    return Fernet.generate_key().decode()


def rotated(xero, *keys: str):
    return replace(xero, cipher=MultiFernet([Fernet(key) for key in keys]))


def ciphertexts() -> list[str]:
    db.session.commit()
    rows = db.session.execute(
        sa.select(XeroToken.access_token, XeroToken.refresh_token).order_by(XeroToken.id)
    ).all()
    db.session.commit()
    return [text for row in rows for text in row]


@pytest.fixture
def command(deps):
    def run(*arguments: str, keys: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        config = deps.config
        settings = {
            "DATABASE_URL": config.database_url,
            "REDIS_URL": config.redis_url,
            "PUBLIC_URL": config.public_url,
            "SECRET_KEY": config.secret_key,
            "TOKEN_ENCRYPTION_KEYS": ",".join(keys),
            "XERO_CLIENT_ID": config.xero_client_id,
            "XERO_CLIENT_SECRET": config.xero_client_secret,
        }
        return subprocess.run(
            [sys.executable, "-m", "webapp", "token", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_C14_1_old_rows_stay_readable_and_new_ones_are_under_the_new_key(
    two_sign_ins, connect, house, deps, new_key
):
    (old_key,) = deps.config.token_encryption_keys
    xero = rotated(deps.xero, new_key, old_key)

    assert connections.test_connection(xero, fin_co_id=house.fin_co_id, now=deps.clock()).ok
    assert all(one.readable for one in connections.sign_ins(xero))
    store = xero.token_store(connections.current_connection(house.fin_co_id))
    store.save(store.load())

    assert all(Fernet(new_key).decrypt(text) for text in ciphertexts()[:2])
    for text in ciphertexts()[2:]:
        with pytest.raises(InvalidToken):
            Fernet(new_key).decrypt(text)
        Fernet(old_key).decrypt(text)


def test_C14_1_the_command_puts_every_row_under_the_first_key(
    two_sign_ins, house, deps, command, new_key
):
    (old_key,) = deps.config.token_encryption_keys

    done = command("reencrypt", "--json", keys=(new_key, old_key))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"reencrypted": 2, "unreadable": []}
    assert all(Fernet(new_key).decrypt(text) for text in ciphertexts())
    xero = rotated(deps.xero, new_key)
    for fin_co_id in (house.fin_co_id, house.other_fin_co_id):
        assert connections.test_connection(xero, fin_co_id=fin_co_id, now=deps.clock()).ok


def test_C14_1_a_row_whose_key_is_lost_is_named_and_left_as_it_is(
    two_sign_ins, deps, command, new_key
):
    before = ciphertexts()

    done = command("reencrypt", keys=(new_key,))

    assert done.returncode == 1
    assert "0 sign-ins are under the first key now." in done.stdout
    assert done.stdout.count("connect again") == 2
    assert PRIYA in done.stdout
    assert ciphertexts() == before


def test_C14_1_the_list_shows_who_and_until_when_and_no_secret(two_sign_ins, house, deps, command):
    keys = deps.config.token_encryption_keys
    secrets = [MultiFernet([Fernet(key) for key in keys]).decrypt(one) for one in ciphertexts()]

    listed = command("list", keys=keys)
    as_json = command("list", "--json", keys=keys)

    assert listed.returncode == 0, listed.stderr
    assert "01: Harbour Civil Ltd" in listed.stdout
    assert "works" in listed.stdout
    told = json.loads(as_json.stdout)["sign_ins"]
    assert [one["readable"] for one in told] == [True, True]
    assert told[1]["used_for"] == ["02: Southern Cross Engineering Pty Ltd"]
    for hidden in [*ciphertexts(), *(secret.decode() for secret in secrets), *keys]:
        assert hidden not in listed.stdout + as_json.stdout + listed.stderr
