"""Payments: what was paid to suppliers and subcontractors, as Xero tells it."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.enquiries.moved import MovedStatus
from webapp.queries.enquiries.payments import PAYMENTS
from webapp.web.csv_files import csv_file
from webapp.web.enquiries.moving import arguments, asked_for
from webapp.web.exports.filters import page_number
from webapp.web.formats import xero_status
from webapp.web.links import xero_link
from webapp.web.security import requires, viewer

blueprint = Blueprint("payments", __name__)

HEADINGS = (
    "Date",
    "Reference",
    "Supplier",
    "Invoice No",
    "Invoice Date",
    "Type",
    "inc GST",
    "Amount",
    "Currency",
    "From Account",
    "At the bank",
    "Invoice balance",
    "Fin Co",
    "Status in Xero",
    "Reversed (UTC)",
)


@blueprint.get("/payments")
@requires(Permission.VIEW)
def listing() -> ResponseReturnValue:
    """The payments that match the filter of the address, newest first."""
    asked = asked_for(request.args, PAYMENTS.sorted_by)
    return render_template(
        "enquiries/payments.html",
        asked=asked,
        args=arguments(asked),
        statuses=list(MovedStatus),
        fin_cos=viewers.visible_fin_cos(viewer()),
        listing=PAYMENTS.page(viewer(), asked, page_number(request.args)),
        xero_link=xero_link,
    )


@blueprint.get("/payments.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every payment that matches the filter, as a file."""
    rows = PAYMENTS.all(viewer(), asked_for(request.args, PAYMENTS.sorted_by))
    return csv_file(
        "payments",
        HEADINGS,
        (
            (
                row.date,
                row.reference,
                row.company,
                row.invoice_number,
                row.invoice_date,
                row.kind,
                row.invoice_total,
                row.amount,
                row.currency,
                row.account_code,
                row.bank_amount,
                row.balance,
                row.fin_co,
                xero_status(row.xero.status) if row.xero and row.xero.status else None,
                row.reversed_at,
            )
            for row in rows
        ),
    )
