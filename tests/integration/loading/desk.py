"""Hands files in and loads them, as the screens and the command line do."""

import datetime as dt
import io
from pathlib import Path

from webapp.db import db
from webapp.deps import current_deps
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.states import LoadMode
from webapp.models import LoadRun
from webapp.services import loading

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


class Desk:
    """Hands files in, and loads them."""

    def __init__(self, fin_co_id: int, folder: Path) -> None:
        self.fin_co_id = fin_co_id
        self.folder = folder

    def hand_in(self, content: str | bytes, target: str, name: str = "file.csv") -> int:
        raw = content.encode() if isinstance(content, str) else content
        return self.receive(io.BytesIO(raw), target, name)

    def receive(self, stream, target: str, name: str = "file.csv") -> int:
        return loading.receive(
            stream, name, target=target, fin_co_id=self.fin_co_id,
            folder=self.folder, user_id=None, now=NOW,
        )  # fmt: skip

    def mapped(self, content: str | bytes, target: str, **told) -> int:
        run_id = self.hand_in(content, target)
        guessed = loading.suggested(run_id, loading.look(run_id))
        mapping = LoadMapping.from_json(guessed.as_json() | told)
        loading.set_mapping(run_id, mapping, now=NOW)
        return run_id

    def load(
        self, content: str | bytes, target: str, mode: LoadMode = LoadMode.WHOLE, **told
    ) -> LoadRun:
        return self.run(self.mapped(content, target, **told), mode)

    def run(self, run_id: int, mode: LoadMode = LoadMode.WHOLE) -> LoadRun:
        queued = []
        loading.start_load(
            run_id, mode=mode, user_id=None, source="test", now=NOW, after_commit=queued.append
        )
        assert queued == [run_id]
        return self.work(run_id)

    def work(self, run_id: int) -> LoadRun:
        deps = current_deps()
        loading.run_load(
            deps.progress, run_id=run_id, owner="test", clock=lambda: NOW, lease_seconds=20
        )
        db.session.expire_all()
        return db.session.get_one(LoadRun, run_id)
