"""What a row of a list is judged by beside its own cells: the rest of the set-up, and Xero."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.cells import Value
from webapp.domain.setup.companies import ROLES, with_role
from webapp.domain.setup.periods import Span, misfits, span_faults
from webapp.domain.setup.tax_rates import misfit, warnings
from webapp.models import GstType, Period
from webapp.queries.setup.gst_types import all_tax_rates
from webapp.services.company_rules import faults_of, template_values
from webapp.services.loading.spool import Record
from webapp.services.setup.periods import choose_current


class SetCheck:
    """Judges nothing: most lists are judged by their cells alone.

    ``later`` are the columns that it fills itself, once the rows are stored.
    """

    later: frozenset[str] = frozenset()

    def prepare(self, _records: Callable[[], Iterator[Record]]) -> None:
        """See all rows before any is judged."""

    def known(self, _records: Sequence[Record]) -> dict[str, Mapping[str, Any]]:
        """The records that rows name and that are looked up here, by field and by their names."""
        return {}

    def given(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """What is given of a new record, with what follows from it."""
        return dict(given)

    def faults(self, _given: Mapping[str, Value], _kept: Any) -> dict[str, str]:
        """What is wrong with a record, by field; ``kept`` is None for a new one."""
        return {}

    def warnings(self, _given: Mapping[str, Value], _kept: Any) -> tuple[str, ...]:
        """What somebody should look at, though the record can be kept."""
        return ()

    def columns(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of a new record, with what it takes from elsewhere."""
        return dict(columns)

    def good(self, _columns: Mapping[str, Any], _kept: Any) -> None:
        """Note a record that would be stored."""

    def wrote(self, _written: Sequence[tuple[Mapping[str, Any], Any]]) -> None:
        """See to what follows from what was stored, in the transaction that is open.

        Each with the columns that were given, and with what was kept of it before.
        """


class CompanyCheck(SetCheck):
    """A company beside the others of its FinCo."""

    def __init__(self, fin_co_id: int) -> None:
        self._fin_co_id = fin_co_id
        self._template = template_values(fin_co_id)

    def given(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """With its role by its account, where the file says nothing of roles."""
        return with_role(given)

    def faults(self, given: Mapping[str, Value], kept: Any) -> dict[str, str]:
        """What the screens would refuse too."""
        roles = {name: getattr(kept, name) for name in ROLES} if kept else {}
        changed = {
            name
            for name, value in given.items()
            if kept is None or getattr(kept, name, value) != value
        }
        asked = changed if kept else changed | set(ROLES)
        return faults_of(self._fin_co_id, kept, {**roles, **given}, asked)

    def columns(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """With what the Template Company gives, where the file says nothing (R43 to R45)."""
        said = {name: value for name, value in columns.items() if value is not None}
        return {**columns, **self._template, **said}


class GstTypeCheck(SetCheck):
    """A GST Type beside Xero's tax rates, as far as they are known (R68, R69)."""

    def __init__(self) -> None:
        self._rates = all_tax_rates()

    def faults(self, given: Mapping[str, Value], kept: GstType | None) -> dict[str, str]:
        """An Export Code that Xero would refuse for the use the GST Type has."""
        export_code = given.get("export_code")
        uses = {name: self._of(name, given, kept) for name in ("use_for_ap", "use_for_ar")}
        if not export_code or (
            kept is not None
            and kept.export_code == export_code
            and all(getattr(kept, name) == use for name, use in uses.items())
        ):
            return {}
        refused = misfit(
            str(export_code), self._rates, for_ap=uses["use_for_ap"], for_ar=uses["use_for_ar"]
        )
        return {"export_code": refused} if refused else {}

    def warnings(self, given: Mapping[str, Value], kept: GstType | None) -> tuple[str, ...]:
        """A rate that is not Xero's, or is not active there."""
        code = given.get("export_code", kept.export_code if kept else None)
        percent = given.get("percent", kept.percent if kept else None)
        if not code or not isinstance(percent, Decimal):
            return ()
        return warnings(str(code), percent, self._rates)

    def _of(self, name: str, given: Mapping[str, Value], kept: GstType | None) -> bool:
        value = given.get(name)
        return bool(getattr(kept, name) if kept else True) if value is None else bool(value)


class PeriodCheck(SetCheck):
    """A period beside the others: they join without a gap, and their days stay (workbench 2.16)."""

    def __init__(self, today: dt.date) -> None:
        self._today = today
        self._misfits: Mapping[Span, tuple[str, str]] = {}

    def prepare(self, records: Callable[[], Iterator[Record]]) -> None:
        """Put together those of the file and those that are there."""
        kept = [_span_of_row(row) for row in db.session.scalars(sa.select(Period))]
        places = {one.place for one in kept}
        given = (_span(one.first) for one in records() if not one.spoiled)
        self._misfits = misfits(
            kept, {one for one in given if one and not span_faults(one) and one.place not in places}
        )

    def faults(self, given: Mapping[str, Value], kept: Period | None) -> dict[str, str]:
        """Days that would move, overlap another period's, or leave a gap."""
        if kept is not None:
            return {
                name: f"{_span_of_row(kept)} is there already, and its days stay"
                for name in ("start_date", "end_date")
                if given.get(name, getattr(kept, name)) != getattr(kept, name)
            }
        span = _span(given)
        return dict([self._misfits[span]]) if span and span in self._misfits else {}

    def wrote(self, _written: Sequence[tuple[Mapping[str, Any], Any]]) -> None:
        """The first periods of all have a current one among them."""
        choose_current(self._today)


def _span(values: Mapping[str, Value]) -> Span | None:
    start, end = values.get("start_date"), values.get("end_date")
    year, number = values.get("year"), values.get("number")
    if not isinstance(start, dt.date) or not isinstance(end, dt.date):
        return None
    if not isinstance(year, int) or not isinstance(number, int):
        return None
    return Span(start, end, year, number)


def _span_of_row(row: Period) -> Span:
    return Span(row.start_date, row.end_date, row.year, row.number)


def period_rule(values: Mapping[str, Value]) -> dict[str, str]:
    """What is wrong with a period by itself."""
    span = _span(values)
    return span_faults(span) if span else {}
