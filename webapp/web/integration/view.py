"""Puts the Xero Integration screen together: whole, or the part of it that changes."""

from dataclasses import dataclass

from flask import Response, after_this_request, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import integration, tracking, viewers
from webapp.queries.audit import audit_log
from webapp.queries.checklist import getting_started
from webapp.queries.viewers import FinCoChoice
from webapp.services.accounts_validation import AccountsReport
from webapp.services.connections import (
    current_connection,
    granted_features,
    lapse_warning,
)
from webapp.services.errors import NotConnected, ServiceError
from webapp.web.audit.told import Told, tell
from webapp.web.imports import panel
from webapp.web.integration.forms import SettingsForm
from webapp.web.integration.payroll import payroll_access
from webapp.web.notices import Notice, is_htmx, refuse
from webapp.web.security import fin_co_or_404, viewer

SCREEN = "/administration/data-transfer/xero-integration"
RECENT = 10


@dataclass(frozen=True)
class Typed:
    """A name that was typed to confirm a connection, and why it was not taken."""

    name: str
    error: str


def address(code: str, anchor: str = "result") -> str:
    """The screen of one FinCo, at the place where results are shown."""
    return url_for("integration.screen", fin_co=code, _anchor=anchor)


def show(
    fin_co: FinCoChoice,
    *,
    form: SettingsForm | None = None,
    notice: Notice | None = None,
    report: AccountsReport | None = None,
    typed: Typed | None = None,
) -> str:
    """Render the screen of a FinCo, with what a button just did."""
    now = current_deps().clock()
    found = current_connection(fin_co.id)
    features = granted_features(found) if found else None
    run_id = integration.last_import(fin_co.id)
    problems = tracking.category_problems(fin_co.id)
    return render_template(
        "integration/_screen.html" if is_htmx() else "integration/page.html",
        fin_co=fin_co,
        choices=viewers.visible_fin_cos(viewer()),
        connection=integration.connection(fin_co.id),
        pending=integration.pending(fin_co.id) if viewer().may(Permission.CONFIGURE) else None,
        features=features,
        payroll=payroll_access(found.country_code if found else None, features),
        lapse=lapse_warning(found, now) if found else None,
        steps=getting_started(fin_co.id),
        activity=_activity(fin_co),
        categories=tracking.tracking_categories(fin_co.id),
        category_problems={problem.record: problem for problem in problems},
        form=form or SettingsForm(obj=integration.settings(fin_co.id)),
        notice=notice,
        report=report,
        typed=typed,
        run=panel.progress(run_id) if run_id else None,
        now=now,
    )


def refused(error: ServiceError, code: str) -> ResponseReturnValue:
    """Answer with a refusal; who can connect and stands before the button is told to press it."""
    if isinstance(error, NotConnected) and viewer().may(Permission.CONFIGURE):
        fin_co = fin_co_or_404(code)
        if integration.connection(fin_co.id) is None:
            error = NotConnected(error.message, "Press Connect to Xero.")
    return refuse(error, address(code))


def tell_the_page() -> None:
    """Let the page that sent this request ask again for what its button may have changed."""
    if is_htmx():
        after_this_request(_with_news)


def _with_news(response: Response) -> Response:
    response.headers["HX-Trigger"] = "changed"
    return response


def _activity(fin_co: FinCoChoice) -> tuple[Told, ...]:
    if not viewer().may(Permission.READ_AUDIT_LOG):
        return ()
    return tuple(tell(event) for event in audit_log(viewer(), fin_co_id=fin_co.id).events[:RECENT])
