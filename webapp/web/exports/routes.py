"""Export Control: the batches, and the button that exports them."""

from collections.abc import Iterator

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.domain.batches import BatchType
from webapp.queries import export_control, viewers
from webapp.queries.export_control import BatchRow
from webapp.queries.export_filter import ANY, CURRENT, Filter, StatusFilter
from webapp.web.csv_files import Cell, csv_file
from webapp.web.exports.asked import asked_batches
from webapp.web.exports.filters import arguments, narrowings, page_number, read_filter
from webapp.web.exports.locks import ask_lock_dates
from webapp.web.exports.meant import Meant, preview_address
from webapp.web.notices import Notice, say
from webapp.web.security import fin_co_or_404, requires, safe_next, viewer

blueprint = Blueprint("exports", __name__)

HEADINGS = (
    "Batch Type",
    "Batch No",
    "Status",
    "Batch Date",
    "Year",
    "Period",
    "Fin Co",
    "Reference",
    "Documents",
    "In Xero",
    "Currency",
    "Total inc GST",
    "Last export run",
)

NOTHING_TICKED = Notice(
    "warning",
    "Nothing was exported: no batch is ticked.",
    "Tick the closed batches that are to go, then press Export.",
)


@blueprint.get("/export-control")
@requires(Permission.VIEW)
def control() -> ResponseReturnValue:
    """The batches that match the filter of the address; by default what is still to be done."""
    asked = _asked()
    args = arguments(asked)
    found = export_control.listing(viewer(), asked, page_number(request.args))
    page = str(found.page.shown) if found.page.shown > 1 else None
    return render_template(
        "exports/page.html",
        asked=asked,
        args=args,
        back=url_for("exports.control", page=page, **args),
        narrowings=narrowings(asked),
        status_filters=list(StatusFilter),
        statuses=[(status.value, status.value.capitalize()) for status in StatusFilter],
        types=[(kind.value, kind.value) for kind in sorted(BatchType)],
        fin_cos=viewers.visible_fin_cos(viewer()),
        periods=_period_choices(),
        listing=found,
    )


@blueprint.get("/export-control.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """The same batches as a file, whatever the page; each currency of a batch has its own row."""
    rows = export_control.everything(viewer(), _asked())
    return csv_file("export-control", HEADINGS, (cells for row in rows for cells in _cells(row)))


@blueprint.post("/export-control/export")
@requires(Permission.EXPORT_BATCHES)
def export() -> ResponseReturnValue:
    """Read the lock dates anew, then show what an export of the ticked batches would do."""
    batch_ids = list(asked_batches("batch"))
    back = safe_next(request.form.get("back"))
    if not batch_ids:
        say(NOTHING_TICKED)
        return redirect(back, 303)
    ask_lock_dates(batch_ids)
    return redirect(preview_address(Meant(batch_ids), back), 303)


def _asked() -> Filter:
    asked = read_filter(request.args)
    if asked.fin_co:
        fin_co_or_404(asked.fin_co)
    return asked


def _period_choices() -> list[tuple[str, str]]:
    """The periods as a select offers them, the current one first by its own word."""
    periods = export_control.periods()
    current = "".join(f": {one.year} / {one.number}" for one in periods if one.is_current)
    return [
        (CURRENT, f"Current{current}"),
        (ANY, "Any period"),
        *((one.value, f"{one.year} / {one.number}") for one in periods),
    ]


def _cells(row: BatchRow) -> Iterator[tuple[Cell, ...]]:
    for total in row.totals or (None,):
        yield (
            row.batch_type.value,
            row.number,
            "not for export" if row.not_for_export else row.status.value,
            row.batch_date,
            row.year,
            row.period,
            row.fin_co,
            row.reference,
            total.documents if total else 0,
            total.in_xero if total else 0,
            total.currency if total else None,
            total.total if total else None,
            row.last.run_id if row.last else None,
        )
