import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import KindState, RunOrigin
from webapp.models import ImportRun

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def background(deps, tmp_path: Path) -> Iterator[None]:
    """A worker and a scheduler, as the platform starts them."""
    config = deps.config
    environment = {
        "PATH": os.environ["PATH"],
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
        "IMPORT_INTERVAL_MINUTES": "30",
    }
    with (tmp_path / "log").open("wb") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", module], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
            for module in ("jobs.worker", "jobs.scheduler")
        ]
    yield
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize("database", ["sqlite"])
def test_R31_scheduler_and_worker_import_by_themselves(
    connect, deps, wait_until, request, connection_of, house, database
):
    connection = connect()
    connection.connected_at -= dt.timedelta(minutes=31)
    db.session.commit()

    request.getfixturevalue("background")

    def finished() -> bool:
        db.session.expire_all()
        run = db.session.scalar(sa.select(ImportRun))
        db.session.commit()
        return run is not None and run.finished_at is not None

    wait_until(finished, "an import nobody asked for", within=60)
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert run.origin is RunOrigin.SCHEDULE
    assert {kind.state for kind in run.kinds} <= {KindState.DONE}
    assert connection_of(house.fin_co_id).last_import_at == run.finished_at
