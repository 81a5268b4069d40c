"""The official SDK on one organisation of a sandbox."""

import datetime as dt
from decimal import Decimal
from functools import cached_property

from xero_python.accounting import AccountingApi, Contact, Invoice, Invoices, LineItem
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
from xero_python.identity import IdentityApi

DAY = dt.date(2026, 11, 2)


class Sdk:
    """The SDK's two APIs on one organisation of the sandbox."""

    def __init__(self, sandbox, position=0):
        self.saved = sandbox.tokens(position)
        self.tenant = sandbox.tenant(position)
        configuration = Configuration(
            oauth2_token=OAuth2Token(client_id="contract-tests", client_secret="not-a-secret")
        )
        self.client = ApiClient(
            configuration,
            pool_threads=1,
            oauth2_token_getter=lambda: self.saved,
            oauth2_token_saver=self.save,
        )
        self.identity = IdentityApi(self.client, base_url=sandbox.url)
        self.accounting = AccountingApi(self.client, base_url=f"{sandbox.url}/api.xro/2.0")
        self.token_api = TokenApi(self.client, "contract-tests", "not-a-secret")
        self.token_api.refresh_token_url = f"{sandbox.url}/connect/token"
        self.token_api.client_credentials_token_url = f"{sandbox.url}/connect/token"
        self.token_api.revoke_token_url = f"{sandbox.url}/connect/revocation"

    def save(self, token):
        self.saved = token

    @cached_property
    def contact_id(self):
        return self.contact().contact_id

    def contact(self):
        return self.accounting.get_contacts(self.tenant).contacts[0]

    def bill(self, **changed):
        fields = {
            "type": "ACCPAY",
            "contact": Contact(contact_id=self.contact_id),
            "date": DAY,
            "due_date": dt.date(2026, 11, 20),
            "invoice_number": "B-1",
            "status": "AUTHORISED",
            "line_items": [self.line()],
        }
        return Invoice(**(fields | changed))

    def line(self, **changed):
        fields = {
            "description": "Gravel",
            "quantity": Decimal(1),
            "unit_amount": Decimal("100.00"),
            "account_code": "300",
        }
        return LineItem(**(fields | changed))

    def make_bill(self, **changed):
        wanted = Invoices(invoices=[self.bill(**changed)])
        return self.accounting.create_invoices(self.tenant, wanted).invoices[0]
