"""What the steps of one export run share."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webapp.services.lease import Lease
from webapp.services.progress import Progress, topic
from webapp.xero.client import XeroClient


@dataclass(frozen=True)
class RunContext:
    """One execution of a run by one process."""

    run_id: int
    fin_co_id: int
    tenant_id: str
    client: XeroClient
    lease: Lease
    progress: Progress
    clock: Callable[[], dt.datetime]
    account_names: Mapping[str, str]
    """``account:CODE`` to the account's name, for explaining refusals."""

    def changed(self) -> None:
        """Wake whoever watches the run."""
        self.progress.changed(topic("export", self.run_id))


class Paused(Exception):
    """The run cannot go on now: it is put aside until ``resume_at`` and nothing is lost."""

    def __init__(self, resume_at: dt.datetime, reason: str) -> None:
        super().__init__(reason)
        self.resume_at = resume_at
        self.reason = reason
