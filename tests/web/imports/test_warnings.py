"""What was brought in and somebody should look at (R54)."""

import pytest
import sqlalchemy as sa
from factories import leave_out, make_connection, make_import

from webapp.db import db
from webapp.domain.runs import ImportKind
from webapp.models import ImportProblem


@pytest.fixture
def over_paid(house):
    make_connection(house.fin_co)
    run = make_import(house.fin_co)
    db.session.execute(sa.delete(ImportProblem))
    db.session.commit()
    receipts = next(one for one in run.kinds if one.kind is ImportKind.JOB_RECEIPTS)
    reason = "brought in, but with it invoice 1043 is over-paid by 50.00 NZD: see whether it fits"
    leave_out(receipts, "Payment of 200.00", reason, outcome="warning")
    leave_out(receipts, "Payment of 10.00", "invoice 1044 is not ours")


def test_R54_a_receipt_with_a_warning_is_not_called_skipped(over_paid, bob):
    page = bob.open("/imports/left-out?fin_co=01&outcome=warning")

    (row,) = page.select("#records tbody tr")
    assert row.th.text.strip() == "Payment of 200.00"
    assert "Brought in, look at it" in row.text
    assert "Skipped" not in row.text
