"""Bulk loading of what a firm's Xero would already hold. Doing it twice makes nothing twice."""

import re
from collections.abc import Iterable

from webapp.sandbox.books import Books, new_id
from webapp.sandbox.kinds import ACCOUNTS, CONTACT_GROUPS, CONTACTS, TRACKING, fold
from webapp.sandbox.rules.accounts import CLASS_OF_TYPE, create_account
from webapp.sandbox.rules.contacts import save_contact
from webapp.sandbox.rules.refused import ElementRefused
from webapp.sandbox.rules.tracking import save_category
from webapp.sandbox.wire import JsonObject

_LONGEST_NAME = 255


class SeedError(Exception):
    """What was to be loaded breaks a rule; nothing of it was kept."""


def seed(books: Books, wanted: JsonObject) -> JsonObject:
    """Make what is not there yet; give how many of each were made and were present.

    Raises:
        SeedError: a record breaks a rule, named with the reason.
    """
    try:
        return {
            "accounts": _accounts(books, wanted.get("accounts") or []),
            "contacts": _contacts(books, wanted.get("contacts") or []),
            "tracking": _tracking(books, wanted.get("tracking") or {}),
        }
    except ElementRefused as refused:
        raise SeedError(str(refused)) from refused
    except (KeyError, TypeError, AttributeError) as error:
        raise SeedError(f"A record lacks a member or is not of its type: {error}") from error


def _accounts(books: Books, wanted: Iterable[JsonObject]) -> JsonObject:
    made = present = 0
    for one in wanted:
        code = str(one["code"])
        if books.find(ACCOUNTS, "number", code):
            present += 1
            continue
        kind = str(one.get("type") or "EXPENSE").upper()
        if kind not in CLASS_OF_TYPE:
            raise SeedError(f"Account {code}: {kind} is not an account type.")
        name = _clean(one.get("name") or code)
        if books.find(ACCOUNTS, "name", name):
            name = f"{name} ({code})"
        payload = {"Code": code, "Name": name, "Type": kind, "TaxType": one.get("tax_type")}
        create_account(books, payload)
        made += 1
    return {"made": made, "present": present}


def _contacts(books: Books, wanted: Iterable[JsonObject]) -> JsonObject:
    made = present = 0
    for one in wanted:
        account_number = str(one.get("account_number") or "").strip()
        name = _clean(one["name"])
        column, value = ("alt", account_number) if account_number else ("name", name)
        found = books.find(CONTACTS, column, value)
        if found:
            contact = found[0]
            present += 1
        else:
            contact = _make_contact(books, name, account_number)
            made += 1
        if one.get("group"):
            _join(books, str(one["group"]).strip(), str(contact["ContactID"]))
    return {"made": made, "present": present}


def _make_contact(books: Books, name: str, account_number: str) -> JsonObject:
    if books.find(CONTACTS, "name", name) and account_number:
        name = f"{name[: _LONGEST_NAME - len(account_number) - 3]} ({account_number})"
    payload: JsonObject = {"Name": name}
    if account_number:
        payload["AccountNumber"] = account_number
    return save_contact(books, payload, None)


def _join(books: Books, group_name: str, contact_id: str) -> None:
    group = group_named(books, group_name)
    books.connection.execute(
        "INSERT OR IGNORE INTO group_members VALUES (?, ?, ?)",
        (books.organisation.org, group["ContactGroupID"], contact_id),
    )


def group_named(books: Books, name: str) -> JsonObject:
    """Give the contact group of that name, made where there is none."""
    found = [one for one in books.find(CONTACT_GROUPS, "name", name) if one["Status"] == "ACTIVE"]
    if found:
        return found[0]
    group = {"ContactGroupID": new_id(), "Name": name, "Status": "ACTIVE"}
    books.save(CONTACT_GROUPS, group)
    return group


def _tracking(books: Books, wanted: dict[str, list[str]]) -> JsonObject:
    made = present = 0
    for name, options in wanted.items():
        found = books.find(TRACKING, "name", name)
        category = found[0] if found else save_category(books, {"Name": name}, None)
        known = {fold(option["Name"]) for option in category["Options"]}
        for option in options:
            label = _clean(option)
            if fold(label) in known:
                present += 1
                continue
            known.add(fold(label))
            category["Options"].append(
                {"TrackingOptionID": new_id(), "Name": label, "Status": "ACTIVE"}
            )
            made += 1
        books.save(TRACKING, category)
    return {"made": made, "present": present}


def _clean(text: object) -> str:
    """Collapse spaces and drop angle brackets, which names may not hold."""
    return re.sub(r"\s+", " ", re.sub(r"[<>]", "", str(text))).strip()
