"""Job Receipts: what clients paid, as Xero tells it."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.enquiries.moved import MovedStatus
from webapp.queries.enquiries.receipts import RECEIPTS
from webapp.web.csv_files import csv_file
from webapp.web.enquiries.moving import arguments, asked_for
from webapp.web.exports.filters import page_number
from webapp.web.links import xero_link
from webapp.web.security import requires, viewer

blueprint = Blueprint("receipts", __name__)

HEADINGS = (
    "Receipt No",
    "Receipt Date",
    "Receipt Ref",
    "Claim No",
    "Invoice No",
    "Invoice Date",
    "Client",
    "Claim ex GST",
    "Claim incl GST",
    "Receipt incl GST",
    "Receipt GST",
    "Receipt ex GST",
    "Currency",
    "Invoice balance",
    "Batch No",
    "Fin Co",
    "Reversed (UTC)",
)


@blueprint.get("/job-receipts")
@requires(Permission.VIEW)
def listing() -> ResponseReturnValue:
    """The receipts that match the filter of the address, newest first."""
    asked = asked_for(request.args, RECEIPTS.sorted_by)
    return render_template(
        "enquiries/receipts.html",
        asked=asked,
        args=arguments(asked),
        statuses=list(MovedStatus),
        fin_cos=viewers.visible_fin_cos(viewer()),
        listing=RECEIPTS.page(viewer(), asked, page_number(request.args)),
        xero_link=xero_link,
    )


@blueprint.get("/job-receipts.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every receipt that matches the filter, as a file."""
    rows = RECEIPTS.all(viewer(), asked_for(request.args, RECEIPTS.sorted_by))
    return csv_file(
        "job-receipts",
        HEADINGS,
        (
            (
                row.number,
                row.date,
                row.reference,
                row.claim_no,
                row.invoice_number,
                row.invoice_date,
                row.company,
                row.value_ex_gst,
                row.invoice_total,
                row.amount,
                row.gst,
                row.ex_gst,
                row.currency,
                row.balance,
                row.batch_number,
                row.fin_co,
                row.reversed_at,
            )
            for row in rows
        ),
    )
