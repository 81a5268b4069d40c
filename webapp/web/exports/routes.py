from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.web.security import requires

blueprint = Blueprint("exports", __name__)


@blueprint.get("/export-control")
@requires(Permission.VIEW)
def control() -> ResponseReturnValue:
    """Export Control: the batches and what may be done with them."""
    return render_template("exports/page.html")
