from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.web.security import requires

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Permission.VIEW)
def menu() -> ResponseReturnValue:
    """The main menu, in Workbench's folders."""
    return render_template("home/menu.html")
