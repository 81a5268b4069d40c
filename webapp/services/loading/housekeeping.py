"""Removes the files of loads that nobody needs any more."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.states import EDITABLE
from webapp.models import LoadRun
from webapp.services.errors import ServiceError
from webapp.services.loading.receiving import discard

ABANDONED_AFTER = dt.timedelta(days=1)
"""A file that nobody had loaded is forgotten then."""
BAD_ROWS_KEPT = dt.timedelta(days=30)
"""As long as this after its end the bad rows of a load can be fetched as a file."""
_BAD_ROWS = ".bad.csv"


def clear_away(folder: Path, now: dt.datetime) -> int:
    """Remove what is left over in the folder of files handed in; say how many files it was.

    The file itself goes as soon as its load has ended; this finds it where a process was killed in
    between, and those that were never loaded. Files of a load that goes on are left alone.

    Args:
        folder: where files are kept.
        now: the present instant.
    """
    before = _count(folder)
    abandoned = sa.select(LoadRun.id).where(
        LoadRun.state.in_(EDITABLE), LoadRun.uploaded_at < now - ABANDONED_AFTER
    )
    for run_id in db.session.scalars(abandoned).all():
        with suppress(ServiceError):  # begun or forgotten in between
            discard(run_id)
    db.session.rollback()
    ends = _ends(folder)
    for path in _files(folder):
        upload = path.name.partition(".upload")[0]
        if _is_over(path, ends.get(upload), now, known=upload in ends):
            with suppress(OSError):
                path.unlink()
    return before - _count(folder)


def _ends(folder: Path) -> dict[str, dt.datetime | None]:
    """When the load of each file ended that lies here; None where it has not."""
    rows = db.session.execute(
        sa.select(LoadRun.stored_path, LoadRun.finished_at).where(
            LoadRun.stored_path.startswith(str(folder), autoescape=True)
        )
    )
    return {Path(stored).name.partition(".upload")[0]: ended for stored, ended in rows}


def _is_over(path: Path, ended: dt.datetime | None, now: dt.datetime, *, known: bool) -> bool:
    if not known:
        # Its row may be about to be written.
        with suppress(OSError):
            written = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
            return written < now - ABANDONED_AFTER
        return False
    if ended is None:
        return False
    return not path.name.endswith(_BAD_ROWS) or ended < now - BAD_ROWS_KEPT


def _files(folder: Path) -> Iterator[Path]:
    return folder.glob("*.upload*")


def _count(folder: Path) -> int:
    return sum(1 for _ in _files(folder))
