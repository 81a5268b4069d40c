"""The batches to enter documents in: their list, and a new one."""

import datetime as dt
from enum import StrEnum

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.entry.kinds import ENTERED_TYPES
from webapp.queries import viewers
from webapp.queries.documents.batches import table
from webapp.queries.setup.listing import Asked, Table, everything, listing
from webapp.queries.sorting import Sort
from webapp.services.batches import period_told
from webapp.services.documents import enter_batch
from webapp.services.errors import ServiceError
from webapp.web.csv_files import csv_file
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.integration.recording import trail
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import fin_co_or_404, requires, viewer

LONGEST_REFERENCE = 60
UNPROCESSABLE = 422
TYPES = tuple(kind for kind in BatchType if kind in ENTERED_TYPES)
NEWEST_FIRST = Sort("number", descending=True)

blueprint = Blueprint("batch_entry", __name__)


class StatusAsked(StrEnum):
    """Which batches are asked for."""

    OPEN = "open"
    CLOSED = "closed"
    EXPORTING = "exporting"
    EXPORTED = "exported"
    ANY = "any"


@blueprint.get("/batches")
@requires(Permission.VIEW)
def listed() -> ResponseReturnValue:
    """The batches that match the filter of the address; by default the open ones."""
    found, asked, args = _asked()
    return render_template(
        "documents/batches.html",
        table=found,
        asked=asked,
        args=args,
        statuses=[(one.value, one.value.capitalize()) for one in StatusAsked],
        types=[(kind.value, kind.value) for kind in BatchType],
        fin_cos=viewers.visible_fin_cos(viewer()),
        listing=listing(found, asked),
    )


@blueprint.get("/batches.csv")
@requires(Permission.VIEW)
def file() -> ResponseReturnValue:
    """The same as a file, whatever the page."""
    found, asked, _ = _asked()
    headings = [column.label for column in found.columns.values()]
    return csv_file("batches", headings, (row.cells for row in everything(found, asked)))


@blueprint.get("/batches/new")
@requires(Permission.LOAD_DOCUMENTS)
def new() -> ResponseReturnValue:
    """The form of a new batch."""
    kind = reading.choice(request.args, "type", BatchType)
    today = current_deps().clock().date().isoformat()
    return _form({"type": kind or "", "fin_co": request.args.get("fin_co", ""), "date": today})


@blueprint.get("/batches/new/period")
@requires(Permission.LOAD_DOCUMENTS)
def period() -> ResponseReturnValue:
    """Which period a batch of that date and type would be in."""
    return render_template("documents/_period.html", period=_period(request.args.to_dict()))


@blueprint.post("/batches/new")
@requires(Permission.LOAD_DOCUMENTS)
def make() -> ResponseReturnValue:
    """Make the batch and go to it. Its number is given now and never to another (R82)."""
    names = ("type", "fin_co", "date", "reference", "reversing")
    typed = {name: request.form.get(name, "").strip() for name in names}
    faults = _faults(typed)
    if faults:
        notice = Notice("danger", "The batch was not made.", "Correct what is marked.")
        return _form(typed, faults=faults, notice=notice), UNPROCESSABLE
    fin_co = fin_co_or_404(typed["fin_co"])
    now = current_deps().clock()
    try:
        made = enter_batch(
            fin_co_id=fin_co.id,
            kind=BatchType(typed["type"]),
            date=dt.date.fromisoformat(typed["date"]),
            reference=typed["reference"] or None,
            documents=(),
            user_id=viewer().user_id,
            now=now,
            reversing=bool(typed["reversing"]),
            trail=trail(),
        )
    except ServiceError as error:
        return _form(typed, notice=Notice.refused(error)), CONFLICT
    say(Notice("success", f"Batch {made.batch_number} is made.", "Add its documents."))
    return redirect(url_for("batches.details", number=made.batch_number), 303)


def _asked() -> tuple[Table, Asked, dict[str, str]]:
    args = request.args
    status = reading.choice(args, "status", StatusAsked) or StatusAsked.OPEN
    batch_type = reading.choice(args, "type", BatchType)
    fin_co = args.get("fin_co") or None
    if fin_co:
        fin_co_or_404(fin_co)
    found = table(
        viewer(), None if status is StatusAsked.ANY else BatchStatus(status.value), batch_type
    )
    sort = reading.sort(args, found.columns, NEWEST_FIRST)
    text = reading.text(args, "text")
    asked = Asked(sort=sort, text=text, fin_co=fin_co, page=page_number(args))
    told = {
        "text": text,
        "fin_co": fin_co,
        "type": batch_type.value if batch_type else None,
        "status": status.value if status is not StatusAsked.OPEN else None,
        "sort": sort.value if sort != NEWEST_FIRST else None,
    }
    return found, asked, reading.told(told)


def _faults(typed: dict[str, str]) -> dict[str, str]:
    faults = {}
    if typed["type"] not in {kind.value for kind in TYPES}:
        faults["type"] = "Choose what the batch is for."
    if not typed["fin_co"]:
        faults["fin_co"] = "Choose the financial company."
    if _day(typed["date"]) is None:
        faults["date"] = "Give the day of the batch, like 2026-11-30."
    reference = typed["reference"]
    if len(reference) > LONGEST_REFERENCE or not (reference.isprintable() or not reference):
        faults["reference"] = f"A reference has up to {LONGEST_REFERENCE} plain characters."
    return faults


def _period(typed: dict[str, str]) -> str | None:
    date = _day(typed.get("date", ""))
    if date is None:
        return None
    try:
        kind = BatchType(typed.get("type", ""))
    except ValueError:
        kind = None
    return period_told(date, kind)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _form(
    typed: dict[str, str],
    *,
    faults: dict[str, str] | None = None,
    notice: Notice | None = None,
) -> str:
    fin_cos = viewers.visible_fin_cos(viewer())
    if not fin_cos:
        abort(404)
    return render_template(
        "documents/new_batch.html",
        typed=typed,
        faults=faults or {},
        notice=notice,
        types=TYPES,
        fin_cos=fin_cos,
        period=_period(typed),
    )
