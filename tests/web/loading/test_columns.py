"""Saying which column is which, and how the file is written."""

from webapp.db import db
from webapp.models import LoadRun

OTHERS = "Vendor;Code at vendor;Since\nHire Ltd;HIRE01;x\nCrane Ltd;CRANE;y\n"
SPEND = (
    "supplier id,supplier,invoice no,date,amount,category,area,cost centre\n"
    'S1,Hire Ltd,INV-1,{day},"{amount}",Plant,Civil,J1\n'
)


def of(address: str) -> LoadRun:
    db.session.rollback()
    return db.session.get(LoadRun, int(address.rpartition("/")[2]))


def field_of(page, heading: str):
    row = next(one for one in page.select(".columns-of-file tbody tr") if heading in one.th.text)
    return row.select_one("select")


def chosen(box) -> str:
    return box.select_one("option[selected]")["value"]


def test_columns_are_shown_with_what_stands_in_them_and_guesses_are_called_so(bob, send, take):
    _, page = take(bob, send, "Supplier Name,AP Account,Colour\nHire Ltd,HIRE01,red\n")
    assert chosen(field_of(page, "Supplier Name")) == "name"
    assert chosen(field_of(page, "AP Account")) == "ap_account"
    assert field_of(page, "Colour").select_one("option[selected]") is None
    row = field_of(page, "Supplier Name").find_parent("tr").text
    assert "Hire Ltd" in row
    assert "Guessed from its heading" in row
    assert "Guessed" not in field_of(page, "Colour").find_parent("tr").text


def test_what_is_recognised_is_said_with_its_reason_and_can_be_changed(bob, send, take, filled):
    address, page = take(bob, send, OTHERS)
    box = page.select_one("#delimiter")
    assert "Semicolon ; (recognised)" in box.select_one("option[selected]").text
    assert "equally many cells" in page.select_one("#delimiter-why").text
    assert [one.th.text.strip() for one in page.select(".columns-of-file tbody tr")] == [
        "Vendor", "Code at vendor", "Since",
    ]  # fmt: skip
    form = filled(page, delimiter="|", do="look")
    again = bob.send(f"{address}/mapping", form)
    assert "Vendor;Code at vendor;Since" in again.text
    assert of(address).settings is None


def test_a_field_that_is_needed_or_fed_twice_is_told_and_nothing_is_kept(bob, send, take, filled):
    address, page = take(bob, send, OTHERS)
    form = filled(page)
    refused = bob.send(f"{address}/mapping", {**form, "field-0": "", "field-1": ""})
    assert refused.status_code == 422
    assert "Name: say which column holds it" in refused.text
    twice = bob.send(f"{address}/mapping", {**form, "field-0": "name", "field-1": "name"})
    assert twice.status_code == 422
    assert "both “Vendor” and “Code at vendor”" in twice.text
    assert of(address).settings is None


def test_dates_that_can_be_read_in_two_ways_are_asked_with_examples_in_both(
    bob, send, take, filled
):
    content = SPEND.format(day="03/04/2026", amount="115.20")
    address, page = take(bob, send, content, target="ap-spend")
    question = page.find("legend", string="Dates").parent
    assert "03/04/2026 is 3 Apr 2026" in question.text
    assert "03/04/2026 is 4 Mar 2026" in question.text
    assert question.select("input[checked]") == []
    refused = bob.send(f"{address}/mapping", filled(page))
    assert refused.status_code == 422
    assert "Dates: choose below" in refused.text
    kept = bob.send(f"{address}/mapping", filled(page, date_format="%d/%m/%Y"))
    assert kept.location == f"{address}/preview"
    assert of(address).settings["date_format"] == "%d/%m/%Y"


def test_a_date_with_one_reading_is_not_asked(bob, send, take):
    content = SPEND.format(day="31/03/2026", amount="115.20")
    _, page = take(bob, send, content, target="ap-spend")
    assert page.find("legend", string="Dates") is None
    assert "day first (recognised)" in page.select_one("#date_format").text


def test_a_comma_that_may_be_decimal_or_not_is_asked_with_examples(bob, send, take, filled):
    content = SPEND.format(day="2026-03-31", amount="1,234")
    address, page = take(bob, send, content, target="ap-spend")
    question = page.find("legend", string="Decimals").parent
    assert "1,234 is 1,234" in question.text
    assert "1,234 is 1.234" in question.text
    assert bob.send(f"{address}/mapping", filled(page)).status_code == 422
    assert bob.send(f"{address}/mapping", filled(page, decimal_mark=".")).status_code == 303


def test_letters_that_can_be_read_in_two_ways_are_asked_with_the_files_own(bob, send, take, filled):
    address, page = take(bob, send, "Name,AP Account\nCafé Zürich,CZ\n".encode("cp1252"))
    question = page.find("legend", string="Encoding").parent
    assert "Café Zürich" in question.text
    assert "CafÈ" in question.text
    # Latin 1 says the same as Windows of every letter in this file.
    assert len(question.select("input[type=radio]")) == 3
    assert bob.send(f"{address}/mapping", filled(page)).status_code == 422
    assert bob.send(f"{address}/mapping", filled(page, encoding="cp1252")).status_code == 303
    assert "Café Zürich" in bob.open(f"{address}/preview").text


def test_columns_are_remembered_under_a_name_and_taken_for_the_next_such_file(
    bob, send, take, filled
):
    address, page = take(bob, send, OTHERS)
    form = {**filled(page, remember_as="Hire firm"), "field-0": "name", "field-1": "ap_account"}
    assert bob.send(f"{address}/mapping", form).status_code == 303
    address, page = take(bob, send, OTHERS.replace("Hire", "Dig"))
    assert "remembered as “Hire firm”" in page.text
    assert chosen(field_of(page, "Vendor")) == "name"
    assert "Remembered" in field_of(page, "Vendor").find_parent("tr").text
    afresh = bob.open(f"{address}/mapping?afresh=yes")
    assert "remembered as" not in afresh.text
    _, other = take(bob, send, "Firm,City\nA,B\n")
    assert "remembered as" not in other.text
    assert "Hire firm" in other.select_one("#source").text


def test_what_one_fin_co_remembers_is_not_shown_to_another(bob, charlie, send, take, filled):
    address, page = take(bob, send, OTHERS)
    form = {**filled(page, remember_as="Hire firm"), "field-0": "name"}
    assert bob.send(f"{address}/mapping", form).status_code == 303
    _, page = take(charlie, send, OTHERS, fin_co="02")
    assert "Hire firm" not in page.text


def test_a_file_is_forgotten_on_request(bob, send, take, instance):
    address, _ = take(bob, send, OTHERS)
    assert bob.send(f"{address}/discard").status_code == 303
    assert bob.get(address).status_code == 404
    assert [path for path in instance.rglob("*") if path.is_file()] == []
