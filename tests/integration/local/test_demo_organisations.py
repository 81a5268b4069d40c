"""What the demo's firms hold in their organisations before anybody presses anything."""

import pytest

from webapp.domain.matching import AP_GROUP, AR_GROUP
from webapp.local.demo_organisations import furnish
from webapp.services import demo_data


@pytest.mark.parametrize(("fin_co", "organisation"), [("01", 0), ("02", 1)])
def test_suppliers_and_clients_are_in_the_groups_that_are_imported_once(
    sandbox, fin_co, organisation
):
    furnish(sandbox.url)
    furnish(sandbox.url)

    ledger = sandbox.inside(organisation)
    numbers = {
        contact["ContactID"]: (contact.get("AccountNumber"), contact["Name"])
        for contact in ledger.call("GET", "Contacts", includeArchived="true")["Contacts"]
    }
    grouped = {}
    for name, group_id in ledger.groups().items():
        (group,) = ledger.call("GET", f"ContactGroups/{group_id}")["ContactGroups"]
        grouped[name] = sorted(numbers[one["ContactID"]] for one in group["Contacts"])
    mine = [company for company in demo_data.COMPANIES if company[0] == fin_co]
    assert grouped[AP_GROUP] == sorted((ap, name) for _, name, ap, _ in mine if ap)
    assert grouped[AR_GROUP] == sorted((ar, name) for _, name, _, ar in mine if ar)
