"""AP Invoice Enquiry and Job Sales Invoices: what was invoiced, and what was paid on it."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.domain.access import Permission
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.queries import viewers
from webapp.queries.enquiries.invoices import (
    AP,
    AR,
    NEWEST_FIRST,
    SORTS,
    InvoiceFilter,
    InvoiceRow,
    PaidFilter,
    Side,
)
from webapp.web.csv_files import Cell, csv_file
from webapp.web.enquiries import reading
from webapp.web.exports.filters import page_number
from webapp.web.formats import xero_status
from webapp.web.links import xero_link
from webapp.web.security import fin_co_or_404, requires, viewer


@dataclass(frozen=True, kw_only=True)
class Enquiry:
    """One of the two screens.

    Attributes:
        name: the blueprint's, and the file's.
        path: its address.
        title: the heading.
        side: the documents and the money.
        standing: the types that are ticked where nothing was asked for.
        types: what people call each type here.
        company: what people call the other side.
        paid: what people call money that was paid, and one payment.
        empty: what to say where there is nothing yet.
    """

    name: str
    path: str
    title: str
    side: Side
    standing: tuple[DocumentKind, ...]
    types: dict[DocumentKind, str]
    company: str
    paid: tuple[str, str]
    empty: str

    @property
    def sells(self) -> bool:
        """Whether it is about what was sold, on jobs."""
        return self.side is AR


AP_INVOICES = Enquiry(
    name="ap_invoices",
    path="/ap-invoice-enquiry",
    title="AP Invoice Enquiry",
    side=AP,
    standing=(DocumentKind.AP_INVOICE,),
    types={
        DocumentKind.AP_INVOICE: "Invoices",
        DocumentKind.AP_CREDIT: "Credits",
        DocumentKind.SUB_CLAIM: "Claims",
    },
    company="Supplier",
    paid=("Payment", "payment"),
    empty="There are no AP invoices yet.",
)
SALES_INVOICES = Enquiry(
    name="sales_invoices",
    path="/job-sales-invoices",
    title="Job Sales Invoices",
    side=AR,
    standing=(DocumentKind.SALES_INVOICE, DocumentKind.CONTRACT_CLAIM),
    types={
        DocumentKind.SALES_INVOICE: "Invoices",
        DocumentKind.SALES_CREDIT: "Credits",
        DocumentKind.CONTRACT_CLAIM: "Claims",
    },
    company="Client",
    paid=("Receipt", "receipt"),
    empty="There are no job sales invoices or claims yet.",
)


def _blueprint(enquiry: Enquiry) -> Blueprint:
    blueprint = Blueprint(enquiry.name, __name__)

    @blueprint.get(enquiry.path)
    @requires(Permission.VIEW)
    def listing() -> ResponseReturnValue:
        asked = _asked(enquiry, request.args)
        return render_template(
            "enquiries/invoices.html",
            enquiry=enquiry,
            asked=asked,
            args=_arguments(enquiry, asked),
            statuses=[(status.value, status.value) for status in DocumentStatus],
            paid=[(paid.value, paid.value.capitalize()) for paid in PaidFilter],
            fin_cos=viewers.visible_fin_cos(viewer()),
            listing=enquiry.side.page(viewer(), asked, page_number(request.args)),
            xero_link=xero_link,
        )

    @blueprint.get(f"{enquiry.path}.csv")
    @requires(Permission.VIEW)
    def as_csv() -> Response:
        rows = enquiry.side.all(viewer(), _asked(enquiry, request.args))
        name = enquiry.name.replace("_", "-")
        return csv_file(name, _headings(enquiry), (_cells(enquiry, row) for row in rows))

    return blueprint


def _headings(enquiry: Enquiry) -> tuple[str, ...]:
    paid = enquiry.paid[0]
    return (
        "Invoice No",
        "Reference",
        enquiry.company,
        *(("Job", "Claim No") if enquiry.sells else ()),
        "Date",
        "Type",
        "Batch No",
        "Status",
        "Approved By",
        "Currency",
        "ex GST",
        "GST",
        "inc GST",
        f"Total {paid}",
        "Total Credit Incl",
        f"Last {paid}",
        f"Last {paid} Date",
        "Balance",
        "Paid",
        "Fin Co",
        "Status in Xero",
    )


def _cells(enquiry: Enquiry, row: InvoiceRow) -> tuple[Cell, ...]:
    return (
        row.number,
        row.reference,
        row.company,
        *((row.job, row.claim_no) if enquiry.sells else ()),
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
        xero_status(row.xero.status) if row.xero and row.xero.status else None,
    )


def _asked(enquiry: Enquiry, args: MultiDict[str, str]) -> InvoiceFilter:
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    return InvoiceFilter(
        text=reading.text(args, "q"),
        fin_co=code,
        types=_types(enquiry, args),
        status=reading.choice(args, "status", DocumentStatus),
        paid=reading.choice(args, "paid", PaidFilter),
        since=reading.day(args, "from"),
        until=reading.day(args, "to"),
        sort=reading.sort(args, SORTS, NEWEST_FIRST),
    )


def _types(enquiry: Enquiry, args: MultiDict[str, str]) -> tuple[DocumentKind, ...]:
    """The ticked types; the standing ones where none is."""
    asked = args.getlist("type")
    if not set(asked) <= set(enquiry.types):
        abort(422)
    return tuple(kind for kind in enquiry.types if kind in asked) or enquiry.standing


def _arguments(enquiry: Enquiry, asked: InvoiceFilter) -> dict[str, str | list[str]]:
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
    if asked.types != enquiry.standing:
        told["type"] = [kind.value for kind in asked.types]
    return told


ap_invoices = _blueprint(AP_INVOICES)
sales_invoices = _blueprint(SALES_INVOICES)
