from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from redis import Redis

from webapp.config import Config
from webapp.db import db
from webapp.deps import current_deps
from webapp.factory import create_app


@pytest.fixture
def environment(redis_url: str, tmp_path: Path) -> dict[str, str]:
    """What a worker or scheduler process of this test is started with."""
    return {
        "INSTANCE_PATH": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'jobs.sqlite3'}",
        "REDIS_URL": redis_url,
        "PUBLIC_URL": "http://localhost:5000",
        "SECRET_KEY": "a secret key only these tests know about",
        "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "XERO_CLIENT_ID": "id",
        "XERO_CLIENT_SECRET": "secret",
        "XERO_LOGIN_URL": "http://127.0.0.1:9",
        "XERO_IDENTITY_URL": "http://127.0.0.1:9",
        "XERO_API_URL": "http://127.0.0.1:9",
    }


@pytest.fixture
def app(environment: dict[str, str]) -> Iterator[Flask]:
    app = create_app(Config.from_env(environment))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
        current_deps().redis.close()


@pytest.fixture
def redis(app: Flask) -> Redis:
    connection = current_deps().redis
    connection.flushall()
    return connection
