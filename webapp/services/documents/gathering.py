"""Reads the records that given documents name, in a few statements however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from webapp.db import Base, db
from webapp.domain.entry.given import DocumentGiven
from webapp.domain.entry.known import CodeKnown, GstKnown, JobKnown, Known, Party
from webapp.models import (
    Activity,
    Company,
    Currency,
    GstType,
    Job,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)

RETENTION = "Retention"
_PART = 400
_T = TypeVar("_T", bound=Base)


def known_to(fin_co_id: int, documents: Sequence[DocumentGiven]) -> Known:
    """The records of this FinCo, and those all FinCos share, that the documents name."""
    lines = [line for document in documents for line in document.lines]
    accounts = {one.company_account for one in documents}
    activities = _codes(Activity, Activity.code, {line.activity for line in lines})
    sales_codes = _codes(SalesCode, SalesCode.code, {line.sales_code for line in lines})
    coded = (*activities.values(), *sales_codes.values())
    gst_types = {line.gst_type for line in lines} | {one.gst_type for one in coded}
    return Known(
        parties=_parties(fin_co_id, Company.id, {one.company_id for one in documents}),
        suppliers=_parties(fin_co_id, Company.ap_account, accounts),
        clients=_parties(fin_co_id, Company.ar_account, accounts),
        jobs=_jobs(
            fin_co_id, {line.job for line in lines} | {document.job for document in documents}
        ),
        activities=activities,
        sales_codes=sales_codes,
        work_centres={
            row.code: row.id
            for row in _rows(WorkCentre, WorkCentre.code, {line.work_centre for line in lines})
        },
        gst_types={
            row.code: GstKnown(
                id=row.id,
                code=row.code,
                percent=row.percent,
                use_for_ap=row.use_for_ap,
                use_for_ar=row.use_for_ar,
            )
            for row in _rows(GstType, GstType.code, gst_types)
        },
        currencies={
            row.code: row.conversion_rate
            for row in db.session.scalars(sa.select(Currency).where(Currency.active))
        },
    )


def _rows(
    model: type[_T], column: InstrumentedAttribute[Any], keys: Iterable[object], *more: Any
) -> Iterable[_T]:
    remaining = iter(sorted({key for key in keys if key is not None}, key=str))
    while part := list(islice(remaining, _PART)):
        yield from db.session.scalars(sa.select(model).where(column.in_(part), *more))


def _parties(
    fin_co_id: int, column: InstrumentedAttribute[Any], keys: Iterable[object]
) -> dict[Any, Party]:
    return {
        getattr(row, column.key): Party(
            id=row.id,
            name=row.name,
            active=row.active,
            is_client=row.is_client,
            is_supplier=row.is_supplier or row.is_subcontractor,
            currency=row.currency_code,
            terms=(row.payment_terms_days, row.payment_terms_type),
        )
        for row in _rows(Company, column, keys, Company.fin_co_id == fin_co_id)
    }


def _jobs(fin_co_id: int, codes: Iterable[str | None]) -> Mapping[str, tuple[JobKnown, ...]]:
    found: defaultdict[str, tuple[JobKnown, ...]] = defaultdict(tuple)
    mine = Job.profit_centre.has(ProfitCentre.fin_co_id == fin_co_id)
    remaining = iter(sorted({code for code in codes if code is not None}))
    while part := list(islice(remaining, _PART)):
        rows = db.session.scalars(
            sa.select(Job).where(Job.code.in_(part), mine).options(joinedload(Job.profit_centre))
        )
        for row in rows:
            found[row.code] += (
                JobKnown(
                    id=row.id,
                    code=row.code,
                    profit_centre=row.profit_centre.code,
                    active=row.active,
                ),
            )
    return found


def _codes(
    model: type[Activity] | type[SalesCode],
    column: InstrumentedAttribute[str],
    codes: Iterable[str | None],
) -> dict[str, CodeKnown]:
    return {
        row.code: CodeKnown(
            id=row.id,
            code=row.code,
            active=row.active,
            is_retention=_sort_of(row) == RETENTION,
            gst_type=row.gst_type.code if row.gst_type else None,
            work_centre_id=row.work_centre_id,
        )
        for row in _rows(model, column, codes)
    }


def _sort_of(row: Activity | SalesCode) -> str:
    return row.code_type if isinstance(row, Activity) else row.sales_type
