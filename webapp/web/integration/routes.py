from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.web.security import requires

blueprint = Blueprint("integration", __name__)


@blueprint.get("/administration/data-transfer/xero-integration")
@requires(Permission.VIEW)
def screen() -> ResponseReturnValue:
    """The Xero Integration screen of one FinCo."""
    return render_template("integration/page.html")
