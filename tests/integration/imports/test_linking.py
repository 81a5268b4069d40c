"""A company is the contact that a person says it is, and imports follow (R48, Q5, Q40)."""

from contextvars import Context

import pytest
from bs4 import BeautifulSoup

from webapp.db import db, utc_now
from webapp.models import AuditEvent, Company, User, XeroContact
from webapp.services.contact_links import (
    ConfirmFirst,
    Linker,
    find_contacts,
    link_contact,
    unlink_contact,
)
from webapp.services.errors import ChangedMeanwhile, NotAllowedNow, NotConnected, NotFound

AP = "Workbench AP (Suppliers)"


@pytest.fixture
def by(house) -> Linker:
    return Linker(user_id=house.alice_id, source="127.0.0.1", now=utc_now())


@pytest.fixture
def contacts(connect, sandbox) -> dict[str, str]:
    """Contacts of the connected organisation: their ids by name."""
    connect()
    books = sandbox.inside()
    return {
        "Rapid Cranes": books.contact("Rapid Cranes", AP, AccountNumber="RAP"),
        "Rapid Cranes 2019": books.contact("Rapid Cranes 2019"),
        'Odd "Quoted" Hire': books.contact('Odd "Quoted" Hire', AccountNumber='O"1'),
    }


def company(house, name: str, **more) -> int:
    made = Company(fin_co_id=house.fin_co_id, name=name, is_supplier=True, **more)
    db.session.add(made)
    db.session.commit()
    return made.id


def links() -> dict[str, str]:
    """Which contact each company is."""
    db.session.rollback()
    rows = db.session.query(XeroContact).all()
    return {row.company.name: row.name for row in rows}


@pytest.fixture
def find(deps):
    def found(company_id: int, text: str, *, by_account: bool = False):
        return find_contacts(
            deps.xero, company_id=company_id, text=text, by_account=by_account, now=utc_now()
        )

    return found


@pytest.fixture
def link(deps, by):
    def linked(company_id: int, contact_id: str, *, seen: str = "", confirmed: bool = False):
        return link_contact(
            deps.xero,
            company_id=company_id,
            contact_id=contact_id,
            seen=seen,
            confirmed=confirmed,
            by=by,
        )

    return linked


def test_contacts_are_found_by_name_and_by_account_with_one_call_each(
    house, contacts, find, sandbox
):
    mine = company(house, "Cranes of ours")
    sandbox.control("DELETE", "requests")
    assert {one.name for one in find(mine, "rapid")} == {"Rapid Cranes", "Rapid Cranes 2019"}
    assert len(sandbox.calls("GET", "Contacts")) == 1
    [found] = find(mine, " RAP ", by_account=True)
    assert (found.contact_id, found.groups) == (contacts["Rapid Cranes"], (AP,))
    assert len(sandbox.calls("GET", "Contacts")) == 2
    [odd] = find(mine, 'Odd "Quoted"')
    assert odd.account_number == 'O"1'
    with pytest.raises(NotAllowedNow, match="quotation mark"):
        find(mine, 'O"1', by_account=True)


def test_R48_an_import_follows_the_contact_a_company_was_linked_to(
    house, contacts, link, import_now, sandbox
):
    mine = company(house, "Cranes of ours", ap_account="OLD-1")
    assert link(mine, contacts["Rapid Cranes"]) == "Rapid Cranes"
    assert links() == {"Cranes of ours": "Rapid Cranes"}
    import_now()
    db.session.rollback()
    kept = db.session.get(Company, mine)
    assert (kept.name, kept.ap_account) == ("Rapid Cranes", "RAP")
    assert db.session.query(Company).filter_by(ap_account="RAP").count() == 1


def test_a_contact_in_no_group_is_linked_all_the_same_and_renamed_in_step(
    house, contacts, link, import_now, sandbox
):
    mine = company(house, "Cranes of ours", ap_account="OLD-1")
    link(mine, contacts["Rapid Cranes 2019"])
    sandbox.inside().change(contacts["Rapid Cranes 2019"], Name="Rapid Cranes old")
    import_now()
    assert links()["Cranes of ours"] == "Rapid Cranes old"
    assert db.session.get(Company, mine).ap_account == "OLD-1"


def test_a_contact_is_one_company(house, contacts, link, find):
    first, second = company(house, "First"), company(house, "Second")
    link(first, contacts["Rapid Cranes"])
    with pytest.raises(NotAllowedNow, match="The contact Rapid Cranes is linked to First already"):
        link(second, contacts["Rapid Cranes"])
    assert {one.company for one in find(second, "rapid")} == {"First", None}
    assert links() == {"First": "Rapid Cranes"}


def test_linking_anew_asks_first_and_names_both(house, contacts, link):
    mine = company(house, "Cranes of ours")
    link(mine, contacts["Rapid Cranes"])
    seen = contacts["Rapid Cranes"]
    with pytest.raises(ConfirmFirst) as asked:
        link(mine, contacts["Rapid Cranes 2019"], seen=seen)
    assert "the contact Rapid Cranes." in asked.value.message
    assert asked.value.contact == "Rapid Cranes 2019"
    assert "Rapid Cranes 2019 instead" in asked.value.message
    with pytest.raises(ChangedMeanwhile):
        link(mine, contacts["Rapid Cranes 2019"], seen="", confirmed=True)
    assert links() == {"Cranes of ours": "Rapid Cranes"}
    link(mine, contacts["Rapid Cranes 2019"], seen=seen, confirmed=True)
    assert links() == {"Cranes of ours": "Rapid Cranes 2019"}


def test_unlinking_keeps_the_company_and_is_logged(house, contacts, link, by):
    mine = company(house, "Cranes of ours", ap_account="OLD-1")
    link(mine, contacts["Rapid Cranes"])
    with pytest.raises(ChangedMeanwhile):
        unlink_contact(mine, seen=contacts["Rapid Cranes 2019"], by=by)
    assert unlink_contact(mine, seen=contacts["Rapid Cranes"], by=by) == "Rapid Cranes"
    assert links() == {}
    assert db.session.get(Company, mine).ap_account == "OLD-1"
    events = db.session.query(AuditEvent).order_by(AuditEvent.id).all()
    told = [
        (event.action, event.detail["contact"]) for event in events if "contact" in event.action
    ]
    assert told == [
        ("link contact", ["", "Rapid Cranes"]),
        ("unlink contact", ["Rapid Cranes", ""]),
    ]


def test_a_link_is_of_the_organisation_that_is_connected(house, connect, contacts, link, find):
    """Q5: what was learnt of one organisation is not sent to another."""
    mine = company(house, "Cranes of ours")
    link(mine, contacts["Rapid Cranes"])
    with pytest.raises(NotFound):
        link(mine, "00000000-1111-4000-8000-000000000000", seen=contacts["Rapid Cranes"])
    other = Company(fin_co_id=house.other_fin_co_id, name="Elsewhere")
    db.session.add(other)
    db.session.commit()
    with pytest.raises(NotConnected):
        find(other.id, "rapid")


def test_what_xero_does_not_answer_is_told_and_nothing_is_linked(house, contacts, link, sandbox):
    mine = company(house, "Cranes of ours")
    sandbox.fault("429_day")
    with pytest.raises(NotAllowedNow):
        link(mine, contacts["Rapid Cranes"])
    sandbox.no_faults()
    assert links() == {}


def test_the_screens_lead_from_the_company_to_its_contact_and_back(app, house, contacts):
    mine = company(house, "Cranes of ours")
    user = db.session.get_one(User, house.alice_id)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{user.id}:{user.session_key}"
        session["_fresh"] = True
    db.session.rollback()

    def page(answer):
        return BeautifulSoup(answer.text, "html.parser")

    def opened(address: str):
        answer = Context().run(client.get, address)
        assert answer.status_code == 200, answer.text
        return page(answer)

    def press(form):
        sent = {box["name"]: box.get("value", "") for box in form.select("input[name]")}
        return Context().run(client.post, form["action"], data=sent)

    start = opened(f"/companies/{mine}")
    assert "Link to a contact" in start.text
    search = opened(f"/companies/{mine}/contact")
    assert search.select_one("#f-q")["value"] == "Cranes of ours"
    found = opened(f"/companies/{mine}/contact?q=rapid")
    [button] = [one for one in found.select("td form") if one.text.strip().endswith("Cranes")]
    back = press(button)
    assert back.status_code == 303
    assert (
        "Cranes of ours is linked to the contact Rapid Cranes in Xero."
        in opened(back.location).text
    )

    found = opened(f"/companies/{mine}/contact?q=rapid")
    [button] = found.select("td form")
    asked = press(button)
    assert asked.status_code == 409
    assert "It would be linked to Rapid Cranes 2019 instead." in asked.text
    [yes] = page(asked).select(f"form[action$='/{mine}/contact']")
    assert press(yes).status_code == 303
    assert links() == {"Cranes of ours": "Rapid Cranes 2019"}

    unlink = opened(f"/companies/{mine}").select_one("form[action$=unlink]")
    assert press(unlink).status_code == 303
    assert links() == {}
