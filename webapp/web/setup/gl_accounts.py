"""GL Accounts: the charts of the FinCos, as they were imported."""

from flask import Blueprint

from webapp.queries.setup.gl_accounts import table
from webapp.web.setup.lists import ListScreen, add_list

LISTED = ListScreen(
    name="gl_accounts",
    title="GL Accounts",
    hint="The accounts of each financial company. Where GL Accounts is ticked on the Xero "
    "Integration screen they come from Xero, and are changed there.",
    table=table,
    opens=False,
)

blueprint = Blueprint(LISTED.name, __name__)
add_list(blueprint, LISTED)
