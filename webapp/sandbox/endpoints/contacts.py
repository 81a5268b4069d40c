"""Contacts and their groups (d.2)."""

from collections.abc import Iterable

from webapp.sandbox.books import new_id
from webapp.sandbox.call import Call, EndpointAnswer, NoContent, elements_of, single
from webapp.sandbox.endpoints.writing import write_all, write_one
from webapp.sandbox.errors import not_found
from webapp.sandbox.filters import Condition
from webapp.sandbox.kinds import CONTACT_GROUPS, CONTACTS, fold
from webapp.sandbox.listing import any_of, list_records
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.contacts import find_contact, save_contact
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject, dumps

routes = Routes()

_FLAG = "HasValidationErrors"
_HEAVY = (
    "ContactGroups", "ContactPersons", "Addresses", "Phones", "Balances", "PaymentTerms",
    "SalesTrackingCategories", "PurchasesTrackingCategories",
)  # fmt: skip
_SUMMARY_LEAVES_OUT = (*_HEAVY, "HasAttachments", "IsSupplier", "IsCustomer")


@routes.on("GET", "Contacts")
def contacts(call: Call) -> EndpointAnswer:
    """List contacts; groups and persons only in a paged list."""
    ids = [one.lower() for one in call.values("IDs")]
    archived = call.flag("includeArchived", default=False) or bool(ids)
    listed = list_records(
        call,
        CONTACTS,
        [
            any_of("id", ids),
            None if archived else Condition("status = 'ACTIVE'", ()),
            _search(call.query.get("searchterm")),
        ],
        paged=True,
    )
    records = listed.records
    if call.flag("summaryOnly", default=False):
        records = [_without(record, _SUMMARY_LEAVES_OUT) for record in records]
    elif listed.paged:
        records = _with_groups(call, records)
    else:
        records = [_without(record, ("ContactPersons",)) for record in records]
    return listed.answer(CONTACTS, records)


@routes.on("GET", "Contacts/{id}")
def contact(call: Call) -> EndpointAnswer:
    """Give one contact by its id or its number."""
    return single(CONTACTS, _with_groups(call, [_contact(call)])[0])


@routes.on("PUT POST", "Contacts")
def write_contacts(call: Call) -> EndpointAnswer:
    """Make contacts (PUT); make or change them (POST, by id, number or name)."""

    def save(payload: JsonObject) -> JsonObject:
        existing = find_contact(call.books, payload)
        if existing is None and payload.get("ContactID"):
            raise refuse("The contact with the specified ContactID could not be found.")
        if call.method == "PUT" and not payload.get("ContactID"):
            existing = None
        return save_contact(call.books, payload, existing)

    answer = write_all(call, CONTACTS, _FLAG, save)
    answer["Contacts"] = _with_groups(call, answer["Contacts"])
    return answer


@routes.on("POST", "Contacts/{id}")
def change_contact(call: Call) -> EndpointAnswer:
    """Change or archive one contact."""
    found = _contact(call)
    saved = write_one(
        CONTACTS,
        call.element(CONTACTS),
        _FLAG,
        lambda payload: save_contact(call.books, payload, found),
    )
    return single(CONTACTS, _with_groups(call, [saved])[0])


def _contact(call: Call) -> JsonObject:
    found = call.books.get(CONTACTS, call.path["id"])
    if found is None:
        numbered = call.books.find(CONTACTS, "number", call.path["id"])
        found = numbered[0] if numbered else None
    if found is None:
        raise not_found()
    return found


def _search(term: str | None) -> Condition | None:
    """Look for a term in name, first and last name, contact number, company number, email."""
    if not term or not term.strip():
        return None
    members = ("FirstName", "LastName", "CompanyNumber")
    columns = ["name", "number", "email"]
    columns += [f"lower(json_extract(data, '$.{member}'))" for member in members]
    sql = " OR ".join(f"instr({column}, ?) > 0" for column in columns)
    return Condition(f"({sql})", (fold(term),) * len(columns))


def _without(record: JsonObject, members: Iterable[str]) -> JsonObject:
    return {key: value for key, value in record.items() if key not in members}


def _with_groups(call: Call, records: list[JsonObject]) -> list[JsonObject]:
    ids = dumps([one["ContactID"] for one in records])
    # CROSS JOIN has SQLite begin at the contacts asked for, however many members there are.
    rows = call.books.connection.execute(
        "SELECT m.contact_id, r.id, json_extract(r.data, '$.Name') AS name FROM json_each(?) AS c"
        " CROSS JOIN group_members m ON m.org=? AND m.contact_id=c.value"
        " JOIN records r ON r.org=m.org AND r.kind='ContactGroups' AND r.id=m.group_id"
        " WHERE r.status='ACTIVE' ORDER BY name",
        (ids, call.books.organisation.org),
    )
    groups: dict[str, list[JsonObject]] = {}
    for row in rows:
        group = {
            "ContactGroupID": row["id"],
            "Name": row["name"],
            "Status": "ACTIVE",
            "HasValidationErrors": False,
        }
        groups.setdefault(row["contact_id"], []).append(group)
    return [{**one, "ContactGroups": groups.get(str(one["ContactID"]), [])} for one in records]


@routes.on("GET", "ContactGroups")
def groups(call: Call) -> EndpointAnswer:
    """List the groups, without their members."""
    active = Condition("status = 'ACTIVE'", ())
    return {"ContactGroups": list_records(call, CONTACT_GROUPS, [active], paged=False).records}


@routes.on("GET", "ContactGroups/{id}")
def group(call: Call) -> EndpointAnswer:
    """Give one group with its contacts."""
    found = _group(call)
    rows = call.books.connection.execute(
        "SELECT c.id, json_extract(c.data, '$.Name') AS name FROM group_members m"
        " JOIN records c ON c.org=m.org AND c.kind='Contacts' AND c.id=m.contact_id"
        " WHERE m.org=? AND m.group_id=? ORDER BY name",
        (call.books.organisation.org, found["ContactGroupID"]),
    )
    members = [{"ContactID": row["id"], "Name": row["name"]} for row in rows]
    return single(CONTACT_GROUPS, {**found, "Contacts": members})


@routes.on("PUT POST", "ContactGroups")
def write_groups(call: Call) -> EndpointAnswer:
    """Make groups, or rename them by id."""

    def save(payload: JsonObject) -> JsonObject:
        existing = call.books.get(CONTACT_GROUPS, payload.get("ContactGroupID"))
        return _save_group(call, payload, existing)

    return write_all(call, CONTACT_GROUPS, _FLAG, save)


@routes.on("POST", "ContactGroups/{id}")
def change_group(call: Call) -> EndpointAnswer:
    """Rename or delete one group."""
    found = _group(call)
    saved = write_one(
        CONTACT_GROUPS,
        call.element(CONTACT_GROUPS),
        _FLAG,
        lambda payload: _save_group(call, payload, found),
    )
    return single(CONTACT_GROUPS, saved)


def _save_group(call: Call, payload: JsonObject, existing: JsonObject | None) -> JsonObject:
    own_id = existing["ContactGroupID"] if existing else None
    name = str(payload.get("Name") or (existing or {}).get("Name") or "").strip()
    if not name:
        raise refuse("The contact group name cannot be empty.", own_id)
    for found in call.books.find(CONTACT_GROUPS, "name", name):
        if found["ContactGroupID"] != own_id and found["Status"] == "ACTIVE":
            raise refuse("The contact group name already exists.", own_id)
    status = payload.get("Status", "ACTIVE")
    if status not in ("ACTIVE", "DELETED"):
        raise refuse("The contact group status is not valid.", own_id)
    saved = {"ContactGroupID": own_id or new_id(), "Name": name, "Status": status}
    call.books.save(CONTACT_GROUPS, saved)
    return saved


def _group(call: Call) -> JsonObject:
    found = call.books.get(CONTACT_GROUPS, call.path["id"])
    if found is None or found["Status"] != "ACTIVE":
        raise not_found()
    return found


@routes.on("PUT", "ContactGroups/{id}/Contacts")
def add_members(call: Call) -> EndpointAnswer:
    """Put contacts into a group."""
    found = _group(call)
    added = []
    for payload in elements_of(call.body, "Contacts", "Contact"):
        member = call.books.get(CONTACTS, payload.get("ContactID"))
        if member is None:
            raise not_found()
        call.books.connection.execute(
            "INSERT OR IGNORE INTO group_members VALUES (?, ?, ?)",
            (call.books.organisation.org, found["ContactGroupID"], member["ContactID"]),
        )
        added.append({"ContactID": member["ContactID"], "Name": member["Name"]})
    return {"Contacts": added}


@routes.on("DELETE", "ContactGroups/{id}/Contacts", "ContactGroups/{id}/Contacts/{contact}")
def remove_members(call: Call) -> EndpointAnswer:
    """Take one contact, or all of them, out of a group."""
    found = _group(call)
    wanted = call.path.get("contact")
    call.books.connection.execute(
        "DELETE FROM group_members WHERE org=? AND group_id=? AND (? IS NULL OR contact_id=?)",
        (
            call.books.organisation.org,
            found["ContactGroupID"],
            wanted,
            wanted.lower() if wanted else None,
        ),
    )
    return NoContent()
