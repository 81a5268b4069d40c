"""Payments: what was paid to suppliers and subcontractors, as Xero tells it."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.enquiries.payments import (
    NEWEST_FIRST,
    SORTED_BY,
    PaymentFilter,
    all_payments,
    payments,
)
from webapp.queries.enquiries.receipts import ReceiptStatus
from webapp.web.csv_files import csv_file
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.formats import xero_status
from webapp.web.links import xero_link
from webapp.web.security import fin_co_or_404, requires, viewer

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
    asked = _asked(request.args)
    return render_template(
        "enquiries/payments.html",
        asked=asked,
        args=_arguments(asked),
        statuses=list(ReceiptStatus),
        fin_cos=viewers.visible_fin_cos(viewer()),
        listing=payments(viewer(), asked, page_number(request.args)),
        xero_link=xero_link,
    )


@blueprint.get("/payments.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every payment that matches the filter, as a file."""
    rows = all_payments(viewer(), _asked(request.args))
    return csv_file(
        "payments",
        HEADINGS,
        (
            (
                row.date,
                row.reference,
                row.supplier,
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


def _asked(args: MultiDict[str, str]) -> PaymentFilter:
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    return PaymentFilter(
        text=reading.text(args, "q"),
        fin_co=code,
        status=reading.choice(args, "status", ReceiptStatus) or ReceiptStatus.ANY,
        since=reading.day(args, "from"),
        until=reading.day(args, "to"),
        sort=reading.sort(args, SORTED_BY, NEWEST_FIRST),
    )


def _arguments(asked: PaymentFilter) -> dict[str, str]:
    return reading.told(
        {
            "q": asked.text,
            "fin_co": asked.fin_co,
            "status": asked.status if asked.status is not ReceiptStatus.ANY else None,
            "from": asked.since.isoformat() if asked.since else None,
            "to": asked.until.isoformat() if asked.until else None,
            "sort": asked.sort.value if asked.sort != NEWEST_FIRST else None,
        }
    )
