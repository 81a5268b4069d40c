"""Choosing the ports of a copy, so that several run side by side."""

import errno
import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import IO

from webapp.local.instance import CannotRun

HOST = "127.0.0.1"
HIGHEST_PORT = 65535


class Ports:
    """Ports held for one copy until it ends.

    A port is listened to only seconds after it was chosen; a lock file each keeps two copies
    that start together from choosing the same one.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.gettempdir()) / f"workbench-ports-{os.getuid()}"
        self._held: dict[int, IO[str]] = {}

    def take(self, variable: str, given: str | None, *, first: int) -> int:
        """Hold the port the variable names, or where it is not set the next free one.

        Raises:
            CannotRun: when the named port is not a port or is taken.
        """
        if not given:
            for port in range(first, HIGHEST_PORT + 1):
                if self._hold(port):
                    return port
            raise CannotRun(f"No port from {first} up is free on this machine.")
        if not given.isdigit() or not 0 < int(given) <= HIGHEST_PORT:
            raise CannotRun(f"{variable}={given} is not a port: it must be 1 to {HIGHEST_PORT}.")
        if not self._hold(int(given)):
            raise CannotRun(
                f"Port {given} cannot be used: another program listens there, or it is reserved. "
                f"Stop that program, set {variable} to another port, or leave {variable} unset "
                "to have a free one chosen."
            )
        return int(given)

    def release(self) -> None:
        """Give the held ports back."""
        for handle in self._held.values():
            handle.close()
        self._held.clear()

    def _hold(self, port: int) -> bool:
        if port in self._held:
            return False
        self._folder.mkdir(mode=0o700, exist_ok=True)
        handle = (self._folder / f"{port}.lock").open("a")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        if not _is_free(port):
            handle.close()
            return False
        self._held[port] = handle
        return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        # Asked first: some systems let a second program bind beside one that has every address.
        if probe.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True
