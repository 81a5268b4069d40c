"""Loads that are killed, and loads that meet."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.deps import current_deps
from webapp.models import Batch, BatchSequence, Company, Document

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data"


@pytest.mark.faults
def test_a_load_that_is_killed_leaves_nothing(firm, database, small_month, tmp_path):
    header, first, *_ = small_month.splitlines()
    file = tmp_path / "many.csv"
    rows = (first.replace("11JUL-07AUG", f"N{number}") for number in range(20_000))
    file.write_text("\n".join([header, *rows]), "utf-8")
    config = current_deps().config
    environment = {
        **{name: value for name, value in os.environ.items() if "XERO" not in name},
        "INSTANCE_PATH": str(tmp_path),
        "SECRET_KEY": config.secret_key,
        "TOKEN_ENCRYPTION_KEYS": ",".join(config.token_encryption_keys),
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "PUBLIC_URL": config.public_url,
        "XERO_CLIENT_ID": "id",
        "XERO_CLIENT_SECRET": "secret",
        "PYTHONUNBUFFERED": "1",
    }
    words = [sys.executable, "-m", "webapp", "load", "ap-invoices", str(file), "--fin-co", "01",
             "--mapping", str(DATA / "ap-spend.mapping.toml")]  # fmt: skip
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, text=True, stderr=subprocess.PIPE
    ) as process:
        told = next((line for line in process.stderr if "Storing" in line), "")
        process.kill()
    assert told, "the load ended before it stored anything"
    assert process.returncode < 0
    for model in (Document, Batch, BatchSequence):
        assert db.session.scalar(sa.select(sa.func.count(model.id))) == 0
    assert db.session.scalar(sa.select(Company).where(Company.ap_account == "S1")) is None


def test_two_loads_of_one_file_at_once_make_it_once(app, load):
    start = Barrier(2)

    def one(_):
        with app.app_context():
            try:
                return load(DATA / "small-month.csv", progress=lambda stage, *_: wait(stage))
            finally:
                db.session.remove()

    def wait(stage):
        if stage.value == "Reading":
            start.wait(10)

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(one, range(2)))
    assert sorted(report.documents for report in reports) == [0, 10]
    assert sorted(report.already_loaded for report in reports) == [0, 10]
    assert db.session.scalar(sa.select(sa.func.count(Document.id))) == 10
