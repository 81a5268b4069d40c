"""Job Receipts: what clients paid, as Xero tells it."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.enquiries.receipts import (
    NEWEST_FIRST,
    SORTED_BY,
    ReceiptFilter,
    ReceiptStatus,
    all_receipts,
    receipts,
)
from webapp.web.csv_files import csv_file
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.links import xero_link
from webapp.web.security import fin_co_or_404, requires, viewer

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
    asked = _asked(request.args)
    return render_template(
        "enquiries/receipts.html",
        asked=asked,
        args=_arguments(asked),
        statuses=list(ReceiptStatus),
        fin_cos=viewers.visible_fin_cos(viewer()),
        listing=receipts(viewer(), asked, page_number(request.args)),
        xero_link=xero_link,
    )


@blueprint.get("/job-receipts.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every receipt that matches the filter, as a file."""
    rows = all_receipts(viewer(), _asked(request.args))
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
                row.client,
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


def _asked(args: MultiDict[str, str]) -> ReceiptFilter:
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    return ReceiptFilter(
        text=reading.text(args, "q"),
        fin_co=code,
        status=reading.choice(args, "status", ReceiptStatus) or ReceiptStatus.ANY,
        since=reading.day(args, "from"),
        until=reading.day(args, "to"),
        sort=reading.sort(args, SORTED_BY, NEWEST_FIRST),
    )


def _arguments(asked: ReceiptFilter) -> dict[str, str]:
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
