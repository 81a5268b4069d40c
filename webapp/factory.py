"""The only composition root: configuration in, application out."""

from flask import Flask
from flask_migrate import Migrate
from redis import Redis
from werkzeug.middleware.proxy_fix import ProxyFix

import webapp.models  # noqa: F401 - makes the whole schema known
from webapp import api, web
from webapp.config import PROJECT_ROOT, Config
from webapp.db import db, prepare_sqlite, utc_now
from webapp.deps import EXTENSION, Deps
from webapp.services.access import XeroAccess
from webapp.services.progress import Progress

REDIS_CONNECTS_WITHIN_SECONDS = 5
REDIS_ANSWERS_WITHIN_SECONDS = 30
"""Longer than anything that waits in Redis on purpose: the streams' 15 seconds."""


def create_app(config: Config) -> Flask:
    """Build the application that every process shares: web, worker, scheduler, command line."""
    app = Flask(
        "webapp",
        root_path=str(PROJECT_ROOT / "webapp"),
        template_folder=str(PROJECT_ROOT / "templates"),
        static_folder=str(PROJECT_ROOT / "static"),
    )
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(PROJECT_ROOT / "webapp" / "migrations"))
    if config.database_url.startswith("sqlite"):
        with app.app_context():
            prepare_sqlite(db.engine)
    if config.secure_cookies:
        # TLS ends at a router in front: only it knows who the visitor is.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    redis = Redis.from_url(
        config.redis_url,
        socket_connect_timeout=REDIS_CONNECTS_WITHIN_SECONDS,
        socket_timeout=REDIS_ANSWERS_WITHIN_SECONDS,
    )
    app.extensions[EXTENSION] = Deps(
        config=config,
        redis=redis,
        xero=XeroAccess.build(config, redis),
        progress=Progress(redis),
        clock=utc_now,
    )
    web.init_app(app)
    api.init_app(app)
    return app
