"""The sandbox's Flask application."""

import socket

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

    return app


def _cut_off() -> None:
    """Shut the client's socket, so that no byte of the answer can leave."""
    connection = request.environ.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
