"""Imports: what each did, how one goes on, and what stands outside."""

from collections.abc import Iterator
from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.runs import ImportKind, RunOrigin
from webapp.queries import viewers
from webapp.queries.import_history import import_history
from webapp.queries.import_left_out import (
    LeftOut,
    Organisation,
    all_left_out,
    left_out,
    organisation,
)
from webapp.queries.viewers import FinCoChoice
from webapp.services.progress import topic
from webapp.web.csv_files import Cell, csv_file
from webapp.web.exports.filters import page_number
from webapp.web.imports import panel, words
from webapp.web.imports.asked import left_out_arguments, read_left_out, read_runs, run_arguments
from webapp.web.imports.links import problem_link
from webapp.web.live import stream
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("imports", __name__)
blueprint.add_app_template_filter(words.summary, "import_summary")
blueprint.add_app_template_global(words.started_by, "started_by")
blueprint.add_app_template_global(problem_link, "problem_link")

HEADINGS = ("Kind", "Outcome", "Name in Xero", "Reason", "What to do", "Since (UTC)", "In Xero")


@blueprint.get("/imports")
@requires(Permission.VIEW)
def history() -> ResponseReturnValue:
    """The runs, of one FinCo or of all this person sees."""
    code = request.args.get("fin_co")
    fin_co = fin_co_or_404(code) if code else None
    asked = read_runs(request.args, fin_co.id if fin_co else None)
    found = import_history(viewer(), asked, page_number(request.args))
    return render_template(
        "imports/history.html",
        fin_co=fin_co,
        choices=viewers.visible_fin_cos(viewer()),
        asked=asked,
        arguments={"fin_co": code or None, **run_arguments(asked)},
        origins=list(RunOrigin),
        runs=found.runs,
        page=found.page,
        now=current_deps().clock(),
    )


@blueprint.get("/imports/<int:run_id>")
@requires(Permission.VIEW)
def run_page(run_id: int) -> ResponseReturnValue:
    """One run; without scripts the page loads itself again until the run has ended."""
    return render_template(
        "imports/run.html", run=panel.progress(run_id), now=current_deps().clock()
    )


@blueprint.get("/imports/<int:run_id>/panel")
@requires(Permission.VIEW)
def poll(run_id: int) -> ResponseReturnValue:
    """The panel as it stands; the finished one asks for nothing more."""
    return panel.panel(run_id)


@blueprint.get("/imports/<int:run_id>/stream")
@requires(Permission.VIEW)
def watch(run_id: int) -> ResponseReturnValue:
    """The panel again whenever it changed."""
    panel.progress(run_id)
    return stream(topic("import", run_id), partial(panel.part, viewer(), run_id))


@blueprint.get("/imports/left-out")
@requires(Permission.VIEW)
def outside() -> ResponseReturnValue:
    """What stands outside of the organisation of a FinCo, and why."""
    choices = viewers.visible_fin_cos(viewer())
    if not choices:
        return render_template("integration/none.html")
    fin_co = _fin_co(choices)
    asked = read_left_out(request.args)
    of = organisation(fin_co.id)
    found = left_out(fin_co.id, of.tenant_id, asked, page_number(request.args)) if of else LeftOut()
    return render_template(
        "imports/left_out.html",
        fin_co=fin_co,
        choices=choices,
        organisation=of,
        asked=asked,
        arguments={"fin_co": fin_co.code, **left_out_arguments(asked)},
        kinds=list(ImportKind),
        found=found,
    )


@blueprint.get("/imports/left-out.csv")
@requires(Permission.VIEW)
def outside_csv() -> ResponseReturnValue:
    """The same as a file, all of it."""
    fin_co = _fin_co(viewers.visible_fin_cos(viewer()))
    of = organisation(fin_co.id)
    name = f"left-out-{fin_co.code}-{current_deps().clock():%Y-%m-%d}"
    return csv_file(name, HEADINGS, _cells(fin_co, of) if of else ())


def _fin_co(choices: tuple[FinCoChoice, ...]) -> FinCoChoice:
    code = request.args.get("fin_co")
    return fin_co_or_404(code or "") if code or not choices else choices[0]


def _cells(fin_co: FinCoChoice, of: Organisation) -> Iterator[tuple[Cell, ...]]:
    for row in all_left_out(fin_co.id, of.tenant_id, read_left_out(request.args)):
        yield (
            row.kind.value,
            row.outcome,
            row.name,
            row.reason,
            row.cause.way_out,
            row.since,
            problem_link(of.short_code, row.kind, row.xero_id),
        )
