"""The audit log: who did what, when, from where, and what changed."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.audit import audit_log
from webapp.web.audit.told import tell
from webapp.web.exports.filters import page_number
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("audit", __name__)


@blueprint.get("/administration/audit-log")
@requires(Permission.READ_AUDIT_LOG)
def log() -> ResponseReturnValue:
    """A page of the log, of one FinCo or of all this person sees."""
    code = request.args.get("fin_co")
    fin_co = fin_co_or_404(code) if code else None
    found = audit_log(
        viewer(), fin_co_id=fin_co.id if fin_co else None, page=page_number(request.args)
    )
    return render_template(
        "audit/page.html",
        fin_co=fin_co,
        choices=viewers.visible_fin_cos(viewer()),
        rows=[tell(event) for event in found.events],
        page=found.page,
    )
