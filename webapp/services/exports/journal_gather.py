"""What a journal adds to a document: its batch, and both sides of its lines."""

from dataclasses import replace
from typing import Protocol

from webapp.domain.batches import BatchType
from webapp.domain.gl import derive_account
from webapp.domain.money import to_cents
from webapp.mapping.exports.journal_checks import STOCK_ISSUES
from webapp.mapping.exports.journals import is_one_sided
from webapp.mapping.exports.outgoing import JournalHead, OutgoingDocument
from webapp.models import (
    Activity,
    Batch,
    Document,
    DocumentLine,
    Job,
    ProfitCentre,
    SalesCode,
)


class CodedLine(Protocol):
    """What of a line decides the accounts it posts to."""

    @property
    def gl_account(self) -> str | None:
        """As somebody gave it, or as it was posted."""

    @property
    def cr_gl_account(self) -> str | None:
        """That of the other side, likewise."""

    @property
    def is_retention(self) -> bool:
        """Whether it is money held back."""

    @property
    def job(self) -> Job | None:
        """Its own job."""

    @property
    def activity(self) -> Activity | None:
        """Its activity."""

    @property
    def sales_code(self) -> SalesCode | None:
        """Its sales code."""


def as_journal(
    gathered: OutgoingDocument, document: Document, *, stock_account: str | None, tracked: bool
) -> OutgoingDocument:
    """The journal as it is mapped.

    Args:
        gathered: what was gathered of it as of any document.
        document: the journal.
        stock_account: the DR GL Account of the FinCo's Stock Control Job.
        tracked: whether the FinCo tracks journals (Q13).
    """
    batch = document.batch
    # A line of nothing posts nothing, whatever its accounts.
    lines = (
        (outgoing, line)
        for outgoing, line in zip(gathered.lines, document.lines, strict=True)
        if to_cents(line.value_ex_gst)
    )
    return replace(
        gathered,
        date=batch.batch_date,
        reference=document.reference,
        journal=_head(batch),
        lines=tuple(
            replace(
                outgoing,
                sales_code=_sales_code(line),
                account_code=debit,
                credit_account_code=credit,
                tags=outgoing.tags if tracked else (),
            )
            for outgoing, line in lines
            for debit, credit in [
                journal_accounts(batch.batch_type, line, stock_account=stock_account)
            ]
        ),
    )


def journal_accounts(
    batch_type: BatchType, line: CodedLine, *, stock_account: str | None
) -> tuple[str | None, str | None]:
    """The account of a journal's line, and that of its other side where it has one.

    Args:
        batch_type: of the journal's batch.
        line: with its codes.
        stock_account: the DR GL Account of the FinCo's Stock Control Job.
    """
    return _debit_account(line), _credit_account(batch_type, line, stock_account)


def _head(batch: Batch) -> JournalHead:
    period = batch.period
    return JournalHead(
        batch_type=batch.batch_type,
        batch_number=batch.number,
        reference=batch.reference,
        period=f"{period.number} of {period.year}",
        period_start=period.start_date,
        period_end=period.end_date,
    )


def _debit_account(line: CodedLine) -> str | None:
    """The account the line names, else where its job's cost goes (R93).

    A line names its account where somebody gave it, or where it is in Xero already.
    """
    if line.gl_account:
        return _whole(line.gl_account)
    return derive_account(
        job_override=line.job.dr_gl_account if line.job else None,
        code=line.activity.dr_gl_account if line.activity else None,
        **_between(line.job),
    )


def _credit_account(
    batch_type: BatchType, line: CodedLine, stock_account: str | None
) -> str | None:
    """The account of the line's other side (workbench 3.1); an adjustment's line has none.

    A job's CR GL Account is for its revenue, so only AR Internal posts to it.
    """
    if is_one_sided(batch_type):
        return None
    if line.cr_gl_account:
        return _whole(line.cr_gl_account)
    if batch_type is BatchType.AR_INTERNAL:
        sales_code = line.sales_code or (line.activity.sales_code if line.activity else None)
        return derive_account(
            job_override=line.job.cr_gl_account if line.job else None,
            code=sales_code.cr_gl_account if sales_code else None,
            **_between(line.job),
        )
    if batch_type in STOCK_ISSUES and stock_account:
        return stock_account
    return derive_account(
        job_override=None,
        code=line.activity.cr_gl_account if line.activity else None,
        **_between(line.job),
    )


def _sales_code(line: DocumentLine) -> str | None:
    sales_code = line.sales_code or (line.activity.sales_code if line.activity else None)
    return sales_code.code if sales_code else None


def _whole(account: str) -> str | None:
    return derive_account(
        job_override=None, code=f"@{account.removeprefix('@')}", prefix=None, suffix=None
    )


def _between(job: Job | None) -> dict[str, str | None]:
    centre: ProfitCentre | None = job.profit_centre if job else None
    return {
        "prefix": centre.gl_prefix if centre else None,
        "suffix": centre.gl_suffix if centre else None,
    }
