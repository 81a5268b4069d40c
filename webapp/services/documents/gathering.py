"""Reads the records that given documents name, in a few statements however many they are.

Columns, not entities: a load of many lines asks for thousands of records, and an entity takes
five times as long to make.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.db import db
from webapp.domain.entry.given import DocumentGiven
from webapp.domain.entry.kinds import SALES
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


class Records:
    """The records of a FinCo, and those all FinCos share, that documents name.

    Each is read once, when the first document names it: whoever checks many documents piece by
    piece judges all of them by the same set-up.
    """

    def __init__(self, fin_co_id: int) -> None:
        self._fin_co_id = fin_co_id
        self._asked: defaultdict[str, set[object]] = defaultdict(set)
        self._parties: dict[int, Party] = {}
        self._suppliers: dict[str, Party] = {}
        self._clients: dict[str, Party] = {}
        self._jobs: defaultdict[str, tuple[JobKnown, ...]] = defaultdict(tuple)
        self._activities: dict[str, CodeKnown] = {}
        self._sales_codes: dict[str, CodeKnown] = {}
        self._work_centres: dict[str, int] = {}
        self._gst_types: dict[str, GstKnown] = {}
        self.known = Known(
            parties=self._parties,
            suppliers=self._suppliers,
            clients=self._clients,
            jobs=self._jobs,
            activities=self._activities,
            sales_codes=self._sales_codes,
            work_centres=self._work_centres,
            gst_types=self._gst_types,
            currencies=_currencies(),
        )
        """All that was asked for so far; grows in place."""

    def know(self, documents: Sequence[DocumentGiven]) -> Known:
        """Read what these documents name and was not read yet."""
        named = {
            (line.job, line.activity, line.sales_code, line.work_centre, line.gst_type)
            for document in documents
            for line in document.lines
        }
        jobs, activities, sales_codes, work_centres, gst_types = (
            {codes[place] for codes in named} for place in range(5)
        )
        sales = {one.company_account for one in documents if one.kind in SALES}
        bought = {one.company_account for one in documents if one.kind not in SALES}
        self._ask_parties(self._parties, Company.id, {one.company_id for one in documents})
        self._ask_parties(self._suppliers, Company.ap_account, bought)
        self._ask_parties(self._clients, Company.ar_account, sales)
        self._ask_jobs(jobs | {document.job for document in documents})
        self._ask_codes(self._activities, Activity, activities)
        self._ask_codes(self._sales_codes, SalesCode, sales_codes)
        for row in self._rows(
            sa.select(WorkCentre.code, WorkCentre.id), WorkCentre.code, work_centres
        ):
            self._work_centres[row.code] = row.id
        coded = (*self._activities.values(), *self._sales_codes.values())
        self._ask_gst_types(gst_types | {one.gst_type for one in coded})
        return self.known

    def _rows(
        self,
        statement: sa.Select[*tuple[Any, ...]],
        column: InstrumentedAttribute[Any],
        keys: AbstractSet[object],
    ) -> Iterator[Any]:
        asked = self._asked[str(column)]
        new = sorted(keys - asked - {None}, key=str)
        asked.update(new)
        for start in range(0, len(new), _PART):
            part = new[start : start + _PART]
            yield from db.session.execute(statement.where(column.in_(part)))

    def _ask_parties(
        self, found: dict[Any, Party], column: InstrumentedAttribute[Any], keys: AbstractSet[object]
    ) -> None:
        statement = sa.select(
            column.label("asked"),
            Company.id,
            Company.name,
            Company.active,
            Company.is_client,
            sa.or_(Company.is_supplier, Company.is_subcontractor).label("is_supplier"),
            Company.currency_code,
            Company.payment_terms_days,
            Company.payment_terms_type,
        ).where(Company.fin_co_id == self._fin_co_id)
        for row in self._rows(statement, column, keys):
            found[row.asked] = Party(
                id=row.id,
                name=row.name,
                active=row.active,
                is_client=row.is_client,
                is_supplier=row.is_supplier,
                currency=row.currency_code,
                terms=(row.payment_terms_days, row.payment_terms_type),
            )

    def _ask_jobs(self, codes: AbstractSet[object]) -> None:
        statement = (
            sa.select(Job.id, Job.code, ProfitCentre.code.label("profit_centre"), Job.active)
            .join(Job.profit_centre)
            .where(ProfitCentre.fin_co_id == self._fin_co_id)
        )
        for row in self._rows(statement, Job.code, codes):
            self._jobs[row.code] += (
                JobKnown(
                    id=row.id, code=row.code, profit_centre=row.profit_centre, active=row.active
                ),
            )

    def _ask_codes(
        self,
        found: dict[str, CodeKnown],
        model: type[Activity] | type[SalesCode],
        codes: AbstractSet[object],
    ) -> None:
        sort = Activity.code_type if model is Activity else SalesCode.sales_type
        statement = sa.select(
            model.id,
            model.code,
            model.active,
            (sort == RETENTION).label("is_retention"),
            GstType.code.label("gst_type"),
            model.work_centre_id,
        ).outerjoin(model.gst_type)
        for row in self._rows(statement, model.code, codes):
            found[row.code] = CodeKnown(
                id=row.id,
                code=row.code,
                active=row.active,
                is_retention=row.is_retention,
                gst_type=row.gst_type,
                work_centre_id=row.work_centre_id,
            )

    def _ask_gst_types(self, codes: AbstractSet[object]) -> None:
        statement = sa.select(
            GstType.id, GstType.code, GstType.percent, GstType.use_for_ap, GstType.use_for_ar
        )
        for row in self._rows(statement, GstType.code, codes):
            self._gst_types[row.code] = GstKnown(
                id=row.id,
                code=row.code,
                percent=row.percent,
                use_for_ap=row.use_for_ap,
                use_for_ar=row.use_for_ar,
            )


def known_to(fin_co_id: int, documents: Sequence[DocumentGiven]) -> Known:
    """The records of this FinCo, and those all FinCos share, that the documents name."""
    return Records(fin_co_id).know(documents)


def _currencies() -> dict[str, Decimal | None]:
    rows = db.session.execute(
        sa.select(Currency.code, Currency.conversion_rate).where(Currency.active)
    )
    return {row.code: row.conversion_rate for row in rows}
