"""The processes of a copy: started, kept going, ended."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from webapp.config import PROJECT_ROOT
from webapp.local.lifeline import die_with_parent

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LONG_LIFE = 30.0
"""A process that lived this many seconds is not one that keeps dying."""
NUDGE_AFTER = 3.0
"""A worker in the middle of a task takes the first signal as "after this one"."""
KILL_AFTER = 8.0


@dataclass(frozen=True)
class Program:
    """One process to be kept running."""

    name: str
    command: tuple[str, ...]
    orphan_signal: signal.Signals = signal.SIGKILL
    """What it gets when the supervisor is killed: SIGTERM where it must put things away."""
    outlasts: bool = False
    """Others stand on it while they end, so it ends after them."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What it alone is told through its environment: a command line is for everyone to read."""


@dataclass
class _Life:
    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause: float = SHORTEST_PAUSE
    start_at: float | None = None


@dataclass
class Children:
    """Every process of one copy, each in a session of its own.

    Ctrl-C in a terminal so reaches the supervisor alone, which ends the others in order.
    """

    environment: Mapping[str, str]
    logs: Path
    say: Callable[[str], None]
    changed: Callable[[], None]
    """Called when a process id changed."""
    _lives: dict[str, _Life] = field(default_factory=dict)

    @property
    def pids(self) -> dict[str, int]:
        """Who runs now, by name."""
        return {
            name: life.process.pid
            for name, life in self._lives.items()
            if life.process is not None and life.process.poll() is None
        }

    def start(self, program: Program) -> None:
        """Start a process and keep it going from now on."""
        life = _Life(program)
        self._lives[program.name] = life
        self._launch(life)

    def tend(self) -> None:
        """Notice who ended and start them again, more slowly the more often it happens."""
        now = time.monotonic()
        for name, life in self._lives.items():
            if life.process is not None and life.process.poll() is not None:
                how = _ending(life.process.returncode)
                if now - life.started_at > LONG_LIFE:
                    life.pause = SHORTEST_PAUSE
                life.process = None
                life.start_at = now + life.pause
                self.say(
                    f"{name} ended ({how}); starting it again in {life.pause:g} s. "
                    f"Its log: {self._log(name)}"
                )
                life.pause = min(2 * life.pause, LONGEST_PAUSE)
            if life.process is None and life.start_at is not None and now >= life.start_at:
                self._launch(life)

    def stop(self) -> None:
        """End all together; those that others stand on after them."""
        for outlasting in (False, True):
            ending = [
                life.process
                for life in self._lives.values()
                if life.process is not None and life.program.outlasts is outlasting
            ]
            _end(ending)
        self._lives.clear()

    def _launch(self, life: _Life) -> None:
        supervisor = os.getpid()
        ending = life.program.orphan_signal
        with self._log(life.program.name).open("ab") as log:
            life.process = subprocess.Popen(  # noqa: S603 - our own command lines
                life.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=PROJECT_ROOT,
                env={**self.environment, **life.program.secrets},
                start_new_session=True,
                # The supervisor has no threads, so code between fork and exec is safe here.
                preexec_fn=lambda: die_with_parent(supervisor, ending),  # noqa: PLW1509
            )
        life.started_at = time.monotonic()
        life.start_at = None
        self.changed()

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def _ending(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"


def _end(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    for patience in (NUDGE_AFTER, KILL_AFTER - NUDGE_AFTER):
        alive = [process for process in processes if process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + patience
        for process in alive:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        # Whatever it left in its group goes too.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_leftovers(pids: Mapping[str, int], instance: Path) -> None:
    """End what a killed supervisor's processes left, where they did not end by themselves.

    A process id may belong to somebody else by now, so only one that was started for this
    instance is touched.
    """
    left = [pid for pid in pids.values() if _belongs_to(pid, instance)]
    for ending in (signal.SIGTERM, signal.SIGKILL):
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, ending)
        deadline = time.monotonic() + KILL_AFTER
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if _belongs_to(pid, instance)]
            time.sleep(0.05)


def _belongs_to(pid: int, instance: Path) -> bool:
    mark = f"INSTANCE_PATH={instance}".encode()
    process = Path("/proc") / str(pid)
    try:
        if process.parent.joinpath("self").exists():
            return mark in process.joinpath("environ").read_bytes().split(b"\0")
        listing = subprocess.run(  # noqa: S603
            ("/bin/ps", "-Eww", "-o", "command=", "-p", str(pid)),
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return mark in listing.stdout
