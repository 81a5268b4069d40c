"""The screens' statements on the database that an installation runs on."""

import pytest
from factories import make_batch, make_connection, make_document, make_import, make_run
from visiting import Browser, House

from webapp.db import db
from webapp.domain.access import Role
from webapp.domain.runs import ItemState
from webapp.models import User

pytestmark = pytest.mark.postgres

SET_UP = {
    "financial-companies": "template_company",
    "profit-centres": "gl_prefix",
    "jobs": "client",
    "activities": "cost_rate",
    "sales-codes": "gst_type",
    "gl-accounts": "sequence",
}
"""The lists of the set-up, each with a column to be sorted by."""

REPORTS = (
    "lines",
    "gl-analysis",
    "tax-summary",
    "history",
    "print?lines=yes",
    "documents.csv",
    "lines.csv",
    "gl-analysis.csv",
    "tax-summary.csv",
)
"""What one can have of a batch."""


def test_every_screen_opens(postgres_app, password_hash):
    house = House()
    bob = User(
        name="Bob",
        role=Role.FINANCE,
        password_hash=password_hash,
        session_key="key",
        fin_cos=[house.fin_co],
    )
    db.session.add(bob)
    db.session.commit()
    make_connection(house.fin_co)
    imported = make_import(house.fin_co, user=bob)
    batch = make_batch(house, created_by=bob)
    sent, refused = make_document(batch), make_document(batch)
    run = make_run(house.fin_co, [(sent, ItemState.SENT), (refused, ItemState.REJECTED)])
    addresses = [
        "/administration/data-transfer/xero-integration",
        "/administration/audit-log?fin_co=01",
        "/export-control",
        "/export-control?status=any&period=any&type=AP+Invoice&number=A&fin_co=01",
        "/export-control?period=2027-7",
        f"/export-runs/{run.id}",
        f"/export-runs/{run.id}?outcome=not+sent",
        f"/imports/{imported.id}/panel",
        f"/imports/{imported.id}",
        "/imports?origin=person&problems=yes",
        "/imports/left-out?kind=Companies&outcome=skipped&text=blue&cause=account-number&sort=-kind",
        "/imports/left-out.csv",
        "/export-control?status=not+all+went&from=2026-11-01&to=2026-11-30&sort=-period",
        "/export-control?status=any&sort=reference",
        "/export-control.csv?status=any&period=any&sort=fin_co",
        f"/batches/{batch.number}",
        f"/batches/{batch.number}?fate=did+not+go",
        *(f"/batches/{batch.number}/{report}" for report in REPORTS),
        f"/documents/{sent.uid}",
        *(f"/set-up/{name}?sort=-{by}&text=x&standing=any" for name, by in SET_UP.items()),
        *(f"/set-up/{name}.csv?sort=-{by}" for name, by in SET_UP.items()),
        "/set-up/gst-types",
        "/set-up/financial-companies/01",
        "/set-up/financial-companies/01/suggest?field=template_company&template_company=x",
    ]
    browser = Browser(postgres_app.test_client())
    assert browser.sign_in("bob").status_code == 303
    for address in addresses:
        browser.open(address)
    listed = browser.open("/export-control?status=not+all+went")
    assert [number.text.strip() for number in listed.select("#listing tbody th")] == [batch.number]
    refused_ones = browser.open(f"/batches/{batch.number}?fate=did+not+go")
    assert [one.text.strip() for one in refused_ones.select(".documents th a")] == [refused.number]
    outcomes = browser.open(f"/export-runs/{run.id}").select("#documents td .state")
    assert [outcome.text.strip() for outcome in outcomes] == ["Refused by Xero", "In Xero"]
