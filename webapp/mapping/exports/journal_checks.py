"""What keeps a journal from being posted, found before anything goes out."""

from collections.abc import Iterator

from webapp.domain.batches import BatchType
from webapp.domain.money import to_cents, total
from webapp.domain.problems import Problem
from webapp.mapping.exports.journals import is_one_sided
from webapp.mapping.exports.outgoing import JournalHead, OutgoingDocument, OutgoingLine

STOCK_ISSUES = frozenset({BatchType.STOCK_ISSUE, BatchType.STOCK_RETURN})


def journal_problems_of(document: OutgoingDocument) -> tuple[Problem, ...]:
    """Every reason why the journal cannot be posted, the whole list at once (R90, R94, Q12)."""
    head = document.journal
    if head is None:
        raise ValueError(f"{document.record} is not a journal")
    return (
        *_of_the_whole(document, head),
        *(problem for line in document.lines for problem in _of_line(document, head, line)),
    )


def _of_the_whole(document: OutgoingDocument, head: JournalHead) -> Iterator[Problem]:
    if not document.lines:
        yield Problem(
            code="no-lines",
            record=document.record,
            message=f"{document.record} has no line with an amount, so there is nothing to post.",
            way_out="There is nothing to do: its batch counts as exported without it.",
        )
    if not head.period_start <= document.date <= head.period_end:
        yield Problem(
            code="date-outside-period",
            record=document.record,
            message=(
                f"{document.record} would be posted on its batch's date, {document.date:%d %b %Y}, "
                f"which lies outside period {head.period} of the batch "
                f"({head.period_start:%d %b %Y} to {head.period_end:%d %b %Y})."
            ),
            way_out="Enter it in a batch that is dated inside its period.",
        )
    difference = total(to_cents(line.value) for line in document.lines)
    if is_one_sided(head.batch_type) and difference:
        side = "debits" if difference > 0 else "credits"
        yield Problem(
            code="journal-out-of-balance",
            record=document.record,
            message=(
                f"{document.record} is out of balance: its {side} are {abs(difference):,.2f} more "
                "than its other side."
            ),
            way_out="Both sides of an adjustment belong into one journal: correct its lines.",
        )


def _of_line(
    document: OutgoingDocument, head: JournalHead, line: OutgoingLine
) -> Iterator[Problem]:
    where = f"Activity {line.activity_code}" if line.activity_code else "The line"
    if line.account_code is None:
        yield Problem(
            code="no-gl-account",
            record=document.record,
            line=line.line_no,
            message=f"{where} names no DR GL Account.",
            way_out="Fill in the DR GL Account of the activity, or that of the job.",
        )
    if line.credit_account_code is None and not is_one_sided(head.batch_type):
        named, way_out = _credit_side(head.batch_type, where, line)
        yield Problem(
            code="no-cr-gl-account",
            record=document.record,
            line=line.line_no,
            message=f"{named} names no CR GL Account, so the other side of the line is missing.",
            way_out=way_out,
        )


def _credit_side(batch_type: BatchType, where: str, line: OutgoingLine) -> tuple[str, str]:
    """What should have named the credit account, and where to fill it in (workbench 3.1)."""
    if batch_type is BatchType.AR_INTERNAL:
        named = f"Sales Code {line.sales_code}" if line.sales_code else where
        return named, (
            "Fill in the CR GL Account of the sales code, or that of the job."
            if line.sales_code
            else "Give the activity a Sales Code that has a CR GL Account."
        )
    if batch_type in STOCK_ISSUES:
        return where, (
            "Choose the Stock Control Job in Financial Companies and give it a DR GL Account, or "
            "fill in the CR GL Account of the activity."
        )
    return where, "Fill in the CR GL Account of the activity."
