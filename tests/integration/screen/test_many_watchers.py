"""Two hundred people in front of one import, on the web server as the Procfile starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from webapp.db import db
from webapp.deps import current_deps
from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.models import ImportRun, ImportRunKind, User
from webapp.services.progress import topic
from webapp.web.live import MAX_STREAMS

ROOT = Path(__file__).resolve().parents[3]
WATCHERS = 200
PROCESSES = 2
PATIENCE = 60
AT_ONCE = 40


@dataclass
class Server:
    """The web processes, and the cookie of somebody who is signed in."""

    port: int
    cookie: str

    def get(self, path: str) -> requests.Response:
        address = f"http://127.0.0.1:{self.port}{path}"
        return requests.get(address, headers={"Cookie": self.cookie}, timeout=PATIENCE)

    def get_all(self, path: str, times: int) -> list[requests.Response]:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(self.get, [path] * times))


class Stream:
    """One open connection of a browser that asked for a stream."""

    def __init__(self, server: Server, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {server.cookie}\r\n\r\n"
        self.socket.sendall(head.encode())
        self.heard = b""

    def status(self) -> int:
        while b"\r\n\r\n" not in self.heard:
            assert self._hear(), "closed without an answer"
        return int(self.heard.split(b" ", 2)[1])

    def hear_until(self, words: str) -> bool:
        """Whether these words came before the stream ended."""
        while words.encode() not in self.heard:
            if not self._hear():
                return False
        return True

    def hear_the_end(self) -> None:
        while not self.heard.endswith(b"0\r\n\r\n"):
            assert self._hear(), "cut off"

    def _hear(self) -> bytes:
        more = self.socket.recv(65536)
        self.heard += more
        return more


@pytest.fixture
def run(house) -> ImportRun:
    made = ImportRun(
        fin_co_id=house.fin_co_id,
        tenant_id="aaaaaaaa-0000-4000-8000-00000000c0de",
        started_at=current_deps().clock(),
        origin=RunOrigin.SCHEDULE,
        kinds=[ImportRunKind(kind=kind) for kind in ImportKind],
    )
    db.session.add(made)
    db.session.commit()
    return made


@pytest.fixture
def server(app, house, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Server]:
    config = current_deps().config
    said = tmp_path / "web.log"
    (command,) = re.findall(r"^web: (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    with said.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            cwd=ROOT,
            env={
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "PORT": "0",
                "WEB_CONCURRENCY": str(PROCESSES),
                "SECRET_KEY": config.secret_key,
                "TOKEN_ENCRYPTION_KEYS": ",".join(config.token_encryption_keys),
                "DATABASE_URL": config.database_url,
                "REDIS_URL": config.redis_url,
                "PUBLIC_URL": config.public_url,
                "XERO_CLIENT_ID": config.xero_client_id,
                "XERO_CLIENT_SECRET": config.xero_client_secret,
            },
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(
            lambda: "Listening at" in said.read_text() or process.poll() is not None, "the server"
        )
        found = re.search(r"Listening at: http://[\d.]+:(\d+)", said.read_text())
        assert found, said.read_text()
        yield Server(int(found[1]), _cookie(app, db.session.get_one(User, house.alice_id)))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _cookie(app, user: User) -> str:
    signer = app.session_interface.get_signing_serializer(app)
    session = signer.dumps({"_user_id": f"{user.id}:{user.session_key}", "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={session}"


def end(run: ImportRun) -> None:
    for kind in run.kinds:
        kind.state = KindState.DONE
    run.finished_at = current_deps().clock()
    db.session.commit()
    current_deps().progress.changed(topic("import", run.id))


def test_two_hundred_watchers_leave_room_for_pages_and_all_see_the_end(server, run):
    panel, stream = f"/imports/{run.id}/panel", f"/imports/{run.id}/stream"
    with ExitStack() as open_sockets:
        watchers = [Stream(server, stream) for _ in range(WATCHERS)]
        for watcher in watchers:
            open_sockets.enter_context(watcher.socket)
        statuses = [watcher.status() for watcher in watchers]
        streams = [one for one, status in zip(watchers, statuses, strict=True) if status == 200]
        refused = statuses.count(204)

        assert len(streams) + refused == WATCHERS
        assert MAX_STREAMS <= len(streams) <= PROCESSES * MAX_STREAMS
        assert all(one.hear_until("Import running") for one in streams)

        # All streams are open and waiting: whoever polls and whoever works gets an answer.
        running = server.get_all(panel, refused)
        assert {answer.status_code for answer in running} == {200}
        assert all("data-stream" in answer.text for answer in running)
        for page in ("/", "/imports", "/export-control", f"/imports/{run.id}"):
            assert server.get(page).status_code == 200
        assert not any(b"Import completed" in one.heard for one in streams)

        end(run)
        for one in streams:
            assert one.hear_until("Import completed")
            one.hear_the_end()
        ended = server.get_all(panel, refused)
        assert all("Import completed" in answer.text for answer in ended)
        assert not any("data-stream" in answer.text for answer in ended)

    # Every place is free again.
    assert server.get(stream).status_code == 200
