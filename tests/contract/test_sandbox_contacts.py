from datetime import UTC, datetime, timedelta

import pytest
import requests


def put(api, *contacts, **options):
    return api.send("PUT", "Contacts", {"Contacts": list(contacts)}, **options)["Contacts"]


@pytest.mark.parametrize(
    ("contact", "message"),
    [
        ({"Name": ""}, "The Contact Name cannot be empty."),
        ({"Name": "A  B"}, "angle brackets, outer spaces or double spaces"),
        ({"Name": "A <b>"}, "angle brackets, outer spaces or double spaces"),
        ({"Name": "tasman ready mix"}, "is already assigned to another contact."),
        ({"Name": "New", "AccountNumber": "ridge01"}, "The Account Number already exists."),
        ({"Name": "New", "AccountNumber": "OLDMILL"}, "The Account Number already exists."),
        ({"Name": "New", "AccountNumber": "x" * 51}, "must not be longer than 50 characters."),
        ({"Name": "New", "EmailAddress": "nobody"}, "Email address must be valid."),
        ({"Name": "New", "EmailAddress": "müller@example.com"}, "Email address must be valid."),
    ],
)
def test_a_contact_that_breaks_a_rule_is_refused(api, contact, message):
    (found,) = api.refused("PUT", "Contacts", {"Contacts": [contact]})
    assert message in found


def test_the_name_of_an_archived_contact_is_free_again(api):
    assert put(api, {"Name": "Old Mill Timber"})[0]["ContactStatus"] == "ACTIVE"


def test_a_post_with_a_known_name_or_number_changes_that_contact(api):
    made = put(api, {"Name": "Numbered", "ContactNumber": "W-7"})[0]
    for contact in (
        {"Name": "Numbered", "EmailAddress": "a@example.com"},
        {"ContactNumber": "W-7", "Name": "Renamed"},
    ):
        changed = api.send("POST", "Contacts", {"Contacts": [contact]})["Contacts"][0]
        assert changed["ContactID"] == made["ContactID"]
    assert api.get("Contacts/W-7")["Contacts"][0]["EmailAddress"] == "a@example.com"


def test_an_archived_contact_is_closed_and_left_out_of_lists(api):
    contact_id = api.contact_id("Tasman Ready Mix")
    path = f"Contacts/{contact_id}"
    archived = api.send("POST", path, {"ContactStatus": "ARCHIVED"})["Contacts"][0]
    assert archived["ContactStatus"] == "ARCHIVED"
    (message,) = api.refused("POST", path, {"Name": "Other"})
    assert message.endswith("Archived contacts cannot currently be edited via the API.")
    assert contact_id not in {c["ContactID"] for c in api.get("Contacts")["Contacts"]}
    with_archived = api.get("Contacts", includeArchived="True", page=1)["Contacts"]
    assert contact_id in {c["ContactID"] for c in with_archived}


def test_groups_hold_contacts_and_show_on_paged_and_single_contacts(api):
    body = {"ContactGroups": [{"Name": "Workbench AP (Suppliers)"}]}
    group = api.send("PUT", "ContactGroups", body)["ContactGroups"][0]
    path = f"ContactGroups/{group['ContactGroupID']}"
    one, two = api.contact_id("Tasman Ready Mix"), api.contact_id("Ridgeway Quarries")
    added = api.send(
        "PUT", f"{path}/Contacts", {"Contacts": [{"ContactID": i} for i in (one, two)]}
    )
    assert len(added["Contacts"]) == 2
    members = api.get(path)["ContactGroups"][0]["Contacts"]
    assert [m["Name"] for m in members] == ["Ridgeway Quarries", "Tasman Ready Mix"]
    single = api.get(f"Contacts/{one}")["Contacts"][0]
    assert [g["Name"] for g in single["ContactGroups"]] == ["Workbench AP (Suppliers)"]
    paged = {c["ContactID"]: c for c in api.get("Contacts", page=1)["Contacts"]}
    assert paged[two]["ContactGroups"][0]["ContactGroupID"] == group["ContactGroupID"]
    assert api.call("DELETE", f"{path}/Contacts/{one}").status_code == 204
    assert len(api.get(path)["ContactGroups"][0]["Contacts"]) == 1
    assert api.call("DELETE", f"{path}/Contacts").status_code == 204
    assert api.get(path)["ContactGroups"][0]["Contacts"] == []
    assert api.refused("PUT", "ContactGroups", body) == ["The contact group name already exists."]
    api.send("POST", path, {"Status": "DELETED"})
    assert api.call("GET", path).status_code == 404


def test_pages_cut_the_list_without_a_gap_or_a_repeat(api):
    put(api, *({"Name": f"Supplier {n:03d}"} for n in range(25)))
    first = api.get("Contacts", page=1, pageSize=10)
    assert first["pagination"] == {"page": 1, "pageSize": 10, "pageCount": 3, "itemCount": 29}
    seen = [
        contact["ContactID"]
        for page in (1, 2, 3)
        for contact in api.get("Contacts", page=page, pageSize=10)["Contacts"]
    ]
    assert len(seen) == len(set(seen)) == 29
    assert api.get("Contacts", page=4, pageSize=10)["Contacts"] == []


@pytest.mark.parametrize(("asked", "given"), [("0", 1), ("5000", 1000), ("", 100), ("many", 100)])
def test_the_page_size_is_clamped(api, asked, given):
    assert api.get("Contacts", page=1, pageSize=asked)["pagination"]["pageSize"] == given


def test_an_unpaged_list_has_no_pagination(api):
    assert "pagination" not in api.get("Contacts")


def test_the_order_is_by_change_unless_another_is_asked_for(api):
    api.send("POST", f"Contacts/{api.contact_id('Bayside Traffic Control')}", {"LastName": "Z"})
    names = [c["Name"] for c in api.get("Contacts", page=1)["Contacts"]]
    assert names[-1] == "Bayside Traffic Control"
    ordered = [c["Name"] for c in api.get("Contacts", page=1, order="Name DESC")["Contacts"]]
    assert ordered == sorted(ordered, reverse=True)


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ('Name=="Tasman Ready Mix"', ["Tasman Ready Mix"]),
        ('AccountNumber == "RIDGE01"', ["Ridgeway Quarries"]),
        ('AccountNumber=="RIDGE01" OR AccountNumber=="TASMAN"',
         ["Ridgeway Quarries", "Tasman Ready Mix"]),
        ('AccountNumber=="RIDGE01" AND Name=="Tasman Ready Mix"', []),
        ('(Name=="Tasman Ready Mix") && ContactStatus=="ACTIVE"', ["Tasman Ready Mix"]),
        ('Name=="it\'s; DROP TABLE records"', []),
    ],
)  # fmt: skip
def test_where_filters(api, where, names):
    found = api.get("Contacts", where=where, order="Name")["Contacts"]
    assert [c["Name"] for c in found] == names


@pytest.mark.parametrize(
    "where", ['Name="x"', "Name.Contains(x)", 'Name=="x', "==", "1==1", "Name==", "(" * 60 + "1"]
)
def test_a_where_that_cannot_be_read_is_refused(api, where):
    answer = api.call("GET", "Contacts", params={"where": where})
    assert answer.status_code == 400
    assert answer.json()["Type"] == "QueryParseException"


def test_search_ids_and_summary(api):
    assert [c["Name"] for c in api.get("Contacts", searchTerm="tasman")["Contacts"]] == [
        "Tasman Ready Mix"
    ]
    wanted = api.contact_id("Old Mill Timber")
    assert [c["ContactID"] for c in api.get("Contacts", IDs=wanted)["Contacts"]] == [wanted]
    summary = api.get("Contacts", summaryOnly="true", page=1)["Contacts"][0]
    assert "Addresses" not in summary
    assert "ContactPersons" not in summary


def test_if_modified_since_is_read_to_the_second_in_three_forms(api, wait_until):
    api.sandbox.control("POST", "clock", {"advance_seconds": 10})
    api.send("POST", f"Contacts/{api.contact_id('Tasman Ready Mix')}", {"LastName": "Later"})
    changed = api.get(f"Contacts/{api.contact_id('Tasman Ready Mix')}")["Contacts"][0]
    instant = datetime.fromtimestamp(int(changed["UpdatedDateUTC"][6:19]) // 1000, UTC)
    forms = (
        instant.strftime("%Y-%m-%dT%H:%M:%S"),
        instant.strftime("%Y-%m-%dT%H:%M:%S.999999"),
        instant.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    )
    for form in forms:
        found = api.call("GET", "Contacts?page=1", headers={"If-Modified-Since": form}).json()
        assert [c["Name"] for c in found["Contacts"]] == ["Tasman Ready Mix"]
    later = (instant + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
    none = api.call("GET", "Contacts?page=1", headers={"If-Modified-Since": later}).json()
    assert none["Contacts"] == []


def test_paths_are_read_in_any_case_and_with_a_closing_slash(api):
    for path in ("contacts/", "CONTACTS", "Organisations", "organisation/"):
        assert api.call("GET", path).status_code == 200


def test_answers_are_xml_where_json_is_not_asked_for(api):
    for accept in ("*/*", "application/xml", "text/html"):
        answer = api.call("GET", "Contacts", headers={"Accept": accept})
        assert answer.headers["Content-Type"].startswith("text/xml")
        assert "<Contacts><Contact>" in answer.text
        assert "/Date(" not in answer.text
    headers = dict(api.session.headers)
    del headers["Accept"]
    with requests.Session() as session:
        session.headers.clear()
        answer = session.get(
            f"{api.sandbox.url}/api.xro/2.0/Organisation", headers=headers, timeout=30
        )
    assert "<Organisation>" in answer.text


def test_bodies_may_be_xml_or_json_with_or_without_the_wrapper(api):
    xml = {"Content-Type": "application/xml"}
    for body in (
        "<Contacts><Contact><Name>X1</Name></Contact></Contacts>",
        "<Contact><Name>X2</Name></Contact>",
    ):
        assert api.call("PUT", "Contacts", data=body, headers=xml).status_code == 200
    for body in ({"Name": "J1"}, [{"Name": "J2"}], {"Contacts": [{"Name": "J3"}]}):
        assert api.call("PUT", "Contacts", json=body).status_code == 200
    names = {c["Name"] for c in api.get("Contacts")["Contacts"]}
    assert {"X1", "X2", "J1", "J2", "J3"} <= names


@pytest.mark.parametrize(
    "body",
    [b"{", b"<Contacts>", b"[]", b"7", b'{"Contacts": [1]}', b'{"Name": "a\\u0007b"}',
     b'<!DOCTYPE x [<!ENTITY a "b">]><Contact><Name>&a;</Name></Contact>', b'{"Name": NaN}'],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_a_400(api, body):
    answer = api.call("PUT", "Contacts", data=body)
    assert answer.status_code == 400
    assert answer.json()["Type"] == "PostDataInvalidException"


def test_seeding_twice_makes_nothing_twice(api):
    wanted = {
        "organisation": "Harbour Civil Ltd",
        "contacts": [
            {"name": "Stone  &  Sons", "account_number": "S1", "group": "Workbench AP (Suppliers)"},
            {"name": "Stone & Sons", "account_number": "S2", "group": "Workbench AP (Suppliers)"},
            {"name": "Ridgeway Quarries", "account_number": "RIDGE01"},
        ],
        "accounts": [{"code": "7001", "name": "Roads", "type": "EXPENSE", "tax_type": "INPUT2"}],
        "tracking": {"Department": ["Roads", "Parks"], "Job": ["J1", "J2", "j1 "]},
    }
    first = api.sandbox.control("POST", "seed", wanted)
    second = api.sandbox.control("POST", "seed", wanted)
    assert first == {
        "contacts": {"made": 2, "present": 1},
        "accounts": {"made": 1, "present": 0},
        "tracking": {"made": 4, "present": 1},
    }
    assert [part["made"] for part in second.values()] == [0, 0, 0]
    found = {
        c["AccountNumber"]: c for c in api.get("Contacts", page=1, searchTerm="stone")["Contacts"]
    }
    assert (found["S1"]["Name"], found["S2"]["Name"]) == ("Stone & Sons", "Stone & Sons (S2)")
    assert found["S2"]["ContactGroups"][0]["Name"] == "Workbench AP (Suppliers)"


def test_the_pages_show_what_an_organisation_holds(api):
    made = api.make(InvoiceNumber="B<1>")
    overview = requests.get(api.sandbox.url, timeout=30).text
    assert "Harbour Civil Ltd" in overview
    listed = requests.get(f"{api.sandbox.url}/organisations/{api.tenant_id}/invoices", timeout=30)
    assert "B&lt;1&gt;" in listed.text
    for plural in ("contacts", "accounts", "manualjournals", "payments", "creditnotes"):
        page = f"{api.sandbox.url}/organisations/{api.tenant_id}/{plural}"
        assert requests.get(page, timeout=30).status_code == 200
    short_code = api.get("Organisation")["Organisations"][0]["ShortCode"]
    link = requests.get(
        f"{api.sandbox.url}/organisationlogin/default.aspx",
        params={
            "shortcode": short_code,
            "redirecturl": f"/AccountsPayable/View.aspx?InvoiceID={made['InvoiceID']}",
        },
        timeout=30,
    )
    assert "B&lt;1&gt;" in link.text
