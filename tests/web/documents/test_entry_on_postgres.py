"""Entering documents on the database that an installation runs on."""

import pytest
from entering import INVOICE, documents, made_firm, sent
from visiting import Browser, House

from webapp.db import db
from webapp.domain.access import Role
from webapp.domain.documents import DocumentStatus
from webapp.models import User

pytestmark = pytest.mark.postgres


@pytest.fixture
def firm(postgres_app, password_hash):
    house = House()
    db.session.add(
        User(
            name="Bob",
            role=Role.FINANCE,
            password_hash=password_hash,
            session_key="key",
            fin_cos=[house.fin_co],
        )
    )
    db.session.commit()
    return made_firm(house)


def test_a_batch_is_made_filled_approved_and_closed(postgres_app, firm):
    bob = Browser(postgres_app.test_client())
    assert bob.sign_in("bob").status_code == 303
    made = bob.send("/batches/new", {"type": "AP Invoice", "fin_co": "01", "date": "2026-11-12"})
    address = f"{made.location}/documents/new"
    form = {**sent(bob.open(address)), **INVOICE}
    assert bob.send(address, {**form, "do": "reckon"}).status_code == 200
    assert bob.send(address, {**form, "do": "save"}).status_code == 303
    (document,) = documents()
    edit = f"/documents/{document.uid}/edit"
    form = {**sent(bob.open(edit)), "reference": "again", "do": "save"}
    assert bob.send(edit, form).status_code == 303
    assert bob.send(edit, {**form, "reference": "late"}).status_code == 409
    for column in ("number", "type", "status", "date", "reference", "documents", "-unapproved"):
        bob.open(f"/batches?sort={column}&text=a&type=AP+Invoice")
    for box in ("company", "1-job", "1-activity", "1-dr_account", "applies_to"):
        bob.open(f"{made.location}/documents/suggest?kind=AP+Credit&name={box}&company=S100")
    bob.send(f"{made.location}/approve")
    bob.send(f"{made.location}/close")
    (document,) = documents()
    assert (document.status, document.reference) == (DocumentStatus.APPROVED, "again")
    assert document.batch.closed_at is not None
