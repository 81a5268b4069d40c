"""GST Types: the grid, its picker of Export Codes, and its file."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.setup.gst_types import FIELDS
from webapp.queries.setup.gst_types import KeptLine, kept_lines, tax_rates
from webapp.services.errors import ChangedMeanwhile, NotValid
from webapp.services.setup.gst_types import Line, SavedLines, line_faults, save_gst_types
from webapp.services.setup.saving import By
from webapp.web.csv_files import csv_file
from webapp.web.integration.recording import source
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import requires, viewer
from webapp.web.setup.gst_lines import blank, read_lines, show_line, standing, without_removed
from webapp.web.setup.lists import ROOT

PATH = f"{ROOT}/gst-types"
UNPROCESSABLE = 422

blueprint = Blueprint("gst_types", __name__)


@blueprint.get(PATH)
@requires(Permission.VIEW)
def listed() -> ResponseReturnValue:
    """The grid as it is kept."""
    kept = _kept()
    return _grid([standing(line) for line in kept.values()], kept)


@blueprint.get(f"{PATH}.csv")
@requires(Permission.VIEW)
def file() -> ResponseReturnValue:
    """The grid as a file."""
    rows = [[line.texts[field.name] for field in FIELDS] for line in kept_lines()]
    return csv_file("gst-types", [field.label for field in FIELDS], rows)


@blueprint.post(PATH)
@requires(Permission.SET_UP)
def save() -> ResponseReturnValue:
    """Keep all lines, or none."""
    lines = read_lines(request.form, _kept())
    by = By(viewer().user_id, source(), current_deps().clock())
    try:
        done = save_gst_types(lines, tax_rates(viewer()), by)
    except NotValid as error:
        page = _grid(lines, _kept(), faults=error.fields, notice=Notice.refused(error))
        return page, UNPROCESSABLE
    except ChangedMeanwhile as error:
        notice = Notice("warning", error.message, error.way_out)
        kept = _kept()
        lines = without_removed(lines, kept)
        return _grid(lines, kept, notice=notice, clash=True), CONFLICT
    say(_told(done))
    return redirect(url_for("gst_types.listed"), 303)


@blueprint.post(f"{PATH}/add")
@requires(Permission.SET_UP)
def add() -> ResponseReturnValue:
    """The same grid with a line more to be filled in; nothing is kept yet."""
    lines = read_lines(request.form, _kept())
    taken = {line.key for line in lines}
    number = next(number for number in range(1, len(lines) + 2) if f"new-{number}" not in taken)
    return _grid([*lines, blank(number)], _kept())


@blueprint.post(f"{PATH}/check")
@requires(Permission.SET_UP)
def check() -> ResponseReturnValue:
    """What there is to say of one line, and what its picker offers now."""
    kept = _kept()
    key = request.args.get("line", "")
    lines = read_lines(request.form, kept)
    line = next((one for one in lines if one.key == key), None)
    if line is None:
        abort(UNPROCESSABLE)
    rates = tax_rates(viewer())
    before = kept.get(line.id) if line.id is not None else None
    others = [one.texts["code"] for one in lines if one is not line and not one.remove]
    found = line_faults(line, before, others, rates)
    faults = {f"{line.key}-{name}": fault for name, fault in found.items()}
    shown = show_line(line, before, rates, faults=faults)
    return render_template("setup/_gst_checked.html", line=shown, rates=rates)


def _kept() -> dict[int, KeptLine]:
    return {line.id: line for line in kept_lines()}


def _grid(
    lines: Sequence[Line],
    kept: Mapping[int, KeptLine],
    *,
    faults: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    clash: bool = False,
) -> str:
    rates = tax_rates(viewer())
    shown = [
        show_line(
            line,
            kept.get(line.id) if line.id is not None else None,
            rates,
            faults=faults,
            clash=clash,
        )
        for line in lines
    ]
    return render_template(
        "setup/gst_types.html",
        lines=shown,
        codes=[line.texts["code"] for line in lines if line.texts["code"]],
        rates=rates,
        notice=notice,
        may_save=viewer().may(Permission.SET_UP),
    )


def _told(done: SavedLines) -> Notice:
    counts = (
        (done.added, "added"),
        (done.changed, "changed"),
        (done.removed, "removed"),
    )
    told = [f"{count} {what}" for count, what in counts if count]
    if not told:
        return Notice("info", "Nothing was changed on the GST Types.")
    return Notice("success", f"The GST Types are saved: {', '.join(told)}.")
