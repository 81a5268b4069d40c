"""For whoever watches the process: is it up, and can it do its work."""

from functools import cache

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from webapp.deps import current_deps
from webapp.queries import readiness

OK = "ok"

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"status": OK}


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Database and Redis answer and the schema is the one this code was written for."""
    parts = {"database": _database(), "redis": _redis()}
    is_ready = all(state == OK for state in parts.values())
    return {"status": OK if is_ready else "not ready", **parts}, 200 if is_ready else 503


def _database() -> str:
    try:
        found = readiness.schema_revisions()
    except SQLAlchemyError:
        return "does not answer"
    if found == _expected(current_app.extensions["migrate"].directory):
        return OK
    return "is not migrated: run `python -m webapp database upgrade`"


@cache
def _expected(directory: str) -> frozenset[str]:
    # The code's own revisions cannot change while it runs.
    return frozenset(ScriptDirectory(directory).get_heads())


def _redis() -> str:
    try:
        current_deps().redis.ping()
    except RedisError:
        return "does not answer"
    return OK
