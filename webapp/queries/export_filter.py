"""Which batches Export Control is asked for, and in which order (R72, R73)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.domain.batches import BatchStatus, BatchType
from webapp.models import Batch, ExportRunBatch, FinCo, Period
from webapp.queries.sorting import Sort, ordered


class StatusFilter(StrEnum):
    """The statuses one can ask for. Not exported is what a person starts from (R72)."""

    NOT_EXPORTED = "not exported"
    OPEN = "open"
    CLOSED = "closed"
    EXPORTING = "exporting"
    NOT_ALL_WENT = "not all went"
    EXPORTED = "exported"
    NOT_FOR_EXPORT = "not for export"
    ANY = "any"


@dataclass(frozen=True)
class _Standing:
    """What a status means: where the batch stands, and whether it is marked; None for either."""

    statuses: frozenset[BatchStatus]
    marked: bool | None

    def holds(self, status: BatchStatus, *, marked: bool) -> bool:
        return status in self.statuses and self.marked in {None, marked}

    @property
    def condition(self) -> sa.ColumnElement[bool]:
        condition = Batch.status.in_(sorted(self.statuses))
        if self.marked is None:
            return condition
        return sa.and_(condition, Batch.not_for_export.is_(self.marked))


_ALL = frozenset(BatchStatus)
_MEANING: Mapping[StatusFilter, _Standing] = {
    StatusFilter.NOT_EXPORTED: _Standing(_ALL - {BatchStatus.EXPORTED}, marked=False),
    StatusFilter.OPEN: _Standing(frozenset({BatchStatus.OPEN}), marked=False),
    StatusFilter.CLOSED: _Standing(frozenset({BatchStatus.CLOSED}), marked=False),
    StatusFilter.EXPORTING: _Standing(frozenset({BatchStatus.EXPORTING}), marked=False),
    # Such a batch was in a run and is closed again: something of it is not in Xero (R111).
    StatusFilter.NOT_ALL_WENT: _Standing(frozenset({BatchStatus.CLOSED}), marked=False),
    StatusFilter.EXPORTED: _Standing(frozenset({BatchStatus.EXPORTED}), marked=None),
    StatusFilter.NOT_FOR_EXPORT: _Standing(_ALL, marked=True),
    StatusFilter.ANY: _Standing(_ALL, marked=None),
}
_TRIED = sa.exists().where(ExportRunBatch.batch_id == Batch.id).correlate(Batch)

TRIED_AND_LEFT = sa.and_(_MEANING[StatusFilter.NOT_ALL_WENT].condition, _TRIED)
"""Whether a batch was exported and is not whole in Xero."""

CURRENT = "current"
ANY = "any"
BY_TYPE = Sort("type")
_ORDERS: Mapping[str, Any] = {
    "type": Batch.batch_type,
    "number": Batch.number,
    "status": Batch.status,
    "date": Batch.batch_date,
    "period": Period.start_date,
    "fin_co": FinCo.code,
    "reference": Batch.reference,
}
SORTS = tuple(_ORDERS)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What was asked for.

    Attributes:
        fin_co: the code of one FinCo.
        status: where the batches stand.
        batch_type: one type.
        period: ``current``, ``any``, or a year and number: ``2027-8``.
        number: a part of the number or of the reference.
        since: the first Batch Date.
        until: the last Batch Date.
        sort: the order.
    """

    fin_co: str | None = None
    status: StatusFilter = StatusFilter.NOT_EXPORTED
    batch_type: BatchType | None = None
    period: str = CURRENT
    number: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    sort: Sort = BY_TYPE

    @property
    def of_kind(self) -> list[sa.ColumnElement[bool]]:
        """The conditions, but for period and status."""
        conditions: list[sa.ColumnElement[bool]] = []
        if self.fin_co:
            one = sa.select(FinCo.id).where(FinCo.code == self.fin_co)
            conditions.append(Batch.fin_co_id == one.scalar_subquery())
        if self.batch_type:
            conditions.append(Batch.batch_type == self.batch_type)
        if self.number:
            conditions.append(
                sa.or_(
                    Batch.number.icontains(self.number, autoescape=True),
                    Batch.reference.icontains(self.number, autoescape=True),
                )
            )
        if self.since:
            conditions.append(Batch.batch_date >= self.since)
        if self.until:
            conditions.append(Batch.batch_date <= self.until)
        return conditions

    @property
    def of_period(self) -> list[sa.ColumnElement[bool]]:
        """The condition of the period, where there is one."""
        if self.period == ANY:
            return []
        if self.period == CURRENT:
            return [Batch.period_id.in_(sa.select(Period.id).where(Period.is_current))]
        year, _, number = self.period.partition("-")
        if not (year.isdecimal() and number.isdecimal()):
            return [sa.false()]
        one = sa.select(Period.id).where(Period.year == int(year), Period.number == int(number))
        return [Batch.period_id.in_(one)]

    @property
    def of_status(self) -> sa.ColumnElement[bool]:
        """The condition of the status."""
        if self.status is StatusFilter.NOT_ALL_WENT:
            return TRIED_AND_LEFT
        return _MEANING[self.status].condition

    @property
    def order(self) -> tuple[sa.ColumnElement[Any], ...]:
        """The order of the rows; those alike come by number."""
        return ordered(self.sort, _ORDERS, Batch.number)


def counts_of(
    found: list[tuple[BatchStatus, bool, int, int]],
) -> dict[StatusFilter, int]:
    """How many batches each status stands for.

    Args:
        found: groups: a status, whether marked, how many batches, how many of them were tried
            and are left.
    """
    counts = {
        asked: sum(
            count for status, marked, count, _ in found if meaning.holds(status, marked=marked)
        )
        for asked, meaning in _MEANING.items()
    }
    counts[StatusFilter.NOT_ALL_WENT] = sum(left for *_, left in found)
    return counts
