import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind, KindState, RunState, import_state
from webapp.models import Company, ImportProblem, ImportRun, ImportRunKind
from webapp.services import imports


@dataclass
class Kind:
    """How one kind of a run went."""

    state: KindState
    error: str | None
    counts: dict[str, int]
    problems: list[tuple[str, str, str]]

    def __getitem__(self, count: str) -> int:
        return self.counts[count]


@dataclass
class Report:
    """How a run went."""

    run_id: int
    finished: bool
    state: RunState
    kinds: dict[ImportKind, Kind]

    @property
    def companies(self) -> Kind:
        return self.kinds[ImportKind.COMPANIES]

    @property
    def accounts(self) -> Kind:
        return self.kinds[ImportKind.GL_ACCOUNTS]


def report_of(run_id: int) -> Report:
    db.session.expire_all()
    run = db.session.get_one(ImportRun, run_id)
    kinds = {}
    for row in run.kinds:
        problems = db.session.scalars(
            sa.select(ImportProblem)
            .where(ImportProblem.run_kind_id == row.id)
            .order_by(ImportProblem.id)
        )
        names = ("fetched", "created", "updated", "unchanged", "skipped", "failed")
        kinds[row.kind] = Kind(
            row.state,
            row.error,
            {name: getattr(row, name) for name in names},
            [(one.outcome, one.name, one.reason) for one in problems],
        )
    states = [row.state for row in run.kinds]
    report = Report(
        run_id,
        run.finished_at is not None,
        import_state({state: states.count(state) for state in states}),
        kinds,
    )
    db.session.commit()
    return report


@pytest.fixture
def report() -> Callable[[int], Report]:
    return report_of


@pytest.fixture
def start(house) -> Callable[..., int]:
    def started(fin_co_id: int | None = None, **given: Any) -> int:
        asked = {
            "fin_co_id": house.fin_co_id if fin_co_id is None else fin_co_id,
            "user_id": house.alice_id,
            "now": dt.datetime.now(dt.UTC),
            "after_commit": lambda _run_id: None,
        }
        return imports.start_import(**(asked | given))

    return started


@pytest.fixture
def carry_on(deps) -> Callable[..., None]:
    def carried(run_id: int, **given: Any) -> None:
        asked = {
            "run_id": run_id,
            "owner": "this-test",
            "clock": deps.clock,
            "lease_seconds": 20,
        }
        progress = given.pop("progress", deps.progress)
        imports.run_import(deps.xero, progress, **(asked | given))

    return carried


@pytest.fixture
def import_now(start, carry_on) -> Callable[[], Report]:
    """Run a whole import of FinCo 01."""

    def imported(fin_co_id: int | None = None) -> Report:
        run_id = start(fin_co_id)
        carry_on(run_id)
        return report_of(run_id)

    return imported


@pytest.fixture
def companies(house) -> Callable[[], dict[str, Company]]:
    """The companies of FinCo 01 by name, without its template."""

    def found() -> dict[str, Company]:
        db.session.expire_all()
        rows = db.session.scalars(
            sa.select(Company).where(
                Company.fin_co_id == house.fin_co_id, Company.id != house.template_id
            )
        ).all()
        return {row.name: row for row in rows}

    return found


@pytest.fixture
def forget_run() -> Callable[[int], None]:
    """End a run's lease, as time does after its process died."""

    def forgotten(run_id: int) -> None:
        db.session.execute(
            sa.update(ImportRun)
            .where(ImportRun.id == run_id)
            .values(lease_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        )
        db.session.commit()

    return forgotten


@pytest.fixture
def count_of_runs() -> Callable[[], int]:
    return lambda: db.session.scalar(sa.select(sa.func.count()).select_from(ImportRunKind))
