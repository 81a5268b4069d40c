"""The reports of a batch as files for a spreadsheet."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

from flask import Blueprint, Response

from webapp.domain.access import Permission
from webapp.queries import batch_lines
from webapp.queries.batch_documents import DocumentRow, all_documents
from webapp.queries.batch_lines import BatchLine
from webapp.services.exports.analysis import gl_analysis as analysed
from webapp.services.exports.analysis import line_accounts
from webapp.web.batches.found import batch_or_404
from webapp.web.csv_files import Cell, csv_file
from webapp.web.formats import xero_status
from webapp.web.security import requires

blueprint = Blueprint("batch_files", __name__)

Columns = Mapping[str, Callable[[Any], Cell]]
"""What a cell tells of its row, by the column's heading."""

_WORTH: Columns = {
    "Currency": attrgetter("currency"),
    "ex GST": attrgetter("value_ex_gst"),
    "GST": attrgetter("gst"),
    "inc GST": attrgetter("total"),
}


def _status_in_xero(row: DocumentRow) -> Cell:
    return xero_status(row.xero.status) if row.xero and row.xero.status else None


DOCUMENTS: Columns = {
    "Type": attrgetter("kind.value"),
    "Document": attrgetter("number"),
    "Reference": attrgetter("reference"),
    "Company": attrgetter("company"),
    "Date": attrgetter("date"),
    "Due": attrgetter("due_date"),
    "Status": attrgetter("status.value"),
    "Lines": attrgetter("lines"),
    **_WORTH,
    "Export": attrgetter("fate.value"),
    "Status in Xero": _status_in_xero,
    "Xero ID": lambda row: row.xero.xero_id if row.xero else None,
    "Problems": lambda row: " ".join(f"{one.message} {one.way_out}" for one in row.problems),
}
LINES_BEFORE: Columns = {
    "Type": attrgetter("kind.value"),
    "Document": attrgetter("document"),
    "Company": attrgetter("company"),
    "Date": attrgetter("date"),
    "Line": attrgetter("line_no"),
    "Description": attrgetter("description"),
    "Reference": attrgetter("source_reference"),
    "Job": attrgetter("job"),
    "Code": attrgetter("code"),
    "Work Centre": attrgetter("work_centre"),
}
LINES_AFTER: Columns = {
    "GST Type": attrgetter("gst_type"),
    **_WORTH,
    "Retention": attrgetter("is_retention"),
}
ACCOUNTS: Columns = {
    "Currency": attrgetter("currency"),
    "GL account": attrgetter("account"),
    "Name": attrgetter("name"),
    "Debit": attrgetter("debit"),
    "Credit": attrgetter("credit"),
    "Net": attrgetter("net"),
    "Postings": attrgetter("lines"),
}
TAX: Columns = {
    "Currency": attrgetter("currency"),
    "GST Type": attrgetter("gst_type"),
    "Description": attrgetter("description"),
    "Percent": attrgetter("percent"),
    "Export Code": attrgetter("export_code"),
    "Lines": attrgetter("lines"),
    "ex GST": attrgetter("value_ex_gst"),
    "GST": attrgetter("gst"),
    "inc GST": attrgetter("total"),
}


@blueprint.get("/batches/<number>/documents.csv")
@requires(Permission.VIEW)
def documents(number: str) -> Response:
    """Every document with what became of it."""
    batch = batch_or_404(number)
    return _file(number, "documents", DOCUMENTS, all_documents(batch.id))


@blueprint.get("/batches/<number>/lines.csv")
@requires(Permission.VIEW)
def lines(number: str) -> Response:
    """Every line, each with the account it posts to."""
    batch = batch_or_404(number)
    accounts = line_accounts(batch.id)

    def side(place: int) -> Callable[[BatchLine], Cell]:
        return lambda row: accounts.get(row.id, (row.gl_account, row.cr_gl_account))[place]

    columns = {
        **LINES_BEFORE,
        "GL account": side(0),
        "CR GL account": side(1),
        **LINES_AFTER,
    }
    return _file(number, "lines", columns, batch_lines.all_lines(batch.id))


@blueprint.get("/batches/<number>/gl-analysis.csv")
@requires(Permission.VIEW)
def gl_analysis(number: str) -> Response:
    """The GL analysis."""
    return _file(number, "gl-analysis", ACCOUNTS, analysed(batch_or_404(number).id))


@blueprint.get("/batches/<number>/tax-summary.csv")
@requires(Permission.VIEW)
def tax(number: str) -> Response:
    """The tax summary."""
    rows = batch_lines.tax_summary(batch_or_404(number).id)
    return _file(number, "tax-summary", TAX, rows)


def _file(number: str, name: str, columns: Columns, rows: Iterable[object]) -> Response:
    """A report of the batch as a file; each row begins with the number of the batch."""
    return csv_file(
        f"batch-{number}-{name}",
        ("Batch No", *columns),
        ((number, *(tell(row) for tell in columns.values())) for row in rows),
    )
