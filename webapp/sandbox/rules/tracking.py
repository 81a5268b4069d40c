"""Tracking categories and options: limits, and how lines name them (d.6)."""

from webapp.sandbox.books import Books, new_id
from webapp.sandbox.kinds import TRACKING, fold
from webapp.sandbox.rules.refused import refuse
from webapp.sandbox.wire import JsonObject

_LONGEST_NAME = 100
_MOST_ACTIVE = 2
_MOST = 4
MOST_ON_A_LINE = 2


def tracking_on_line(books: Books, entries: object) -> tuple[list[JsonObject], list[str]]:
    """Resolve what a line is tracked by; give the entries and the messages about them."""
    if not isinstance(entries, list):
        return [], []
    resolved: list[JsonObject] = []
    messages: list[str] = []
    if len(entries) > MOST_ON_A_LINE:
        messages.append("A line can have at most 2 tracking categories.")
    for entry in entries:
        if not isinstance(entry, dict) or not entry:
            continue
        found = _resolve(books, entry)
        if isinstance(found, str):
            messages.append(found)
        elif any(one["TrackingCategoryID"] == found["TrackingCategoryID"] for one in resolved):
            messages.append("A tracking category can be used only once on a line.")
        else:
            resolved.append(found)
    return resolved, messages


def _resolve(books: Books, entry: JsonObject) -> JsonObject | str:
    category_id = entry.get("TrackingCategoryID")
    if category_id:
        category = books.get(TRACKING, category_id)
    else:
        found = books.find(TRACKING, "name", entry.get("Name"))
        category = found[0] if found else None
    named = entry.get("Name") or category_id
    if category is None or category["Status"] != "ACTIVE":
        return f"The tracking category '{named}' does not exist or is not active."
    wanted_id, wanted = entry.get("TrackingOptionID"), fold(entry.get("Option"))
    for option in category["Options"]:
        if option["TrackingOptionID"] == wanted_id or (
            not wanted_id and fold(option["Name"]) == wanted
        ):
            if option["Status"] != "ACTIVE":
                break
            return {
                "Name": category["Name"],
                "Option": option["Name"],
                "TrackingCategoryID": category["TrackingCategoryID"],
                "TrackingOptionID": option["TrackingOptionID"],
            }
    chosen = entry.get("Option") or wanted_id
    return f"The tracking option '{chosen}' of '{named}' does not exist or is not active."


def save_category(books: Books, payload: JsonObject, existing: JsonObject | None) -> JsonObject:
    """Make, rename or archive a category: at most 2 active and 4 in all.

    Raises:
        ElementRefused: it breaks a rule.
    """
    own_id = existing["TrackingCategoryID"] if existing else None
    category = existing or {
        "Name": "",
        "Status": "ACTIVE",
        "TrackingCategoryID": new_id(),
        "Options": [],
    }
    category = {**category}
    category["Name"] = _checked_name(payload.get("Name", category["Name"]), own_id)
    category["Status"] = payload.get("Status", category["Status"])
    if category["Status"] not in ("ACTIVE", "ARCHIVED"):
        raise refuse("The status of the tracking category is not valid.", own_id)
    others = [one for one in books.select(TRACKING) if one["TrackingCategoryID"] != own_id]
    if any(fold(one["Name"]) == fold(category["Name"]) for one in others):
        raise refuse("A tracking category with this name already exists.", own_id)
    active = sum(one["Status"] == "ACTIVE" for one in others)
    if category["Status"] == "ACTIVE" and active >= _MOST_ACTIVE:
        raise refuse("An organisation can have at most 2 active tracking categories.", own_id)
    if len(others) >= _MOST:
        raise refuse("An organisation can have at most 4 tracking categories.", own_id)
    books.save(TRACKING, category)
    return category


def save_option(
    books: Books, category: JsonObject, payload: JsonObject, option_id: str | None
) -> JsonObject:
    """Make, rename or archive an option of a category.

    Raises:
        ElementRefused: it breaks a rule.
    """
    existing = option_of(category, option_id) if option_id else None
    option = {**existing} if existing else {"TrackingOptionID": new_id(), "Status": "ACTIVE"}
    option["Name"] = _checked_name(payload.get("Name", option.get("Name", "")), option_id)
    option["Status"] = payload.get("Status", option["Status"])
    if option["Status"] not in ("ACTIVE", "ARCHIVED"):
        raise refuse("The status of the tracking option is not valid.", option_id)
    others = [one for one in category["Options"] if one["TrackingOptionID"] != option_id]
    if any(fold(one["Name"]) == fold(option["Name"]) for one in others):
        raise refuse("A tracking option with this name already exists.", option_id)
    if existing:
        category["Options"][category["Options"].index(existing)] = option
    else:
        category["Options"].append(option)
    books.save(TRACKING, category)
    return option


def option_of(category: JsonObject, option_id: str | None) -> JsonObject | None:
    """Give an option of a category by its id."""
    for option in category["Options"]:
        if option["TrackingOptionID"] == str(option_id).lower():
            return dict(option)
    return None


def in_use(books: Books, wanted_id: str) -> bool:
    """Say whether a category or option stands on any line."""
    row = books.connection.execute(
        "SELECT 1 FROM records WHERE org=? AND kind IN ('Invoices', 'CreditNotes',"
        " 'ManualJournals') AND instr(data, ?) > 0 LIMIT 1",
        (books.organisation.org, wanted_id),
    ).fetchone()
    return row is not None


def _checked_name(name: object, own_id: str | None) -> str:
    text = str(name or "").strip()
    if not text:
        raise refuse("A name is required.", own_id)
    if len(text) > _LONGEST_NAME:
        raise refuse("The name must not be longer than 100 characters.", own_id)
    return text
