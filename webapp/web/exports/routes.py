"""Export Control: the batches, and the buttons that close and export them."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_export
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.batches import EXPORT_ORDER, BatchType
from webapp.domain.problems import Problem
from webapp.queries import export_control, viewers
from webapp.queries.active_exports import holding_runs
from webapp.queries.export_control import StatusFilter
from webapp.services.batches import close_batch
from webapp.services.errors import ServiceError
from webapp.services.exports import plan_export
from webapp.web.exports.filters import arguments, page_number, read_filter
from webapp.web.integration.recording import trail
from webapp.web.notices import Notice, say
from webapp.web.security import fin_co_or_404, requires, safe_next, viewer

blueprint = Blueprint("exports", __name__)

MOST_NOTICES = 5
"""More than a person reads at once; the session's cookie would not hold them either."""

BEING_EXPORTED = "being-exported"
"""The code of a problem that says that another run holds the batch."""

NOTHING_TICKED = Notice(
    "warning",
    "Nothing was exported: no batch is ticked.",
    "Tick the closed batches that are to go, then press Export.",
)


@blueprint.get("/export-control")
@requires(Permission.VIEW)
def control() -> ResponseReturnValue:
    """The batches that match the filter of the address; by default what is still to be done."""
    asked = read_filter(request.args)
    if asked.fin_co:
        fin_co_or_404(asked.fin_co)
    return render_template(
        "exports/page.html",
        asked=asked,
        args=arguments(asked),
        statuses=list(StatusFilter),
        types=sorted({*EXPORT_ORDER, *BatchType}),
        fin_cos=viewers.visible_fin_cos(viewer()),
        periods=export_control.periods(),
        listing=export_control.listing(viewer(), asked, page_number(request.args)),
    )


@blueprint.post("/export-control/export")
@requires(Permission.EXPORT_BATCHES)
def export() -> ResponseReturnValue:
    """Plan the export of the ticked batches and show its progress."""
    batch_ids = list(_asked_batches("batch"))
    back = safe_next(request.form.get("back"))
    if not batch_ids:
        say(NOTHING_TICKED)
        return redirect(back, 303)
    deps = current_deps()
    try:
        plan = plan_export(
            batch_ids=batch_ids,
            user_id=viewer().user_id,
            now=deps.clock(),
            public_url=deps.config.public_url,
            after_commit=enqueue_export,
        )
    except ServiceError as error:
        say(Notice.refused(error))
        return redirect(back, 303)
    _say_refused(plan.refused, _watching(plan.refused, batch_ids))
    if len(plan.run_ids) == 1:
        return redirect(url_for("runs.page", run_id=plan.run_ids[0]), 303)
    for run_id in plan.run_ids:
        say(
            Notice(
                "info",
                f"Export run {run_id} has begun.",
                link=(url_for("runs.page", run_id=run_id), "Watch its progress"),
            )
        )
    return redirect(back, 303)


@blueprint.post("/export-control/close")
@requires(Permission.CLOSE_BATCHES)
def close_shown() -> ResponseReturnValue:
    """Close the open batches that were on the page."""
    closed: list[str] = []
    refused: list[Problem] = []
    for batch_id, number in _asked_batches("open").items():
        try:
            close_batch(
                batch_id, user_id=viewer().user_id, now=current_deps().clock(), trail=trail()
            )
        except ServiceError as error:
            refused.append(
                Problem(
                    code="not-closed",
                    record=f"Batch {number}",
                    message=error.message,
                    way_out=error.way_out,
                )
            )
        else:
            closed.append(number)
    if closed:
        say(_closed(closed))
    _say_refused(refused)
    return redirect(safe_next(request.form.get("back")), 303)


def _asked_batches(field: str) -> dict[int, str]:
    """The batches a form names, by id; 404 where one is not this person's to see."""
    raw = request.form.getlist(field)
    if not all(value.isdecimal() for value in raw):
        abort(422)
    asked = [int(value) for value in dict.fromkeys(raw)]
    found = export_control.visible_batches(viewer(), asked)
    if len(found) != len(asked):
        abort(404)
    return found


def _closed(numbers: Sequence[str]) -> Notice:
    if len(numbers) == 1:
        return Notice("success", f"Batch {numbers[0]} is closed.", "It can be exported now.")
    return Notice("success", f"{len(numbers)} batches are closed.", "They can be exported now.")


def _watching(problems: Sequence[Problem], batch_ids: list[int]) -> dict[str, tuple[str, str]]:
    """Where to watch the export that holds a refused batch, by the record its problem names."""
    if not any(problem.code == BEING_EXPORTED for problem in problems):
        return {}
    held = {f"Batch {number}": run_id for number, run_id in holding_runs(batch_ids).items()}
    return {
        problem.record: (
            url_for("runs.page", run_id=held[problem.record]),
            f"Watch export run {held[problem.record]}",
        )
        for problem in problems
        if problem.code == BEING_EXPORTED and problem.record in held
    }


def _say_refused(
    problems: Sequence[Problem], links: Mapping[str, tuple[str, str]] | None = None
) -> None:
    for problem in problems[:MOST_NOTICES]:
        link = (links or {}).get(problem.record)
        say(Notice("danger", problem.message, problem.way_out, link=link))
    more = len(problems) - MOST_NOTICES
    if more > 0:
        refused = "1 more batch was" if more == 1 else f"{more} more batches were"
        say(Notice("danger", f"{refused} refused.", "Mend these first."))
