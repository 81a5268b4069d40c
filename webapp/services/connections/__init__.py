"""Connecting a FinCo to its organisation in Xero, testing that, and giving it up.

Xero is only called while no transaction is open; what it says is stored in one transaction
afterwards, so that a failure on the way leaves the connection there was (R19).
"""

from webapp.services.connections.check import TestResult, test_connection
from webapp.services.connections.confirming import (
    NameNotTyped,
    complete_connect,
    confirm_connection,
)
from webapp.services.connections.consent import (
    ConnectFailed,
    authorization_address,
    cancel_pending,
    pending_for,
    receive_consent,
)
from webapp.services.connections.daily_check import check_connections
from webapp.services.connections.features import GrantedFeatures, granted_features
from webapp.services.connections.keys import SignIn, reencrypt_tokens, sign_ins
from webapp.services.connections.state import (
    connected,
    current_connection,
    mark_reconnect_needed,
    needs_person,
    note_failure,
)
from webapp.services.connections.upkeep import (
    keep_tokens_alive,
    lapse_warning,
    lapses_on,
)
from webapp.services.connections.withdrawal import disconnect

__all__ = [
    "ConnectFailed",
    "GrantedFeatures",
    "NameNotTyped",
    "SignIn",
    "TestResult",
    "authorization_address",
    "cancel_pending",
    "check_connections",
    "complete_connect",
    "confirm_connection",
    "connected",
    "current_connection",
    "disconnect",
    "granted_features",
    "keep_tokens_alive",
    "lapse_warning",
    "lapses_on",
    "mark_reconnect_needed",
    "needs_person",
    "note_failure",
    "pending_for",
    "receive_consent",
    "reencrypt_tokens",
    "sign_ins",
    "test_connection",
]
