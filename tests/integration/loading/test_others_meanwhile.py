"""What becomes of the others who want to save something while a large file is stored."""

import datetime as dt
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from webapp.db import WAIT_TO_WRITE_MS, db, transaction
from webapp.models import FinCo
from webapp.services.loading.pace import Pace


@pytest.fixture
def database() -> str:
    """PostgreSQL lets many write at a time."""
    return "sqlite"


def rename(name: str) -> None:
    with transaction():
        db.session.execute(sa.update(FinCo).where(FinCo.code == "01").values(description=name))


def test_a_save_waits_for_a_file_that_is_stored_whole(app, firm):
    assert dt.timedelta(milliseconds=WAIT_TO_WRITE_MS) >= dt.timedelta(minutes=1)
    stored = threading.Event()
    path = str(db.engine.url.database)

    def store() -> None:
        with sqlite3.connect(path, isolation_level=None) as file:
            file.execute("BEGIN IMMEDIATE")
            begun.set()
            time.sleep(6)  # longer than the five seconds that the driver waits by itself
            stored.set()
            file.execute("COMMIT")
        file.close()

    begun = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(store)
        begun.wait(10)
        rename("Saved meanwhile")
        work.result()
    assert stored.is_set()
    assert (
        db.session.scalar(sa.select(FinCo.description).where(FinCo.code == "01"))
        == "Saved meanwhile"
    )


def test_a_save_gets_in_between_the_pieces_of_a_file(app, firm):
    ended = threading.Event()
    pieces = []

    def store() -> None:
        with app.app_context():
            pace = Pace()
            while not ended.is_set():
                with transaction():
                    db.session.execute(sa.update(FinCo).values(bank_account_no=str(len(pieces))))
                    time.sleep(0.3)
                pieces.append(1)
                pace.give_way()
            db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(store)
        while not pieces:
            time.sleep(0.01)
        began = time.monotonic()
        try:
            rename("Saved in between")
            waited = time.monotonic() - began
        finally:
            ended.set()
            work.result()
    assert waited < 5
