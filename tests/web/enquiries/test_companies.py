import csv
import io

import pytest
from bs4 import BeautifulSoup
from factories import NOW, TENANT, make_connection

from webapp.db import db
from webapp.models import AuditEvent, Company, XeroContact
from webapp.models.xero import ConnectionState

OTHER_TENANT = "cccccccc-0000-4000-8000-00000000c0de"


def make_company(house, name="Northern Formwork", **more) -> Company:
    company = Company(**{"fin_co": house.fin_co, "name": name, **more})
    db.session.add(company)
    db.session.commit()
    return company


def link(company, number=1, *, tenant=TENANT, status="ACTIVE") -> XeroContact:
    contact = XeroContact(
        fin_co_id=company.fin_co_id,
        tenant_id=tenant,
        company=company,
        contact_id=f"eeeeeeee-0000-4000-8000-{number:012d}",
        name=company.name,
        status=status,
        seen_at=NOW,
    )
    db.session.add(contact)
    db.session.commit()
    return contact


def kept(company) -> Company:
    """The company as another session left it."""
    db.session.rollback()
    db.session.refresh(company)
    return company


def names(page) -> list[str]:
    return [cell.text.strip() for cell in page.select("tbody th")]


def fact(page, label: str) -> str:
    return page.find("dt", string=label).find_next("dd").text.strip()


def address(company) -> str:
    return f"/companies/{company.id}"


def fill(browser, company, **entries):
    """Open the page, change some fields of its form and press Save."""
    form = browser.open(address(company)).select_one(f"form[action='{address(company)}']")
    values = {
        field["name"]: field.get("value", "y")
        for field in form.select("input[name]")
        if field.get("type") != "checkbox" or field.has_attr("checked")
    }
    wanted = {**values, **entries}
    return browser.send(
        address(company), {name: value for name, value in wanted.items() if value is not None}
    )


def test_the_list_tells_what_a_company_is_and_links_it_to_xero(house, bob):
    make_connection(house.fin_co)
    company = make_company(
        house,
        alpha_code="NORTHF",
        ap_account="NOR001",
        is_supplier=True,
        is_subcontractor=True,
        currency_code="NZD",
        payment_terms_days=20,
        payment_terms_type="OFFOLLOWINGMONTH",
    )
    link(company)
    row = bob.open("/companies").select_one("tbody tr")
    told = " ".join(row.text.split())
    for words in (
        "Northern Formwork",
        "NORTHF",
        "NOR001",
        "Supplier, Subcontractor",
        "01",
        "Active",
        "NZD",
        "20th of the following month",
    ):
        assert words in told
    assert "Contacts%2FView%2Feeeeeeee" in row.select_one("a.out")["href"]


def test_the_filters_narrow_the_list_and_stay_in_the_address(house, bob):
    make_connection(house.fin_co)
    linked = make_company(house, "Alpha Roofing", ap_account="ROOF1", is_supplier=True)
    link(linked)
    make_company(house, "Beta Client", ar_account="ROOF2", is_client=True)
    make_company(house, "Gone Ltd", active=False)

    assert names(bob.open("/companies")) == ["Alpha Roofing", "Beta Client"]
    assert names(bob.open("/companies?q=roof&role=client")) == ["Beta Client"]
    assert names(bob.open("/companies?linked=yes")) == ["Alpha Roofing"]
    assert names(bob.open("/companies?linked=no&status=any")) == ["Beta Client", "Gone Ltd"]
    page = bob.open("/companies?q=roof&role=supplier&sort=-ap")
    assert page.select_one("#f-q")["value"] == "roof"
    assert page.select_one("#f-role option[selected]")["value"] == "supplier"
    assert page.select_one("th[aria-sort]")["aria-sort"] == "descending"
    for place in (page.select_one("thead a"), page.find("a", string=lambda s: s and "CSV" in s)):
        assert "q=roof" in place["href"]
        assert "role=supplier" in place["href"]


@pytest.mark.parametrize("query", ["role=owner", "status=old", "sort=size", "linked=perhaps"])
def test_a_filter_there_is_none_of_is_refused(bob, query):
    assert bob.get(f"/companies?{query}").status_code == 422


def test_what_is_empty_comes_last_whichever_way_the_list_is_sorted(house, bob):
    make_company(house, "None")
    make_company(house, "one", ap_account="a1")
    make_company(house, "Two", ap_account="B2")
    assert names(bob.open("/companies?sort=ap")) == ["one", "Two", "None"]
    assert names(bob.open("/companies?sort=-ap")) == ["Two", "one", "None"]


def test_R47_a_company_whose_contact_was_archived_is_found_among_the_inactive(house, bob):
    make_company(house, "Gone Ltd", active=False)
    page = bob.open("/companies")
    assert names(page) == []
    assert "No company" in page.text or "no companies yet" in page.text
    assert names(bob.open("/companies?status=inactive")) == ["Gone Ltd"]


def test_R48_Q5_only_the_contact_of_the_organisation_connected_now_counts(house, bob):
    make_connection(house.fin_co)
    make_connection(
        house.fin_co,
        name="Old Ledger",
        tenant_id=OTHER_TENANT,
        state=ConnectionState.DISCONNECTED,
    )
    company = make_company(house)
    link(company, tenant=OTHER_TENANT)
    assert "Not yet" in bob.open("/companies").select_one("tbody tr").text
    page = bob.open(address(company))
    assert "Linked to no contact in Xero: its invoices will not export." in page.text
    assert "Old Ledger" in page.text
    assert "not connected now" in page.text
    link(company, 2)
    assert "will not export" not in bob.open(address(company)).text


def test_R46_the_page_tells_terms_in_xeros_word_and_in_ours(house, bob):
    company = make_company(
        house,
        payment_terms_days=1,
        payment_terms_type="DAYSAFTERBILLMONTH",
        tax_number="123-456-789",
        use_gst=False,
    )
    page = bob.open(address(company))
    assert fact(page, "Payment terms") == "1 day after the end of the invoice month"
    assert fact(page, "Payment Terms Type") == "DAYSAFTERBILLMONTH"
    assert fact(page, "GST number") == "123-456-789"
    assert fact(page, "Use GST") == "No"


def test_R41_supplier_and_ap_account_are_set_by_hand_on_a_client(house, bob, people):
    make_connection(house.fin_co)
    company = make_company(house, is_client=True, ar_account="C1")
    link(company)
    response = fill(bob, company, ap_account="  NOR001 ", is_supplier="y", alpha_code="NF")
    assert response.status_code == 303
    kept(company)
    assert (company.is_supplier, company.ap_account, company.alpha_code) == (True, "NOR001", "NF")
    event = db.session.query(AuditEvent).one()
    assert (event.user_id, event.action) == (people["Bob"].id, "edit company")
    assert event.detail["ap_account"] == [None, "NOR001"]
    log = bob.open("/administration/audit-log").text
    assert "Changed a company" in log
    assert "AP Account" in log


def test_R41_on_a_supplier_in_xero_the_account_is_xeros_to_set(house, bob):
    make_connection(house.fin_co)
    company = make_company(house, is_supplier=True, ap_account="NOR001")
    link(company)
    page = bob.open(address(company))
    assert not page.select("input[name=ap_account]")
    assert "come from the contact in Xero" in page.text
    assert fill(bob, company, is_subcontractor="y").status_code == 303
    kept(company)
    assert (company.is_subcontractor, company.ap_account) == (True, "NOR001")
    response = fill(bob, company, ap_account="MINE")
    assert response.status_code == 422
    assert "come from its contact in Xero" in response.text


def test_saving_what_somebody_else_changed_meanwhile_writes_nothing_over_it(house, bob):
    company = make_company(house, alpha_code="OLD")
    seen = bob.open(address(company)).select_one("input[name=seen]")["value"]
    company.alpha_code = "THEIRS"
    db.session.commit()
    response = bob.send(address(company), {"seen": seen, "alpha_code": "MINE"})
    assert response.status_code == 409
    assert "changed by someone else" in response.text
    assert "Kept now: <strong>THEIRS" in response.text
    assert 'value="MINE"' in response.text
    kept(company)
    assert company.alpha_code == "THEIRS"
    # What is kept now was seen: saving again is on purpose.
    again = BeautifulSoup(response.text, "html.parser").select_one("input[name=seen]")["value"]
    assert bob.send(address(company), {"seen": again, "alpha_code": "MINE"}).status_code == 303
    kept(company)
    assert company.alpha_code == "MINE"


@pytest.mark.parametrize("theirs", ["NOR001", " NOR001 "])
def test_R49_an_account_another_company_of_the_fin_co_has_is_refused(house, bob, theirs):
    make_company(house, "First There", ap_account=theirs)
    company = make_company(house)
    response = fill(bob, company, ap_account="NOR001 ")
    assert response.status_code == 422
    assert "First There" in response.text
    assert 'aria-invalid="true"' in response.text
    kept(company)
    assert company.ap_account is None


def test_R49_the_spaces_around_a_companys_own_account_can_be_taken_away(house, bob):
    company = make_company(house, ap_account=" NOR001 ")
    assert fill(bob, company, ap_account="NOR001").status_code == 303
    assert kept(company).ap_account == "NOR001"


def test_the_same_account_in_another_fin_co_is_no_matter(house, bob):
    make_company(house, "Elsewhere", fin_co=house.other, ap_account="NOR001")
    assert fill(bob, make_company(house), ap_account="NOR001").status_code == 303


def test_an_entry_that_is_too_long_is_refused_beside_its_field(house, bob):
    response = fill(bob, make_company(house), ap_account="x" * 51, alpha_code="y" * 21)
    assert response.status_code == 422
    assert "at most 50 characters" in response.text
    assert "at most 20 characters" in response.text


def test_saving_nothing_new_says_so_and_is_no_event(house, bob):
    company = make_company(house, alpha_code="A")
    response = fill(bob, company)
    assert "Nothing was different" in bob.open(response.location).text
    assert db.session.query(AuditEvent).count() == 0


def test_who_may_only_read_finds_no_form(house, rita):
    page = rita.open(address(make_company(house)))
    assert not page.select("main form")


def test_companies_of_another_fin_co_do_not_exist(house, charlie):
    company = make_company(house)
    assert names(charlie.open("/companies?status=any")) == []
    assert charlie.get(address(company)).status_code == 404
    assert charlie.get("/companies?fin_co=01").status_code == 404
    assert company.name not in charlie.get("/companies.csv").text


def test_the_file_has_what_the_filter_shows_and_no_formulas(house, bob):
    make_company(house, "=HYPERLINK(1)", ap_account="+1", payment_terms_days=0,
                 payment_terms_type="DAYSAFTERBILLDATE")  # fmt: skip
    make_company(house, "Gone", active=False)
    response = bob.get("/companies.csv?sort=-name")
    assert response.mimetype == "text/csv"
    [row] = csv.DictReader(io.StringIO(response.data.decode("utf-8-sig")))
    assert (row["Name"], row["AP Account"], row["Active"]) == ("'=HYPERLINK(1)", "'+1", "yes")
    assert row["Terms"] == "on the invoice date"


def test_an_empty_list_says_how_companies_come_in(house, bob):
    page = bob.open("/companies")
    assert "Import brings them in from Xero" in page.text
    assert "No company matches" in bob.open("/companies?q=x").text


def test_more_companies_cost_no_more_statements(house, bob, statements):
    make_connection(house.fin_co)
    counted = []
    for size in (1, 120):
        for number in range(size):
            link(make_company(house, f"Company {size}-{number}"), size * 1000 + number)
        with statements() as seen:
            page = bob.open("/companies")
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 5
    assert len(names(page)) == 100
    assert "Page 1 of 2" in page.text
    assert len(names(bob.open("/companies?page=2"))) == 21
