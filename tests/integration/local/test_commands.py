"""Users, the configuration check and the schema, from the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from cryptography.fernet import Fernet
from flask import Flask

from webapp.cli import main
from webapp.db import db, utc_now
from webapp.models import User
from webapp.services.sign_in import sign_in

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct horse battery"


@pytest.fixture
def command(settings: dict[str, str]):
    def run(*arguments: str, given: str = "", **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "webapp", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **settings, **changed},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def add(command, name: str, password: str = PASSWORD, **options: str):
    return command(
        *("user", "add", name, "--role", "finance", "--password-stdin"),
        *(part for key, value in options.items() for part in (f"--{key.replace('_', '-')}", value)),
        given=f"{password}\n",
    )


def test_a_user_made_on_the_command_line_can_sign_in(app: Flask, command):
    assert add(command, "Zoe").returncode == 0

    assert sign_in("zoe", PASSWORD, now=utc_now())
    assert not sign_in("zoe", PASSWORD.upper(), now=utc_now())


def test_only_a_hash_of_the_password_is_kept(app: Flask, command):
    add(command, "Zoe")

    kept = db.session.scalars(sa.select(User.password_hash)).one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


@pytest.mark.usefixtures("app")
def test_a_name_is_taken_whatever_its_case(command):
    add(command, "Zoe")

    refused = add(command, "ZOE")

    assert refused.returncode == 2
    assert "already" in refused.stderr


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("password", ["", "short", "elevenchars"])
def test_a_short_password_is_refused_and_nobody_is_made(command, password: str):
    refused = add(command, "Zoe", password)

    assert refused.returncode == 2
    assert "12 characters" in refused.stderr
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


@pytest.mark.usefixtures("app")
def test_an_unknown_fin_co_is_refused(command):
    refused = add(command, "Zoe", fin_co="99")

    assert refused.returncode == 2
    assert "There is no FinCo 99" in refused.stderr


@pytest.mark.usefixtures("app")
def test_a_new_password_replaces_the_old_and_ends_every_session(command):
    add(command, "Zoe")
    _, before = sign_in("Zoe", PASSWORD, now=utc_now())

    changed = command("user", "password", "zoe", "--password-stdin", given="another long one\n")

    assert changed.returncode == 0
    assert sign_in("Zoe", PASSWORD, now=utc_now()) is None
    _, after = sign_in("Zoe", "another long one", now=utc_now())
    assert after != before


@pytest.mark.usefixtures("app")
def test_nobody_is_asked_for_a_password_where_nobody_sits(command):
    refused = command("user", "password", "zoe")

    assert refused.returncode == 2
    assert "--password-stdin" in refused.stderr


@pytest.mark.usefixtures("app")
def test_mail_reaches_a_user_where_the_command_line_says(command):
    add(command, "Zoe")

    assert command("user", "email", "zoe", "zoe@builder.test").returncode == 0
    refused = command("user", "email", "zoe", "Zoe <zoe@builder.test>")

    assert refused.returncode == 2
    assert "no e-mail address" in refused.stderr
    assert db.session.scalars(sa.select(User.email)).one() == "zoe@builder.test"


def test_everything_missing_or_malformed_is_named_at_once(command):
    answer = command("check-config", SECRET_KEY="short", DATABASE_URL="mysql://x", PUBLIC_URL="")

    assert answer.returncode == 2
    for name in ("SECRET_KEY", "DATABASE_URL", "PUBLIC_URL"):
        assert name in answer.stderr


def test_what_is_out_of_reach_is_named_without_its_password(command):
    answer = command(
        "check-config",
        DATABASE_URL="postgresql://someone:open-sesame@127.0.0.1:1/x",
        REDIS_URL="redis://:open-sesame@127.0.0.1:1",
        SMTP_URL="smtp://someone:open-sesame@127.0.0.1:1",
        MAIL_FROM="workbench@builder.test",
    )

    assert answer.returncode == 2
    assert "DATABASE_URL" in answer.stderr
    assert "REDIS_URL" in answer.stderr
    assert "SMTP_URL" in answer.stderr
    assert "open-sesame" not in answer.stderr + answer.stdout


def test_a_complete_configuration_is_said_to_be_complete(command):
    assert command("check-config").returncode == 0


def test_a_new_key_is_one_that_can_be_used(command):
    key = command("check-config", "--new-key").stdout.strip()

    assert Fernet(key)


def test_the_schema_is_made_from_the_command_line(command, tmp_path: Path):
    fresh = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"

    assert command("database", "upgrade", DATABASE_URL=fresh).returncode == 0

    engine = sa.create_engine(fresh)
    assert "batches" in sa.inspect(engine).get_table_names()
    engine.dispose()


def test_every_command_explains_itself():
    assert {"run", "check-config", "user", "database"} <= main.commands.keys()
    for name in main.commands.keys() - {"sandbox"}:
        answer = CliRunner().invoke(main, [name, "--help"])
        assert answer.exit_code == 0
        assert main.commands[name].help.splitlines()[0] in answer.output
