"""The banner of an outage and the panel of the newest import say the same."""

import datetime as dt

import pytest
from factories import NOW, make_connection, make_import

from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.models import ImportRunKind

SCREEN = "/administration/data-transfer/xero-integration"
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("companies", "banner", "heading", "summary"),
    [
        (
            KindState.DONE,
            "Not everything has come in from North Build Ledger since",
            "Import completed, but not all of it",
            "12 companies new.",
        ),
        (
            KindState.FAILED,
            "Nothing has come in from North Build Ledger since",
            "Import failed",
            "Nothing was brought in.",
        ),
    ],
)
def test_the_banner_says_no_less_came_in_than_the_newest_import_shows(
    house, bob, companies, banner, heading, summary
):
    came_in = companies is KindState.DONE
    make_connection(
        house.fin_co,
        outage_since=NOW,
        outage_reason="Xero does not answer.",
        last_import_at=NOW + MINUTE if came_in else NOW - MINUTE,
    )
    make_import(
        house.fin_co,
        origin=RunOrigin.SCHEDULE,
        kinds=[
            ImportRunKind(kind=ImportKind.COMPANIES, state=companies, created=12 if came_in else 0),
            ImportRunKind(kind=ImportKind.PAYMENTS, state=KindState.FAILED),
        ],
    )
    page = bob.open(SCREEN)
    assert " ".join(page.select_one("#outage strong").text.split()).startswith(banner)
    panel = page.select_one("section.run")
    assert panel.h2.text.strip() == heading
    assert panel.select_one(".outcome").text.strip() == summary
