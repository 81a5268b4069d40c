"""Keeps files that are handed in, and the mappings they are read by."""

import datetime as dt
import hashlib
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.states import EDITABLE, LoadState
from webapp.models import LoadRun, LoadSource
from webapp.services.errors import NotAllowedNow, NotFound
from webapp.services.loading.files import LARGEST_FILE
from webapp.services.loading.loaders import target_of
from webapp.services.loading.looking import completed
from webapp.services.loading.tables import refuse_file

_PIECE = 1 << 20
_LONGEST_NAME = 255
_OTHER_WORKBOOKS = (".xlsm", ".xltm", ".xls", ".xlsb", ".ods", ".numbers")


def receive(
    stream: BinaryIO,
    file_name: str,
    *,
    target: str,
    fin_co_id: int | None,
    folder: Path,
    user_id: int | None,
    now: dt.datetime,
) -> int:
    """Keep a file, piece by piece as it arrives, and give the id of its run.

    Args:
        stream: what is handed in.
        file_name: as the sender calls it.
        target: what it shall become.
        fin_co_id: whose records; left out where the target's records are everybody's.
        folder: where files are kept.
        user_id: who hands it in.
        now: the present instant.

    Raises:
        FileRefused: it is empty, too large, or can be no table; nothing of it is kept.
        NotFound: there is no such target.
    """
    shape = target_of(target)
    name = Path(file_name.replace("\\", "/")).name[-_LONGEST_NAME:] or "file"
    if name.lower().endswith(_OTHER_WORKBOOKS):
        raise FileRefused(
            f"Files of the kind {Path(name).suffix} are not taken in: they may hold macros, or are "
            "of an older format.",
            "Save it in the spreadsheet as “Excel Workbook (.xlsx)”, or as “CSV UTF-8”.",
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{uuid.uuid4()}.upload"
    try:
        digest, size = _keep(stream, path)
        refuse_file(path)
        with transaction():
            run = LoadRun(
                target=shape.name,
                fin_co_id=fin_co_id if shape.per_fin_co else None,
                file_name=name,
                sha256=digest,
                size=size,
                stored_path=str(path),
                uploaded_at=now,
                started_by_id=user_id,
            )
            db.session.add(run)
            db.session.flush()
            return run.id
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _keep(stream: BinaryIO, path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > LARGEST_FILE:
                raise FileRefused(
                    f"The file has more than {LARGEST_FILE // 1_000_000} MB, the most that is "
                    "taken.",
                    "Export a shorter time, such as one month, or split the file between records.",
                )
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest(), size


def sources(target: str, fin_co_id: int | None) -> list[LoadSource]:
    """The remembered mappings for a target, by name."""
    shape = target_of(target)
    mine = LoadSource.fin_co_id == fin_co_id if shape.per_fin_co else LoadSource.fin_co_id.is_(None)
    return list(
        db.session.scalars(
            sa.select(LoadSource).where(LoadSource.target == target, mine).order_by(LoadSource.name)
        )
    )


def mapping_of(kept: LoadSource | LoadRun) -> LoadMapping:
    """The mapping that a source or a run keeps; an empty one where a run has none yet."""
    return LoadMapping.from_json(kept.settings or {})


def set_mapping(
    run_id: int,
    mapping: LoadMapping,
    *,
    now: dt.datetime,
    remember_as: str | None = None,
) -> LoadMapping:
    """Say how the file of a run reads, and give it with all that was certain filled in.

    Args:
        run_id: the run.
        mapping: what was told.
        now: the present instant.
        remember_as: the name of the source to keep it under; one of that name is replaced.

    Raises:
        MappingRefused: with everything that is wrong in it or has still to be told.
        FileRefused: the file cannot be read so.
        NotAllowedNow: the run was started already.
    """
    run = editable(run_id)
    target = target_of(run.target)
    problems = mapping.problems(target)
    if problems:
        raise MappingRefused(problems)
    full = completed(Path(run.stored_path), target, mapping)
    name = (remember_as or "").strip()
    with transaction():
        run = editable(run_id)
        run.settings = full.as_json()
        run.state = LoadState.MAPPED
        if name:
            run.source = _remembered(run, name[:80], mapping, now)
    spool_of(run).unlink(missing_ok=True)
    return full


def _remembered(run: LoadRun, name: str, mapping: LoadMapping, now: dt.datetime) -> LoadSource:
    known = {source.name: source for source in sources(run.target, run.fin_co_id)}
    source = known.get(name)
    if source is None:
        source = LoadSource(name=name, target=run.target, fin_co_id=run.fin_co_id)
        db.session.add(source)
    source.settings = mapping.as_json()
    source.saved_at = now
    return source


def editable(run_id: int) -> LoadRun:
    """A run whose mapping may still change.

    Raises:
        NotFound: there is none.
        NotAllowedNow: it was started.
    """
    run = db.session.get(LoadRun, run_id, populate_existing=True)
    if run is None:
        raise NotFound("There is no such file.", "It may have been removed. Hand it in again.")
    if run.state not in EDITABLE:
        raise NotAllowedNow(
            f"The load of {run.file_name} is {run.state.value}.", "Hand the file in again."
        )
    return run


def discard(run_id: int) -> None:
    """Forget a file that was not loaded.

    Raises:
        NotFound: there is none.
        NotAllowedNow: it was started.
    """
    with transaction():
        run = editable(run_id)
        db.session.delete(run)
        paths = [Path(run.stored_path), spool_of(run)]
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def spool_of(run: LoadRun) -> Path:
    """Where the rows of its file are put together."""
    return Path(f"{run.stored_path}.spool")
