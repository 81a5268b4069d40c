import datetime as dt

import pytest
from factories import make_batch, make_document, make_run
from listed_batches import numbers, ticks

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.runs import ItemState
from webapp.models import Batch, ExportRun


def test_R72_the_current_period_s_unexported_batches_are_shown_first(house, bob):
    shown = make_batch(house)
    make_batch(house, period=house.earlier)
    make_batch(house, status=BatchStatus.EXPORTED)
    make_batch(house, status=BatchStatus.OPEN, not_for_export=True)
    assert numbers(bob.open("/export-control")) == [shown.number]


def test_R72_batches_are_sorted_by_type_then_number(house, bob):
    made = [
        make_batch(house, kind=kind)
        for kind in (BatchType.TIMESHEET, BatchType.AR_INVOICE, BatchType.AP_INVOICE)
        for _ in range(2)
    ]
    expected = sorted(made, key=lambda batch: (batch.batch_type.value, batch.number))
    assert numbers(bob.open("/export-control")) == [batch.number for batch in expected]


@pytest.mark.parametrize(
    ("status", "marked", "enabled", "ticked"),
    [
        (BatchStatus.OPEN, False, False, False),
        (BatchStatus.CLOSED, False, True, False),
        (BatchStatus.OPEN, True, False, False),
        (BatchStatus.CLOSED, True, False, False),
        (BatchStatus.EXPORTING, False, False, False),
        (BatchStatus.EXPORTED, False, False, True),
    ],
)
def test_R74_R75_only_what_may_go_can_be_ticked_and_what_went_is_ticked_for_good(
    house, bob, status, marked, enabled, ticked
):
    make_batch(house, status=status, not_for_export=marked)
    (tick,) = ticks(bob.open("/export-control?status=any"))
    assert (not tick.has_attr("disabled")) is enabled
    assert tick.has_attr("checked") is ticked


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=open", {"open"}),
        ("status=closed", {"closed"}),
        ("status=exported", {"exported"}),
        ("status=not+for+export", {"marked"}),
        ("status=not+exported", {"open", "closed"}),
        ("status=any", {"open", "closed", "exported", "marked"}),
        ("period=2027-7", {"earlier"}),
        ("period=any", {"open", "closed", "earlier"}),
        ("period=2099-1", set()),
        ("period=nonsense", set()),
        ("type=AP+Credit", {"open"}),
        ("fin_co=01", {"open", "closed"}),
        ("status=exporting", {"exporting"}),
        ("status=not+all+went", {"tried"}),
        ("from=2026-11-20", {"late"}),
        ("to=2026-11-19", {"open", "closed"}),
        ("from=2026-11-20&to=2026-11-20", {"late"}),
        ("from=2026-11-21&to=2026-11-20", set()),
        ("number=week+46", {"open"}),
    ],
)
def test_R73_each_filter_shows_what_it_names(house, bob, query, expected):
    made = {
        "open": make_batch(
            house, status=BatchStatus.OPEN, kind=BatchType.AP_CREDIT, reference="Week 46"
        ),
        "closed": make_batch(house),
        "exported": make_batch(house, status=BatchStatus.EXPORTED),
        "marked": make_batch(house, status=BatchStatus.OPEN, not_for_export=True),
        "earlier": make_batch(house, period=house.earlier),
    }
    if {"exporting", "tried", "late"} & expected:
        made["exporting"] = make_batch(house, status=BatchStatus.EXPORTING)
        made["late"] = make_batch(house, batch_date=dt.date(2026, 11, 20))
        made["tried"] = make_batch(house)
        make_run(house.fin_co, [(make_document(made["tried"]), ItemState.REJECTED)])
    names = {batch.number: name for name, batch in made.items()}
    shown = {names[number] for number in numbers(bob.open(f"/export-control?{query}"))}
    assert shown == expected


def test_a_part_of_a_number_finds_its_batch(house, bob):
    wanted = make_batch(house, number="A272%777")
    make_batch(house)
    assert numbers(bob.open("/export-control?number=%25")) == [wanted.number]


@pytest.mark.parametrize("query", ["status=sideways", "type=Lunch", "sort=colour", "from=soon"])
def test_a_filter_there_is_none_of_is_refused(bob, query):
    bob.open(f"/export-control?{query}", status=422)


def test_totals_include_gst_and_mixed_currencies_are_not_added_up(house, bob):
    one = make_batch(house)
    make_document(one, value="1000.10", gst="150.02")
    make_document(one, value="-0.10", gst="-0.02")
    mixed = make_batch(house)
    make_document(mixed)
    make_document(mixed, currency_code="AUD")
    page = bob.open("/export-control").find("tbody").text
    assert "1,150.00 NZD" in " ".join(page.split())
    assert "100.00 AUD" not in page
    both = bob.open("/export-control").find("a", string=mixed.number).find_parent("tr")
    assert [" ".join(one.text.split()) for one in both.select(".sum")] == [
        "115.00 AUD",
        "115.00 NZD",
    ]


def test_only_the_batches_of_ones_own_fin_cos_are_shown(house, bob, charlie, alice):
    mine = make_batch(house)
    theirs = make_batch(house, fin_co=house.other)
    assert numbers(bob.open("/export-control")) == [mine.number]
    assert numbers(charlie.open("/export-control")) == [theirs.number]
    assert len(numbers(alice.open("/export-control"))) == 2
    bob.open("/export-control?fin_co=02", status=404)


def test_open_batches_of_which_none_is_closed_are_explained(house, bob):
    for _ in range(3):
        make_batch(house, status=BatchStatus.OPEN)
    page = bob.open("/export-control")
    assert "3 open batches, none closed" in page.text
    assert page.find("button", string="Export").has_attr("disabled")


def test_a_period_without_batches_points_to_the_others(house, bob):
    for _ in range(4):
        make_batch(house, period=house.earlier)
    page = bob.open("/export-control")
    assert "No batches match in this period; 4 in other periods." in page.text
    link = page.find("a", string="Show those of any period")["href"]
    assert len(numbers(bob.open(link))) == 4


def test_a_status_without_batches_points_to_the_others(house, bob):
    make_batch(house, status=BatchStatus.EXPORTED)
    page = bob.open("/export-control")
    assert "No batch here is “not exported”." in page.text
    assert page.find("a", string="Show those of any status")


def test_without_any_batch_the_page_says_where_they_come_from(house, bob):
    assert "There are no batches yet." in bob.open("/export-control").text


def test_a_filter_that_hides_all_can_be_cleared(house, bob):
    make_batch(house)
    page = bob.open("/export-control?number=999999")
    assert page.find("a", string="Clear the filter")["href"] == "/export-control"


def test_the_counts_beside_the_statuses_are_those_of_the_rest_of_the_filter(house, bob):
    make_batch(house)
    make_batch(house, status=BatchStatus.EXPORTED)
    make_batch(house, status=BatchStatus.EXPORTED, period=house.earlier)
    counts = " ".join(bob.open("/export-control").select_one(".counts").text.split())
    assert counts.startswith("Not exported 1 Open 0 Closed 1 Exporting 0 Not all went 0 Exported 1")


def test_a_long_list_is_paged(house, bob):
    for _ in range(101):
        make_batch(house)
    first = bob.open("/export-control")
    assert len(numbers(first)) == 100
    second = bob.open(first.find("a", rel="next")["href"])
    assert len(numbers(second)) == 1
    assert len(numbers(bob.open("/export-control?page=99"))) == 1


def test_the_number_of_statements_does_not_grow_with_the_rows(house, bob, statements):
    batch = make_batch(house)
    document = make_document(batch)
    make_run(house.fin_co, [(document, ItemState.REJECTED)])
    with statements() as few:
        bob.open("/export-control")
    for _ in range(20):
        document = make_document(make_batch(house))
        make_run(house.fin_co, [(document, ItemState.REJECTED)])
    with statements() as many:
        bob.open("/export-control")
    assert len(many) == len(few) <= 8


def test_the_last_result_leads_to_its_run(house, bob):
    batch = make_batch(house)
    run = make_run(
        house.fin_co,
        [
            (make_document(batch), ItemState.SENT),
            (make_document(batch), ItemState.REJECTED),
        ],
    )
    cell = bob.open("/export-control").select_one(f'tbody a[href="/export-runs/{run.id}"]')
    assert " ".join(cell.text.split()) == "1 Refused by Xero 1 In Xero"


def test_export_takes_the_ticked_batches_to_their_preview_and_claims_none(house, bob):
    batch, left = make_batch(house), make_batch(house)
    response = bob.send("/export-control/export", {"batch": [batch.id], "back": "/export-control"})
    assert response.status_code == 303
    page = bob.open(response.location)
    assert page.h1.text == "Export preview"
    assert batch.number in page.text
    assert left.number not in page.text
    db.session.rollback()
    assert db.session.query(ExportRun).count() == 0
    assert db.session.get_one(Batch, batch.id).status is BatchStatus.CLOSED


def test_pressing_export_with_nothing_ticked_says_what_to_tick(bob):
    response = bob.send("/export-control/export", {"back": "/export-control?status=closed"})
    assert response.location == "/export-control?status=closed"
    assert "no batch is ticked" in bob.open(response.location).text


@pytest.mark.parametrize(
    ("path", "field"), [("export", "batch"), ("close", "open"), ("not-for-export", "open")]
)
def test_a_foreign_batch_does_not_exist_and_nonsense_is_refused(house, bob, path, field):
    foreign = make_batch(house, fin_co=house.other, status=BatchStatus.OPEN)
    for value, status in ((foreign.id, 404), ("x", 422)):
        form = {field: [value], "marked": "yes"}
        assert bob.send(f"/export-control/{path}", form).status_code == status


def test_a_reader_is_offered_no_button(house, rita):
    make_batch(house)
    make_batch(house, status=BatchStatus.OPEN)
    page = rita.open("/export-control")
    assert [button.text for button in page.select("#listing button:not(.visually-hidden)")] == []
    assert all(tick.has_attr("disabled") for tick in ticks(page))


def test_the_blue_button_is_export_and_the_only_one(house, bob):
    make_batch(house)
    primary = bob.open("/export-control").select(".btn-primary")
    assert [button.text for button in primary] == ["Export"]


def test_the_batch_date_is_shown_as_it_is(house, bob):
    make_batch(house, batch_date=dt.date(2026, 11, 1))
    assert "1 Nov 2026" in bob.open("/export-control").text


def test_a_batch_that_went_in_part_says_how_much_is_left(house, bob):
    batch = make_batch(house)
    gone, left = make_document(batch), make_document(batch)
    make_run(house.fin_co, [(gone, ItemState.SENT), (left, ItemState.REJECTED)])
    untouched = make_batch(house)
    make_document(untouched)
    page = bob.open("/export-control")
    assert [cell.text for cell in page.select(".partly")] == ["Partly exported: 1 left to send"]
    row = page.select_one(".partly").find_parent("tr")
    assert row.select_one("th").text.strip() == batch.number
    assert "Closed" in row.text


def test_the_filter_stands_in_the_address_and_each_part_can_be_taken_off(house, bob):
    wanted = make_batch(house, kind=BatchType.TIMESHEET, period=house.earlier)
    page = bob.open("/export-control?period=2027-7&type=Timesheet&number=27&sort=-date")
    assert numbers(page) == [wanted.number]
    chips = {chip.text.strip(): chip["href"] for chip in page.select(".narrowed .chip")}
    assert list(chips) == [
        "Take off Year / Period: 2027 / 7 \u00d7",
        "Take off Batch Type: Timesheet \u00d7",
        "Take off Batch No or reference: 27 \u00d7",
    ]
    assert chips["Take off Batch Type: Timesheet \u00d7"] == (
        "/export-control?period=2027-7&number=27&sort=-date"
    )
    assert page.find("a", string="Clear the filter")["href"] == "/export-control"
    assert not bob.open("/export-control").select(".narrowed")


@pytest.mark.parametrize("column", ["number", "status", "date", "period", "fin_co", "reference"])
def test_the_list_can_be_sorted_both_ways(house, bob, column):
    for day in (3, 1, 2):
        make_batch(house, batch_date=dt.date(2026, 11, day), reference=f"Week {day}")
    up = numbers(bob.open(f"/export-control?sort={column}"))
    page = bob.open(f"/export-control?sort=-{column}")
    assert numbers(page) == up[::-1]
    assert len(page.select("thead [aria-sort=descending]")) == 1


def test_a_button_pressed_on_a_later_page_leads_back_to_it(house, bob):
    for _ in range(101):
        make_batch(house)
    page = bob.open("/export-control?status=closed&sort=number&page=2")
    back = page.find("input", attrs={"name": "back"})["value"]
    assert back == "/export-control?page=2&status=closed&sort=number"


def test_the_list_is_a_file_with_a_row_for_each_currency(house, bob):
    mixed = make_batch(house, reference="=1+1")
    make_document(mixed)
    make_document(mixed, currency_code="AUD")
    make_batch(house, status=BatchStatus.EXPORTED)
    page = bob.open("/export-control")
    response = bob.get(page.find("a", string="Download these 1 as CSV")["href"])
    lines = response.text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("Batch Type,Batch No,Status,")
    assert [line.split(",")[-3:-1] for line in lines[1:]] == [["AUD", "115.00"], ["NZD", "115.00"]]
    assert "'=1+1" in lines[1]


@pytest.mark.parametrize(
    ("status", "marked", "reason"),
    [
        (BatchStatus.OPEN, False, "Only closed batches can be exported."),
        (BatchStatus.OPEN, True, "Marked Not For Export."),
        (BatchStatus.EXPORTING, False, "It is being exported now."),
        (BatchStatus.EXPORTED, False, "It is exported already."),
        (BatchStatus.CLOSED, False, None),
    ],
)
def test_a_tick_that_cannot_be_set_says_why(house, bob, status, marked, reason):
    make_batch(house, status=status, not_for_export=marked)
    page = bob.open("/export-control?status=any")
    (tick,) = ticks(page)
    assert tick.get("title") == reason
    if reason:
        assert page.find(id=tick["aria-describedby"]).text == reason


def test_a_reader_is_told_that_batches_may_only_be_looked_at(house, rita, bob):
    make_batch(house)
    page = rita.open("/export-control")
    assert page.select_one("#read-only")
    assert ticks(page)[0]["title"] == "You may not export batches."
    assert not bob.open("/export-control").select("#read-only")


def test_status_stands_beside_the_number_and_every_cell_knows_its_column(house, bob):
    make_batch(house)
    page = bob.open("/export-control")
    heads = [head.text.strip() for head in page.select("#listing thead th")]
    assert heads.index("Status") == heads.index("Batch No") + 1
    cells = page.select("#listing tbody tr > *")
    assert len(cells) == len(heads)
    labels = {head: cell.get("data-label") for head, cell in zip(heads, cells, strict=True)}
    assert {head for head, label in labels.items() if label is None} == {
        "Export",
        "Batch No",
        "Status",
    }
    assert all(label in {None, head} for head, label in labels.items())
