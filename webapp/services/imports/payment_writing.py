"""Storing payments, and receipts with their GST, in a few statements a page."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.mapping.imports.payments import Change, PaymentPlan, rejection
from webapp.models.payments import JobReceipt
from webapp.services import bulk
from webapp.services.among import among
from webapp.services.imports.paid_invoices import PaidInvoices
from webapp.services.imports.payment_lookup import MODELS
from webapp.services.imports.source import Source
from webapp.services.system_batches import Placed, receipt_batches


@dataclass
class Written:
    """What storing a plan came to beyond it."""

    rejections: list[Rejection] = field(default_factory=list)
    """Receipts that could not be stored after all."""
    over_paid: list[Rejection] = field(default_factory=list)
    """Receipts that go beyond their invoice (R54)."""
    counting: frozenset[str] = frozenset()
    """The payment ids of all receipts that count on the invoices of the plan."""


def write(source: Source, kind: ImportKind, plan: PaymentPlan, now: dt.datetime) -> Written:
    """Store what was decided of payments of one kind. Runs inside a transaction."""
    if kind is ImportKind.JOB_RECEIPTS:
        return _write_receipts(source, plan, now)
    _store(source, kind, plan, [{} for _ in plan.changes], now)
    return Written()


def _store(
    source: Source,
    kind: ImportKind,
    plan: PaymentPlan,
    more: Sequence[Mapping[str, Any]],
    now: dt.datetime,
) -> None:
    """Store the changes of a plan, each with further columns of its own, and the reversals."""
    model = MODELS[kind]
    inserts: list[dict[str, Any]] = []
    updates: list[dict[str, Any]] = []
    for change, columns in zip(plan.changes, more, strict=True):
        row = {**vars(change.fields), "reversed_at": None, **columns}
        if change.former is None:
            row |= {
                "fin_co_id": source.fin_co_id,
                "tenant_id": source.tenant_id,
                "payment_id": change.payment.payment_id,
            }
            inserts.append(row)
        else:
            updates.append({**row, "id": change.former.id})
    if updates:
        db.session.execute(sa.update(model), updates)
    if plan.reversals:
        db.session.execute(
            sa.update(model)
            .where(among(model.id, [former.id for _, former in plan.reversals]))
            .values(reversed_at=now)
            .execution_options(synchronize_session=False)
        )
    bulk.insert(model, inserts)


def _write_receipts(source: Source, plan: PaymentPlan, now: dt.datetime) -> Written:
    placed = receipt_batches(
        fin_co_id=source.fin_co_id,
        dates={change.fields.payment_date for change in plan.changes if _moves(change)},
        now=now,
    )
    refused = _refuse_unplaced(plan, placed)
    # Their numbers follow their dates, in whatever order Xero gave them.
    plan.changes.sort(key=lambda one: (one.fields.payment_date, one.payment.payment_id))
    invoices = PaidInvoices(plan)
    shares = invoices.shares()
    numbers = itertools.count(_last_number(source.fin_co_id) + 1)
    more: list[dict[str, Any]] = []
    for change in plan.changes:
        columns: dict[str, Any] = {"gst": shares[change.payment.payment_id]}
        if _moves(change):
            columns["batch_id"] = placed.batches[change.fields.payment_date]
        if change.former is None:
            columns["number"] = next(numbers)
        more.append(columns)
    _store(source, ImportKind.JOB_RECEIPTS, plan, more, now)
    moved = invoices.moved(shares)
    if moved:
        db.session.execute(sa.update(JobReceipt), moved)
    return Written(refused, invoices.over_paid(), invoices.counting)


def _last_number(fin_co_id: int) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.max(JobReceipt.number)).where(JobReceipt.fin_co_id == fin_co_id)
        )
        or 0
    )


def _moves(change: Change) -> bool:
    """Whether a receipt needs a batch that it is not in."""
    former = change.former
    return former is None or former.fields.payment_date != change.fields.payment_date


def _refuse_unplaced(plan: PaymentPlan, placed: Placed) -> list[Rejection]:
    refused: list[Rejection] = []
    kept: list[Change] = []
    for change in plan.changes:
        why = placed.refused.get(change.fields.payment_date) if _moves(change) else None
        if why is None:
            kept.append(change)
        else:
            reason = f"{why.message} {why.way_out}"
            refused.append(rejection(change.payment, reason, Outcome.FAILED))
    plan.changes = kept
    return refused
