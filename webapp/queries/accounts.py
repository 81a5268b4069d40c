"""Every general-ledger account that the codes of Workbench lead to in one FinCo."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.db import db
from webapp.domain.accounts import Usage, UsageKind
from webapp.domain.batches import BatchStatus
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.gl import derive_account
from webapp.models import (
    Activity,
    Batch,
    Document,
    DocumentLine,
    FinCo,
    Job,
    ProfitCentre,
    SalesCode,
)

DR = "DR GL Account"
CR = "CR GL Account"
INTER_COMPANY = "Inter-Company GL Account"

ON_BILLS = frozenset({"Purchase", "Subcontract", "Retention"})
"""Code Types whose cost arrives on suppliers' documents; that of the others is a journal (3.1)."""

SALES = (DocumentKind.SALES_INVOICE, DocumentKind.SALES_CREDIT, DocumentKind.CONTRACT_CLAIM)


@dataclass(frozen=True)
class AccountsInUse:
    """Whole account codes with the places that lead to them, and the codes that name none."""

    named: Mapping[str, tuple[Usage, ...]]
    unnamed: tuple[Usage, ...]


def accounts_in_use(fin_co_id: int) -> AccountsInUse:
    """What a FinCo's documents and journals may post to (R23).

    Any active code can occur in any Profit Centre of the FinCo, so each is put between the
    prefixes and suffixes of them all. A code without an account is told only where a line that
    still waits for export uses it: many codes never need one.
    """
    centres = db.session.execute(
        sa.select(ProfitCentre.code, ProfitCentre.gl_prefix, ProfitCentre.gl_suffix)
        .where(ProfitCentre.fin_co_id == fin_co_id)
        .order_by(ProfitCentre.code)
    ).all()
    named: dict[str, list[Usage]] = defaultdict(list)
    for code, usage in _codes():
        reached: dict[str, list[str]] = defaultdict(list)
        for centre in centres:
            account = derive_account(
                job_override=None, code=code, prefix=centre.gl_prefix, suffix=centre.gl_suffix
            )
            if account:
                reached[account].append(centre.code)
        for account, where in reached.items():
            everywhere = len(where) == len(centres)
            named[account].append(replace(usage, profit_centres=() if everywhere else tuple(where)))
    for account, usage in (*_job_overrides(fin_co_id), *_inter_company(fin_co_id)):
        named[account].append(usage)
    return AccountsInUse(
        {account: tuple(usages) for account, usages in named.items()},
        (*_unnamed_activities(fin_co_id), *_unnamed_sales_codes(fin_co_id)),
    )


def _codes() -> Iterable[tuple[str, Usage]]:
    """The accounts of the active codes as they are filled in, without prefix and suffix."""
    activities = db.session.execute(
        sa.select(
            Activity.id,
            Activity.code,
            Activity.description,
            Activity.code_type,
            Activity.dr_gl_account,
            Activity.cr_gl_account,
        )
        .where(Activity.active)
        .order_by(Activity.code)
    )
    for row in activities:
        own = Usage(UsageKind.ACTIVITY, row.code, DR, row.description, row.id, in_journals=True)
        if row.dr_gl_account:
            yield row.dr_gl_account, replace(own, in_journals=row.code_type not in ON_BILLS)
        if row.cr_gl_account:
            yield row.cr_gl_account, replace(own, side=CR)
    sales_codes = db.session.execute(
        sa.select(SalesCode.id, SalesCode.code, SalesCode.description, SalesCode.cr_gl_account)
        .where(SalesCode.active)
        .order_by(SalesCode.code)
    )
    for id_, code, description, account in sales_codes:
        if account:
            yield (
                account,
                Usage(UsageKind.SALES_CODE, code, CR, description, id_, in_journals=False),
            )


def _job_overrides(fin_co_id: int) -> Iterable[tuple[str, Usage]]:
    """The accounts that jobs name for all their cost or revenue; the Stock Control Job is one."""
    jobs = db.session.execute(
        sa.select(Job.id, Job.code, Job.description, Job.dr_gl_account, Job.cr_gl_account)
        .join(ProfitCentre, ProfitCentre.id == Job.profit_centre_id)
        .where(ProfitCentre.fin_co_id == fin_co_id, Job.active)
        .order_by(Job.code, Job.id)
    )
    for row in jobs:
        for side, account in ((DR, row.dr_gl_account), (CR, row.cr_gl_account)):
            if account:
                yield (
                    account,
                    Usage(UsageKind.JOB, row.code, side, row.description, row.id, in_journals=True),
                )


def _inter_company(fin_co_id: int) -> Iterable[tuple[str, Usage]]:
    """The FinCo's own inter-company account, which belongs to no Profit Centre (R116)."""
    fin_co = db.session.get_one(FinCo, fin_co_id)
    account = derive_account(
        job_override=None, code=fin_co.inter_company_gl_account, prefix=None, suffix=None
    )
    if account:
        yield (
            account,
            Usage(
                UsageKind.FIN_CO,
                fin_co.code,
                INTER_COMPANY,
                fin_co.description,
                fin_co.id,
                in_journals=True,
            ),
        )


def _unnamed_activities(fin_co_id: int) -> Iterable[Usage]:
    rows = db.session.execute(
        _waiting_lines(sa.select(Activity.id, Activity.code, Activity.description), fin_co_id)
        .join(Activity, Activity.id == DocumentLine.activity_id)
        .where(
            Document.kind.not_in(SALES),
            _blank(Activity.dr_gl_account),
            _of_its_code_alone(Job.dr_gl_account),
        )
        .order_by(Activity.code)
    )
    for row in rows:
        yield Usage(UsageKind.ACTIVITY, row.code, DR, row.description, row.id, in_journals=False)


def _unnamed_sales_codes(fin_co_id: int) -> Iterable[Usage]:
    rows = db.session.execute(
        _waiting_lines(sa.select(SalesCode.id, SalesCode.code, SalesCode.description), fin_co_id)
        .join(SalesCode, SalesCode.id == DocumentLine.sales_code_id)
        .where(
            Document.kind.in_(SALES),
            _blank(SalesCode.cr_gl_account),
            _of_its_code_alone(Job.cr_gl_account),
        )
        .order_by(SalesCode.code)
    )
    for row in rows:
        yield Usage(UsageKind.SALES_CODE, row.code, CR, row.description, row.id, in_journals=False)


def _waiting_lines(columns: sa.Select[int, str, str], fin_co_id: int) -> sa.Select[int, str, str]:
    return (
        columns.distinct()
        .select_from(DocumentLine)
        .join(Document, Document.id == DocumentLine.document_id)
        .join(Batch, Batch.id == Document.batch_id)
        .outerjoin(Job, Job.id == DocumentLine.job_id)
        .where(
            Batch.fin_co_id == fin_co_id,
            Batch.not_for_export.is_(False),
            Batch.status != BatchStatus.EXPORTED,
            Document.status.not_in((DocumentStatus.UPDATED, DocumentStatus.CANCELLED)),
        )
    )


def _of_its_code_alone(override: InstrumentedAttribute[str | None]) -> sa.ColumnElement[bool]:
    """A line whose job names no account, and retention, which no job's account moves."""
    return sa.or_(Job.id.is_(None), _blank(override), DocumentLine.is_retention)


def _blank(column: InstrumentedAttribute[str | None]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(column, "").in_(("", "@"))
