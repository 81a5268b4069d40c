"""Preview, load, report."""

import csv
import io
from decimal import Decimal

import sqlalchemy as sa
from factories import TENANT, make_connection

from webapp.db import db
from webapp.models import AuditEvent, Company, XeroTaxRate

GOOD = "Name,AP Account\nHire Ltd,HIRE01\nCrane Ltd,CRANE\n"
ONE_BAD = "Name,AP Account,Uses GST\nHire Ltd,HIRE01,yes\nCrane Ltd,CRANE,perhaps\n"


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Company.name).order_by(Company.name)))


def previewed(browser, send, take, filled, content):
    address, page = take(browser, send, content)
    response = browser.send(f"{address}/mapping", filled(page))
    assert response.status_code == 303, response.text
    return address, browser.open(response.location)


def counts(page) -> dict[str, str]:
    return {one.dt.text: one.dd.text.strip() for one in page.select("dl.facts > div")}


def test_a_preview_stores_nothing_and_tells_what_would_come(bob, send, take, filled):
    _, page = previewed(bob, send, take, filled, GOOD)
    told = counts(page)
    assert (told["Rows"], told["New"], told["Bad"]) == ("2", "2", "0")
    assert "Hire Ltd" in page.find("div", attrs={"aria-label": "First records"}).text
    assert page.select("input[type=radio]") == []
    assert names() == []


def test_a_file_without_problems_is_loaded_and_reported(bob, send, take, filled, work):
    address, page = previewed(bob, send, take, filled, GOOD)
    started = bob.send(f"{address}/start", {"mode": page.select_one("[name=mode]")["value"]})
    assert started.location == address
    assert "data-stream" in bob.get(address).text
    page = work(bob, address)
    assert "Load completed" in page.h2.text
    assert "2 new, 0 changed" in page.select_one(".outcome").text
    assert "data-stream" not in page.text
    assert names() == ["Crane Ltd", "Hire Ltd"]
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "load file")).one()
    assert event.detail["file"] == "file.csv"


def test_the_same_file_again_changes_nothing(bob, send, take, filled, work):
    address, _ = previewed(bob, send, take, filled, GOOD)
    bob.send(f"{address}/start", {"mode": "whole"})
    work(bob, address)
    _, page = previewed(bob, send, take, filled, GOOD)
    assert counts(page)["As they are already"] == "2"
    assert "would change nothing" in page.text
    assert page.find("button", string="Load") is None


def test_what_becomes_of_good_rows_beside_bad_ones_is_chosen(bob, send, take, filled):
    address, page = previewed(bob, send, take, filled, ONE_BAD)
    problem = page.find("div", attrs={"aria-label": "Problems"}).text
    assert "Row 3" in problem
    assert "Uses GST" in problem
    assert "perhaps" in problem
    assert len(page.select("input[type=radio]")) == 2
    assert page.select("input[type=radio][checked]") == []
    bob.send(f"{address}/start")
    assert "it was not said what becomes of bad rows" in bob.open(f"{address}/preview").text


def test_good_rows_go_in_and_the_bad_ones_come_back_with_their_reasons(
    bob, send, take, filled, work
):
    address, _ = previewed(bob, send, take, filled, ONE_BAD)
    bob.send(f"{address}/start", {"mode": "good"})
    page = work(bob, address)
    assert "not all of it" in page.h2.text
    assert names() == ["Hire Ltd"]
    assert "Row 3" in page.find("div", attrs={"aria-label": "Problems"}).text
    link = page.find("a", string="Download the bad rows as CSV")
    back = bob.get(link["href"]).get_data().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(back))
    assert row["Name"] == "Crane Ltd"
    assert "perhaps" in row["Why it was not loaded"]
    again = page.find("a", string="load the corrected file")
    form = bob.open(again["href"])
    assert form.select_one("#target option[selected]")["value"] == "companies"
    assert form.select_one("#fin_co option[selected]")["value"] == "01"
    # The file of bad rows, put right, has the same columns and one more.
    address, _ = previewed(bob, send, take, filled, back.replace("perhaps", "no"))
    bob.send(f"{address}/start", {"mode": "whole"})
    work(bob, address)
    assert names() == ["Crane Ltd", "Hire Ltd"]


def test_whole_or_nothing_stores_nothing_when_a_row_is_bad(bob, send, take, filled, work):
    address, _ = previewed(bob, send, take, filled, ONE_BAD)
    bob.send(f"{address}/start", {"mode": "whole"})
    page = work(bob, address)
    assert "Nothing was stored" in page.h2.text
    assert names() == []
    assert page.find("a", string="Download the bad rows as CSV")
    history = bob.open("/loads?fin_co=01")
    assert "Nothing was stored" in history.text


def test_a_load_that_was_started_is_neither_mapped_nor_started_again(bob, send, take, filled, work):
    address, _ = previewed(bob, send, take, filled, GOOD)
    bob.send(f"{address}/start", {"mode": "whole"})
    assert bob.get(f"{address}/mapping").location == address
    assert bob.send(f"{address}/mapping", {"do": "save"}).location == address
    assert bob.get(f"{address}/preview").location == address
    bob.send(f"{address}/start", {"mode": "whole"})
    work(bob, address)
    assert len(names()) == 2


def test_whoever_may_only_read_sees_the_load_and_no_button(bob, rita, send, take, filled):
    address, _ = previewed(bob, send, take, filled, GOOD)
    page = rita.open(address)
    assert "Go on with this file" not in page.text
    assert "Load from a file" not in rita.open("/loads").text
    assert rita.send(f"{address}/start", {"mode": "whole"}).status_code == 403


def test_a_running_load_tells_how_far_it_is(bob, send, take, filled):
    address, _ = previewed(bob, send, take, filled, GOOD)
    bob.send(f"{address}/start", {"mode": "whole"})
    panel = bob.open(f"{address}/panel")
    assert "Waiting its turn" in panel.text
    assert panel.progress["value"] == "0"
    assert 'http-equiv="refresh"' in bob.get(address).text


def test_R69_rates_that_are_not_xero_s_are_told_before_a_load_of_gst_types(
    alice, house, send, take, filled
):
    make_connection(house.fin_co)
    tax_rates = {"INPUT2": (Decimal(15), "expenses"), "OUTPUT2": (Decimal(15), "revenue")}
    for code, (percent, on) in tax_rates.items():
        kinds = ("assets", "equity", "expenses", "liabilities", "revenue")
        db.session.add(
            XeroTaxRate(
                fin_co_id=house.fin_co.id,
                tenant_id=TENANT,
                tax_type=code,
                name=f"Rate {code}",
                status="ACTIVE",
                effective_rate=percent,
                **{f"can_apply_to_{kind}": kind == on for kind in kinds},
            )
        )
    db.session.commit()
    content = (
        "GST Type,Description,Percent,Export Code,Use for AP,Use for AR\n"
        "OLD,GST,12.5,INPUT2,yes,no\nGOOD,GST,15,INPUT2,yes,no\nBAD,GST,15,OUTPUT2,yes,no\n"
    )
    address, page = take(alice, send, content, target="gst-types", fin_co="")
    alice.send(f"{address}/mapping", filled(page, decimal_mark="."))
    page = alice.open(f"{address}/preview")
    warned = page.find("h2", string="Look at these first").parent
    assert [item.text for item in warned.select("li")] == ["Row 2: 12.5 % here, 15 % in Xero (01)."]
    problems = page.find("div", attrs={"aria-label": "Problems"}).text
    assert "Row 4" in problems
    assert "Rate OUTPUT2 cannot be used for AP in Xero" in problems
    assert counts(page)["New"] == "2"


def test_loads_are_filtered_sorted_and_downloaded_like_other_lists(alice, send, take, filled, work):
    for name, content in (("a.csv", GOOD), ("b.csv", ONE_BAD)):
        address, page = take(alice, send, content, name=name)
        alice.send(f"{address}/mapping", filled(page))
        alice.send(f"{address}/start", {"mode": "good"})
        work(alice, address)
    take(alice, send, "Location,Description\nWN,Wellington\n", target="locations", fin_co="")

    def files(query: str) -> list[str]:
        rows = alice.open(f"/loads{query}").select("tbody tr")
        return [row.select_one("td.long").text for row in rows]

    assert files("") == ["file.csv", "b.csv", "a.csv"]
    assert files("?sort=file") == ["a.csv", "b.csv", "file.csv"]
    assert files("?sort=-bad&what=companies") == ["b.csv", "a.csv"]
    assert files("?text=B.C") == ["b.csv"]
    assert files("?what=locations") == ["file.csv"]
    assert "No load matches." in alice.open("/loads?text=nowhere").text
    assert alice.get("/loads?sort=nothing").status_code in {404, 422}
    content = alice.get("/loads.csv?what=companies&sort=file").get_data().decode("utf-8-sig")
    header, first, second = csv.reader(io.StringIO(content))
    assert header[:5] == ["Sent", "Fin Co", "By", "What", "File"]
    assert (first[3:6], second[8:]) == (["Companies", "a.csv", "2"], ["1", "done"])
