"""The Export Log: every document an export took up, when, and what came of it (C12.4, R113)."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import export_log, viewers
from webapp.queries.export_log import LogAsked, LogFilter
from webapp.services.exports.clearing import clear_problems
from webapp.web.csv_files import Cell, csv_file
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.formats import xero_status
from webapp.web.integration.recording import note
from webapp.web.links import xero_link
from webapp.web.notices import Notice, say
from webapp.web.security import fin_co_or_404, requires, safe_next, viewer

blueprint = Blueprint("export_log", __name__)

HEADINGS = (
    "Begun (UTC)",
    "Decided (UTC)",
    "Export run",
    "Fin Co",
    "Batch No",
    "Type",
    "Document",
    "Company",
    "inc GST",
    "Currency",
    "Outcome",
    "Line",
    "Problem",
    "What to do",
    "Xero's words",
    "Xero's request",
    "Status in Xero",
    "In Xero",
    "Cleared (UTC)",
)


@blueprint.get("/export-log")
@requires(Permission.VIEW)
def listing() -> ResponseReturnValue:
    """The entries that match the filter of the address, newest first."""
    asked = _asked(request.args)
    return render_template(
        "exports/log.html",
        asked=asked,
        args=_arguments(asked),
        choices=list(LogFilter),
        fin_cos=viewers.visible_fin_cos(viewer()),
        found=export_log.log(viewer(), asked, page_number(request.args)),
        xero_link=xero_link,
    )


@blueprint.get("/export-log.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every entry that matches, a row for each problem of it."""
    name = f"export-log-{current_deps().clock():%Y-%m-%d}"
    return csv_file(name, HEADINGS, _cells(_asked(request.args)))


@blueprint.post("/export-log/clear")
@requires(Permission.EXPORT_BATCHES)
def clear() -> ResponseReturnValue:
    """Take the ticked entries off the list of what needs attention."""
    back = safe_next(request.form.get("back"))
    raw = request.form.getlist("item")
    if not all(value.isdecimal() for value in raw):
        abort(422)
    cleared = clear_problems(
        [int(value) for value in raw],
        fin_co_ids=[fin_co.id for fin_co in viewers.visible_fin_cos(viewer())],
        user_id=viewer().user_id,
        now=current_deps().clock(),
    )
    for fin_co_id, count in cleared.items():
        note("clear export problems", fin_co_id, {"documents": count})
    say(_cleared(sum(cleared.values())))
    return redirect(back, 303)


def _cleared(count: int) -> Notice:
    if not count:
        return Notice(
            "warning", "Nothing was cleared.", "Tick the entries that need no attention any more."
        )
    entries = "1 entry is" if count == 1 else f"{count} entries are"
    return Notice("success", f"{entries} cleared.", "What was not sent can still be exported.")


def _asked(args: MultiDict[str, str]) -> LogAsked:
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    return LogAsked(
        fin_co=code,
        show=reading.choice(args, "show", LogFilter) or LogFilter.ANY,
        text=reading.text(args, "q"),
        since=reading.day(args, "from"),
        until=reading.day(args, "to"),
    )


def _arguments(asked: LogAsked) -> dict[str, str]:
    return reading.told(
        {
            "fin_co": asked.fin_co,
            "show": asked.show.value if asked.show is not LogFilter.ANY else None,
            "q": asked.text,
            "from": asked.since.isoformat() if asked.since else None,
            "to": asked.until.isoformat() if asked.until else None,
        }
    )


def _cells(asked: LogAsked) -> Iterator[tuple[Cell, ...]]:
    for row in export_log.whole_log(viewer(), asked):
        for problem in row.problems or (None,):
            yield (
                row.begun_at,
                row.settled_at,
                row.run_id,
                row.fin_co,
                row.batch_number,
                row.kind,
                row.number,
                row.company,
                row.total,
                row.currency,
                row.state.value,
                problem.line if problem else None,
                problem.message if problem else None,
                problem.way_out if problem else None,
                problem.verbatim if problem else None,
                problem.request_id if problem else None,
                xero_status(row.xero_status) if row.xero_status else None,
                xero_link(row.xero),
                row.cleared_at,
            )
