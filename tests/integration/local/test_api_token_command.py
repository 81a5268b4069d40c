"""API tokens from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.db import db, utc_now
from webapp.models import FinCo
from webapp.services.api_tokens import identify

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def command(app, settings):
    db.session.add(FinCo(code="01", description="North", base_currency_code="NZD"))
    db.session.commit()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "webapp", "api-token", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_token_is_printed_alone_listed_without_its_text_and_revoked(command):
    made = command("add", "Costing", "--fin-co", "01", "--right", "view", "--expires", "2099-12-31")
    text = made.stdout.strip()
    assert identify(text, utc_now()).name == "Costing"

    listed = command("list", "--json")
    [token] = json.loads(listed.stdout)["tokens"]
    assert (token["state"], token["fin_cos"], token["rights"]) == ("good", ["01"], ["view"])
    assert text not in listed.stdout

    assert "Costing is revoked" in command("revoke", str(token["id"])).stdout
    db.session.rollback()
    assert identify(text, utc_now()) is None
    assert "revoked" in command("list").stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("add", "X", "--fin-co", "99", "--right", "view"), "FinCo 99"),
        (("add", "X", "--fin-co", "01", "--right", "view", "--expires", "2001-01-01"), "expired"),
        (("add", "X", "--fin-co", "01", "--right", "configure the integration"), "configure"),
        (("revoke", "7"), "no such token"),
    ],
)
def test_what_cannot_be_done_is_said(command, arguments, word):
    refused = command(*arguments)

    assert refused.returncode == 2
    assert word in refused.stderr
