"""What the edges are handed: built once by the factory, looked up by web, tasks and commands."""

import datetime as dt
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from webapp.config import Config
from webapp.services.access import XeroAccess
from webapp.services.progress import Progress

if TYPE_CHECKING:
    from redis import Redis

EXTENSION = "workbench"


@dataclass(frozen=True)
class Deps:
    """The outside things of one application."""

    config: Config
    redis: "Redis"
    xero: XeroAccess
    progress: Progress
    clock: Callable[[], dt.datetime]


def current_deps() -> Deps:
    """The dependencies of the application whose context is open."""
    return cast("Deps", current_app.extensions[EXTENSION])


def lease_owner() -> str:
    """A name for this process under which it holds leases."""
    return f"{socket.gethostname()}:{os.getpid()}"
