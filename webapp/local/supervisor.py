"""``python -m webapp run``: a whole copy on this machine, from nothing, ended by one Ctrl-C."""

import http.client
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from webapp.local.children import Children, Program, end_leftovers
from webapp.local.demo_organisations import furnish
from webapp.local.instance import CannotRun, Instance
from webapp.local.ports import HOST, Ports
from webapp.local.prepare import Account, prepare
from webapp.local.redis_server import EmbeddedRedis, embedded

FIRST_PORT = 5000
READY_WITHIN = 90.0
LOOK_EVERY = 0.1

SANDBOX_ADDRESSES = ("XERO_LOGIN_URL", "XERO_IDENTITY_URL", "XERO_API_URL", "XERO_LINK_URL")


class _Stop(Exception):
    """Somebody asked this copy to end."""


class Supervisor:
    """Starts the processes of one copy in order, keeps them going and ends them."""

    def __init__(self, path: Path, environ: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._environ = environ
        self._say = say
        self._instance = Instance(path)
        self._ports = Ports()
        self._redis: EmbeddedRedis | None = None
        self._run: dict[str, Any] = {}
        self._asked = False
        self._children = Children(
            environment={**environ, "INSTANCE_PATH": str(path), "PYTHONUNBUFFERED": "1"},
            logs=self._instance.logs,
            say=say,
            changed=self._announce,
        )

    def run(self) -> None:
        """Run until told to stop.

        Raises:
            CannotRun: when it could not start; nothing is left running then.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        self._instance.prepare()
        try:
            self._start()
            while True:
                self._look()
        except _Stop:
            self._say("Stopping.")
        finally:
            self._end()

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        # Only noted: raised here it could fall between starting a process and knowing its id.
        self._asked = True

    def _look(self) -> None:
        if self._asked:
            raise _Stop
        self._children.tend()
        time.sleep(LOOK_EVERY)

    def _start(self) -> None:
        self._say(f"Starting Workbench in {self._instance.path} …")
        end_leftovers(self._instance.last_run().get("processes", {}), self._instance.path)
        web_port = self._ports.take("PORT", self._environ.get("PORT"), first=FIRST_PORT)
        secrets = self._instance.secrets()
        addresses = {
            "DATABASE_URL": f"sqlite:///{self._instance.path / 'workbench.sqlite3'}",
            "PUBLIC_URL": f"http://localhost:{web_port}",
        }
        self._run = {
            "environment": addresses,
            "processes": {},
            "web": self._environ.get("PUBLIC_URL") or addresses["PUBLIC_URL"],
        }
        self._start_redis(addresses)
        if not self._environ.get("XERO_CLIENT_ID"):
            self._start_sandbox(addresses, secrets)
        for name in addresses.keys() & self._environ.keys():
            addresses[name] = self._environ[name] or addresses[name]
        self._announce()
        accounts = prepare(self._environ, self._instance.path)
        if accounts and "sandbox" in self._run:
            furnish(self._run["sandbox"])
        self._start_python("web", *_gunicorn(web_port))
        self._start_python("worker", "-m", "jobs.worker")
        self._start_python("scheduler", "-m", "jobs.scheduler")
        self._wait("web", lambda: _answers(web_port, "/readyz"))
        self._welcome(accounts)

    def _start_redis(self, addresses: dict[str, str]) -> None:
        if self._environ.get("REDIS_URL"):
            addresses["REDIS_URL"] = self._environ["REDIS_URL"]
            return
        self._redis = embedded(self._instance.path)
        addresses["REDIS_URL"] = self._redis.url
        self._children.start(Program("redis", self._redis.command, signal.SIGTERM, outlasts=True))
        self._wait("redis", lambda: _pings(addresses["REDIS_URL"]))

    def _start_sandbox(self, addresses: dict[str, str], secrets: Mapping[str, str]) -> None:
        port = self._ports.take(
            "SANDBOX_PORT", self._environ.get("SANDBOX_PORT"), first=FIRST_PORT + 1
        )
        url = f"http://localhost:{port}"
        addresses |= dict.fromkeys(SANDBOX_ADDRESSES, url)
        self._run["sandbox"] = url
        self._start_python(
            "sandbox",
            *("-m", "webapp.sandbox"),
            *("--port", str(port)),
            *("--state", str(self._instance.path / "sandbox.sqlite3")),
            *("--client-id", secrets["XERO_CLIENT_ID"]),
            orphan_signal=signal.SIGTERM,
            secrets={"SANDBOX_CLIENT_SECRET": secrets["XERO_CLIENT_SECRET"]},
        )
        self._wait("sandbox", lambda: _answers(port, "/", {200, 302, 404}))

    def _start_python(
        self,
        name: str,
        *arguments: str,
        orphan_signal: signal.Signals = signal.SIGKILL,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        command = (sys.executable, *arguments)
        self._children.start(Program(name, command, orphan_signal, secrets=secrets or {}))

    def _wait(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not ready():
            if time.monotonic() > deadline:
                raise CannotRun(
                    f"{name} did not come up within {READY_WITHIN:.0f} seconds. "
                    f"Its log says why: {self._instance.logs / f'{name}.log'}"
                )
            self._look()

    def _announce(self) -> None:
        if self._run:
            self._run["processes"] = self._children.pids
            self._instance.announce(self._run)

    def _welcome(self, accounts: tuple[Account, ...]) -> None:
        self._say("")
        self._say(f"Workbench is ready:  {self._run['web']}")
        if "sandbox" in self._run:
            self._say(f"Xero sandbox:        {self._run['sandbox']}")
        if accounts:
            self._say("Sign in as (the passwords are shown this once):")
            for account in accounts:
                self._say(f"  {account.name:<10} {account.password}   {account.role}")
        else:
            self._say("The accounts and their passwords are as you left them. To set a new one:")
            self._say(f"  {_python()} -m webapp user password NAME")
        self._say("Ctrl-C ends everything.")

    def _end(self) -> None:
        self._run = {}
        self._children.stop()
        if self._redis is not None:
            self._redis.clean()
        self._ports.release()
        self._instance.withdraw()


def _python() -> str:
    """How a person starts this interpreter from where they are."""
    path = Path(sys.executable)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _gunicorn(port: int) -> tuple[str, ...]:
    return (
        *("-m", "gunicorn", "--config", "python:webapp.local.gunicorn_conf"),
        *("--bind", f"{HOST}:{port}", "webapp.wsgi:app"),
    )


def _answers(port: int, path: str, wanted: frozenset[int] | set[int] = frozenset({200})) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status in wanted
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _pings(url: str) -> bool:
    with suppress(RedisError, OSError), Redis.from_url(url) as connection:
        return bool(connection.ping())
    return False
