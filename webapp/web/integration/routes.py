"""The Xero Integration screen: its page and the buttons that stay on it."""

import datetime as dt

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_import
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import integration, viewers
from webapp.queries.viewers import FinCoChoice
from webapp.services.connections import TestResult, disconnect, test_connection
from webapp.services.errors import AlreadyRunning, ServiceError
from webapp.services.imports import start_import
from webapp.services.integration_settings import save_settings
from webapp.web.formats import day
from webapp.web.integration import importing
from webapp.web.integration.forms import SettingsForm
from webapp.web.notices import Notice, answer, is_htmx, refuse, say
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("integration", __name__)

SCREEN = "/administration/data-transfer/xero-integration"
THOUSAND = 1000


@blueprint.get(SCREEN)
@requires(Permission.VIEW)
def screen() -> ResponseReturnValue:
    """The screen of one FinCo; without one chosen, of the first this person sees."""
    code = request.args.get("fin_co")
    choices = viewers.visible_fin_cos(viewer())
    if code is None and choices:
        return _screen(choices[0])
    if not choices:
        return render_template("integration/none.html")
    return _screen(fin_co_or_404(code or ""))


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
        return _screen(fin_co, form=form), 422
    problems = save_settings(
        fin_co.id,
        form.settings(),
        user_id=viewer().user_id,
        source=request.remote_addr or "",
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
    return answer(notice, address(code))


@blueprint.post(f"{SCREEN}/<code>/test")
@requires(Permission.RUN_IMPORT)
def test(code: str) -> ResponseReturnValue:
    """Ask the organisation whether it answers."""
    fin_co = fin_co_or_404(code)
    deps = current_deps()
    try:
        result = test_connection(deps.xero, fin_co_id=fin_co.id, now=deps.clock())
    except ServiceError as error:
        return refuse(error, address(code))
    return answer(_told(result), address(code))


@blueprint.post(f"{SCREEN}/<code>/disconnect")
@requires(Permission.CONFIGURE)
def disconnect_fin_co(code: str) -> ResponseReturnValue:
    """Give the connection up; settings and what was learnt stay."""
    fin_co = fin_co_or_404(code)
    deps = current_deps()
    try:
        disconnect(deps.xero, fin_co_id=fin_co.id, now=deps.clock())
    except ServiceError as error:
        return refuse(error, address(code))
    notice = Notice(
        "success",
        f"FinCo {code} is disconnected.",
        "Its settings are kept for when it is connected again.",
    )
    if is_htmx():
        return _screen(fin_co, notice=notice)
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
        )
    except AlreadyRunning as error:
        run_id = error.run_id
        notice = Notice("info", error.message, error.way_out)
        if is_htmx():
            return render_template("_notice.html", notice=notice) + importing.panel(run_id)
        say(notice)
    except ServiceError as error:
        return refuse(error, address(code))
    if is_htmx():
        return importing.panel(run_id)
    return redirect(address(code), 303)


def address(code: str) -> str:
    """The screen of one FinCo, at the place where results are shown."""
    return url_for("integration.screen", fin_co=code, _anchor="result")


def _screen(
    fin_co: FinCoChoice, *, form: SettingsForm | None = None, notice: Notice | None = None
) -> str:
    run_id = integration.last_import(fin_co.id)
    template = "integration/_screen.html" if is_htmx() else "integration/page.html"
    return render_template(
        template,
        fin_co=fin_co,
        choices=viewers.visible_fin_cos(viewer()),
        connection=integration.connection(fin_co.id),
        form=form or SettingsForm(obj=integration.settings(fin_co.id)),
        notice=notice,
        run=importing.progress(run_id) if run_id else None,
        now=current_deps().clock(),
    )


def _told(result: TestResult) -> Notice:
    facts = [
        ("Organisation", result.organisation_name + (" (demo)" if result.is_demo_company else "")),
        ("Answered in", _took(result.elapsed_ms)),
        ("Country", result.country_code),
        ("Base currency", result.base_currency_code),
        ("Locked to", _day_or_none(result.period_lock_date)),
        ("Year locked to", _day_or_none(result.end_of_year_lock_date)),
        ("Calls left today", _number_or_none(result.calls_left_today)),
    ]
    return Notice(
        "success" if result.ok else "danger",
        result.message,
        result.way_out or None,
        facts=tuple((label, value) for label, value in facts if value) if result.ok else (),
    )


def _took(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, THOUSAND)
    return f"{seconds}.{rest // 100} s" if seconds else f"{milliseconds} ms"


def _day_or_none(date: dt.date | None) -> str | None:
    return day(date) if date else None


def _number_or_none(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"
