"""AP Invoice Enquiry: what suppliers sent, and what was paid on it."""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.domain.access import Permission
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.queries import viewers
from webapp.queries.enquiries.ap_invoices import (
    NEWEST_FIRST,
    SORTED_BY,
    TYPES,
    ApFilter,
    PaidFilter,
    all_ap_invoices,
    ap_invoices,
)
from webapp.web.csv_files import csv_file
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.links import xero_link
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("ap_invoices", __name__)

HEADINGS = (
    "Invoice No",
    "Reference",
    "Supplier",
    "Date",
    "Type",
    "Batch No",
    "Status",
    "Approved By",
    "Currency",
    "ex GST",
    "GST",
    "inc GST",
    "Total Payment",
    "Total Credit Incl",
    "Last Payment",
    "Last Payment Date",
    "Balance",
    "Paid",
    "Fin Co",
)
DEFAULT_TYPES = ApFilter().types


@blueprint.get("/ap-invoice-enquiry")
@requires(Permission.VIEW)
def listing() -> ResponseReturnValue:
    """The documents that match the filter of the address; by default invoices, newest first."""
    asked = _asked(request.args)
    return render_template(
        "enquiries/ap_invoices.html",
        asked=asked,
        args=_arguments(asked),
        types=TYPES,
        statuses=[(status.value, status.value) for status in DocumentStatus],
        paid=[(paid.value, paid.value.capitalize()) for paid in PaidFilter],
        fin_cos=viewers.visible_fin_cos(viewer()),
        listing=ap_invoices(viewer(), asked, page_number(request.args)),
        xero_link=xero_link,
    )


@blueprint.get("/ap-invoice-enquiry.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every document that matches the filter, as a file."""
    rows = all_ap_invoices(viewer(), _asked(request.args))
    return csv_file(
        "ap-invoices",
        HEADINGS,
        (
            (
                row.number,
                row.reference,
                row.supplier,
                row.date,
                row.kind,
                row.batch_number,
                row.status,
                row.approved_by,
                row.currency,
                row.value_ex_gst,
                row.gst,
                row.total,
                row.payments.total if row.payments else None,
                row.credited or None,
                row.payments.last if row.payments else None,
                row.payments.last_date if row.payments else None,
                row.balance,
                row.paid,
                row.fin_co,
            )
            for row in rows
        ),
    )


def _asked(args: MultiDict[str, str]) -> ApFilter:
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    return ApFilter(
        text=reading.text(args, "q"),
        fin_co=code,
        types=_types(args),
        status=reading.choice(args, "status", DocumentStatus),
        paid=reading.choice(args, "paid", PaidFilter),
        since=reading.day(args, "from"),
        until=reading.day(args, "to"),
        sort=reading.sort(args, SORTED_BY, NEWEST_FIRST),
    )


def _types(args: MultiDict[str, str]) -> tuple[DocumentKind, ...]:
    """The ticked types; invoices where none is."""
    asked = args.getlist("type")
    if not set(asked) <= set(TYPES):
        abort(422)
    return tuple(kind for kind in TYPES if kind in asked) or DEFAULT_TYPES


def _arguments(asked: ApFilter) -> dict[str, str | list[str]]:
    told: dict[str, str | list[str]] = {
        **reading.told(
            {
                "q": asked.text,
                "fin_co": asked.fin_co,
                "status": asked.status,
                "paid": asked.paid,
                "from": asked.since.isoformat() if asked.since else None,
                "to": asked.until.isoformat() if asked.until else None,
                "sort": asked.sort.value if asked.sort != NEWEST_FIRST else None,
            }
        )
    }
    if asked.types != DEFAULT_TYPES:
        told["type"] = [kind.value for kind in asked.types]
    return told
