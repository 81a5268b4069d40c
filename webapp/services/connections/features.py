"""What the sign-in of a connection may do, by the permissions Xero says were given (R9, C4.2)."""

from typing import NamedTuple

from webapp.db import db
from webapp.models import PendingConnection, XeroConnection, XeroToken
from webapp.services.permissions import Missing, missing
from webapp.xero.authorize import BASE_SCOPES, PAYROLL_SCOPES


class GrantedFeatures(NamedTuple):
    """What a sign-in is good for. Payroll is optional, so it is never counted as missing."""

    payroll: bool
    missing: tuple[Missing, ...]


def granted_features(connection: XeroConnection | PendingConnection) -> GrantedFeatures:
    """What may be done over a connection, or over one that waits to be confirmed (R9, C4.2)."""
    token = db.session.get(XeroToken, connection.token_id) if connection.token_id else None
    granted = token.scope.split() if token else []
    return GrantedFeatures(
        payroll=bool(granted) and not missing(PAYROLL_SCOPES, granted),
        missing=missing(BASE_SCOPES, granted),
    )
