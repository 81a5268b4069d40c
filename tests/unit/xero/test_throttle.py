import threading
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from redis.backoff import NoBackoff
from redis.retry import Retry

from webapp.xero.errors import GateClosed, LimitReached
from webapp.xero.throttle import LEASE, WINDOW, RedisGate, limit_problem, retry_after

TENANT = "tenant-a"
SLOTS = f"xero:slots:{TENANT}"
MINUTE = timedelta(seconds=60)


def most_in_any_minute(instants):
    return max(
        (sum(start <= other < start + MINUTE for other in instants) for start in instants),
        default=0,
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(gaps=st.lists(st.integers(0, 3000), min_size=1, max_size=150))
def test_any_arrivals_wait_until_no_minute_holds_more_than_sixty(store, new_clock, gaps):
    store.flushall()
    clock = new_clock()
    gate = RedisGate(store, clock=clock, sleep=clock.sleep)
    left = []
    for gap in gaps:
        clock.sleep(gap / 1000)
        with gate.call(TENANT):
            left.append(clock.now)
    assert most_in_any_minute(left) <= 60


def test_a_burst_is_carried_at_sixty_a_minute_and_not_slower(gate, clock):
    started = clock.now
    left = []
    for _ in range(180):
        with gate.call(TENANT):
            left.append(clock.now)
    assert most_in_any_minute(left) == 60
    assert left[-1] - started < 2 * WINDOW + timedelta(seconds=1)


class Arrivals(RuleBasedStateMachine):
    """Callers that come, go and die in any order, against a plain list of what is allowed."""

    connection: redis.Redis
    new_clock: type

    def __init__(self):
        super().__init__()
        self.connection.flushall()
        self.clock = self.new_clock()
        self.gate = RedisGate(
            self.connection, clock=self.clock, sleep=self.clock.sleep, max_wait=timedelta(0)
        )
        self.left = []
        self.running = []
        self.dead = []
        self.held_until = self.clock.now

    def room(self):
        self.dead = [died for died in self.dead if died + LEASE > self.clock.now]
        recent = [instant for instant in self.left if instant + WINDOW > self.clock.now]
        at_once = len(self.running) + len(self.dead)
        return len(recent) < 60 and at_once < 5 and self.held_until <= self.clock.now

    @rule(seconds=st.sampled_from([0.001, 0.5, 1, 14.999, 15, 30, 60, 61]))
    def time_passes(self, seconds):
        while seconds > 0:
            step = min(seconds, 5)
            seconds -= step
            self.clock.sleep(step)
            self.renew_the_living()

    def renew_the_living(self):
        """Do what each living call does every five seconds of real time."""
        for lease in self.connection.zrange(SLOTS, 0, -1):
            if not lease.startswith(b"dead"):
                self.gate._renew(keys=[SLOTS], args=[self.gate._now(), lease, 15_000])

    @rule(count=st.integers(1, 30))
    def calls_come_and_go(self, count):
        for _ in range(count):
            room = self.room()
            with suppress(LimitReached), self.gate.call(TENANT):
                assert room
                self.left.append(self.clock.now)
                continue
            assert not room

    @rule()
    def a_call_stays(self):
        room = self.room()
        stack = ExitStack()
        try:
            stack.enter_context(self.gate.call(TENANT))
        except LimitReached:
            assert not room
        else:
            assert room
            self.left.append(self.clock.now)
            self.running.append(stack)

    @precondition(lambda self: self.running)
    @rule()
    def a_call_ends(self):
        self.running.pop(0).close()

    @rule(number=st.integers(0, 10**9))
    def a_process_dies_in_a_call(self, number):
        room = self.room()
        try:
            # A process that died holds a place and renews nothing.
            self.gate._wait(TENANT, f"dead-{number}-{len(self.left)}")
        except LimitReached:
            assert not room
        else:
            assert room
            self.left.append(self.clock.now)
            self.dead.append(self.clock.now)

    @rule(seconds=st.integers(1, 60))
    def xero_says_wait(self, seconds):
        self.gate.observe(TENANT, {"Retry-After": str(seconds)}, 429)
        self.held_until = max(self.held_until, self.clock.now + timedelta(seconds=seconds))

    @invariant()
    def no_minute_holds_more_than_sixty(self):
        assert most_in_any_minute(self.left) <= 60

    @invariant()
    def no_more_than_five_run_at_once(self):
        assert len(self.running) + len(self.dead) <= 5

    def teardown(self):
        for stack in self.running:
            stack.close()


def test_no_arrival_pattern_breaks_the_limits(store, new_clock):
    class Here(Arrivals):
        connection = store

    Here.new_clock = new_clock
    Here.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
    Here.TestCase("runTest").runTest()


def test_twenty_threads_run_five_at_once_and_all_get_through(store):
    gate = RedisGate(store)
    running, most, done = [], [], []
    lock = threading.Lock()
    five = threading.Event()

    def work():
        with gate.call(TENANT):
            with lock:
                running.append(1)
                most.append(len(running))
                if len(running) == 5:
                    five.set()
            # The first ones stay until the place is full, so that more than five would show.
            assert five.wait(10)
            with lock:
                running.pop()
                done.append(1)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (max(most), len(done)) == (5, 20)


def test_tenants_do_not_wait_for_each_other(gate, clock):
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(gate.call(TENANT))
        before = clock.now
        stack.enter_context(gate.call("tenant-b"))
        assert clock.now == before


def test_a_living_call_keeps_its_place_beyond_the_lease(store, clock, monkeypatch):
    monkeypatch.setattr("webapp.xero.throttle._RENEW_EVERY", timedelta(milliseconds=5))
    gate = RedisGate(store, clock=clock, sleep=clock.sleep)
    with gate.call(TENANT):
        [(lease, first)] = store.zrange(SLOTS, 0, -1, withscores=True)
        clock.sleep(10)
        deadline = threading.Event()
        while store.zscore(SLOTS, lease) == first:
            assert not deadline.wait(0.005)
        assert store.zscore(SLOTS, lease) == first + 10_000


def test_a_breach_of_the_minute_stops_every_process_until_xero_says(store, clock):
    # Two gates share nothing but the store, as two processes do.
    first, second = (RedisGate(store, clock=clock, sleep=clock.sleep) for _ in range(2))
    told = clock.now
    first.observe(TENANT, {"Retry-After": "37", "X-Rate-Limit-Problem": "minute"}, 429)
    with second.call(TENANT):
        assert timedelta(seconds=37) <= clock.now - told < timedelta(seconds=38)


def test_the_day_limit_is_raised_with_the_instant_it_ends(gate, clock):
    gate.observe(TENANT, {"retry-after": "66975", "x-rate-limit-problem": "Day"}, 429)
    with pytest.raises(LimitReached) as caught, gate.call(TENANT):
        pytest.fail("no call may leave")
    assert caught.value.problem == "day"
    assert caught.value.retry_at == clock.now + timedelta(seconds=66975)


def test_a_wait_longer_than_allowed_is_raised_with_the_instant(store, clock):
    gate = RedisGate(store, clock=clock, sleep=clock.sleep, max_wait=timedelta(seconds=10))
    gate.observe(TENANT, {"Retry-After": "11"}, 429)
    with pytest.raises(LimitReached) as caught, gate.call(TENANT):
        pytest.fail("no call may leave")
    assert caught.value.retry_at == clock.now + timedelta(seconds=11)


def test_a_breach_of_the_app_limit_stops_every_tenant(gate, clock):
    told = clock.now
    gate.observe(TENANT, {"Retry-After": "20", "X-Rate-Limit-Problem": "appminute"}, 429)
    with gate.call("tenant-b"):
        assert clock.now - told >= timedelta(seconds=20)


def test_what_xero_says_of_the_limits_is_shown(gate):
    assert gate.day_remaining(TENANT) is None
    assert gate.minute_remaining(TENANT) == 60
    with gate.call(TENANT):
        pass
    gate.observe(TENANT, {"X-MinLimit-Remaining": "41", "X-DayLimit-Remaining": "4321"}, 200)
    assert gate.day_remaining(TENANT) == 4321
    assert gate.minute_remaining(TENANT) == 41
    assert gate.calls_made(TENANT) == 1


def test_the_calls_of_yesterday_are_not_counted_today(gate, clock):
    with gate.call(TENANT):
        pass
    clock.sleep(24 * 3600)
    assert gate.calls_made(TENANT) == 0


def test_the_minute_of_xero_is_forgotten_after_a_minute(gate, clock):
    gate.observe(TENANT, {"X-MinLimit-Remaining": "0"}, 200)
    assert gate.minute_remaining(TENANT) == 0
    clock.sleep(60)
    assert gate.minute_remaining(TENANT) == 60


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("minute", "minute"),
        ("Minute", "minute"),
        ("Day", "day"),
        ("daily", "day"),
        ("concurrent", "concurrent"),
        ("ConcurrentLimit", "concurrent"),
        ("appminute", "app"),
        ("something new", "minute"),
        (None, "minute"),
    ],
)
def test_a_limit_is_known_by_the_start_of_its_name(header, problem):
    assert limit_problem(header) == problem


@pytest.mark.parametrize(
    ("header", "seconds"), [("30", 30), ("1.2", 2), ("", 60), (None, 60), ("soon", 60), ("-5", 60)]
)
def test_retry_after_is_rounded_up_and_survives_nonsense(header, seconds):
    assert retry_after(header, "minute") == timedelta(seconds=seconds)


def unreachable(folder):
    return redis.Redis(unix_socket_path=str(folder / "nobody"), retry=Retry(NoBackoff(), 0))


def test_without_the_shared_store_nothing_leaves(tmp_path):
    gate = RedisGate(unreachable(tmp_path))
    with pytest.raises(GateClosed), gate.call(TENANT):
        pytest.fail("no call may leave")
    with pytest.raises(GateClosed):
        gate.day_remaining(TENANT)


def test_an_answer_that_came_is_not_lost_with_the_store(tmp_path):
    gate = RedisGate(unreachable(tmp_path))
    gate.observe(TENANT, {"Retry-After": "30"}, 429)
    gate._release(TENANT, "lease")
