"""The accounts that lines of a batch would post to now, without all else that their mapping needs.

They come from the code that derives them for an export, so that what is told is what is posted.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.models import Activity, Batch, Document, DocumentLine, Job, SalesCode
from webapp.services.exports.gather import account_of, stock_account_of
from webapp.services.exports.journal_gather import journal_accounts

Pair = tuple[str | None, str | None]
"""The account of a line, and that of its other side where it has one."""


class Coded(NamedTuple):
    """All of a line that decides its accounts; thousands of lines share a few of these."""

    kind: DocumentKind
    document_job_id: int | None
    job_id: int | None
    activity_id: int | None
    sales_code_id: int | None
    gl_account: str | None
    cr_gl_account: str | None
    is_retention: bool


CODED: tuple[Any, ...] = (
    Document.kind,
    Document.job_id,
    DocumentLine.job_id,
    DocumentLine.activity_id,
    DocumentLine.sales_code_id,
    DocumentLine.gl_account,
    DocumentLine.cr_gl_account,
    DocumentLine.is_retention,
)
"""The columns of a `Coded`."""


@dataclass(frozen=True)
class _Line:
    """A line as the derivation takes it."""

    gl_account: str | None
    cr_gl_account: str | None
    is_retention: bool
    job: Job | None
    activity: Activity | None
    sales_code: SalesCode | None


class Accounts:
    """The accounts of a batch's lines, each combination of codes derived once.

    Reads the codes of the lines that are meant in as many statements, however many lines.
    """

    def __init__(self, batch: Batch, *meant: sa.ColumnElement[bool]) -> None:
        self._batch_type = batch.batch_type
        self._stock_account = stock_account_of(batch.fin_co)
        self._known: dict[Coded, Pair] = {}

        def used(column: Any) -> sa.Select[Any]:
            of_lines = sa.select(column).select_from(DocumentLine).join(Document)
            return of_lines.where(Document.batch_id == batch.id, *meant)

        jobs = db.session.scalars(
            sa.select(Job)
            .where(sa.or_(Job.id.in_(used(DocumentLine.job_id)), Job.id.in_(used(Document.job_id))))
            .options(joinedload(Job.profit_centre))
        )
        activities = db.session.scalars(
            sa.select(Activity)
            .where(Activity.id.in_(used(DocumentLine.activity_id)))
            .options(joinedload(Activity.sales_code))
        )
        codes = db.session.scalars(
            sa.select(SalesCode).where(SalesCode.id.in_(used(DocumentLine.sales_code_id)))
        )
        self._jobs = {job.id: job for job in jobs}
        self._activities = {activity.id: activity for activity in activities}
        self._sales_codes = {code.id: code for code in codes}

    def of(self, coded: Coded) -> Pair:
        """The accounts of a line."""
        if coded not in self._known:
            self._known[coded] = self._derived(coded)
        return self._known[coded]

    def _derived(self, coded: Coded) -> Pair:
        line = _Line(
            gl_account=coded.gl_account,
            cr_gl_account=coded.cr_gl_account,
            is_retention=coded.is_retention,
            job=self._jobs.get(coded.job_id or 0),
            activity=self._activities.get(coded.activity_id or 0),
            sales_code=self._sales_codes.get(coded.sales_code_id or 0),
        )
        if coded.kind is DocumentKind.JOURNAL:
            return journal_accounts(self._batch_type, line, stock_account=self._stock_account)
        job = line.job or self._jobs.get(coded.document_job_id or 0)
        return account_of(coded.kind, line, job), None
