import csv
import io

import pytest
from setting_up import account

PLACES = (
    "financial-companies",
    "profit-centres",
    "jobs",
    "activities",
    "sales-codes",
    "gst-types",
    "gl-accounts",
)


@pytest.mark.parametrize("place", PLACES)
def test_each_screen_opens_and_gives_its_file(rita, set_up, place):
    page = rita.open(f"/set-up/{place}")
    assert page.h1
    assert rita.get(f"/set-up/{place}.csv").mimetype == "text/csv"
