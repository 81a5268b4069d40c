import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.matching import AP_GROUP
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
        names = ("fetched", "created", "updated", "unchanged", "skipped", "failed", "calls")
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
def import_now(start, carry_on) -> Callable[..., Report]:
    """Run a whole import of FinCo 01."""

    def imported(fin_co_id: int | None = None, **asked: Any) -> Report:
        run_id = start(fin_co_id, **asked)
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


class Said:
    """What Xero says in the place of the sandbox, answer by answer, and what it was asked."""

    def __init__(self, mock: responses.RequestsMock, base: str) -> None:
        self._mock = mock
        self._base = base

    def pages(
        self, collection: str, *pages: list[Any], size: int = 1000, total: int | None = None
    ) -> None:
        """Give these records page by page, to whoever asks, as often as they ask."""
        total = sum(map(len, pages)) if total is None else total

        def answer(request: Any) -> tuple[int, dict[str, str], str]:
            number = int(parse_qs(urlsplit(request.url).query).get("page", ["1"])[0])
            found = pages[number - 1] if number <= len(pages) else []
            counts = {"page": number, "pageSize": size, "pageCount": len(pages)}
            body = {"pagination": {**counts, "itemCount": total}, collection: found}
            return 200, {"X-DayLimit-Remaining": "4321"}, json.dumps(body)

        self._answer(collection, answer)

    def chosen(self, collection: str, choose: Callable[[Any], list[Any]]) -> None:
        """Give what suits the request, in one page."""
        self._answer(
            collection, lambda request: (200, {}, json.dumps({collection: choose(request)}))
        )

    def body(self, collection: str, body: str, status: int = 200) -> None:
        """Give these very bytes."""
        self._answer(collection, lambda _request: (status, {}, body))

    def asked(self, collection: str) -> list[Any]:
        """The requests for a collection, in their order."""
        path = f"/api.xro/2.0/{collection}"
        return [
            call.request for call in self._mock.calls if urlsplit(call.request.url).path == path
        ]

    def since(self, collection: str) -> list[str | None]:
        """Since when changes were asked for, request by request."""
        return [request.headers.get("If-Modified-Since") for request in self.asked(collection)]

    def _answer(self, collection: str, answer: Callable[[Any], Any]) -> None:
        address = f"{self._base}/{collection}"
        self._mock.remove("GET", address)
        self._mock.add_callback("GET", address, answer)


@pytest.fixture
def xero(connect, sandbox) -> Iterator[Said]:
    """The connected organisation, some of whose answers a test puts into its mouth."""
    connect()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_passthru(sandbox.url)
        yield Said(mock, f"{sandbox.url}/api.xro/2.0")


def contact_of(number: int, **members: Any) -> dict[str, Any]:
    """A supplier as Xero gives it; its account is S and its number."""
    group = {"ContactGroupID": f"{1:036d}", "Name": AP_GROUP, "Status": "ACTIVE"}
    return {
        "ContactID": f"c0{number:034d}",
        "Name": f"Supplier {number}",
        "AccountNumber": f"S{number}",
        "ContactStatus": "ACTIVE",
        "ContactGroups": [group],
        "UpdatedDateUTC": xero_time(UPDATED),
        **members,
    }


def xero_time(moment: dt.datetime) -> str:
    """An instant as Xero writes it."""
    return f"/Date({int(moment.timestamp() * 1000)}+0000)/"


UPDATED = dt.datetime(2026, 11, 3, 2, 0, 15, tzinfo=dt.UTC)


@pytest.fixture
def count_of_runs() -> Callable[[], int]:
    return lambda: db.session.scalar(sa.select(sa.func.count()).select_from(ImportRunKind))


@pytest.fixture
def ledger(connect, sandbox):
    """The connected organisation, from inside."""
    connect()
    return sandbox.inside()
