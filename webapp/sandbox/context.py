"""What the parts of one sandbox process share."""

import uuid
from dataclasses import dataclass

from flask import Flask, Request, Response

from webapp.sandbox.clock import Clock
from webapp.sandbox.errors import Refusal
from webapp.sandbox.faults import Faults
from webapp.sandbox.identity.grants import issued_at
from webapp.sandbox.identity.tokens import Caller, Tokens, expired_token
from webapp.sandbox.limits import Limits
from webapp.sandbox.settings import Settings
from webapp.sandbox.store import Store
from webapp.sandbox.wire import dumps

_KEY = "workbench-sandbox"


@dataclass(frozen=True)
class SandboxContext:
    """The state, the clock and the switches of one process."""

    settings: Settings
    store: Store
    clock: Clock
    tokens: Tokens
    limits: Limits
    faults: Faults

    def install(self, app: Flask) -> None:
        """Hand this context to an application."""
        app.extensions[_KEY] = self

    def caller(self, request: Request) -> Caller:
        """Read who calls.

        Raises:
            Refusal: 401.
        """
        caller = self.tokens.read(request.headers.get("Authorization"))
        issued = issued_at(self.store.connection(), caller.token_id)
        if self.faults.take(("expire_tokens",), request.method, request.path, issued_ms=issued):
            raise expired_token(self.clock.now())
        return caller

    def refused(self, refusal: Refusal) -> Response:
        """Write a refusal as an answer."""
        if isinstance(refusal.body, str):
            body = refusal.body
        else:
            body = dumps(refusal.body).replace("{instance}", str(uuid.uuid4()))
        content_type = refusal.content_type or "application/json; charset=utf-8"
        return Response(body, refusal.status, refusal.headers, content_type=content_type)


def context_of(app: Flask) -> SandboxContext:
    """Give an application's context."""
    context = app.extensions[_KEY]
    if not isinstance(context, SandboxContext):
        raise TypeError("this application is not a sandbox")
    return context
