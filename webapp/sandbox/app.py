"""The sandbox's Flask application."""

import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from webapp.sandbox import control, pages
from webapp.sandbox.clock import Clock
from webapp.sandbox.context import SandboxContext
from webapp.sandbox.faults import Faults
from webapp.sandbox.identity import routes as identity
from webapp.sandbox.identity.tokens import Tokens
from webapp.sandbox.limits import Allowance, Limits
from webapp.sandbox.organisations import make_first_organisations
from webapp.sandbox.pipeline import DropConnection, Pipeline
from webapp.sandbox.settings import Settings
from webapp.sandbox.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_API = "/api.xro/2.0/"
_PREFIXES = (_API, "/connections", "/connect/", "/identity/", "/.well-known/")


def create_app(settings: Settings) -> Flask:
    """Open the state, making it on first start, and put the application together."""
    store = Store(settings.state)
    clock = Clock(store)
    make_first_organisations(store, clock)
    allowance = Allowance(settings.minute_limit, settings.daily_limit, settings.concurrent_limit)
    context = SandboxContext(
        settings=settings,
        store=store,
        clock=clock,
        tokens=Tokens(store, clock, settings.token_seconds),
        limits=Limits(store, clock, allowance),
        faults=Faults(settings.faults),
    )
    app = Flask("webapp.sandbox", static_folder=None)
    context.install(app)
    app.register_blueprint(identity.blueprint)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(pages.blueprint)
    pipeline = Pipeline(context)

    @app.route("/api.xro/2.0/<path:path>", methods=["GET", "PUT", "POST", "DELETE", "PATCH"])
    def accounting(path: str) -> Response:
        try:
            return pipeline.answer(request, path)
        except DropConnection:
            _cut_off()
            return Response(status=500)

    app.wsgi_app = _any_case(app.wsgi_app)  # type: ignore[assignment, method-assign]  # Flask's way
    return app


def _any_case(wsgi_app: "WSGIApplication") -> "WSGIApplication":
    """Read the fixed part of every path in any case: the official client says /Connections."""

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for prefix in _PREFIXES:
            if path.lower().startswith(prefix):
                rest = path[len(prefix) :]
                environ["PATH_INFO"] = prefix + (rest if prefix == _API else rest.lower())
                if prefix != _API:
                    environ["PATH_INFO"] = environ["PATH_INFO"].rstrip("/")
        return wsgi_app(environ, start_response)

    return wrapped


def _cut_off() -> None:
    """Shut the client's socket, so that no byte of the answer can leave."""
    connection = request.environ.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
