"""The way of one call of the accounting API, from token to answer.

The order is: who calls, which organisation, limits, scope, faults before, the work itself under
the one writer's lock together with its idempotency key, faults after.
"""

import sqlite3
import time
import uuid
from contextlib import ExitStack

from flask import Request, Response

from webapp.sandbox import requestlog
from webapp.sandbox.books import Books, Organisation
from webapp.sandbox.call import Call, NoContent, RawAnswer
from webapp.sandbox.context import SandboxContext
from webapp.sandbox.endpoints.table import all_routes
from webapp.sandbox.envelope import (
    encode,
    encode_refusal,
    enveloped,
    read_body,
    wants_json,
)
from webapp.sandbox.errors import Refusal, not_found, not_implemented
from webapp.sandbox.faults import AFTER_KINDS, BEFORE_KINDS, LIMIT_KINDS, Fault
from webapp.sandbox.idempotency import (
    Answer,
    check_key,
    keep_answer,
    request_hash,
    stored_answer,
)
from webapp.sandbox.identity import connections
from webapp.sandbox.identity.tokens import Caller
from webapp.sandbox.identity.users import user_by_id
from webapp.sandbox.limits import refuse as over_limit
from webapp.sandbox.money import number
from webapp.sandbox.organisations import organisation_by
from webapp.sandbox.routing import split_path
from webapp.sandbox.scopes import require
from webapp.sandbox.store import undoable

_PLAIN = "text/plain; charset=utf-8"
_WRITES = ("PUT", "POST", "DELETE", "PATCH")


class DropConnection(Exception):
    """Close the connection without an answer."""


class Pipeline:
    """Answers the calls of the accounting API."""

    def __init__(self, context: SandboxContext) -> None:
        self._context = context
        self._routes = all_routes()

    def answer(self, request: Request, path: str) -> Response:
        """Answer one call.

        Raises:
            DropConnection: a fault wants no answer at all.
        """
        entry = requestlog.Entry(
            at_ms=self._context.clock.now_ms(),
            method=request.method,
            path=request.path,
            query=request.query_string.decode("utf-8", "replace"),
            idempotency_key=request.headers.get("Idempotency-Key"),
        )
        headers = {"Xero-Correlation-Id": str(uuid.uuid4())}
        try:
            answer = self._admitted(request, path, entry, headers)
        except Refusal as refusal:
            headers |= refusal.headers
            answer = encode_refusal(refusal, as_json=wants_json(request.accept_mimetypes))
        except DropConnection:
            self._log(entry)
            raise
        entry.status = answer.status
        self._log(entry)
        return Response(
            answer.body, answer.status, headers, content_type=answer.content_type or None
        )

    def _log(self, entry: requestlog.Entry) -> None:
        with self._context.store.writing() as connection:
            requestlog.write(connection, entry)

    def _admitted(
        self, request: Request, path: str, entry: requestlog.Entry, headers: dict[str, str]
    ) -> Answer:
        context = self._context
        caller = context.caller(request)
        tenant_id = request.headers.get("xero-tenant-id", "").strip().lower()
        organisation = self._organisation(caller, tenant_id)
        entry.tenant_id = organisation.tenant_id
        with ExitStack() as stack:
            try:
                self._limit_faults(request)
                stack.enter_context(context.limits.call(caller.app, organisation.tenant_id))
            finally:
                headers |= context.limits.headers(caller.app, organisation.tenant_id)
            segments = split_path(path)
            if not segments:
                raise not_found()
            require(caller.scopes, tuple(one.lower() for one in segments), request.method)
            return self._worked(request, segments, caller, organisation, entry)

    def _organisation(self, caller: Caller, tenant_id: str) -> Organisation:
        connection = self._context.store.connection()
        organisation = organisation_by(connection, "tenant_id", tenant_id)
        if (
            organisation is None
            or organisation.expired
            or not connections.is_connected(connection, caller.app, caller.user, organisation.org)
        ):
            raise Refusal(
                403,
                {
                    "Type": None,
                    "Title": "Forbidden",
                    "Status": 403,
                    "Detail": "AuthenticationUnsuccessful",
                    "Instance": str(uuid.uuid4()),
                    "Extensions": {},
                },
            )
        return organisation

    def _limit_faults(self, request: Request) -> None:
        fault = self._context.faults.take(LIMIT_KINDS, request.method, request.path)
        if fault is None:
            return
        problem = fault.kind.partition("_")[2]
        seconds = number(fault.seconds)
        wait = int(seconds) if seconds is not None else {"minute": 20, "day": 66_975}.get(problem)
        raise over_limit(problem, None if problem == "concurrent" else wait)

    def _worked(
        self,
        request: Request,
        segments: tuple[str, ...],
        caller: Caller,
        organisation: Organisation,
        entry: requestlog.Entry,
    ) -> Answer:
        faults = self._context.faults
        raw = request.get_data(cache=True)
        settings = self._context.settings
        takes = settings.latency_ms
        slow = faults.take(("slow",), request.method, request.path)
        if slow:
            longer = int((number(slow.seconds) or 1) * 1000)
            _wait(longer)
            takes += longer
        before = faults.take(BEFORE_KINDS, request.method, request.path)
        if before:
            _strike(before)
        body = None
        if "attachments" not in [one.lower() for one in segments] and request.method in _WRITES:
            body = read_body(raw, request.content_type or "")
            entry.documents = _documents(body)
        after = faults.take(AFTER_KINDS, request.method, request.path)
        call = Call(
            books=Books(
                self._context.store.connection(), organisation, self._context.clock, caller.app
            ),
            user=user_by_id(caller.user),
            method=request.method,
            query={key.lower(): value for key, value in request.args.items()},
            headers=dict(request.headers),
            body=body,
            raw=raw,
            host=request.host_url.rstrip("/"),
        )
        takes += settings.latency_per_document_ms * entry.documents
        try:
            answer = self._done(request, segments, call, entry)
        finally:
            # The sandbox's own work is part of the time a call takes, not on top of it.
            _wait(takes - int((time.monotonic() - entry.began) * 1000))
        if after:
            _strike(after)
        return answer

    def _done(
        self,
        request: Request,
        segments: tuple[str, ...],
        call: Call,
        entry: requestlog.Entry,
    ) -> Answer:
        as_json = wants_json(request.accept_mimetypes)
        if request.method not in _WRITES:
            with self._context.store.reading():
                return self._run(segments, call, as_json=as_json)
        key = request.headers.get("Idempotency-Key")
        keyed = bool(key) and request.method != "DELETE"
        with self._context.store.writing() as connection:
            if not key or not keyed:
                return self._kept_if_good(connection, segments, call, as_json=as_json)
            check_key(key)
            fingerprint = request_hash(
                request.method, request.full_path, request.get_data(cache=True)
            )
            now = self._context.clock.now_ms()
            app = call.books.app
            stored = stored_answer(connection, app, key, fingerprint, now)
            if stored is not None:
                entry.replayed = True
                return stored
            answer = self._kept_if_good(connection, segments, call, as_json=as_json)
            keep_answer(connection, app, key, fingerprint, now, answer)
            return answer

    def _kept_if_good(
        self,
        connection: sqlite3.Connection,
        segments: tuple[str, ...],
        call: Call,
        *,
        as_json: bool,
    ) -> Answer:
        """Run a write; a refusal undoes all of it and is an answer like any other."""
        call.books.organisation = _fresh(connection, call.books.organisation)
        try:
            with undoable(connection):
                return self._run(segments, call, as_json=as_json)
        except Refusal as refusal:
            return encode_refusal(refusal, as_json=as_json)

    def _run(self, segments: tuple[str, ...], call: Call, *, as_json: bool) -> Answer:
        match = self._routes.find(call.method, segments)
        if match is None:
            raise not_implemented() if self._routes.knows(segments) else not_found()
        call.path = match.variables
        result = match.handler(call)
        if isinstance(result, NoContent):
            return Answer(204, b"", "")
        if isinstance(result, RawAnswer):
            return Answer(200, result.body, result.content_type)
        name = call.user.name if call.user else "Sandbox"
        wrapped = enveloped(result, self._context.clock.now_ms(), name)
        return encode(200, wrapped, as_json=as_json)


def _fresh(connection: sqlite3.Connection, organisation: Organisation) -> Organisation:
    """Read the organisation again inside the transaction: lock dates may have moved."""
    return organisation_by(connection, "org", organisation.org) or organisation


def _documents(body: object) -> int:
    if isinstance(body, list):
        return len(body)
    if not isinstance(body, dict):
        return 0
    lists = [value for value in body.values() if isinstance(value, list)]
    return len(lists[0]) if len(body) == 1 and lists else 1


def _wait(milliseconds: int) -> None:
    if milliseconds > 0:
        time.sleep(milliseconds / 1000)


def _strike(fault: Fault) -> None:
    """Answer as a fault wants.

    Raises:
        Refusal: the fault's answer.
        DropConnection: it wants none.
    """
    if fault.kind.startswith("drop"):
        raise DropConnection
    if fault.kind.startswith("500"):
        raise Refusal(
            500,
            {
                "Title": "An error occurred",
                "Detail": "An error occurred in Xero. Check the API Status page for current"
                " service status.",
                "Status": 500,
                "Instance": str(uuid.uuid4()),
            },
        )
    if fault.kind == "html":
        page = "<html><head><title>Bad gateway</title></head><body>Bad gateway</body></html>"
        raise Refusal(502, page, content_type="text/html; charset=utf-8")
    if fault.kind == "503_offline":
        raise Refusal(503, "The Organisation is offline", content_type=_PLAIN)
    raise Refusal(503, "The Xero API is currently offline for maintenance", content_type=_PLAIN)
