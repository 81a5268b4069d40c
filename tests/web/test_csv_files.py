import csv
import datetime as dt
import io
from decimal import Decimal

import pytest

from webapp.web.csv_files import csv_file


def cells(row) -> list[str]:
    response = csv_file("list", ["a"] * len(row), [row])
    _, written = csv.reader(io.StringIO(response.data.decode("utf-8-sig")))
    return written


def test_every_kind_of_cell_is_written_as_a_spreadsheet_reads_it():
    assert cells([
        None, True, False, 7, dt.date(2026, 11, 3), Decimal("1234.5600"), Decimal(5),
        dt.datetime(2026, 11, 3, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=13))),
        Decimal("0.92410000"), Decimal("0.12345678"), Decimal("10.0050"),
    ]) == [
        "", "yes", "no", "7", "2026-11-03", "1234.56", "5.00", "2026-11-02 20:30",
        "0.9241", "0.12345678", "10.005",
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", Decimal("-1.5"), -1])
def test_no_cell_begins_a_formula(cell):
    assert cells([cell])[0][0] in "'("


def test_a_negative_amount_stays_a_number_to_spreadsheets():
    assert cells([Decimal("-115.0000")]) == ["(115.00)"]


def test_it_is_told_to_be_a_file_in_utf_8():
    response = csv_file("companies", ["Name"], [["Māori Trust, “A”"]])
    assert response.headers["Content-Disposition"] == 'attachment; filename="companies.csv"'
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert "Māori Trust, “A”" in response.data.decode("utf-8-sig")
