import json

import pytest
import sqlalchemy as sa
from factories import NOW, TENANT, make_connection

from webapp.db import db
from webapp.models import AuditEvent, Company, ImportRun, XeroContact, XeroSettings


def test_problems_point_at_their_fields_all_of_them_at_once(api, a_batch, an_invoice):
    lines = [
        {"job": "9", "activity": "MAT", "value_ex_gst": "1.00"},
        {"job": "1001", "activity": "X", "value_ex_gst": "1.00"},
    ]
    refused = api.post("/batches", a_batch(an_invoice("A-1"), an_invoice("A-2", lines=lines)))

    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert [(one["pointer"], one["code"], one["line"]) for one in refused.json["problems"]] == [
        ("/documents/1/lines/0/job", "unknown-job", 1),
        ("/documents/1/lines/1/activity", "unknown-activity", 2),
    ]
    assert all(one["way_out"] and one["record"] for one in refused.json["problems"])
    assert refused.json["status"] == 422


@pytest.mark.parametrize(
    ("line", "pointer"),
    [
        ({"value_ex_gst": 10.1}, "/documents/0/lines/0/value_ex_gst"),
        ({"value_ex_gst": "1e3"}, "/documents/0/lines/0/value_ex_gst"),
        ({"value_ex_gst": "10.001"}, "/documents/0/lines/0/value_ex_gst"),
        ({"value_ex_gst": "٣"}, "/documents/0/lines/0/value_ex_gst"),
        ({"value_ex_gst": "1.00\n"}, "/documents/0/lines/0/value_ex_gst"),
        ({"description": "a\x00b"}, "/documents/0/lines/0/description"),
        ({"description": "\ud800"}, "/documents/0/lines/0/description"),
        ({"job": " 1001"}, "/documents/0/lines/0/job"),
        ({"gts": "1.00"}, "/documents/0/lines/0/gts"),
    ],
)
def test_a_value_that_is_none_is_refused_at_its_field(api, a_batch, an_invoice, line, pointer):
    given = {"job": "1001", "activity": "MAT", "value_ex_gst": "1.00", **line}
    refused = api.post("/batches", a_batch(an_invoice(lines=[given])))

    assert (refused.status_code, refused.json["problems"][0]["pointer"]) == (422, pointer)


def test_a_misspelled_filter_is_refused_rather_than_left_out(api):
    refused = api.get("/batches?fincos=01")

    assert (refused.status_code, refused.json["problems"][0]["parameter"]) == (422, "fincos")


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "nul"])
def test_a_body_that_cannot_be_read_is_refused(api, text):
    refused = api.send("POST", "/batches", data=text, content_type="application/json")

    assert refused.status_code in {400, 422}
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", "/batches", 405), ("GET", "/companies/9" * 30, 404)],
)
def test_addresses_that_are_not_there_answer_as_the_api_does(api, method, path, status):
    refused = api.send(method, path)

    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")
    assert ("Allow" in refused.headers) == (status == 405)


def test_pages_lead_to_each_other(api, a_batch):
    numbers = [api.post("/batches", a_batch()).json["batch"] for _ in range(5)]

    seen, path = [], "/batches?page_size=2&fin_co=01"
    while path:
        answer = api.get(path)
        assert (answer.json["total"], answer.json["page_size"]) == (5, 2)
        seen += [item["number"] for item in answer.json["items"]]
        links = dict(reversed(link.split("; ")) for link in answer.headers["Link"].split(", "))
        path = links.get('rel="next"', "").strip("<>").partition("/api/v1")[2]
    assert seen == numbers
    assert api.get("/batches?page=9&page_size=2").json["items"] == []


def test_a_document_is_told_with_all_that_was_given(api, a_batch, an_invoice):
    line = {
        "job": "1001",
        "activity": "MAT",
        "value_ex_gst": "-0.50",
        "gst": "-0.07",
        "quantity": "2.5",
        "description": "Rebate",
        "source_reference": "L1",
    }
    [uid] = api.post("/batches", a_batch(an_invoice(lines=[line], currency="AUD"))).json[
        "documents"
    ]

    told = api.get(f"/documents/{uid}").json

    assert (told["currency"], told["currency_rate"], told["total"]) == ("AUD", "0.92", "-0.57")
    assert told["company"]["ap_account"] == "S1"
    [kept] = told["lines"]
    assert {name: kept[name] for name in line} == line
    assert (kept["gst_type"], kept["gst_overridden"]) == ("G15", True)


def test_a_document_goes_through_its_life(api, a_batch, an_invoice):
    made = api.post("/batches", a_batch(an_invoice("A-1", approved=None))).json
    [uid] = made["documents"]
    number = made["batch"]

    refused = api.post(f"/batches/{number}/close")
    assert (refused.status_code, "A-1" in refused.json["detail"]) == (409, True)
    replaced = api.send("PUT", f"/documents/{uid}", an_invoice("A-2"))
    assert (replaced.status_code, replaced.json["number"]) == (200, "A-2")
    assert api.post(f"/documents/{uid}/approve").json["status"] == "Approved"
    assert api.send("DELETE", f"/documents/{uid}").status_code == 409
    assert api.post(f"/documents/{uid}/unapprove").json["status"] == "Entered"
    assert api.send("DELETE", f"/documents/{uid}").status_code == 204
    assert api.get(f"/documents/{uid}").status_code == 404


def test_an_edit_points_at_the_fields_of_the_document(api, a_batch, an_invoice):
    [uid] = api.post("/batches", a_batch(an_invoice(approved=None))).json["documents"]

    refused = api.send("PUT", f"/documents/{uid}", an_invoice(company_account="S7"))

    assert [one["pointer"] for one in refused.json["problems"]] == ["/company_account"]


def test_a_file_comes_back_as_it_went_and_is_never_shown(api, a_batch, an_invoice):
    [uid] = api.post("/batches", a_batch(an_invoice())).json["documents"]
    scan = bytes(range(256))

    put = api.send("PUT", f"/documents/{uid}/attachments/scan 1.pdf", data=scan)
    assert put.json["items"][0]["media_type"] == "application/pdf"
    got = api.get(f"/documents/{uid}/attachments/scan 1.pdf")
    assert got.data == scan
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.mimetype == "application/octet-stream"
    wrong = api.send("PUT", f"/documents/{uid}/attachments/run.exe", data=b"MZ")
    assert (wrong.status_code, wrong.json["problems"][0]["code"]) == (422, "file-type")
    assert api.send("DELETE", f"/documents/{uid}/attachments/scan 1.pdf").status_code == 204


def test_more_than_can_be_taken_is_refused(api, a_batch, an_invoice):
    [uid] = api.post("/batches", a_batch(an_invoice())).json["documents"]
    path = f"/documents/{uid}/attachments/scan.pdf"

    assert api.send("PUT", path, data=bytes(11_000_000)).status_code == 422
    assert api.send("PUT", path, data=bytes(21_000_000)).status_code == 413


def test_a_batch_without_a_connection_is_not_exported_and_says_why(api, a_batch, an_invoice):
    number = api.post("/batches", a_batch(an_invoice())).json["batch"]
    api.post(f"/batches/{number}/close")

    refused = api.post(f"/batches/{number}/export")

    assert refused.status_code == 409
    assert api.get(f"/batches/{number}").json["status"] == "closed"


def test_an_export_is_begun_and_its_run_tells_of_each_document(api, house, a_batch, an_invoice):
    make_connection(house.fin_co)
    supplier = db.session.scalars(sa.select(Company).where(Company.ap_account == "S1")).one()
    db.session.add(
        XeroContact(
            fin_co_id=house.fin_co.id,
            tenant_id=TENANT,
            company_id=supplier.id,
            contact_id="cccccccc-0000-4000-8000-00000000c0de",
            name="Fletcher",
            status="ACTIVE",
            seen_at=NOW,
        )
    )
    db.session.commit()
    number = api.post("/batches", a_batch(an_invoice())).json["batch"]
    api.post(f"/batches/{number}/close")

    begun = api.post(f"/batches/{number}/export")

    assert begun.status_code == 202
    run = api.get(f"/export-runs/{begun.json['run']}").json
    assert (run["batches"], run["fin_co"]) == ([number], "01")
    items = api.get(f"/export-runs/{begun.json['run']}/items").json["items"]
    assert [(item["number"], item["total"]) for item in items] == [("INV-1", "11.62")]
    # The GST type of these records has no Export Code, so the document says that it cannot go.
    assert items[0]["state"] == "blocked"
    assert items[0]["problems"][0]["code"] == "no-export-code"


def test_an_import_is_begun_once(api, house):
    make_connection(house.fin_co)
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id))
    db.session.commit()

    begun = api.post("/imports", {"fin_co": "01"})
    again = api.post("/imports", {"fin_co": "01"})

    assert begun.status_code == 202
    assert (again.status_code, again.json["run"]) == (409, begun.json["run"])
    assert api.get(f"/imports/{begun.json['run']}").json["state"] == "running"


def test_who_did_what_through_the_api_is_in_the_audit_log(api, a_batch, an_invoice):
    made = api.post("/batches", a_batch(an_invoice())).json
    number, [uid] = made["batch"], made["documents"]
    api.send("PUT", f"/documents/{uid}/attachments/scan.pdf", data=b"%PDF")
    api.send("DELETE", f"/documents/{uid}/attachments/scan.pdf")
    api.post(f"/documents/{uid}/unapprove")
    api.send("PUT", f"/documents/{uid}", an_invoice())
    api.post(f"/documents/{uid}/approve")
    api.post(f"/batches/{number}/close")
    api.send("PATCH", "/activities/MAT", {"description": "Material"})

    events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert {event.source for event in events[1:]} == {"API: Costing"}
    assert [event.action for event in events[1:]] == [
        "enter document",
        "attach file",
        "remove file",
        "take back approval",
        "change document",
        "approve document",
        "close batch",
        "change set-up",
    ]
    assert events[1].detail == {"batch": number, "document": "AP Invoice INV-1"}
    assert events[-1].detail["description"] == ["Materials", "Material"]


def test_the_page_of_the_api_shows_every_operation_to_anybody(nobody, app):
    page = nobody.open("/api/v1/")
    paths = json.loads(nobody.get("/api/v1/openapi.json").text)["paths"]

    shown = {" ".join(code.text.split()) for code in page.select("summary code")}
    for path, operations in paths.items():
        for method in set(operations) - {"parameters"}:
            assert f"{method.upper()} {path}" in shown
    assert not page.select("script[src^=http], link[href^=http]")


@pytest.mark.parametrize(
    ("asked", "full", "kinds"),
    [
        ({}, False, {"Companies", "Job Receipts", "Payments"}),
        ({"full": True, "kinds": ["Companies"]}, True, {"Companies"}),
    ],
)
def test_an_import_reads_everything_or_some_kinds_as_asked(api, house, asked, full, kinds):
    make_connection(house.fin_co)
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id))
    db.session.commit()
    begun = api.post("/imports", {"fin_co": "01", **asked})
    run = db.session.get_one(ImportRun, begun.json["run"])
    assert run.full is full
    told = {one["kind"] for one in api.get(f"/imports/{run.id}").json["kinds"]}
    assert told >= kinds if not asked else told == kinds


def test_an_import_of_a_kind_that_is_not_ticked_or_not_known_is_refused(api, house):
    make_connection(house.fin_co)
    db.session.add(XeroSettings(fin_co_id=house.fin_co.id, sync_payments=False))
    db.session.commit()
    refused = api.post("/imports", {"fin_co": "01", "kinds": ["Payments"]})
    assert (refused.status_code, refused.json["way_out"][:7]) == (409, "Tick it")
    unknown = api.post("/imports", {"fin_co": "01", "kinds": ["everything"]})
    assert (unknown.status_code, unknown.json["problems"][0]["pointer"]) == (422, "/kinds/0")
    none = api.post("/imports", {"fin_co": "01", "kinds": []})
    assert none.status_code == 422


def test_words_between_backticks_are_code_on_the_page_and_nothing_else_is_markup(app, nobody):
    page = nobody.open("/api/v1/")
    assert "`" not in page.main.text
    assert "approved" in {code.text for code in page.select("summary code")}
    told = app.jinja_env.filters["with_code"]("``<b>`` and `c` but <i>not</i> this, nor `")
    assert (
        told == "<code>&lt;b&gt;</code> and <code>c</code> but &lt;i&gt;not&lt;/i&gt; this, nor `"
    )
