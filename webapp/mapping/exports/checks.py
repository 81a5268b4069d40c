"""What keeps a document from being sent, found before anything goes out."""

from collections.abc import Iterator

from webapp.domain.documents import DocumentKind
from webapp.domain.problems import Problem
from webapp.mapping.exports.journal_checks import journal_problems_of
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine

SALES = frozenset(
    {DocumentKind.SALES_INVOICE, DocumentKind.SALES_CREDIT, DocumentKind.CONTRACT_CLAIM}
)


def problems_of(document: OutgoingDocument) -> tuple[Problem, ...]:
    """Every reason why the document cannot be sent, the whole list at once (R94-R97)."""
    if document.kind is DocumentKind.JOURNAL:
        return journal_problems_of(document)
    return (
        *_of_the_whole(document),
        *(problem for line in document.lines for problem in _of_line(document, line)),
    )


def _of_the_whole(document: OutgoingDocument) -> Iterator[Problem]:
    if document.contact_id is None:
        role = "Customer" if document.kind in SALES else "Supplier"
        account = "AR Account" if document.kind in SALES else "AP Account"
        yield Problem(
            code="no-xero-id",
            record=document.record,
            # The wording is the documented one (workbench 3.10).
            message=f"{role} '{document.party_name}' does not have a Xero ID.",
            way_out=(
                f"Give the contact in Xero the same Account Number as the company's {account}, "
                "put it in the Workbench group, import Companies, then export again."
            ),
        )
    if not document.lines:
        yield Problem(
            code="no-lines",
            record=document.record,
            message=f"{document.record} has no lines.",
            way_out="Add its lines, or mark its batch Not For Export.",
        )
    if document.due_date is None:
        name = "payment date" if document.kind is DocumentKind.AP_CREDIT else "due date"
        yield Problem(
            code="no-due-date",
            record=document.record,
            message=f"{document.record} has no {name}.",
            way_out=f"Set payment terms for {document.party_name}, or enter the {name}.",
        )
    if document.kind.is_credit and document.total > 0:
        instead = "a Job Sales Invoice" if document.kind in SALES else "an AP Invoice"
        yield Problem(
            code="credit-above-zero",
            record=document.record,
            message=f"{document.record} adds up to {document.total}, above zero.",
            way_out=(f"A credit is entered with negative values. Enter it as {instead} instead."),
        )


def _of_line(document: OutgoingDocument, line: OutgoingLine) -> Iterator[Problem]:
    if line.account_code is None:
        where = f"Activity {line.activity_code}" if line.activity_code else "The line"
        yield Problem(
            code="no-gl-account",
            record=document.record,
            line=line.line_no,
            message=f"{where} names no GL Account.",
            way_out="Fill in the DR GL Account of the activity, or that of the job.",
        )
    if line.export_code is None:
        where = f"GST Type {line.gst_code}" if line.gst_code else "The line's GST Type"
        yield Problem(
            code="no-export-code",
            record=document.record,
            line=line.line_no,
            message=f"{where} has no Export Code, so Xero would not know its tax.",
            way_out="Choose its Export Code in GST Types, then export again.",
        )
