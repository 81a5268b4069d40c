"""Putting a client together from addresses, credentials, a token store and the shared store."""

from redis import Redis

from webapp.xero._session import TokenSession
from webapp.xero.client import XeroClient
from webapp.xero.endpoints import Credentials, Endpoints, Timeouts
from webapp.xero.throttle import Gate, RedisGate
from webapp.xero.tokens import Tokens, TokenStore


def gate(redis: Redis) -> RedisGate:
    """Make the gate that all processes with this store share."""
    return RedisGate(redis)


def client(
    endpoints: Endpoints,
    credentials: Credentials,
    store: TokenStore,
    shared_gate: Gate,
    tenant_id: str,
    timeouts: Timeouts | None = None,
) -> XeroClient:
    """Make a client of one organisation for the user whose tokens the store keeps."""
    session = TokenSession(endpoints, credentials, store)
    return XeroClient(endpoints, tenant_id, session, shared_gate, timeouts=timeouts)


def valid_tokens(endpoints: Endpoints, credentials: Credentials, store: TokenStore) -> Tokens:
    """Give tokens good for minutes, for `list_connections` and `delete_connection`.

    Raises:
        ReconnectNeeded, AuthorizationFailed, Unavailable: no such tokens are to be had.
    """
    return TokenSession(endpoints, credentials, store).tokens()


def renewed_tokens(endpoints: Endpoints, credentials: Credentials, store: TokenStore) -> Tokens:
    """Refresh tokens however good they are: that starts their sixty days anew (xero-api a.3).

    Raises:
        ReconnectNeeded, AuthorizationFailed, Unavailable: no such tokens are to be had.
    """
    return TokenSession(endpoints, credentials, store).renew(store.load())
