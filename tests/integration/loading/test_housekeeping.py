"""Files that were handed in do not stay for ever, and none goes while somebody needs it."""

import datetime as dt
import os
from pathlib import Path

import pytest

from tests.integration.loading.desk import NOW, Desk
from webapp.db import db
from webapp.domain.ingest.states import LoadMode, LoadState
from webapp.models import LoadRun
from webapp.services.loading import bad_rows_file, clear_away, discard

GOOD = "Location,Description\nWN,Wellington\n"
ONE_BAD = GOOD + "CHRISTCHURCH,too long a code\n"
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "loads"


@pytest.fixture
def desk(firm, folder) -> Desk:
    return Desk(firm.fin_co_id, folder)


def kept(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in folder.iterdir())


def test_a_file_goes_with_the_end_of_its_load(desk, folder):
    assert desk.load(GOOD, "locations").state is LoadState.DONE
    assert kept(folder) == []


def test_bad_rows_stay_for_thirty_days_after_the_load(desk, folder):
    run_id = desk.load(ONE_BAD, "locations", LoadMode.GOOD_ROWS).id
    assert kept(folder) == ["upload.bad.csv"]
    assert clear_away(folder, NOW + 30 * DAY - HOUR) == 0
    assert "CHRISTCHURCH" in bad_rows_file(run_id).read_text("utf-8-sig")
    assert clear_away(folder, NOW + 30 * DAY + HOUR) == 1
    assert bad_rows_file(run_id) is None


def test_a_file_nobody_had_loaded_is_forgotten_after_a_day(desk, folder):
    run_id = desk.mapped(GOOD, "locations")
    assert clear_away(folder, NOW + DAY - HOUR) == 0
    assert clear_away(folder, NOW + DAY + HOUR) >= 1
    assert db.session.get(LoadRun, run_id) is None
    assert kept(folder) == []


def test_a_load_that_waits_for_a_worker_keeps_its_file(desk, folder):
    run_id = desk.mapped(GOOD, "locations")
    db.session.get_one(LoadRun, run_id).state = LoadState.QUEUED
    db.session.commit()
    clear_away(folder, NOW + 100 * DAY)
    assert desk.work(run_id).created == 1


def test_what_a_killed_process_left_is_found(desk, folder):
    discarded = desk.hand_in(GOOD, "locations")
    discard(discarded)
    orphan = folder / "0b2c.upload"
    orphan.write_text("half a file")
    old = (NOW - 2 * DAY).timestamp()
    os.utime(orphan, (old, old))
    fresh = folder / "1c3d.upload"
    fresh.write_text("arriving now")
    os.utime(fresh, (NOW.timestamp(), NOW.timestamp()))
    ended = desk.load(ONE_BAD, "locations")
    Path(ended.stored_path).write_text("killed before it was removed")
    assert clear_away(folder, NOW + HOUR) == 2
    assert kept(folder) == ["upload", "upload.bad.csv"]
    assert fresh.exists()


def test_a_folder_that_is_not_there_yet_is_no_trouble(firm, tmp_path):
    assert clear_away(tmp_path / "none", NOW) == 0
