from cryptography.fernet import Fernet

from webapp.config import Config
from webapp.factory import create_app
from webapp.web.security import PUBLIC, required_permission


def test_every_route_is_public_by_name_or_asks_for_a_permission():
    app = create_app(
        Config.from_env(
            {
                "INSTANCE_PATH": "/nonexistent",
                "DATABASE_URL": "sqlite:///nowhere",
                "REDIS_URL": "redis://127.0.0.1:1",
                "PUBLIC_URL": "http://localhost:5000",
                "SECRET_KEY": "a secret key only these tests know about",
                "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
                "XERO_CLIENT_ID": "id",
                "XERO_CLIENT_SECRET": "secret",
            }
        )
    )
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert endpoints > PUBLIC
    assert {
        endpoint
        for endpoint in endpoints - PUBLIC
        if required_permission(app.view_functions[endpoint]) is None
    } == set()
