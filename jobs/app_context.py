"""The kind of RQ job this project uses: each runs in an application context of its own."""

from typing import Any

from flask import current_app
from rq.job import Job


class AppContextJob(Job):
    """Runs its function inside a fresh application context.

    Database sessions belong to that context, so nothing of one task is seen by the next.
    """

    def perform(self) -> Any:
        """Run the function; its worker holds the application's outer context."""
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the one way to the app behind the proxy
        with app.app_context():
            return super().perform()
