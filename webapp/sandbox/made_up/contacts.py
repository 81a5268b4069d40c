"""Contacts of every sort: suppliers, customers and both, archived, without number, in no group."""

from collections.abc import Iterator

from webapp.sandbox.books import Books
from webapp.sandbox.kinds import CONTACTS
from webapp.sandbox.made_up.order import Chance, Order
from webapp.sandbox.rules.contacts import blank_contact
from webapp.sandbox.seeding import group_named
from webapp.sandbox.wire import JsonObject

_FIRST = ("Harbour", "Ridge", "Kauri", "Māhoe", "Tasman", "Blue Gum", "Coastal", "Northern", "Peak",
          "Riverside", "Stone", "Totara", "Union", "Valley", "West", "Zenith")  # fmt: skip
_SECOND = ("Aggregates", "Builders", "Civil", "Concrete", "Council", "Cranes", "Drainage",
           "Electrical", "Fencing", "Haulage", "Joinery", "Plant Hire", "Scaffolding", "Steel",
           "Survey", "Timber")  # fmt: skip
_CITIES = ("Auckland", "Christchurch", "Dunedin", "Napier", "Tauranga", "Wellington")
_TERMS = ({"Day": 20, "Type": "OFFOLLOWINGMONTH"}, {"Day": 30, "Type": "DAYSAFTERBILLDATE"})


def make_contacts(books: Books, order: Order) -> tuple[JsonObject, list[JsonObject]]:
    """Make the contacts; give the counts, and what documents show of each active one."""
    chance = order.chance("contacts")
    groups = {
        member: group_named(books, name)
        for member, name in (("IsSupplier", order.suppliers), ("IsCustomer", order.customers))
        if name
    }
    parties: list[JsonObject] = []
    memberships: list[tuple[int, str, str]] = []

    def records() -> Iterator[tuple[JsonObject, int]]:
        for n in range(order.contacts):
            contact = _contact(chance, f"{order.seed}-{n}")
            if contact["ContactStatus"] == "ACTIVE":
                parties.append({"ContactID": contact["ContactID"], "Name": contact["Name"]})
            if chance.random() < 0.9:  # noqa: PLR2004 - the rest the firm deals with elsewhere
                memberships.extend(
                    (books.organisation.org, group["ContactGroupID"], contact["ContactID"])
                    for member, group in groups.items()
                    if contact[member]
                )
            yield contact, chance.minute_of(chance.day())

    made = books.add_all(CONTACTS, records())
    books.connection.executemany(
        "INSERT OR IGNORE INTO group_members VALUES (?, ?, ?)", memberships
    )
    return {"made": made, "present": order.contacts - made}, parties


def _contact(chance: Chance, mark: str) -> JsonObject:
    """Make a contact whose name, number and address are its own through the mark."""
    side = chance.choices(("supplier", "customer", "both"), (60, 35, 5))[0]
    contact = blank_contact() | {
        "ContactID": chance.record_id(),
        "Name": f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {mark}",
        "EmailAddress": f"accounts@firm-{mark}.example",
        "IsSupplier": side != "customer",
        "IsCustomer": side != "supplier",
    }
    if chance.random() < 0.95:  # noqa: PLR2004 - a few have no number
        contact["AccountNumber"] = f"M{mark}"
    if chance.random() < 0.04:  # noqa: PLR2004 - a few are archived
        contact["ContactStatus"] = "ARCHIVED"
    if chance.random() < 0.5:  # noqa: PLR2004 - every other one has terms and an address
        contact["PaymentTerms"] = {"Bills": chance.choice(_TERMS), "Sales": chance.choice(_TERMS)}
        contact["Addresses"] = [
            {
                "AddressType": "STREET",
                "AddressLine1": f"{chance.randrange(1, 400)} Quay Street",
                "City": chance.choice(_CITIES),
                "Region": "",
                "PostalCode": f"{chance.randrange(1000, 9999)}",
                "Country": "New Zealand",
            }
        ]
    return contact
