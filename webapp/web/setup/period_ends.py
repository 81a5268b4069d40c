"""Period Ends: the years and their periods, the current one, and what is closed in each."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.setup.fields import TICKED
from webapp.domain.setup.periods import MODULES
from webapp.queries.setup.periods import (
    TIME_END,
    KeptPeriod,
    KeptYear,
    all_periods,
    current_period,
    kept_year,
    next_first_day,
    years,
)
from webapp.services.errors import ChangedMeanwhile, NotValid
from webapp.services.setup.periods import create_year, save_year
from webapp.services.setup.saving import By
from webapp.web.csv_files import csv_file
from webapp.web.integration.recording import source
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import requires, viewer
from webapp.web.setup.lists import ROOT

PATH = f"{ROOT}/period-ends"
UNPROCESSABLE = 422
NAMES = tuple(module.value for module in MODULES)

blueprint = Blueprint("period_ends", __name__)


@blueprint.get(PATH)
@requires(Permission.VIEW)
def listed() -> ResponseReturnValue:
    """The periods of a year: the one of the address, else that of the current period."""
    asked = request.args.get("year")
    if asked is None:
        current = current_period()
        known = years()
        year = current.year if current else known[0] if known else None
    else:
        year = int(asked) if asked.isdecimal() and len(asked) <= len("9999") else 0
    return _page(_kept(year) if year is not None else None)


@blueprint.get(f"{PATH}.csv")
@requires(Permission.VIEW)
def file() -> ResponseReturnValue:
    """All periods as a file."""
    headings = ["Year", "Period", "Start", "Period End", "Time End", "Current", *MODULES.values()]
    rows = (
        (
            row.year,
            row.number,
            row.start_date,
            row.end_date,
            row.time_end_date,
            row.is_current,
            *(getattr(row, f"{name}_closed") for name in NAMES),
        )
        for row in all_periods()
    )
    return csv_file("period-ends", headings, rows)


@blueprint.post(f"{PATH}/<int:year>")
@requires(Permission.SET_UP)
def save(year: int) -> ResponseReturnValue:
    """Keep what was ticked."""
    kept = _kept(year)
    given = _read(kept)
    sent = request.form.get("current", "")
    current = int(sent) if sent.isdecimal() and int(sent) in given else None
    try:
        changed = save_year(year, given, current, mark=request.form.get("mark", ""), by=_by())
    except NotValid as error:
        return _page(
            kept, given, faults=error.fields, notice=Notice.refused(error), current=current
        ), UNPROCESSABLE
    except ChangedMeanwhile as error:
        notice = Notice("warning", error.message, error.way_out)
        kept = _kept(year)
        return _page(kept, _together(kept, given), notice=notice, current=current), CONFLICT
    say(
        Notice("success", f"The periods of {year} are saved.")
        if changed
        else Notice("info", f"Nothing was changed on the periods of {year}.")
    )
    return redirect(url_for("period_ends.listed", year=year), 303)


@blueprint.post(f"{PATH}/<int:year>/all")
@requires(Permission.SET_UP)
def tick_all(year: int) -> ResponseReturnValue:
    """Tick every module of one period, or untick them where all are; nothing is saved yet."""
    kept = _kept(year)
    given = _read(kept)
    sent = request.form.get("all", "")
    if not sent.isdecimal() or int(sent) not in given:
        abort(UNPROCESSABLE)
    texts = given[int(sent)]
    wanted = "" if _all_closed(texts) else TICKED
    given[int(sent)] = {**texts, **dict.fromkeys(NAMES, wanted)}
    current = request.form.get("current", "")
    notice = Notice("info", "Nothing is saved yet.", "Press Save to keep it.")
    return _page(
        kept,
        given,
        notice=notice,
        current=int(current) if current.isdecimal() else None,
        mark=request.form.get("mark"),
    )


@blueprint.post(f"{PATH}/create")
@requires(Permission.SET_UP)
def create() -> ResponseReturnValue:
    """Make the periods of a year."""
    first_day = request.form.get("first_day", "").strip()
    try:
        year = create_year(first_day, _by())
    except NotValid as error:
        known = years()
        kept = _kept(known[0]) if known else None
        page = _page(kept, faults=error.fields, notice=Notice.refused(error), first_day=first_day)
        return page, UNPROCESSABLE
    say(Notice("success", f"Year {year} has its 12 periods."))
    return redirect(url_for("period_ends.listed", year=year), 303)


def _kept(year: int) -> KeptYear:
    kept = kept_year(year)
    if kept is None:
        abort(404)
    return kept


def _together(
    kept: KeptYear, given: Mapping[int, Mapping[str, str]]
) -> dict[int, Mapping[str, str]]:
    """What somebody else saved meanwhile and what this person ticked: neither shall be lost."""
    return {
        period.id: {
            name: given.get(period.id, {}).get(name) or text for name, text in period.texts.items()
        }
        for period in kept.periods
    }


def _read(kept: KeptYear) -> dict[int, Mapping[str, str]]:
    return {
        period.id: {
            TIME_END: request.form.get(f"{period.id}-{TIME_END}", "").strip(),
            **{name: TICKED if request.form.get(f"{period.id}-{name}") else "" for name in NAMES},
        }
        for period in kept.periods
    }


def _page(
    kept: KeptYear | None,
    given: Mapping[int, Mapping[str, str]] | None = None,
    *,
    faults: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    current: int | None = None,
    mark: str | None = None,
    first_day: str | None = None,
) -> str:
    proposed = next_first_day()
    return render_template(
        "setup/period_ends.html",
        year=kept,
        years=years(),
        rows=[_row(period, (given or {}).get(period.id)) for period in kept.periods]
        if kept
        else [],
        chosen=current or (kept.current if kept else None),
        current=current_period(),
        modules={module.value: label for module, label in MODULES.items()},
        faults=faults or {},
        notice=notice,
        mark=mark or (kept.mark if kept else ""),
        first_day=first_day or (proposed.isoformat() if proposed else ""),
        may_save=viewer().may(Permission.SET_UP),
    )


def _row(
    period: KeptPeriod, texts: Mapping[str, str] | None
) -> tuple[KeptPeriod, Mapping[str, str], bool]:
    shown = texts or period.texts
    return period, shown, _all_closed(shown)


def _all_closed(texts: Mapping[str, str]) -> bool:
    return all(texts[name] for name in NAMES)


def _by() -> By:
    return By(viewer().user_id, source(), current_deps().clock())
