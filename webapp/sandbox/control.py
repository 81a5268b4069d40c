"""The control endpoint: what tests and rehearsals see and switch. Loopback only, no sign-in."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from webapp.sandbox import requestlog
from webapp.sandbox.books import Books, Organisation
from webapp.sandbox.context import SandboxContext, context_of
from webapp.sandbox.dates import parse_day, wire_day
from webapp.sandbox.faults import fault_from_json
from webapp.sandbox.kinds import ACCOUNTS
from webapp.sandbox.made_up import SizeError, make_up
from webapp.sandbox.organisations import new_tenant, organisation_by, start_anew
from webapp.sandbox.seeding import SeedError, seed
from webapp.sandbox.summary import summaries
from webapp.sandbox.wire import JsonObject, dumps, loads

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")

_LIMITS = ("minute", "day", "concurrent", "window_seconds")


class ControlError(Exception):
    """The control call cannot be understood: answered 400."""


@blueprint.errorhandler(ControlError)
@blueprint.errorhandler(SeedError)
@blueprint.errorhandler(SizeError)
def refuse(error: Exception) -> Response:
    """Answer 400 with the reason."""
    return _answer({"error": str(error)}, 400)


def _answer(body: object, status: int = 200) -> Response:
    return Response(dumps(body), status, content_type="application/json; charset=utf-8")


def _body() -> Any:
    try:
        return loads(request.get_data() or b"{}")
    except ValueError as error:
        raise ControlError(f"The body is not JSON: {error}") from error


def _object() -> JsonObject:
    body = _body()
    if not isinstance(body, dict):
        raise ControlError("The body must be an object.")
    return body


def _context() -> SandboxContext:
    return context_of(current_app)


@blueprint.get("/state")
def state() -> Response:
    """Sum up what each organisation holds; money as text."""
    with _context().store.reading() as connection:
        return _answer({"organisations": summaries(connection)})


@blueprint.post("/seed")
def seed_records() -> Response:
    """Make contacts, accounts and tracking options that are not there yet."""
    context = _context()
    body = _object()
    with context.store.writing() as connection:
        organisation = _named(connection, body.get("tenant_id"), body.get("organisation"))
        books = Books(connection, organisation, context.clock)
        return _answer(seed(books, body))


@blueprint.post("/made-up")
def make_up_records() -> Response:
    """Make as many contacts and payments as are asked for, the same ones for the same seed."""
    context = _context()
    body = _object()
    with context.store.writing() as connection:
        organisation = _named(connection, body.get("tenant_id"), body.get("organisation"))
        return _answer(make_up(Books(connection, organisation, context.clock), body))


def _named(connection: Any, tenant_id: object, name: object) -> Organisation:
    if tenant_id:
        found = organisation_by(connection, "tenant_id", str(tenant_id).lower())
    else:
        found = organisation_by(connection, "name", name)
    if found is None:
        raise ControlError("There is no such organisation.")
    return found


@blueprint.patch("/organisations/<tenant_id>")
def change_organisation(tenant_id: str) -> Response:
    """Do what somebody does inside Xero: lock dates, archiving, renaming, reset, trial's end."""
    context = _context()
    body = _object()
    known = {
        "period_lock_date", "end_of_year_lock_date", "name", "archive_account",
        "restore_account", "approval_limit", "reset", "expire_trial",
    }  # fmt: skip
    if set(body) - known:
        raise ControlError(f"Unknown member {min(set(body) - known)!r}.")
    with context.store.writing() as connection:
        organisation = _named(connection, tenant_id, None)
        books = Books(connection, organisation, context.clock)
        _apply(books, body)
        if body.get("reset"):
            tenant_id = new_tenant(connection, organisation)
    return _answer({"tenant_id": tenant_id})


def _apply(books: Books, body: JsonObject) -> None:
    members = _members(body)
    if members:
        books.set_organisation(**members)
    for member, status in (("archive_account", "ARCHIVED"), ("restore_account", "ACTIVE")):
        if member in body:
            found = books.find(ACCOUNTS, "number", body[member])
            if not found:
                raise ControlError(f"There is no account {body[member]}.")
            books.save(ACCOUNTS, {**found[0], "Status": status})
    for member, column in (("approval_limit", "approval_limit"), ("expire_trial", "expired")):
        if member in body:
            books.connection.execute(
                f"UPDATE organisations SET {column}=? WHERE org=?",  # noqa: S608 - fixed names
                (body[member], books.organisation.org),
            )


def _members(body: JsonObject) -> JsonObject:
    members: JsonObject = {}
    for member, wire_name in (
        ("period_lock_date", "PeriodLockDate"),
        ("end_of_year_lock_date", "EndOfYearLockDate"),
    ):
        if member in body:
            day = parse_day(body[member])
            if body[member] is not None and day is None:
                raise ControlError(f"{member} is not a date.")
            members[wire_name] = wire_day(day) if day else None
    if body.get("name"):
        members["Name"] = str(body["name"])
    return members


@blueprint.route("/faults", methods=["GET", "PUT", "DELETE"])
def faults() -> Response:
    """Show, replace or clear the faults in force."""
    context = _context()
    if request.method == "DELETE":
        context.faults.set_to([])
    elif request.method == "PUT":
        body = _body()
        listed = body.get("faults") if isinstance(body, dict) and "faults" in body else body
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise ControlError("The body must be a list of faults.")
        try:
            now = context.clock.now_ms()
            context.faults.set_to([fault_from_json(one, now) for one in listed])
        except ValueError as error:
            raise ControlError(str(error)) from error
    return _answer({"faults": [fault.as_json() for fault in context.faults.all()]})


@blueprint.route("/requests", methods=["GET", "DELETE"])
def requests() -> Response:
    """Give the log of API calls after a number, or clear it; ``identity=true`` gives the others."""
    context = _context()
    if request.method == "DELETE":
        with context.store.writing() as connection:
            requestlog.clear(connection)
        return Response(status=204)
    since = request.args.get("since", 0, type=int)
    with context.store.reading() as connection:
        of_identity = request.args.get("identity") == "true"
        return _answer({"requests": requestlog.since(connection, since, of_identity=of_identity)})


@blueprint.route("/limits", methods=["GET", "PUT", "DELETE"])
def limits() -> Response:
    """Show the limits and what is used; set others; begin all windows anew."""
    context = _context()
    if request.method == "DELETE":
        context.limits.forget()
    elif request.method == "PUT":
        body = _object()
        for name, value in body.items():
            if name not in _LIMITS or not isinstance(value, int) or value < 1:
                raise ControlError(f"Limits are {', '.join(_LIMITS)}: whole numbers above zero.")
        context.limits.change(**body)
    allowance = context.limits.allowance
    return _answer(
        {
            **{name: getattr(allowance, name) for name in _LIMITS},
            "used": context.limits.report(),
        }
    )


@blueprint.post("/disconnect")
def disconnect() -> Response:
    """Cut the app off, as a user does inside Xero."""
    context = _context()
    with context.store.writing() as connection:
        organisation = _named(connection, _object().get("tenant_id"), None)
        gone = connection.execute(
            "DELETE FROM connections WHERE org=?", (organisation.org,)
        ).rowcount
    return _answer({"disconnected": gone})


@blueprint.post("/clock")
def clock() -> Response:
    """Push the sandbox's clock forward by ``advance_seconds``."""
    seconds = _object().get("advance_seconds")
    if not isinstance(seconds, int) or seconds < 0:
        raise ControlError("advance_seconds must be a whole number, zero or more.")
    context = _context()
    context.clock.advance(seconds)
    return _answer({"now": context.clock.now().isoformat()})


@blueprint.post("/reset")
def reset() -> Response:
    """Throw everything away and make the first organisations anew; the signing key stays."""
    context = _context()
    context.faults.set_to([])
    context.clock.set_right()
    start_anew(context.store, context.clock)
    context.limits.change(
        minute=context.settings.minute_limit,
        day=context.settings.daily_limit,
        concurrent=context.settings.concurrent_limit,
        window_seconds=60,
    )
    context.limits.forget()
    return state()
