import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from webapp.config import Config
from webapp.db import db
from webapp.deps import EXTENSION, Deps
from webapp.domain.runs import KindState
from webapp.models import ImportRun, XeroConnection
from webapp.services import imports

HALF_HOUR = dt.timedelta(minutes=30)


@pytest.fixture
def carry_on(deps: Deps) -> Callable[[int, dt.datetime], ImportRun]:
    """Do what the worker does with a run, at a given instant."""

    def carried(run_id: int, at: dt.datetime) -> ImportRun:
        imports.run_import(
            deps.xero,
            deps.progress,
            run_id=run_id,
            owner="this-test",
            clock=lambda: at,
            lease_seconds=20,
        )
        return run_of(run_id)

    return carried


@pytest.fixture
def look(deps: Deps) -> Callable[..., list[int]]:
    """Look which FinCos are due at an instant, and give the runs that were started."""

    def looked(at: dt.datetime, interval: dt.timedelta = HALF_HOUR, **given: Any) -> list[int]:
        asked = {"now": at, "interval": interval, "after_commit": lambda _run_id: None}
        return imports.start_scheduled_imports(deps.redis, **(asked | given))

    return looked


@pytest.fixture
def pass_time(look, carry_on, deps: Deps) -> Callable[..., list[ImportRun]]:
    """Let the schedule look every minute and the worker do what it starts."""

    def passed(since: dt.datetime, minutes: int) -> list[ImportRun]:
        return [
            carry_on(run_id, at)
            for at in (since + dt.timedelta(minutes=n) for n in range(1, minutes + 1))
            for run_id in look(at)
        ]

    return passed


@pytest.fixture
def configured(app: Flask, deps: Deps) -> Iterator[Callable[..., Config]]:
    """Give the application other settings, and another time, for the length of a test."""

    def configure(at: dt.datetime | None = None, **settings: Any) -> Config:
        config = replace(deps.config, **settings)
        clock = deps.clock if at is None else lambda: at
        app.extensions[EXTENSION] = replace(deps, config=config, clock=clock)
        return config

    yield configure
    app.extensions[EXTENSION] = deps


@pytest.fixture
def states() -> Callable[[ImportRun], set[KindState]]:
    return lambda run: {kind.state for kind in run.kinds}


@pytest.fixture
def connection_of() -> Callable[[int], XeroConnection]:
    """A FinCo's connection as it stands in the database now."""

    def found(fin_co_id: int) -> XeroConnection:
        db.session.expire_all()
        return db.session.scalars(
            sa.select(XeroConnection).where(XeroConnection.fin_co_id == fin_co_id)
        ).one()

    return found


def run_of(run_id: int) -> ImportRun:
    db.session.expire_all()
    return db.session.get_one(ImportRun, run_id)
