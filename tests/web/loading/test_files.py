"""Handing a file in."""

import csv
import io
from contextvars import Context

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.models import LoadRun
from webapp.services.loading import targets
from webapp.services.loading.files import LARGEST_FILE


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(LoadRun))


def test_what_the_file_holds_the_fin_co_and_the_file_are_asked_for(bob, send):
    assert "Choose what the file holds." in send(bob, "a\n1\n", target="").text
    assert "Choose the financial company" in send(bob, "a\n1\n", fin_co="").text
    nothing = bob.send("/loads/new", {"target": "companies", "fin_co": "01"})
    assert nothing.status_code == 422
    assert "Choose the file." in nothing.text
    assert kept() == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"%PDF-1.7 nothing of a table", "invoice.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls"),
        (b"PK\x03\x04 broken", "broken.xlsx"),
    ],
)
def test_a_file_that_can_be_no_table_is_refused_by_name_and_not_kept(
    bob, send, instance, content, name
):
    response = send(bob, content, name=name)
    assert response.status_code == 422
    assert name in response.text
    assert kept() == 0
    assert [path for path in instance.rglob("*") if path.is_file()] == []


def test_a_file_that_is_too_large_is_refused_with_the_way_out(bob):
    sent = {"CONTENT_LENGTH": str(LARGEST_FILE + 5_000_000)}
    response = Context().run(
        bob.client.post,
        "/loads/new",
        content_type="multipart/form-data; boundary=x",
        environ_overrides=sent,
    )
    assert response.status_code == 303
    page = bob.open(response.location).text
    assert "the limit is 50 MB" in page
    assert "split the file" in page


def test_every_kind_has_a_template_whose_columns_are_all_recognised(alice, send, take):
    for target in targets():
        content = alice.get(f"/loads/templates/{target.name}.csv").get_data()
        (headings,) = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        row = ",".join("1" for _ in headings)
        _, page = take(alice, send, content + row.encode(), target=target.name)
        fed = [box.select_one("option[selected]")["value"] for box in fields(page)]
        assert fed == [field.name for field in target.fields], target.name


def fields(page):
    return [box for box in page.select("select") if box["name"].startswith("field-")]


def test_what_a_person_may_not_do_by_hand_they_may_not_load_either(bob, rita, send):
    offered = {one["value"] for one in bob.open("/loads/new").select("#target option")}
    assert {"companies", "ap-invoices"} <= offered
    assert offered.isdisjoint({"activities", "gst-types", "currencies", "jobs"})
    assert send(bob, "Code\nA\n", target="activities").status_code == 403
    assert send(rita, "Name\nA\n").status_code == 403
    assert kept() == 0


def test_a_file_for_another_fin_co_is_not_taken(bob, send):
    assert send(bob, "Name\nA\n", fin_co="02").status_code == 404
    assert kept() == 0


def test_a_foreign_load_does_not_exist(bob, charlie, send):
    address = send(bob, "Name\nA\n").location.removesuffix("/mapping")
    for path in ("", "/mapping", "/preview", "/panel", "/stream", "/bad-rows.csv"):
        assert charlie.get(address + path).status_code == 404
    for path in ("/mapping", "/start", "/discard"):
        assert charlie.send(address + path).status_code == 404
    assert kept() == 1
    assert "file.csv" not in charlie.open("/loads").text
    assert "file.csv" in bob.open("/loads").text


def test_what_all_fin_cos_share_is_loaded_and_seen_by_administrators_alone(alice, bob, send):
    address = send(alice, "Code\nMAT\n", target="activities", fin_co="").location
    assert alice.get(address).status_code == 200
    assert bob.get(address.removesuffix("/mapping")).status_code == 404
    assert "Activities" in alice.open("/loads").select_one("tbody").text
    assert bob.open("/loads").select("tbody tr") == []
