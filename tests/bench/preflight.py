"""How long the preview of 1,000 documents takes: ``python -m tests.bench.preflight``.

On SQLite and on PostgreSQL: 10 batches of 100 documents of three lines, on 200 jobs, from 200
suppliers, one in ten with something wrong. What is measured is the server's time for the whole
page in one process without a network, how much of it this process was at work itself, and how
many statements it took. Nothing is there to be called: a call to Xero would fail.
"""

import datetime as dt
import itertools
import statistics
import sys
import tempfile
import uuid
from decimal import Decimal
from pathlib import Path

from sqlalchemy import event

from tests.bench.export_control import postgres, signed_in, timed
from tests.bench.load_lines import NOW, settings
from webapp.db import Base, db
from webapp.domain.access import Role
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.factory import create_app
from webapp.models import (
    Activity,
    Batch,
    Company,
    Document,
    DocumentLine,
    FinCo,
    GlAccount,
    GstType,
    Job,
    Location,
    Period,
    ProfitCentre,
    User,
    XeroConnection,
    XeroContact,
    XeroSettings,
    XeroTaxRate,
    XeroTrackingCategory,
)
from webapp.models.xero import ConnectionState

BATCHES = 10
DOCUMENTS_OF_ONE = 100
LINES = 3
JOBS = SUPPLIERS = 200
ACCOUNTS = 300
BAD_OF_TEN = 1
ROUNDS = 9
MOST_MS = 2_000
TENANT = "aaaaaaaa-0000-4000-8000-00000000c0de"


def main() -> None:
    """Measure on each kind of database, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        measure("SQLite", settings(Path(folder)).database_url, Path(folder))
        with postgres() as address:
            measure("PostgreSQL", address, Path(folder))


def measure(name: str, database: str, folder: Path) -> None:
    """Fill a database and open the preview."""
    config = settings(folder)
    app = create_app(type(config)(**{**vars(config), "database_url": database}))
    app.testing = True
    with app.app_context():
        Base.metadata.create_all(db.engine)
        user, batches = fill()
        db.session.remove()
        statements = itertools.count()
        event.listen(db.engine, "before_cursor_execute", lambda *_: next(statements))
    client = signed_in(app, user)
    address = f"/export-control/preview?batches={'.'.join(map(str, batches))}&back=/"
    told = [timed(client, address) for _ in range(ROUNDS)]
    took, worked = (statistics.median(times) for times in zip(*told, strict=True))
    page = client.get(address).text
    assert "900 documents will be sent" in page, page
    sys.stdout.write(
        f"{name:<11} {BATCHES * DOCUMENTS_OF_ONE:,} documents {took:6.0f} ms, at work {worked:6.0f}"
        f" ms (medians of {ROUNDS}; at most {MOST_MS} ms),"
        f" {next(statements) // (ROUNDS + 1)} statements\n"
    )
    sys.stdout.flush()
    with app.app_context():
        db.engine.dispose()


def fill() -> tuple[str, list[int]]:
    """Insert the batches and what they are compared with; who may see them, and their ids."""
    location = Location(code="AK", description="Auckland", batch_prefix="A")
    fin_co = FinCo(code="01", description="One", base_currency_code="NZD")
    period = Period(
        year=2027,
        number=8,
        start_date=dt.date(2026, 11, 1),
        end_date=dt.date(2026, 11, 30),
        is_current=True,
    )
    gst = GstType(code="G15", description="GST", export_code="INPUT2", percent=Decimal(15))
    user = User(
        name="Ann", role=Role.FINANCE, password_hash="none", session_key="k", fin_cos=[fin_co]
    )
    db.session.add_all([location, fin_co, period, gst, user])
    db.session.flush()
    here = {"fin_co_id": fin_co.id, "tenant_id": TENANT}
    jobs = [
        Job(
            code=f"J{n}",
            description=f"Job {n}",
            profit_centre=ProfitCentre(
                code=f"P{n}",
                description=f"Centre {n}",
                location=location,
                fin_co=fin_co,
                export_code=f"Option {n}",
            ),
        )
        for n in range(JOBS)
    ]
    good = [
        Activity(code=f"A{n}", description=f"Activity {n}", dr_gl_account=f"{1000 + n}")
        for n in range(ACCOUNTS)
    ]
    bad = Activity(code="OLD", description="Old", dr_gl_account="9999")
    suppliers = [
        Company(fin_co=fin_co, name=f"Supplier {n}", ap_account=f"S{n}", is_supplier=True)
        for n in range(SUPPLIERS)
    ]
    db.session.add_all([*jobs, *good, bad, *suppliers, *known(here)])
    db.session.add_all(
        XeroContact(
            **here,
            company=supplier,
            contact_id=str(uuid.uuid4()),
            name=supplier.name,
            status="ACTIVE",
            seen_at=NOW,
        )
        for supplier in suppliers
    )
    batches = []
    numbers = itertools.count()
    for place in range(BATCHES):
        batch = Batch(
            number=f"A272{place:04d}",
            batch_type=BatchType.AP_INVOICE,
            fin_co=fin_co,
            location=location,
            period=period,
            batch_date=dt.date(2026, 11, 20),
            status=BatchStatus.CLOSED,
            created_at=NOW,
        )
        batches.append(batch)
        for _ in range(DOCUMENTS_OF_ONE):
            number = next(numbers)
            codes = [bad] if number % 10 < BAD_OF_TEN else good
            db.session.add(
                Document(
                    uid=str(uuid.uuid4()),
                    kind=DocumentKind.AP_INVOICE,
                    batch=batch,
                    company=suppliers[number % SUPPLIERS],
                    number=f"INV-{number}",
                    document_date=dt.date(2026, 11, 12),
                    due_date=dt.date(2026, 12, 20),
                    currency_code="NZD",
                    status=DocumentStatus.APPROVED,
                    value_ex_gst=Decimal(300),
                    gst=Decimal(45),
                    lines=[
                        DocumentLine(
                            line_no=line,
                            description="Work done",
                            job=jobs[(number + line) % JOBS],
                            activity=codes[(number * LINES + line) % len(codes)],
                            gst_type=gst,
                            value_ex_gst=Decimal(100),
                            gst=Decimal(15),
                        )
                        for line in range(1, LINES + 1)
                    ],
                )
            )
    db.session.commit()
    return f"{user.id}:k", [batch.id for batch in batches]


def known(here: dict[str, object]) -> list[Base]:
    """What the organisation is known to have."""
    classes = ("assets", "equity", "expenses", "liabilities", "revenue")
    return [
        XeroConnection(
            **here,
            connection_id=str(uuid.uuid4()),
            state=ConnectionState.CONNECTED,
            organisation_name="Bench",
            base_currency_code="NZD",
            connected_at=NOW,
            tracking_read_at=NOW,
            currency_codes="NZD AUD",
        ),
        XeroSettings(fin_co_id=here["fin_co_id"], tracking_category_1="Department"),
        XeroTaxRate(
            **here,
            tax_type="INPUT2",
            name="GST on Expenses",
            status="ACTIVE",
            effective_rate=Decimal(15),
            **{f"can_apply_to_{name}": True for name in classes},
        ),
        XeroTrackingCategory(
            **here,
            category_id=str(uuid.uuid4()),
            name="Department",
            status="ACTIVE",
            options=[{"name": f"Option {n}", "status": "ACTIVE"} for n in range(JOBS)],
        ),
        *(
            GlAccount(
                **here,
                code=f"{1000 + n}",
                description=f"Account {n}",
                section="Expenses",
                xero_type="EXPENSE",
                xero_class="EXPENSE",
                xero_status="ACTIVE",
            )
            for n in range(ACCOUNTS)
        ),
    ]


if __name__ == "__main__":
    main()
