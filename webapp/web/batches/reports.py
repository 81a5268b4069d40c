"""The reports of a batch: its lines, GL analysis, tax and history; on a page and on paper (R77)."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import batch_lines
from webapp.queries.batch_documents import all_documents
from webapp.queries.batch_runs import batch_runs
from webapp.queries.paging import Page
from webapp.services.exports.analysis import gl_analysis as analysed
from webapp.services.exports.analysis import line_accounts
from webapp.web.batches.found import batch_or_404, head
from webapp.web.exports.filters import page_number
from webapp.web.security import requires, viewer

blueprint = Blueprint("batch_reports", __name__)


@blueprint.get("/batches/<number>/lines")
@requires(Permission.VIEW)
def lines(number: str) -> ResponseReturnValue:
    """The lines of all documents, each with the account it posts to."""
    batch = batch_or_404(number)
    page = Page(page_number(request.args), batch_lines.line_count(batch.id))
    rows = batch_lines.lines(batch.id, page)
    return render_template(
        "batches/lines.html",
        **head(batch),
        rows=rows,
        accounts=line_accounts(batch.id, [row.id for row in rows]),
        page=page,
    )


@blueprint.get("/batches/<number>/gl-analysis")
@requires(Permission.VIEW)
def gl_analysis(number: str) -> ResponseReturnValue:
    """What each GL account is debited and credited."""
    batch = batch_or_404(number)
    return render_template("batches/gl_analysis.html", **head(batch), accounts=analysed(batch.id))


@blueprint.get("/batches/<number>/tax-summary")
@requires(Permission.VIEW)
def tax(number: str) -> ResponseReturnValue:
    """What the lines come to by GST Type."""
    batch = batch_or_404(number)
    return render_template(
        "batches/tax.html", **head(batch), taxes=batch_lines.tax_summary(batch.id)
    )


@blueprint.get("/batches/<number>/history")
@requires(Permission.VIEW)
def history(number: str) -> ResponseReturnValue:
    """Who made, closed and exported it, and every export run it was in."""
    batch = batch_or_404(number)
    return render_template("batches/history.html", **head(batch), runs=batch_runs(batch.id))


@blueprint.get("/batches/<number>/print")
@requires(Permission.VIEW)
def on_paper(number: str) -> ResponseReturnValue:
    """All of the batch on one page without navigation; its lines where they are asked for."""
    batch = batch_or_404(number)
    with_lines = request.args.get("lines") == "yes"
    return render_template(
        "batches/print.html",
        **head(batch),
        rows=all_documents(batch.id),
        lines=batch_lines.all_lines(batch.id) if with_lines else (),
        line_accounts=line_accounts(batch.id) if with_lines else {},
        with_lines=with_lines,
        accounts=analysed(batch.id),
        taxes=batch_lines.tax_summary(batch.id),
        runs=batch_runs(batch.id),
        printed_by=viewer().name,
        printed_at=current_deps().clock(),
    )
