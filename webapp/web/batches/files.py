"""The reports of a batch as files for a spreadsheet."""

from flask import Blueprint, Response

from webapp.domain.access import Permission
from webapp.queries import batch_lines
from webapp.queries.batch_documents import all_documents
from webapp.services.exports.analysis import gl_analysis as analysed
from webapp.services.exports.analysis import line_accounts
from webapp.web.batches.found import batch_or_404
from webapp.web.csv_files import csv_file
from webapp.web.formats import xero_status
from webapp.web.security import requires

blueprint = Blueprint("batch_files", __name__)

DOCUMENTS = (
    "Batch No",
    "Type",
    "Document",
    "Reference",
    "Company",
    "Date",
    "Due",
    "Status",
    "Lines",
    "Currency",
    "ex GST",
    "GST",
    "inc GST",
    "Export",
    "Status in Xero",
    "Xero ID",
    "Problems",
)
LINES = (
    "Batch No",
    "Type",
    "Document",
    "Company",
    "Date",
    "Line",
    "Description",
    "Reference",
    "Job",
    "Code",
    "Work Centre",
    "GL account",
    "CR GL account",
    "GST Type",
    "Currency",
    "ex GST",
    "GST",
    "inc GST",
    "Retention",
)
ACCOUNTS = ("Batch No", "Currency", "GL account", "Name", "Debit", "Credit", "Net", "Postings")
TAX = (
    "Batch No",
    "Currency",
    "GST Type",
    "Description",
    "Percent",
    "Export Code",
    "Lines",
    "ex GST",
    "GST",
    "inc GST",
)


@blueprint.get("/batches/<number>/documents.csv")
@requires(Permission.VIEW)
def documents(number: str) -> Response:
    """Every document with what became of it."""
    batch = batch_or_404(number)
    return csv_file(
        f"batch-{number}-documents",
        DOCUMENTS,
        (
            (
                number,
                row.kind.value,
                row.number,
                row.reference,
                row.company,
                row.date,
                row.due_date,
                row.status.value,
                row.lines,
                row.currency,
                row.value_ex_gst,
                row.gst,
                row.total,
                row.fate.value,
                xero_status(row.xero.status) if row.xero and row.xero.status else None,
                row.xero.xero_id if row.xero else None,
                " ".join(f"{one.message} {one.way_out}" for one in row.problems),
            )
            for row in all_documents(batch.id)
        ),
    )


@blueprint.get("/batches/<number>/lines.csv")
@requires(Permission.VIEW)
def lines(number: str) -> Response:
    """Every line, each with the account it posts to."""
    batch = batch_or_404(number)
    accounts = line_accounts(batch.id)
    return csv_file(
        f"batch-{number}-lines",
        LINES,
        (
            (
                number,
                row.kind.value,
                row.document,
                row.company,
                row.date,
                row.line_no,
                row.description,
                row.source_reference,
                row.job,
                row.code,
                row.work_centre,
                *accounts.get((row.uid, row.line_no), (row.gl_account, row.cr_gl_account)),
                row.gst_type,
                row.currency,
                row.value_ex_gst,
                row.gst,
                row.total,
                row.is_retention,
            )
            for row in batch_lines.all_lines(batch.id)
        ),
    )


@blueprint.get("/batches/<number>/gl-analysis.csv")
@requires(Permission.VIEW)
def gl_analysis(number: str) -> Response:
    """The GL analysis."""
    batch = batch_or_404(number)
    return csv_file(
        f"batch-{number}-gl-analysis",
        ACCOUNTS,
        (
            (
                number,
                row.currency,
                row.account,
                row.name,
                row.debit,
                row.credit,
                row.net,
                row.lines,
            )
            for row in analysed(batch.id)
        ),
    )


@blueprint.get("/batches/<number>/tax-summary.csv")
@requires(Permission.VIEW)
def tax(number: str) -> Response:
    """The tax summary."""
    batch = batch_or_404(number)
    return csv_file(
        f"batch-{number}-tax-summary",
        TAX,
        (
            (
                number,
                row.currency,
                row.gst_type,
                row.description,
                row.percent,
                row.export_code,
                row.lines,
                row.value_ex_gst,
                row.gst,
                row.total,
            )
            for row in batch_lines.tax_summary(batch.id)
        ),
    )
