"""Job Receipts and Payments: one pass over the organisation's payments (R51 to R63)."""

from collections.abc import Mapping, Sequence
from contextlib import closing

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind
from webapp.mapping.imports.payments import ALL_OTHER_BILLS, kind_of, plan_payments
from webapp.mapping.imports.unreadable import unreadable
from webapp.models import FinCo, ImportProblem
from webapp.services.access import end_reading
from webapp.services.imports.ahead import read_ahead
from webapp.services.imports.payment_lookup import MODELS, documents_of, known_payments
from webapp.services.imports.payment_writing import write
from webapp.services.imports.recording import KindLog
from webapp.services.imports.source import Source
from webapp.services.imports.statistics import Statistics
from webapp.xero.records import Page, Payment


def import_payments(source: Source, logs: Mapping[ImportKind, KindLog]) -> None:
    """Bring money received and money spent in, page by page.

    Xero lists both in one go, so one pass serves both kinds; what counts to a kind that is not in
    ``logs`` is passed over (R12, R13). Each page is stored before the next one is asked for:
    what is held never grows with the organisation.
    """
    base_currency = db.session.scalars(
        sa.select(FinCo.base_currency_code).where(FinCo.id == source.fin_co_id)
    ).one()
    end_reading()
    statistics = Statistics(*MODELS.values(), ImportProblem)
    with closing(read_ahead(source.client.payments(source.modified_since))) as pages:
        for page in pages:
            # A page may name a payment twice: what it says last counts.
            payments = {payment.payment_id: payment for payment in page.records}.values()
            first = next(iter(logs.values()))
            _tell_unreadable(page, first)
            by_kind: dict[ImportKind, list[Payment]] = {}
            for payment in payments:
                # What is passed over was read all the same, and need not be asked for again.
                first.saw(payment.updated_at)
                by_kind.setdefault(kind_of(payment), []).append(payment)
            for kind, log in logs.items():
                if mine := by_kind.get(kind):
                    others = [other for other in logs.values() if other is not log]
                    _store_page(source, kind, log, mine, base_currency, others)
            statistics.made(sum(log.counts.created for log in logs.values()))


def _tell_unreadable(page: Page[Payment], log: KindLog) -> None:
    """Say which payments could not be read, and so not be told to be of one kind or the other."""
    if page.unreadable:
        with log.step() as counts:
            counts.fetched += len(page.unreadable)
            log.reject(unreadable(page.unreadable, "a payment"))


def _store_page(
    source: Source,
    kind: ImportKind,
    log: KindLog,
    payments: Sequence[Payment],
    base_currency: str,
    others: Sequence[KindLog],
) -> None:
    with log.step() as counts:
        counts.fetched += len(payments)
        plan = plan_payments(
            kind,
            payments,
            documents_of(source, kind, payments),
            known_payments(source, kind, payments),
            base_currency,
        )
        written = write(source, kind, plan, log.now())
        new = sum(change.former is None for change in plan.changes)
        counts.created += new
        counts.updated += len(plan.changes) - new + len(plan.reversals)
        counts.unchanged += len(plan.unchanged)
        if plan.other_bills:
            # The one row that stands for them all counts as one of them.
            counts.skipped += plan.other_bills - 1
            plan.rejections.append(ALL_OTHER_BILLS)
        left_out = [*plan.rejections, *written.rejections, *written.over_paid]
        met = {payment.payment_id for payment in payments}
        log.came_in((met | written.counting) - {one.xero_id for one in left_out})
        for other in others:
            # One that could not be read was told under either kind.
            other.came_in(met)
        log.reject(left_out)
