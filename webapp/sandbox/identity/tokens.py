"""Access and id tokens: RS256 JWTs with the claims of xero-api a.3."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from webapp.sandbox.clock import Clock
from webapp.sandbox.errors import Refusal
from webapp.sandbox.identity.grants import Grant
from webapp.sandbox.identity.users import XeroUser
from webapp.sandbox.store import Store
from webapp.sandbox.wire import JsonObject

ID_TOKEN_SECONDS = 300


@dataclass(frozen=True)
class Caller:
    """Who an access token speaks for; ``user`` is empty for client credentials."""

    app: str
    user: str
    scopes: frozenset[str]
    token_id: str


class Tokens:
    """Signs and reads tokens with the key kept in the state."""

    def __init__(self, store: Store, clock: Clock, life_seconds: int) -> None:
        self._clock = clock
        self.life_seconds = life_seconds
        pem = store.meta("signing_key")
        if pem is None:
            made = RSAKey.generate_key(2048, private=True)
            pem = made.as_pem(private=True).decode()
            store.set_meta("signing_key", pem)
        self._key = RSAKey.import_key(pem, {"use": "sig", "alg": "RS256"})
        self._key.ensure_kid()

    def jwks(self) -> JsonObject:
        """Give the public key set."""
        return {"keys": [self._key.as_dict(private=False)]}

    def access_token(self, grant: Grant, issuer: str) -> tuple[str, str]:
        """Make an access token; give it with its id (``jti``)."""
        now = self._clock.now_ms() // 1000
        token_id = uuid.uuid4().hex
        claims: JsonObject = {
            "nbf": now,
            "iat": now,
            "exp": now + self.life_seconds,
            "iss": issuer,
            "aud": f"{issuer}/resources",
            "client_id": grant.app,
            "jti": token_id,
            "scope": grant.scope.split(),
        }
        if grant.user:
            claims |= {
                "sub": uuid.uuid5(uuid.NAMESPACE_OID, grant.user).hex,
                "auth_time": now,
                "xero_userid": grant.user,
                "global_session_id": uuid.uuid5(uuid.NAMESPACE_OID, grant.family).hex,
                "authentication_event_id": grant.auth_event,
            }
        return self._sign(claims), token_id

    def id_token(self, grant: Grant, user: XeroUser, issuer: str) -> str:
        """Make the id token of a sign-in."""
        now = self._clock.now_ms() // 1000
        claims: JsonObject = {
            "nbf": now,
            "iat": now,
            "exp": now + ID_TOKEN_SECONDS,
            "iss": issuer,
            "aud": grant.app,
            "sub": uuid.uuid5(uuid.NAMESPACE_OID, grant.user).hex,
            "auth_time": now,
            "xero_userid": user.user_id,
            "global_session_id": uuid.uuid5(uuid.NAMESPACE_OID, grant.family).hex,
            "preferred_username": user.email,
            "email": user.email,
            "given_name": user.given_name,
            "family_name": user.family_name,
            "name": user.name,
        }
        if grant.nonce:
            claims["nonce"] = grant.nonce
        return self._sign(claims)

    def read(self, authorization: str | None) -> Caller:
        """Read the bearer token of a call.

        Raises:
            Refusal: 401, the token is missing, not ours, or expired.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise bad_token()
        try:
            claims = jwt.decode(token.strip(), self._key, algorithms=["RS256"]).claims
        except (JoseError, ValueError) as error:
            raise bad_token() from error
        if "client_id" not in claims:
            raise bad_token()
        if claims["exp"] * 1000 <= self._clock.now_ms():
            raise expired_token(datetime.fromtimestamp(claims["exp"], UTC))
        return Caller(
            app=claims["client_id"],
            user=claims.get("xero_userid", ""),
            scopes=frozenset(claims["scope"]),
            token_id=claims["jti"],
        )

    def _sign(self, claims: JsonObject) -> str:
        header = {"alg": "RS256", "typ": "JWT", "kid": self._key.kid}
        return jwt.encode(header, claims, self._key)


def expired_token(at: datetime) -> Refusal:
    """Make the 401 of a token whose life has ended."""
    return Refusal(
        401,
        {
            "Type": None,
            "Title": "Unauthorized",
            "Status": 401,
            "Detail": f"TokenExpired: token expired at {at:%m/%d/%Y %H:%M:%S}",
            "Instance": str(uuid.uuid4()),
            "Extensions": {},
        },
        {"WWW-Authenticate": "Bearer error=invalid_token"},
    )


def bad_token() -> Refusal:
    """Make the 401 of a token that is none; its keys are in lower case."""
    return Refusal(
        401,
        {
            "type": None,
            "title": "Unauthorized",
            "status": 401,
            "detail": "AuthenticationUnsuccessful",
            "instance": str(uuid.uuid4()),
        },
    )
