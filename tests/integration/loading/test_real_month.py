"""The real month, wherever the data lie beside the project."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.money import gst_of
from webapp.models import Company, Document, DocumentLine

MONTH = Path(__file__).resolve().parents[4] / "shared" / "data" / "ap-spend" / "2022-07.csv"

pytestmark = pytest.mark.shared


@pytest.fixture
def month() -> Path:
    if not MONTH.exists():
        pytest.skip("the real month does not lie beside the project")
    return MONTH


def test_the_real_month_goes_in_to_the_cent_and_only_once(load, month):
    with month.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = defaultdict(list)
    for row in rows:
        expected[row["Supplier ID"], row["Invoice Number"]].append(Decimal(row["Net Amount"]))

    report = load(month)

    assert (report.documents, report.lines) == (926, 1582)
    assert report.value == Decimal("14948409.24")
    assert report.refused == ()
    stored = db.session.execute(
        sa.select(Company.ap_account, Document.number, Document.value_ex_gst, Document.gst).join(
            Document.company
        )
    ).all()
    assert {(account, number): value for account, number, value, _ in stored} == {
        key: sum(values) for key, values in expected.items()
    }
    assert {(account, number): gst for account, number, _, gst in stored} == {
        key: sum(gst_of(value, Decimal(15)) for value in values) for key, values in expected.items()
    }
    assert db.session.scalar(sa.select(sa.func.sum(DocumentLine.value_ex_gst))) == report.value

    again = load(month)
    assert (again.documents, again.already_loaded, again.refused) == (0, 926, ())
    assert db.session.scalar(sa.select(sa.func.count(Document.id))) == 926
