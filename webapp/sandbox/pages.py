"""Readable pages: what each organisation holds, and the targets of links into Xero."""

from flask import Blueprint, abort, current_app, render_template

from webapp.sandbox.context import context_of
from webapp.sandbox.summary import summaries

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def overview() -> str:
    """Show the organisations and the faults in force."""
    context = context_of(current_app)
    with context.store.reading() as connection:
        organisations = summaries(connection)
    return render_template(
        "overview.html", organisations=organisations, faults=context.faults.all()
    )


@blueprint.get("/organisations/<tenant_id>/")
def organisation(tenant_id: str) -> str:
    """Show one organisation."""
    abort(404)
