"""Nobody writes over what they have not seen: ETag and If-Match."""

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.models import AuditEvent, Company, Document


@pytest.fixture
def uid(api, a_batch, an_invoice) -> str:
    made = api.post("/batches", a_batch(an_invoice("INV-1", approved=None)))
    return made.json["documents"][0]


@pytest.fixture
def paths(records, uid) -> dict[str, tuple[str, str, dict]]:
    """Each kind of record that has a tag: its address, and a change of it."""
    lines = [{"job": "1001", "activity": "MAT", "value_ex_gst": "20.00"}]
    document = {
        "kind": "AP Invoice",
        "number": "INV-1",
        "company_account": "S1",
        "document_date": "2026-11-10",
        "lines": lines,
    }
    return {
        "company": (f"/companies/{records['supplier'].id}", "PATCH", {"phone": "09 555 0100"}),
        "job": (f"/jobs/{records['job'].id}", "PATCH", {"description": "Bridge, north"}),
        "activity": ("/activities/MAT", "PATCH", {"description": "Material"}),
        "document": (f"/documents/{uid}", "PUT", document),
    }


KINDS = ("company", "job", "activity", "document")


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_with_the_tag_that_was_read_is_made_once(api, paths, kind):
    path, method, change = paths[kind]
    read = api.get(path).headers["ETag"]
    made = api.send(method, path, change, headers={"If-Match": read})
    assert made.status_code == 200
    assert made.headers["ETag"] == api.get(path).headers["ETag"] != read
    late = api.send(method, path, change, headers={"If-Match": read})
    assert late.status_code == 412
    assert late.mimetype == "application/problem+json"
    assert "was changed since" in late.json["detail"]
    assert late.json["way_out"]
    assert (
        api.send(method, path, change, headers={"If-Match": made.headers["ETag"]}).status_code < 300
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}])
def test_without_a_tag_the_change_is_made_whatever_happened_in_between(api, paths, kind, headers):
    path, method, change = paths[kind]
    assert api.send(method, path, change, headers=headers).status_code == 200


@pytest.mark.parametrize("tag", ['"not the one"', 'W/"weak"', "no tag at all"])
def test_a_tag_of_another_state_changes_nothing(api, records, tag):
    path = f"/companies/{records['supplier'].id}"
    assert api.send("PATCH", path, {"phone": "1"}, headers={"If-Match": tag}).status_code == 412
    assert api.get(path).json["phone"] is None
    actions = db.session.scalars(sa.select(AuditEvent.action)).all()
    assert "change set-up" not in actions


def test_what_a_person_changed_on_the_screens_changes_the_tag(api, records):
    path = f"/companies/{records['supplier'].id}"
    read = api.get(path).headers["ETag"]
    db.session.rollback()
    db.session.execute(sa.update(Company).values(price_code="B"))  # told by no API
    db.session.commit()
    assert api.send("PATCH", path, {"phone": "1"}, headers={"If-Match": read}).status_code == 412


@pytest.mark.parametrize(("method", "action"), [("DELETE", ""), ("POST", "/approve")])
def test_deciding_on_a_document_asks_for_the_tag_too(api, uid, method, action):
    path = f"/documents/{uid}{action}"
    assert api.send(method, path, headers={"If-Match": '"old"'}).status_code == 412
    assert db.session.scalar(sa.select(Document.status)) == "Entered"
    read = api.get(f"/documents/{uid}").headers["ETag"]
    assert api.send(method, path, headers={"If-Match": read}).status_code < 300


def test_a_write_that_is_sent_again_under_its_key_keeps_its_first_answer(api, records):
    path = f"/companies/{records['supplier'].id}"
    headers = {"If-Match": api.get(path).headers["ETag"]}
    first = api.send("PATCH", path, {"phone": "1"}, headers=headers, key="k1")
    again = api.send("PATCH", path, {"phone": "1"}, headers=headers, key="k1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["ETag"] == first.headers["ETag"]
