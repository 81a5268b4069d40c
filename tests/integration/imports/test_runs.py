import datetime as dt
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind, KindState, RunState
from webapp.models import Company, ImportProblem, ImportRun, XeroConnection
from webapp.models.xero import ConnectionState
from webapp.services import connections, imports
from webapp.services.errors import AlreadyRunning, NotConnected
from webapp.services.progress import topic

ROOT = Path(__file__).resolve().parents[3]
AP = "Workbench AP (Suppliers)"
SUPPLIERS = 1200


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


class KilledAtStep:
    """A progress that ends the process after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def changed(self, _channel: str) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@pytest.fixture
def suppliers(connect, sandbox):
    connect()
    sandbox.seed(
        contacts=[
            {"name": f"Supplier {n}", "account_number": f"S{n}", "group": AP}
            for n in range(SUPPLIERS)
        ]
    )


def test_starting_tells_the_queue_once_the_run_is_stored(connect, start):
    connect()
    told = []

    def enqueue(run_id: int) -> None:
        told.append((run_id, db.session.get(ImportRun, run_id) is not None))

    run_id = start(after_commit=enqueue)

    assert told == [(run_id, True)]


def test_without_a_connection_an_import_is_refused(start):
    with pytest.raises(NotConnected, match="FinCo 01 is not connected to Xero"):
        start()


def test_after_disconnect_an_import_is_refused(connect, house, deps, start):
    connect()
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=deps.clock())

    with pytest.raises(NotConnected):
        start()


def test_a_connection_that_needs_a_person_is_not_imported_from(connect, deps, start):
    connections.mark_reconnect_needed(connect().id, "it was cut off", deps.clock())

    with pytest.raises(NotConnected) as refused:
        start()

    assert "it was cut off" in refused.value.message
    assert "Connect to Xero" in refused.value.way_out


def test_R32_a_second_import_of_the_same_fin_co_is_refused_while_one_runs(connect, start, carry_on):
    connect()
    first = start()

    with pytest.raises(AlreadyRunning) as refused:
        start()

    assert refused.value.run_id == first
    assert "started by Alice" in refused.value.message
    carry_on(first)
    assert start() != first


def test_R32_of_many_who_press_import_at_once_one_starts_it(app, connect, start):
    connect()
    together = threading.Barrier(8)
    started, refused = [], []

    def press() -> None:
        with app.app_context():
            together.wait()
            try:
                started.append(start())
            except AlreadyRunning as error:
                refused.append(error.run_id)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(started) == 1
    assert refused == started * 7


def test_another_fin_co_may_import_at_the_same_time(connect, house, start):
    connect()
    connect(house.other_fin_co_id, organisation=1)
    start()

    assert start(house.other_fin_co_id)


def test_every_step_wakes_the_watchers(connect, deps, start, carry_on):
    connect()
    run_id = start()

    with deps.progress.watching(topic("import", run_id)) as watch:
        watch.wait(1)  # the subscription itself
        carry_on(run_id)
        woken = 0
        while watch.wait(1):
            woken += 1

    assert woken > 8


@pytest.mark.faults
@pytest.mark.parametrize("step", [1, 2, 4, 5, 6, 7])
def test_a_run_that_was_killed_is_taken_over_and_brings_in_everything_once(
    suppliers, start, carry_on, report, companies, forget_run, step
):
    run_id = start()
    with pytest.raises(Killed):
        carry_on(run_id, owner="killed", progress=KilledAtStep(step))
    db.session.rollback()
    forget_run(run_id)
    assert imports.due_imports(dt.datetime.now(dt.UTC)) == [run_id]

    carry_on(run_id, owner="next")

    told = report(run_id)
    assert (told.finished, told.state) == (True, RunState.COMPLETED)
    assert len(companies()) == SUPPLIERS
    assert (told.companies["created"], told.companies["unchanged"]) == (SUPPLIERS, 0)
    problems = db.session.scalar(sa.select(sa.func.count()).select_from(ImportProblem))
    assert problems == sum(kind["skipped"] for kind in told.kinds.values())
    assert imports.due_imports(dt.datetime.now(dt.UTC)) == []


def test_a_kind_that_was_through_is_not_read_again(
    connect, sandbox, start, carry_on, report, forget_run
):
    connect()
    run_id = start()
    sandbox.control("DELETE", "requests")
    with pytest.raises(Killed):
        # Companies: begun, fetched, left out, done; then the chart is begun.
        carry_on(run_id, owner="killed", progress=KilledAtStep(5))
    db.session.rollback()
    assert report(run_id).companies.state is KindState.DONE
    forget_run(run_id)

    carry_on(run_id, owner="next")

    assert len(sandbox.calls("GET", "/Contacts")) == 1
    assert report(run_id).state is RunState.COMPLETED


def test_a_run_somebody_works_on_is_left_to_them(connect, start, carry_on, report):
    connect()
    run_id = start()
    until = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    db.session.execute(sa.update(ImportRun).values(lease_owner="other", lease_until=until))
    db.session.commit()

    carry_on(run_id)

    assert report(run_id).kinds[ImportKind.COMPANIES].state is KindState.PENDING
    assert imports.due_imports(dt.datetime.now(dt.UTC)) == []


def test_a_process_that_slept_through_its_lease_writes_nothing_more(
    suppliers, start, carry_on, report, companies
):
    run_id = start()

    class TakenOver:
        """Another process takes the run over after the first step."""

        def changed(self, _channel: str) -> None:
            db.session.execute(sa.update(ImportRun).values(lease_owner="another"))
            db.session.commit()

    carry_on(run_id, owner="sleeper", progress=TakenOver())

    assert companies() == {}
    told = report(run_id)
    assert (told.finished, told.companies.state) == (False, KindState.RUNNING)


def test_a_finished_run_is_left_alone(connect, sandbox, start, carry_on):
    connect()
    run_id = start()
    carry_on(run_id)
    sandbox.control("DELETE", "requests")

    carry_on(run_id)

    assert sandbox.calls() == []


def test_a_run_of_an_organisation_that_was_replaced_ends_with_a_message(
    connect, sandbox, start, carry_on, report
):
    connect()
    run_id = start()
    connect(organisation=1)
    sandbox.control("DELETE", "requests")

    carry_on(run_id)

    told = report(run_id)
    assert (told.finished, told.state) == (True, RunState.FAILED)
    assert "Start a new import" in told.companies.error
    assert sandbox.calls() == []


def test_a_sign_in_that_died_during_the_run_ends_it_and_marks_the_connection(
    connect, sandbox, start, carry_on, report
):
    connect()
    run_id = start()
    sandbox.control("PUT", "faults", [{"kind": "expire_tokens"}, {"kind": "refuse_refresh"}])

    carry_on(run_id)

    assert report(run_id).state is RunState.FAILED
    connection = db.session.scalar(sa.select(XeroConnection))
    assert connection.state is ConnectionState.RECONNECT_NEEDED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Company)) == 2


CARRY_ON = """
import sys
from webapp.config import Config
from webapp.deps import current_deps
from webapp.factory import create_app
from webapp.services import imports

app = create_app(Config.from_env())
with app.app_context():
    deps = current_deps()
    print("ready", flush=True)
    imports.run_import(
        deps.xero, deps.progress, run_id=int(sys.argv[1]), owner="the killed process",
        clock=deps.clock, lease_seconds=2,
    )
"""


@pytest.mark.faults
def test_a_process_killed_in_the_middle_loses_nothing(
    suppliers, sandbox, deps, start, carry_on, report, companies, wait_until, tmp_path
):
    run_id = start()
    sandbox.fault("slow", seconds=1)
    config = deps.config
    environment = {
        "PATH": "",
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
    }
    process = subprocess.Popen(
        [sys.executable, "-c", CARRY_ON, str(run_id)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    wait_until(lambda: report(run_id).companies["created"] > 0, "some companies are stored")
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    sandbox.no_faults()
    assert not report(run_id).finished
    wait_until(lambda: imports.due_imports(dt.datetime.now(dt.UTC)) == [run_id], "it is due")

    carry_on(run_id)

    told = report(run_id)
    assert (told.state, told.companies["created"]) == (RunState.COMPLETED, SUPPLIERS)
    assert len(companies()) == SUPPLIERS
