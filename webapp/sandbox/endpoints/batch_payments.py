"""Batch payments (d.9); their children are listed under Payments."""

from webapp.sandbox.endpoints.paying import Paying
from webapp.sandbox.kinds import BATCH_PAYMENTS
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.batch_payments import create_batch_payment, delete_batch_payment

routes = Routes()
Paying(
    BATCH_PAYMENTS, "batch payment", create_batch_payment, delete_batch_payment, paged=False
).register(routes)
