from pathlib import Path

import pytest

from webapp.domain.ingest.mapping import ColumnMapping
from webapp.domain.ingest.mapping_file import parse_mapping

PLAIN = """
[columns]
supplier_account = "Account"
supplier_name = "Name"
invoice_number = "Number"
line_reference = "Ref"
invoice_date = "Date"
value = "Value"
activity = "Category"
profit_centre = "Area"
job = "Job"
description = "Text"
[formats]
dates = ["%Y-%m-%d"]
[constants]
gst_type = "G15"
[activities]
unknown = "from-name"
[profit_centres]
unknown = "from-name"
"""


@pytest.fixture(scope="session")
def data() -> Path:
    return Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def plain() -> str:
    """A mapping in which every column has a short name and nothing is special."""
    return PLAIN


@pytest.fixture(scope="session")
def mapping(plain: str) -> ColumnMapping:
    return parse_mapping(plain)
