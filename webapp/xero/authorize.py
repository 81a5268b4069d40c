"""The consent of a person, and what it gives: tokens and connections (xero-api a.2 to a.5)."""

from datetime import UTC, datetime

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from webapp.xero._identity import parse_tokens
from webapp.xero._values import instant, text
from webapp.xero.encoding import decode
from webapp.xero.endpoints import Credentials, Endpoints
from webapp.xero.errors import (
    AuthorizationFailed,
    BadResponse,
    Call,
    ReconnectNeeded,
    Unavailable,
)
from webapp.xero.records import Connection
from webapp.xero.tokens import Tokens

BASE_SCOPES = (
    "openid",  # who consented, so that one user's tokens are kept once
    "profile",
    "email",
    "offline_access",  # a refresh token; without it the connection dies after 30 minutes
    "accounting.settings.read",  # organisation, accounts, tax rates, currencies, tracking
    "accounting.contacts",  # companies in and out, and their groups
    "accounting.invoices",  # bills, sales invoices and both kinds of credit note
    "accounting.payments.read",  # what was paid comes back
    "accounting.manualjournals",  # cost, payroll and stock batches go as journals
    "accounting.attachments",  # the scans behind the bills
)
"""What the app asks for: granular scopes, nothing it does not use (xero-api a.6, C4.1)."""

PAYROLL_SCOPES = (
    "payroll.employees.read",  # whose hours they are
    "payroll.settings.read",  # what the hours are paid as
    "payroll.timesheets",  # the hours themselves
)
"""Asked for on top where a FinCo pays through Xero; the login must have payroll access (R9)."""

IDENTITY_TIMEOUT = (5, 30)
"""Seconds to connect and to wait for identity.xero.com and /connections."""

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_SERVER_ERROR = 500


def authorization_url(
    endpoints: Endpoints,
    credentials: Credentials,
    redirect_uri: str,
    scopes: tuple[str, ...],
    state: str,
) -> str:
    """Give the address to send the person to. `state` is the caller's: random and single use."""
    with OAuth2Session(
        credentials.client_id, redirect_uri=redirect_uri, scope=" ".join(scopes)
    ) as session:
        url, _ = session.create_authorization_url(endpoints.authorize_url, state=state)
    return str(url)


def exchange_code(
    endpoints: Endpoints,
    credentials: Credentials,
    redirect_uri: str,
    code: str,
    now: datetime | None = None,
) -> Tokens:
    """Swap the code of the callback for tokens. A code works once and for 5 minutes.

    Raises:
        AuthorizationFailed: Xero refused the code or the app; start again, do not replay.
        ReconnectNeeded: no refresh token came (`no_refresh_token`).
        Unavailable: no answer; the code may be spent, so start again.
    """
    call = Call("POST", "/connect/token")
    with _client(credentials) as session:
        try:
            answer = session.fetch_token(
                endpoints.token_url,
                grant_type="authorization_code",
                code=code,
                redirect_uri=redirect_uri,
                timeout=IDENTITY_TIMEOUT,
                allow_redirects=False,
            )
        except AuthlibBaseError as refused:
            raise AuthorizationFailed(
                code=str(refused.error), description=str(refused.description or ""), call=call
            ) from None
        except (requests.RequestException, ValueError) as lost:
            raise Unavailable("Xero did not answer the code exchange", call=call) from lost
    return parse_tokens(answer, now or datetime.now(UTC), call)


def list_connections(
    endpoints: Endpoints, access_token: str, auth_event_id: str | None = None
) -> list[Connection]:
    """List what the token reaches; with `auth_event_id`, only what that consent connected.

    An empty list means disconnected, whatever the token says (xero-api h 7).

    Raises:
        ReconnectNeeded: the token is not honoured.
        Unavailable: no answer.
        BadResponse: not a list of connections.
    """
    answer = _connections_call(
        "GET",
        endpoints.connections_url,
        access_token,
        {"authEventId": auth_event_id} if auth_event_id else {},
    )
    call = Call("GET", "/connections", answer.status_code)
    if answer.status_code in {_UNAUTHORIZED, _FORBIDDEN}:
        raise ReconnectNeeded("Xero refused the token", reason="refresh_refused", call=call)
    if not answer.ok:
        raise Unavailable("Xero did not list the connections", call=call)
    try:
        rows = decode(answer.text)
        return [_connection(row) for row in rows]
    except (ValueError, AttributeError, TypeError, KeyError) as odd:
        raise BadResponse("the connections cannot be read", call=call) from odd


def delete_connection(endpoints: Endpoints, access_token: str, connection_id: str) -> None:
    """Disconnect one organisation. Gone already (401, 403, 404) counts as done (xero-api a.5).

    Raises:
        Unavailable: Xero did not do it; the connection still stands there.
    """
    path = f"/connections/{connection_id}"
    answer = _connections_call(
        "DELETE", f"{endpoints.connections_url}/{connection_id}", access_token, {}
    )
    if not answer.ok and answer.status_code not in {_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND}:
        raise Unavailable("Xero did not disconnect", call=Call("DELETE", path, answer.status_code))


def revoke(endpoints: Endpoints, credentials: Credentials, refresh_token: str) -> None:
    """Give up the refresh token; this drops *all* connections of that user to the app.

    Raises:
        Unavailable: Xero did not confirm it.
    """
    call = Call("POST", "/connect/revocation")
    with _client(credentials) as session:
        try:
            answer = session.revoke_token(
                endpoints.revocation_url, token=refresh_token, timeout=IDENTITY_TIMEOUT
            )
        except requests.RequestException as lost:
            raise Unavailable("Xero did not confirm the revocation", call=call) from lost
    if answer.status_code >= _SERVER_ERROR:
        raise Unavailable("Xero did not confirm the revocation", call=call)


def _client(credentials: Credentials) -> OAuth2Session:
    return OAuth2Session(
        credentials.client_id,
        credentials.client_secret,
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a method's name
        revocation_endpoint_auth_method="client_secret_basic",
    )


def _connections_call(
    method: str, url: str, access_token: str, params: dict[str, str]
) -> requests.Response:
    with OAuth2Session(token={"access_token": access_token, "token_type": "Bearer"}) as session:
        try:
            answer: requests.Response = session.request(
                method,
                url,
                params=params,
                headers={"Accept": "application/json"},
                timeout=IDENTITY_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as lost:
            raise Unavailable("Xero did not answer", call=Call(method, "/connections")) from lost
    return answer


def _connection(row: dict[str, object]) -> Connection:
    return Connection(
        connection_id=text(row["id"]),
        tenant_id=text(row["tenantId"]),
        tenant_type=text(row.get("tenantType")),
        tenant_name=text(row.get("tenantName")),
        auth_event_id=text(row.get("authEventId")),
        created_at=instant(row.get("createdDateUtc")),
        updated_at=instant(row.get("updatedDateUtc")),
    )
