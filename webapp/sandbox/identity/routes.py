"""The identity pages and endpoints: consent, tokens, revocation, discovery, connections."""

import uuid
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.sandbox import organisations, requestlog
from webapp.sandbox.context import SandboxContext, context_of
from webapp.sandbox.errors import Refusal
from webapp.sandbox.identity import connections
from webapp.sandbox.identity.grants import (
    DeadGrantError,
    Grant,
    issue,
    new_family,
    record_issue,
    redeem_code,
    redeem_refresh,
    revoke,
)
from webapp.sandbox.identity.users import USERS, user_by_id
from webapp.sandbox.scopes import KNOWN
from webapp.sandbox.wire import JsonObject, dumps

blueprint = Blueprint("identity", __name__)

_LOGGED = ("/connect/", "/connections")


class _ConsentError(NamedTuple):
    code: str
    message: str
    status: int


def _issuer() -> str:
    return request.host_url.rstrip("/")


@blueprint.after_request
def _log(answer: Response) -> Response:
    """Keep what apps call; pages that a person looks at are no calls."""
    if request.path.startswith(_LOGGED):
        context = context_of(current_app)
        entry = requestlog.Entry(
            at_ms=context.clock.now_ms(),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("utf-8", "replace"),
            status=answer.status_code,
        )
        with context.store.writing() as connection:
            requestlog.write(connection, entry)
    return answer


def _answer(status: int, body: object) -> Response:
    return Response(dumps(body), status, content_type="application/json; charset=utf-8")


def redirect_allowed(uri: str) -> bool:
    """Say whether a redirect URI is of a form Xero takes: https, or http on localhost by name."""
    parts = urlsplit(uri)
    if parts.fragment or not parts.hostname:
        return False
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and parts.hostname == "localhost"


def _consent_error(context: SandboxContext, values: dict[str, str]) -> _ConsentError | None:
    if values.get("client_id") != context.settings.client_id:
        return _ConsentError("unauthorized_client", "Unknown client or client not enabled", 400)
    if not redirect_allowed(values.get("redirect_uri", "")):
        return _ConsentError("unauthorized_client", "Invalid redirect_uri", 403)
    if values.get("response_type") != "code":
        return _ConsentError("unsupported_response_type", "Response type not supported", 400)
    wanted = values.get("scope", "").split()
    unknown = [scope for scope in wanted if scope not in KNOWN]
    if unknown or not wanted:
        return _ConsentError("invalid_scope", "Invalid scope: " + " ".join(unknown), 400)
    return None


@blueprint.route("/identity/connect/authorize", methods=["GET", "POST"])
def authorize() -> AnyResponse:
    """Show the consent page, or act on the button pressed on it."""
    context = context_of(current_app)
    values = {**request.args.to_dict(), **request.form.to_dict()}
    error = _consent_error(context, values)
    if error:
        page = render_template("consent_error.html", error=error)
        return Response(page, error.status, content_type="text/html; charset=utf-8")
    if request.method == "GET":
        with context.store.reading() as connection:
            choices = organisations.all_organisations(connection)
        hidden = {
            key: value
            for key, value in values.items()
            if key in ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce")
        }
        page = render_template("consent.html", hidden=hidden, users=USERS, organisations=choices)
        return Response(page, content_type="text/html; charset=utf-8")
    return _decide(context, values)


def _decide(context: SandboxContext, values: dict[str, str]) -> AnyResponse:
    back: dict[str, str] = {}
    if values.get("decision") != "allow":
        back["error"] = "access_denied"
    else:
        code = _allow(context, values)
        if code is None:
            error = _ConsentError("invalid_request", "Choose a user and an organisation.", 400)
            page = render_template("consent_error.html", error=error)
            return Response(page, 400, content_type="text/html; charset=utf-8")
        back["code"] = code
        back["scope"] = values["scope"]
    if "state" in values:
        back["state"] = values["state"]
    target = values["redirect_uri"]
    joint = "&" if urlsplit(target).query else "?"
    return redirect(f"{target}{joint}{urlencode(back)}")


def _allow(context: SandboxContext, values: dict[str, str]) -> str | None:
    user = user_by_id(values.get("user", USERS[0].user_id))
    now = context.clock.now_ms()
    with context.store.writing() as connection:
        organisation = organisations.organisation_by(
            connection, "tenant_id", values.get("tenant_id", "")
        )
        if user is None or organisation is None:
            return None
        app = context.settings.client_id
        auth_event = str(uuid.uuid4())
        connections.connect(connection, app, user.user_id, organisation.org, auth_event, now)
        grant = Grant(
            app=app,
            user=user.user_id,
            auth_event=auth_event,
            family=new_family(),
            scope=_with_earlier(context, user.user_id, values["scope"]),
            redirect_uri=values["redirect_uri"],
            nonce=values.get("nonce"),
        )
        return issue(connection, "code", grant, now)


def _with_earlier(context: SandboxContext, user: str, scope: str) -> str:
    """Scopes add up over consents; only revoking shrinks them (a.6)."""
    rows = context.store.connection().execute(
        "SELECT DISTINCT scope FROM grants WHERE app=? AND user=? AND kind='refresh' AND dead=0",
        (context.settings.client_id, user),
    )
    together = scope.split()
    for row in rows:
        together += [one for one in row["scope"].split() if one not in together]
    return " ".join(together)


def _client_is_right(context: SandboxContext) -> bool:
    given = request.authorization
    if given is not None and given.type == "basic":
        pair = (given.username, given.password)
    else:
        pair = (request.form.get("client_id"), request.form.get("client_secret"))
    return pair == (context.settings.client_id, context.settings.client_secret)


@blueprint.post("/connect/token")
def token() -> Response:
    """Swap a code, refresh, or answer client credentials."""
    context = context_of(current_app)
    if not _client_is_right(context):
        return _answer(400, {"error": "invalid_client"})
    grant_type = request.form.get("grant_type")
    if grant_type == "client_credentials":
        return _client_credentials(context)
    if grant_type not in ("authorization_code", "refresh_token"):
        return _answer(400, {"error": "unsupported_grant_type"})
    if grant_type == "refresh_token" and context.faults.take(
        ("refuse_refresh",), "POST", request.path
    ):
        return _answer(400, {"error": "invalid_grant"})
    now = context.clock.now_ms()
    app = context.settings.client_id
    try:
        with context.store.writing() as connection:
            if grant_type == "authorization_code":
                form = request.form
                code, uri = form.get("code", ""), form.get("redirect_uri", "")
                grant = redeem_code(connection, code, app, uri, now)
            else:
                grant = redeem_refresh(connection, request.form.get("refresh_token", ""), app, now)
            body = _token_answer(context, grant, now)
    except DeadGrantError:
        return _answer(400, {"error": "invalid_grant"})
    return _answer(200, body)


def _token_answer(context: SandboxContext, grant: Grant, now: int) -> JsonObject:
    connection = context.store.connection()
    access, token_id = context.tokens.access_token(grant, _issuer())
    record_issue(connection, "access", token_id, grant, now)
    scopes = grant.scope.split()
    body: JsonObject = {}
    user = user_by_id(grant.user)
    if "openid" in scopes and user:
        body["id_token"] = context.tokens.id_token(grant, user, _issuer())
    body["access_token"] = access
    body["expires_in"] = context.tokens.life_seconds
    body["token_type"] = "Bearer"  # noqa: S105 - the type's name, not a token
    if "offline_access" in scopes:
        body["refresh_token"] = issue(connection, "refresh", grant, now)
    body["scope"] = grant.scope
    return body


def _client_credentials(context: SandboxContext) -> Response:
    scope = request.form.get("scope") or "app.connections"
    if any(one not in KNOWN for one in scope.split()):
        return _answer(400, {"error": "invalid_scope"})
    grant = Grant(context.settings.client_id, "", "", new_family(), scope)
    with context.store.writing() as connection:
        access, token_id = context.tokens.access_token(grant, _issuer())
        record_issue(connection, "access", token_id, grant, context.clock.now_ms())
    return _answer(
        200,
        {
            "access_token": access,
            "expires_in": context.tokens.life_seconds,
            "token_type": "Bearer",
            "scope": scope,
        },
    )


@blueprint.post("/connect/revocation")
def revocation() -> Response:
    """Revoke a refresh token: all connections of its user go with it."""
    context = context_of(current_app)
    if not _client_is_right(context):
        return _answer(400, {"error": "invalid_client"})
    app = context.settings.client_id
    with context.store.writing() as connection:
        grant = revoke(connection, request.form.get("token", ""), app)
        if grant:
            connection.execute("DELETE FROM connections WHERE app=? AND user=?", (app, grant.user))
    return Response(status=200)


@blueprint.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """Describe the provider."""
    base = _issuer()
    return _answer(
        200,
        {
            "issuer": base,
            "jwks_uri": f"{base}/.well-known/openid-configuration/jwks",
            "authorization_endpoint": f"{base}/identity/connect/authorize",
            "token_endpoint": f"{base}/connect/token",
            "revocation_endpoint": f"{base}/connect/revocation",
            "scopes_supported": sorted(KNOWN),
            "claims_supported": ["sub", "name", "given_name", "family_name", "email"],
            "grant_types_supported": [
                "authorization_code",
                "client_credentials",
                "refresh_token",
            ],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
            ],
        },
    )


@blueprint.get("/.well-known/openid-configuration/jwks")
def jwks() -> Response:
    """Give the public signing keys."""
    return _answer(200, context_of(current_app).tokens.jwks())


@blueprint.get("/connections")
def list_connections() -> Response:
    """List what the token's user connected, or the app's with client credentials."""
    context = context_of(current_app)
    try:
        caller = context.caller(request)
    except Refusal as refusal:
        return context.refused(refusal)
    with context.store.reading() as connection:
        found = connections.listed(
            connection, caller.app, caller.user, request.args.get("authEventId")
        )
    return _answer(200, found)


@blueprint.delete("/connections/<connection_id>")
def delete_connection(connection_id: str) -> Response:
    """Disconnect one organisation."""
    context = context_of(current_app)
    try:
        caller = context.caller(request)
    except Refusal as refusal:
        return context.refused(refusal)
    with context.store.writing() as connection:
        status = connections.disconnect(connection, caller.app, caller.user, connection_id)
    return Response(status=status)
