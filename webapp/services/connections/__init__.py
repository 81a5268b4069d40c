"""Connecting a FinCo to its organisation in Xero, testing that, and giving it up.

Xero is only called while no transaction is open; what it says is stored in one transaction
afterwards, so that a failure on the way leaves the connection there was (R19).
"""

from webapp.services.connections.check import TestResult, test_connection
from webapp.services.connections.connecting import (
    ConnectFailed,
    authorization_address,
    complete_connect,
)
from webapp.services.connections.state import (
    connected,
    current_connection,
    mark_reconnect_needed,
    note_failure,
)
from webapp.services.connections.withdrawal import disconnect

__all__ = [
    "ConnectFailed",
    "TestResult",
    "authorization_address",
    "complete_connect",
    "connected",
    "current_connection",
    "disconnect",
    "mark_reconnect_needed",
    "note_failure",
    "test_connection",
]
