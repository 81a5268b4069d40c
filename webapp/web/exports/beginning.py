"""Beginning the export that a person asked for, and leading them to it."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_export
from webapp.deps import current_deps
from webapp.services.exports import ExportPlan, plan_export, retry_export
from webapp.web.exports.asked import say_refused
from webapp.web.exports.meant import Meant
from webapp.web.integration.recording import note
from webapp.web.notices import Notice, say
from webapp.web.security import viewer


def begin(meant: Meant, confirmed: str) -> ExportPlan:
    """Export what is meant, if it is as it was confirmed.

    Raises:
        ChangedMeanwhile: it is not; nothing was claimed.
    """
    deps = current_deps()
    if meant.again is None:
        return plan_export(
            batch_ids=meant.batch_ids,
            user_id=viewer().user_id,
            now=deps.clock(),
            public_url=deps.config.public_url,
            after_commit=enqueue_export,
            confirmed=confirmed,
        )
    plan = retry_export(
        meant.again.left,
        user_id=viewer().user_id,
        now=deps.clock(),
        public_url=deps.config.public_url,
        after_commit=enqueue_export,
        confirmed=confirmed,
    )
    run = meant.again.run
    for new_id in plan.run_ids:
        note("export again", run.fin_co_id, {"run": new_id, "of run": run.id})
    return plan


def begun(plan: ExportPlan, back: str) -> ResponseReturnValue:
    """Lead to the run that began; say what was refused, and where several began."""
    say_refused(plan.refused)
    if len(plan.run_ids) == 1:
        return redirect(url_for("runs.page", run_id=plan.run_ids[0]), 303)
    for run_id in plan.run_ids:
        link = (url_for("runs.page", run_id=run_id), "Watch its progress")
        say(Notice("info", f"Export run {run_id} has begun.", link=link))
    return redirect(back, 303)
