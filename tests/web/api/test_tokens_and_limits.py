import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa
from redis.exceptions import ConnectionError as RedisGone

from webapp.db import db
from webapp.deps import EXTENSION
from webapp.models import ApiToken, AuditEvent
from webapp.services import api_tokens


@pytest.fixture
def deps(app):
    before = app.extensions[EXTENSION]
    yield before
    app.extensions[EXTENSION] = before


def only_token() -> ApiToken:
    db.session.rollback()  # what was read before is read anew
    return db.session.scalars(sa.select(ApiToken)).one()


def test_a_token_is_kept_as_a_hash_alone(api):
    token = only_token()

    assert api.token.startswith(token.prefix)
    kept = str({column.name: getattr(token, column.name) for column in ApiToken.__table__.columns})
    assert api.token not in kept
    assert api.token not in str(db.session.scalars(sa.select(AuditEvent)).one().detail)


def test_a_token_says_when_it_was_last_used(api):
    assert only_token().last_used_at is None
    api.get("/periods")

    assert dt.datetime.now(dt.UTC) - only_token().last_used_at < dt.timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "nonsense", "wbk_" + "x" * 43])
def test_what_is_no_token_is_refused(api, text):
    api.token = text

    assert api.get("/periods").status_code == 401


def test_a_revoked_token_is_refused_from_the_next_call_on(api):
    assert api.get("/periods").status_code == 200
    api_tokens.revoke_token(
        only_token().id, user_id=None, source="test", now=dt.datetime.now(dt.UTC)
    )

    assert api.get("/periods").status_code == 401


def test_an_expired_token_is_refused(api):
    token = only_token()
    token.expires_at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    db.session.commit()

    assert api.get("/periods").status_code == 401


def test_one_call_too_many_is_told_when_to_come_back(app, api, call_as, deps):
    app.extensions[EXTENSION] = replace(deps, config=replace(deps.config, api_calls_a_minute=3))
    assert [api.get("/periods").status_code for _ in range(3)] == [200, 200, 200]

    refused = api.get("/periods")

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["status"] == 429
    assert call_as(name="Another").get("/periods").status_code == 200


def test_without_redis_the_api_says_so_and_does_nothing(app, api, deps):
    class Gone:
        def pipeline(self):
            raise RedisGone("gone")

    app.extensions[EXTENSION] = replace(deps, redis=Gone())

    refused = api.get("/periods")
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert refused.headers["Retry-After"]
