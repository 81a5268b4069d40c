"""Serving in one process: gunicorn's threaded worker, without a process above it."""

import os
import signal
import socket
import sys
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # it carries no types
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # the same

THREADS = 32


class PortTakenError(Exception):
    """Another program listens on the port."""


class _Application(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    def __init__(self, app: Flask) -> None:
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("threads", THREADS)
        # A client that keeps a connection may send on it at the moment we would close it.
        self.cfg.set("keepalive", 120)
        self.cfg.set("graceful_timeout", 5)
        self.cfg.set("loglevel", "error")
        self.cfg.set("limit_request_line", 8190)

    def load(self) -> Flask:
        return self._app


class _OnlyWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn carries no types
    """The threaded worker, being the whole server: it has no master to report to."""

    def is_parent_alive(self) -> bool:
        return True

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        self.handle_exit(sig, frame)


def listen(port: int) -> socket.socket:
    """Bind to the loopback address; port 0 takes any free one.

    Raises:
        PortTakenError: somebody listens there already.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise PortTakenError from error
    listener.listen(256)
    return listener


def serve(app: Flask, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    application = _Application(app)
    config: Any = application.cfg
    worker = _OnlyWorker(
        0, os.getppid(), [listener], application, 30, config, config.logger_class(config)
    )
    worker.pid = os.getpid()
    try:
        worker.init_process()
    except SystemExit:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        sys.stdout.flush()
