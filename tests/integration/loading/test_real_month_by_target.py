"""The real month as any file is brought in: by CSV, and the same rows as a workbook."""

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from tests.integration.loading.desk import Desk
from webapp.db import db
from webapp.domain.ingest.states import LoadState
from webapp.models import Company, Document

MONTH = Path(__file__).resolve().parents[4] / "shared" / "data" / "ap-spend" / "2022-07.csv"
MAPPING = {
    "columns": {
        "supplier_account": "Supplier ID",
        "supplier_name": "Supplier(Beneficiary) Name",
        "invoice_number": "Invoice Number",
        "line_reference": "Internal Ref Number",
        "invoice_date": "Date",
        "value": "Net Amount",
        "activity": "Procurement Classification: Council's Procurement Category Name",
        "profit_centre": "Expense Area",
        "job": "Expense Code",
        "description": "Purpose of Spend (Summary)",
    },
    "constants": {"activity": "Not classified", "profit_centre": "No expense area"},
    "empty_words": ["-"],
    "options": {
        "gst_type": "G15",
        "names": "from-name",
        "create_suppliers": "yes",
        "create_activities": "yes",
        "create_profit_centres": "yes",
        "create_jobs": "yes",
    },
}

pytestmark = pytest.mark.shared


@pytest.fixture
def month() -> bytes:
    if not MONTH.exists():
        pytest.skip("the real month does not lie beside the project")
    return MONTH.read_bytes()


def as_workbook(content: bytes) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("July")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    value, date = header.index("Net Amount"), header.index("Date")
    sheet.append(header)
    for row in rows:
        cells: list[object] = list(row)
        cells[value] = float(row[value])
        cells[date] = dt.date.fromisoformat(row[date])
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_real_month_is_the_same_926_documents_by_csv_and_by_workbook(
    firm, load, tmp_path, month
):
    desk = Desk(firm.fin_co_id, tmp_path / "loads")
    by_workbook = desk.load(as_workbook(month), "ap-spend", **MAPPING)
    assert (by_workbook.state, by_workbook.error) == (LoadState.DONE, None)
    assert (by_workbook.rows, by_workbook.created, by_workbook.bad) == (1582, 926, 0)
    assert Decimal(by_workbook.result["value_ex_gst"]) == Decimal("14948409.24")
    documents = dict(
        db.session.execute(
            sa.select(Company.ap_account + "/" + Document.number, Document.value_ex_gst).join(
                Document.company
            )
        ).all()
    )
    assert len(documents) == 926

    by_csv = desk.load(month, "ap-spend", **MAPPING)
    assert (by_csv.created, by_csv.unchanged, by_csv.bad) == (0, 926, 0)

    by_command = load(MONTH)
    assert (by_command.documents, by_command.already_loaded, by_command.refused) == (0, 926, ())
