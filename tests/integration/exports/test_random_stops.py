"""Pauses and cancels at random moments of real exports: nothing is lost, nothing goes twice."""

import datetime as dt
import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic

import pytest
import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.domain.documents import DocumentKind
from webapp.domain.runs import UNFINISHED, ItemState, RequestState
from webapp.models import Document, ExportItem, ExportRequest, ExportRun
from webapp.services import exports
from webapp.services.errors import NotAllowedNow
from webapp.services.exports.record import items_of, split
from webapp.services.exports.send import requests_in

SEED = 20261122
BILLS, CREDITS = 12, 8
IN_A_REQUEST = 3
SLOW = {"kind": "slow", "seconds": 0.03}
A_LOST_ANSWER = 0.3
TRIALS = {"sqlite": 100, "postgres": 25}


class OpenGate:
    """Lets every call through at once: Xero's minute would make hours of a hundred exports."""

    @contextmanager
    def call(self, _tenant_id):
        yield

    def observe(self, *_answer):
        return


@dataclass
class Trials:
    """A hundred months in small, each stopped at some moment and then brought to its end."""

    app: object
    books: object
    sandbox: object
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    lasts: float = 0.5
    outcomes: list = field(default_factory=list)

    def asked(self):
        return exports.Asked(user_id=None, source="test", now=utc_now())

    def plan(self, *batches):
        """A run of many small requests, so that there are moments between calls."""
        (run_id,) = self.books.plan(*batches).run_ids
        with transaction():
            while large := [
                request_id
                for request_id in requests_in(run_id, RequestState.PENDING)
                if len(items_of(request_id)) > IN_A_REQUEST
            ]:
                for request_id in large:
                    split(
                        db.session.get(ExportRequest, request_id), items_of(request_id), utc_now()
                    )
        return run_id

    def work_until_it_rests(self, run_id, worker_done):
        with self.app.app_context():
            self.books.work(run_id)
            db.session.remove()
        worker_done.set()

    def pause_and_resume(self, run_id, worker_done):
        exports.pause_run(run_id, self.asked(), self.books.deps.progress)
        worker_done.wait(20)
        before = len(self.sandbox.calls())
        self.books.work(run_id)  # what a sweeper or a second press would do
        assert len(self.sandbox.calls()) == before
        assert run_id not in exports.due_exports(utc_now() + dt.timedelta(days=1))
        exports.resume_run(
            run_id, self.asked(), self.books.deps.progress, after_commit=lambda _: None
        )

    def cancel(self, run_id, _worker_done):
        exports.cancel_run(
            run_id, self.asked(), self.books.deps.progress, after_commit=lambda _: None
        )

    def finish(self, run_id):
        """Let workers take it up as the sweeper does, each after what the run waits for."""
        for minutes in range(0, 120, 4):
            summary = self.books.work(run_id, clock=later(minutes))
            if summary.finished:
                return summary
        raise AssertionError(f"run {run_id} does not end: {summary}")

    def once(self):
        batches = (
            self.books.batch(*["10.00"] * BILLS),
            self.books.batch(*["-5.00"] * CREDITS, kind=DocumentKind.AP_CREDIT),
        )
        run_id = self.plan(*batches)
        lost = [{"kind": self.chance.choice(["drop_before", "drop_after"]), "times": 1}]
        faults = [SLOW, *(lost if self.chance.random() < A_LOST_ANSWER else [])]
        self.sandbox.control("PUT", "faults", [{**fault, "method": "PUT"} for fault in faults])
        done = threading.Event()
        worker = threading.Thread(target=self.work_until_it_rests, args=(run_id, done))
        began = monotonic()
        worker.start()
        done.wait(self.chance.uniform(0, self.lasts))
        stop = self.chance.choice([self.cancel, self.cancel, self.pause_and_resume])
        try:
            stop(run_id, done)
        except NotAllowedNow:
            stop = None  # It had ended by itself.
        finally:
            worker.join()
            db.session.remove()
        if stop is None:
            self.lasts = monotonic() - began
        self.sandbox.no_faults()
        first = self.finish(run_id)
        self.check_sums(first)
        self.outcomes.append((stop, first.counts["sent"], first.counts["cancelled"]))
        left = [batch for batch in batches if self.books.status_of(batch) != "exported"]
        if left:
            (again,) = self.books.plan(*left).run_ids
            second = self.books.work(again)
            assert second.counts["sent"] == first.counts["cancelled"]
        assert [self.books.status_of(batch) for batch in batches] == ["exported"] * 2

    def check_sums(self, summary):
        states = {state: summary.counts[state.value] for state in ItemState}
        assert sum(states.values()) == BILLS + CREDITS
        assert not any(states[state] for state in UNFINISHED)


def later(minutes):
    return lambda: utc_now() + dt.timedelta(minutes=minutes)


@pytest.fixture
def trials(app, books, sandbox):
    xero = replace(books.deps.xero, gate=OpenGate())
    return Trials(app, replace(books, deps=replace(books.deps, xero=xero)), sandbox)


def test_R111_R112_exports_stopped_at_random_moments_lose_nothing_and_send_nothing_twice(
    trials, sandbox, database
):
    count = TRIALS[database]
    for _ in range(count):
        trials.once()
        db.session.remove()

    in_xero = {row["type"]: row["count"] for row in sandbox.organisation()["documents"]}
    assert in_xero == {"ACCPAY": count * BILLS, "ACCPAYCREDIT": count * CREDITS}
    assert (
        db.session.scalars(sa.select(ExportRun.id).where(ExportRun.finished_at.is_(None))).all()
        == []
    )
    assert db.session.scalar(
        sa.select(sa.func.count()).where(ExportItem.state == ItemState.SENT)
    ) == db.session.scalar(sa.select(sa.func.count()).select_from(Document))
    cut_short = [sent for stop, sent, cancelled in trials.outcomes if cancelled]
    assert len(set(cut_short)) > 3, "the moments did not fall into the exports"
