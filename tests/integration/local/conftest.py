from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from cryptography.fernet import Fernet
from flask import Flask

from webapp.config import Config
from webapp.db import db
from webapp.factory import create_app


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> dict[str, str]:
    return {
        "INSTANCE_PATH": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'workbench.sqlite3'}",
        "REDIS_URL": redis_url,
        "PUBLIC_URL": "http://localhost:5000",
        "SECRET_KEY": "a secret key only these tests know about",
        "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "XERO_CLIENT_ID": "id",
        "XERO_CLIENT_SECRET": "a-client-secret",
    }


@pytest.fixture
def app(settings: dict[str, str]) -> Iterator[Flask]:
    app = create_app(Config.from_env(settings))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
