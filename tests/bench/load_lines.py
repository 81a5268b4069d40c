"""How long a file of many lines takes to load: ``python -m tests.bench.load_lines [lines]``.

On SQLite, in a process of its own for each number of lines so that the peaks of memory can be
told apart: the bare inserts of the same documents and lines, then their load from a CSV file.
Both as in a worker.
"""

import datetime as dt
import io
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from cryptography.fernet import Fernet

from jobs.garbage import collect_seldom
from webapp.config import Config
from webapp.db import Base, db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.ingest.states import LoadMode
from webapp.factory import create_app
from webapp.models import (
    Activity,
    Batch,
    Company,
    Document,
    DocumentLine,
    FinCo,
    GstType,
    Job,
    LoadRun,
    Location,
    Period,
    ProfitCentre,
)
from webapp.services import loading

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
LINES_OF_ONE = 5
PART = 200
MOST = 2
"""A load may take so many times the bare inserts."""


class Nobody:
    """Watches: there is no Redis here that could wake anybody."""

    def changed(self, _channel: str) -> None:
        """Tell nobody."""


def main() -> None:
    """Measure a tenth and the whole, each in a process of its own."""
    if len(sys.argv) > 2:
        measure(int(sys.argv[2]))
        return
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for count in (lines // 10, lines):
        words = [sys.executable, "-m", "tests.bench.load_lines", "measure", str(count)]
        subprocess.run(words, check=True)


def measure(lines: int) -> None:
    """Measure one number of lines, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        app = create_app(settings(Path(folder)))
        collect_seldom()
        with app.app_context():
            Base.metadata.create_all(db.engine)
            books()
            bare = timed(lambda: insert(lines))
            db.session.execute(sa.delete(DocumentLine))
            db.session.execute(sa.delete(Document))
            db.session.commit()
            before = peak_mb()
            run_id = hand_in(lines, Path(folder))
            loaded = timed(lambda: load(run_id))
            run = db.session.get_one(LoadRun, run_id, populate_existing=True)
            assert run.created == lines // LINES_OF_ONE, run.error
            print(  # noqa: T201 - what a bench is for
                f"{lines:,} lines: bare inserts {bare:.1f} s, load {loaded:.1f} s"
                f" ({loaded / bare:.2f} times, at most {MOST}), peak memory {peak_mb():.0f} MB"
                f" ({before:.0f} MB before)",
                flush=True,
            )


def settings(folder: Path) -> Config:
    return Config(
        secret_key="a secret key only this bench knows about",
        token_encryption_keys=(Fernet.generate_key().decode(),),
        database_url=f"sqlite:///{folder / 'bench.sqlite3'}",
        redis_url="redis://127.0.0.1:1",
        public_url="http://localhost:5000",
        xero_client_id="bench",
        xero_client_secret="bench",
    )


def books() -> None:
    """The records that the lines name."""
    location = Location(code="AK", description="Auckland", batch_prefix="A")
    fin_co = FinCo(
        code="01", description="One", base_currency_code="NZD", default_location=location
    )
    gst = GstType(code="G15", description="GST", percent=Decimal(15))
    centre = ProfitCentre(code="C", description="Civil", location=location, fin_co=fin_co)
    db.session.add_all([fin_co, gst, centre])
    db.session.flush()
    period = Period(
        year=2027,
        number=8,
        start_date=dt.date(2026, 11, 1),
        end_date=dt.date(2026, 11, 30),
        is_current=True,
    )
    db.session.add_all(
        [
            period,
            *(Job(code=f"J{n}", description="Job", profit_centre=centre) for n in range(200)),
            *(Activity(code=f"A{n}", description="Cost", gst_type=gst) for n in range(50)),
            *(
                Company(fin_co_id=fin_co.id, name=f"S{n}", ap_account=f"S{n}", is_supplier=True)
                for n in range(500)
            ),
        ]
    )
    db.session.flush()
    db.session.add(
        Batch(
            number="BARE",
            batch_type="AP Invoice",
            fin_co=fin_co,
            location=location,
            period=period,
            batch_date=NOW.date(),
            created_at=NOW,
        )
    )
    db.session.commit()


def insert(lines: int) -> None:
    """Write the same documents and lines, with nothing checked and nothing looked up."""
    batch_id = db.session.scalar(sa.select(Batch.id))
    for start in range(0, lines // LINES_OF_ONE, PART):
        uids = [str(uuid.uuid4()) for _ in range(min(PART, lines // LINES_OF_ONE - start))]
        rows = [
            {
                "uid": uid,
                "kind": DocumentKind.AP_INVOICE,
                "batch_id": batch_id,
                "company_id": 1,
                "job_id": None,
                "number": f"INV{start + place}",
                "reference": None,
                "document_date": NOW.date(),
                "due_date": NOW.date(),
                "currency_code": "NZD",
                "currency_rate": None,
                "claim_no": None,
                "applies_to_id": None,
                "status": DocumentStatus.ENTERED,
                "value_ex_gst": Decimal(500),
                "gst": Decimal(75),
                "approved_at": None,
                "approved_by_id": None,
            }
            for place, uid in enumerate(uids)
        ]
        inserted = db.session.execute(
            sa.insert(Document).returning(Document.uid, Document.id), rows
        )
        made = dict(inserted.all())
        db.session.execute(
            sa.insert(DocumentLine),
            [
                {
                    "document_id": made[uid],
                    "line_no": number,
                    "description": "Something for the road",
                    "source_reference": None,
                    "quantity": None,
                    "gl_account": None,
                    "cr_gl_account": None,
                    "job_id": 1,
                    "activity_id": 1,
                    "sales_code_id": None,
                    "work_centre_id": None,
                    "gst_type_id": 1,
                    "value_ex_gst": Decimal(100),
                    "gst": Decimal(15),
                    "gst_overridden": False,
                    "is_retention": False,
                }
                for uid in uids
                for number in range(1, LINES_OF_ONE + 1)
            ],
        )
    db.session.commit()


def hand_in(lines: int, folder: Path) -> int:
    text = io.StringIO()
    text.write("AP Account,Number,Date,Job,Activity,Value,Description\n")
    for n in range(lines):
        one = n // LINES_OF_ONE
        text.write(
            f"S{one % 500},INV{one},2026-11-{one % 28 + 1:02},J{n % 200},A{n % 50},"
            f"{n % 900 + 1}.{n % 100:02},Something for the road\n"
        )
    run_id = loading.receive(
        io.BytesIO(text.getvalue().encode()),
        "lines.csv",
        target="ap-invoices",
        fin_co_id=1,
        folder=folder,
        user_id=None,
        now=NOW,
    )
    loading.set_mapping(run_id, loading.suggested(run_id, loading.look(run_id)), now=NOW)
    return run_id


def load(run_id: int) -> None:
    loading.start_load(
        run_id,
        mode=LoadMode.WHOLE,
        user_id=None,
        source="bench",
        now=NOW,
        after_commit=lambda _: None,
    )
    loading.run_load(Nobody(), run_id=run_id, owner="bench", clock=lambda: NOW, lease_seconds=60)


def timed(work: object) -> float:
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
