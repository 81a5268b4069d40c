"""The Xero Integration screen: its page and the buttons that change something here."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_import
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.services.connections import current_connection, disconnect
from webapp.services.errors import AlreadyRunning, ServiceError
from webapp.services.imports import start_import
from webapp.services.integration_settings import save_settings
from webapp.web.imports import panel
from webapp.web.integration.forms import SettingsForm
from webapp.web.integration.recording import note, source
from webapp.web.integration.view import SCREEN, address, refused, show, tell_the_page
from webapp.web.notices import Notice, answer, is_htmx, say
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("integration", __name__)


@blueprint.get(SCREEN)
@requires(Permission.VIEW)
def screen() -> ResponseReturnValue:
    """The screen of one FinCo; without one chosen, of the first this person sees."""
    code = request.args.get("fin_co")
    choices = viewers.visible_fin_cos(viewer())
    if code is None and choices:
        return show(choices[0])
    if not choices:
        return render_template("integration/none.html")
    return show(fin_co_or_404(code or ""))


@blueprint.get(f"{SCREEN}-v2")
@requires(Permission.VIEW)
def screen_v2() -> ResponseReturnValue:
    """The screen under the name it also goes by (Q1)."""
    return redirect(url_for("integration.screen", fin_co=request.args.get("fin_co")), 301)


@blueprint.post(f"{SCREEN}/<code>/save")
@requires(Permission.CONFIGURE)
def save(code: str) -> ResponseReturnValue:
    """Keep the settings."""
    fin_co = fin_co_or_404(code)
    form = SettingsForm(request.form)
    if not form.validate():
        # The whole screen, not a part to be put into the place of results.
        whole = {"HX-Retarget": "#screen", "HX-Reswap": "outerHTML"}
        return show(fin_co, form=form), 422, whole
    problems = save_settings(
        fin_co.id,
        form.settings(),
        user_id=viewer().user_id,
        source=source(),
        now=current_deps().clock(),
    )
    saved = f"The settings of FinCo {code} are saved."
    notice = Notice("success", saved)
    if problems:
        notice = Notice(
            "warning",
            " ".join([saved, *(problem.message for problem in problems)]),
            " ".join(problem.way_out for problem in problems),
        )
    tell_the_page()
    return answer(notice, address(code))


@blueprint.post(f"{SCREEN}/<code>/disconnect")
@requires(Permission.CONFIGURE)
def disconnect_fin_co(code: str) -> ResponseReturnValue:
    """Give the connection up; settings and what was learnt stay."""
    fin_co = fin_co_or_404(code)
    deps = current_deps()
    present = current_connection(fin_co.id)
    name = present.organisation_name if present else None
    try:
        disconnect(deps.xero, fin_co_id=fin_co.id, now=deps.clock())
    except ServiceError as error:
        return refused(error, code)
    note("disconnect", fin_co.id, {"organisation": [name, None]})
    notice = Notice(
        "success",
        f"FinCo {code} is disconnected.",
        "Its settings are kept for when it is connected again.",
    )
    if is_htmx():
        return show(fin_co, notice=notice)
    return answer(notice, address(code))


@blueprint.post(f"{SCREEN}/<code>/import")
@requires(Permission.RUN_IMPORT)
def import_now(code: str) -> ResponseReturnValue:
    """Start an import and show its progress; where one runs already, show that."""
    fin_co = fin_co_or_404(code)
    try:
        run_id = start_import(
            fin_co_id=fin_co.id,
            user_id=viewer().user_id,
            now=current_deps().clock(),
            after_commit=enqueue_import,
            source=source(),
            full="full" in request.form,
        )
    except AlreadyRunning as error:
        run_id = error.run_id
        notice = Notice("info", error.message, error.way_out)
        if is_htmx():
            return render_template("_notice.html", notice=notice) + panel.begun(run_id)
        say(notice)
    except ServiceError as error:
        return refused(error, code)
    else:
        tell_the_page()
    if is_htmx():
        return panel.begun(run_id)
    return redirect(address(code), 303)
