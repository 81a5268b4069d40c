"""Loads a list: each row makes a record, changes the one that is there, or changes nothing."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from webapp.db import Base, db
from webapp.domain.ingest.cells import Value
from webapp.domain.ingest.target import Kind, Target
from webapp.domain.setup.fields import text_of
from webapp.models import AuditEvent, Company, GstType, Job, Period, ProfitCentre, User
from webapp.services.loading.judging import Fault, Outcome, Verdict, bad
from webapp.services.loading.lookup import parts
from webapp.services.loading.master_tables import TABLES
from webapp.services.loading.parent_jobs import ParentJobs
from webapp.services.loading.references import all_of, keys_of, meant, pieces, told_of
from webapp.services.loading.set_checks import CompanyCheck, GstTypeCheck, PeriodCheck, SetCheck
from webapp.services.loading.spool import Record

_COMPANY_KEYS = ("ap_account", "ar_account", "name")


@dataclass(frozen=True)
class Writing:
    """A record to be stored: the row it becomes, its key where it is there, and what changes."""

    name: str
    columns: dict[str, Any]
    kept: Base | None
    changes: dict[str, list[str]]


class MasterLoader:
    """Judges and writes the records of one list."""

    def __init__(
        self,
        target: Target,
        fin_co_id: int | None,
        *,
        user_id: int | None,
        source: str,
        now: dt.datetime,
    ) -> None:
        self._target = target
        self._table = TABLES[target.name]
        self._fin_co_id = fin_co_id
        self._user_id = user_id
        self._source = source
        self._now = now
        self._check = SetCheck()

    def key(self, values: Mapping[str, Value]) -> str | None:
        """Its code."""
        if self._table.model is Company:
            return next(
                (f"{name}:{values[name]}" for name in _COMPANY_KEYS if values.get(name)), None
            )
        key = "\x1f".join(str(values.get(name)) for name in self._table.keys)
        return key if self._table.capitals else key.lower()

    def prepare(self, records: Callable[[], Iterator[Record]]) -> None:
        """What records are judged beside."""
        if self._table.model is Company and self._fin_co_id is not None:
            self._check = CompanyCheck(self._fin_co_id)
        elif self._table.model is GstType:
            self._check = GstTypeCheck()
        elif self._table.model is Period:
            self._check = PeriodCheck(self._now.astimezone().date())
        elif self._table.model is Job and self._fin_co_id is not None:
            self._check = ParentJobs(self._fin_co_id)
        self._check.prepare(records)

    def result(self) -> dict[str, Any]:
        """Nothing beside the counts."""
        return {}

    def resume(self, _result: Mapping[str, Any]) -> None:
        """Nothing is kept between pieces."""

    def judge(self, records: Sequence[Record]) -> list[Verdict]:
        """What would become of these rows."""
        known = self._check.known(records)
        known |= {
            name: keys_of(
                reference, {record.first.get(name) for record in records}, self._fin_co_id
            )
            for name, reference in self._table.references.items()
            if name not in known
        }
        known |= {name: all_of(several) for name, several in self._table.several.items()}
        kept = self._kept(records)
        return [self._judge(record, known, kept) for record in records]

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Store what is new or differs, and put each into the audit log."""
        writings: list[Writing] = [
            one.payload for one in verdicts if one.outcome in {Outcome.CREATED, Outcome.UPDATED}
        ]
        several = self._table.several.keys()
        apart = several | self._check.later
        new = [
            {name: value for name, value in one.columns.items() if name not in apart}
            for one in writings
            if one.kept is None
        ]
        if new:
            names = {name for columns in new for name in columns}
            defaults = {name: _default(self._table.model, name) for name in names}
            db.session.execute(
                sa.insert(self._table.model), [{**defaults, **columns} for columns in new]
            )
        for one in writings:
            if one.kept is not None:
                for name in one.columns.keys() - self._check.later:
                    setattr(one.kept, name, one.columns[name])
            elif any(one.columns.get(name) for name in several):
                self._relate(one.columns)
        db.session.flush()
        if writings:
            self._check.wrote([(one.columns, one.kept) for one in writings])
        self._log(writings)

    def _relate(self, columns: Mapping[str, Any]) -> None:
        """Give a record that was just made the others that it names."""
        references = self._table.references
        keys = (references[k].column if k in references else k for k in self._table.keys)
        query = sa.select(self._table.model).filter_by(**{key: columns[key] for key in keys})
        row = db.session.scalars(query).one()
        for name in self._table.several.keys() & columns.keys():
            setattr(row, name, columns[name])

    def _log(self, writings: Sequence[Writing]) -> None:
        if not writings:
            return
        user = None if self._user_id is None else db.session.get_one(User, self._user_id)
        db.session.execute(
            sa.insert(AuditEvent),
            [
                {
                    "at": self._now,
                    "user_id": self._user_id,
                    "user_name": user.name if user else self._source,
                    "fin_co_id": self._fin_co_id,
                    "action": "add set-up" if one.kept is None else "change set-up",
                    "source": self._source,
                    "detail": {"record": f"{self._table.word} {one.name}", **one.changes},
                }
                for one in writings
            ],
        )

    def _kept(self, records: Sequence[Record]) -> dict[tuple[Any, ...], list[Base]]:
        """The records that are there, by every way in which a row may name them."""
        model: Any = self._table.model
        found: dict[tuple[Any, ...], list[Base]] = {}
        if model is Company:
            for name in _COMPANY_KEYS:
                texts = sorted({str(r.first[name]) for r in records if r.first.get(name)})
                for part in parts(texts):
                    for row in db.session.scalars(
                        sa.select(Company).where(
                            Company.fin_co_id == self._fin_co_id,
                            getattr(Company, name).in_(part),
                        )
                    ):
                        found.setdefault((name, getattr(row, name)), []).append(row)
            return found
        query: Any
        column: Any
        if model is Job:
            query = sa.select(Job).join(Job.profit_centre)
            query = query.where(ProfitCentre.fin_co_id == self._fin_co_id)
            query = query.options(selectinload(Job.groups))
            column, attribute = Job.code, "code"
        else:
            attribute = self._table.keys[-1]
            query, column = sa.select(model), getattr(model, attribute)
            if self._table.fin_co and model is not ProfitCentre:
                query = query.where(model.fin_co_id == self._fin_co_id)
        codes: set[Any] = {r.first[attribute] for r in records}
        if not self._table.capitals:
            codes, column = {code.lower() for code in codes}, sa.func.lower(column)
        for part in parts(sorted(codes, key=str)):
            for row in db.session.scalars(query.where(column.in_(part))):
                found.setdefault(self._identity(row), []).append(row)
        return found

    def _identity(self, row: Any) -> tuple[Any, ...]:
        if isinstance(row, Job):
            return row.profit_centre_id, row.code
        return self._identity_of({name: getattr(row, name) for name in self._table.keys})

    def _identity_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        if self._table.capitals:
            return tuple(values[name] for name in self._table.keys)
        return tuple(values[name].lower() for name in self._table.keys)

    def _match(
        self,
        values: Mapping[str, Value],
        known: Mapping[str, Mapping[str, Any]],
        kept: Mapping[tuple[Any, ...], list[Base]],
        faults: dict[str, str],
    ) -> Any:
        if self._table.model is Job:
            centre = known["profit_centre"].get(str(values["profit_centre"]))
            return next(iter(kept.get((centre, values["code"]), [])), None)
        if self._table.model is not Company:
            one: Any = next(iter(kept.get(self._identity_of(values), [])), None)
            if one is not None and not self._table.capitals and one.code != values["code"]:
                faults["code"] = f"there is {one.code} already, and capitals make no other code"
            if isinstance(one, ProfitCentre) and one.fin_co_id != self._fin_co_id:
                faults["code"] = f"it belongs to FinCo {one.fin_co.code}"
            return one
        name = next(name for name in _COMPANY_KEYS if values.get(name))
        found = kept.get((name, values[name]), [])
        if len(found) > 1:
            faults[name] = f"{len(found)} companies are called so: give the account of the one"
        match = found[0] if found else None
        for account in ("ap_account", "ar_account"):
            for other in kept.get((account, values.get(account)), []):
                if other is not match:
                    faults[account] = f"it is already that of {other.name}"  # type: ignore[attr-defined]
        return match

    def _judge(
        self,
        record: Record,
        known: Mapping[str, Mapping[str, Any]],
        kept: Mapping[tuple[Any, ...], list[Base]],
    ) -> Verdict:
        values = record.first
        row = record.rows[0][0]
        if len(record.rows) > 1:
            return bad(
                record,
                [
                    Fault(other, None, f"it is the same {self._table.word} as row {row}")
                    for other, _ in record.rows[1:]
                ],
                self._table.word,
            )
        given = {name: value for name, value in values.items() if self._is_given(name, value)}
        faults: dict[str, str] = self._unknown(values, known)
        match = self._match(values, known, kept, faults)
        before = self._texts(match) if match else {}
        if match is not None and self._table.drops is not None:
            gone = self._table.drops(self._as_values(match), given)
            given = {**dict.fromkeys(gone), **given}
        if match is None:
            given = self._check.given(given)
        self._add_faults(given, match, faults)
        shown = {
            one.label: "no" if values[one.name] is False else text_of(values[one.name])
            for one in self._target.fields
            if one.name in values
        }
        if faults:
            labels = {one.name: one.label for one in self._target.fields}
            told = [
                Fault(row, name, f"{labels.get(name, self._table.word)}: {reason}")
                for name, reason in faults.items()
            ]
            return bad(record, told, self._table.word)
        warnings = self._check.warnings(given, match)
        columns = self._columns(given, known)
        self._check.good(columns, match)
        changes = {
            name: [before.get(name, ""), text_of(value)]
            for name, value in given.items()
            if before.get(name, "") != text_of(value)
            and not self._means_the_same(name, columns, match)
        }
        if match is not None:
            columns = {
                name: value for name, value in columns.items() if getattr(match, name) != value
            }
            if not columns:
                return Verdict(
                    record=record,
                    outcome=Outcome.UNCHANGED,
                    shown=partial(dict, shown),
                    warnings=warnings,
                )
        elif self._table.fin_co:
            columns["fin_co_id"] = self._fin_co_id
            columns = self._check.columns(columns)
        return Verdict(
            record=record,
            outcome=Outcome.CREATED if match is None else Outcome.UPDATED,
            payload=Writing(self._name(values), columns, match, changes),
            shown=partial(dict, shown),
            warnings=warnings,
        )

    def _means_the_same(self, name: str, columns: Mapping[str, Any], match: Any) -> bool:
        reference = self._table.references.get(name)
        if match is None or (reference is None and name not in self._table.several):
            return False
        column = reference.column if reference else name
        return bool(columns[column] == getattr(match, column))

    def _unknown(
        self, values: Mapping[str, Value], known: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, str]:
        faults: dict[str, str] = {}
        for name, reference in self._table.references.items():
            code = values.get(name)
            if code is not None and code not in known[name]:
                where = " in this FinCo" if reference.per_fin_co else ""
                where += ", and no row above makes it" if reference.above else ""
                faults[name] = f"there is no {reference.what} {code}{where}"
        for name, several in self._table.several.items():
            strange = [one for one in pieces(values.get(name)) if one.lower() not in known[name]]
            if strange:
                faults[name] = f"there is no {several.what} {strange[0]}"
        return faults

    def _add_faults(self, given: Mapping[str, Value], match: Any, faults: dict[str, str]) -> None:
        for one in self._target.fields:
            asked = match is None or one.name in given
            if one.required and asked and given.get(one.name) is None:
                faults.setdefault(one.name, f"is empty, and every {self._table.word} needs it")
        if self._table.rule is not None and not faults:
            whole = {**(self._as_values(match) if match else {}), **given}
            faults |= self._table.rule(whole)
        if not faults:
            faults |= self._check.faults(given, match)

    def _is_given(self, name: str, value: Value) -> bool:
        """Whether a cell says something: an empty tick leaves it as it is."""
        one = self._target.field(name)
        return value is not None or (one is not None and one.kind is not Kind.YES_NO)

    def _columns(
        self, given: Mapping[str, Value], known: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, Any]:
        columns: dict[str, Any] = {}
        for name, value in given.items():
            reference = self._table.references.get(name)
            if name in self._table.several:
                columns[name] = meant(known[name], value)
            elif reference is None:
                columns[name] = value
            else:
                columns[reference.column] = None if value is None else known[name][str(value)]
        return columns

    def _as_values(self, match: Any) -> dict[str, Value]:
        return {
            one.name: getattr(match, one.name)
            for one in self._target.fields
            if one.name not in {*self._table.references, *self._table.several}
        }

    def _texts(self, match: Any) -> dict[str, str]:
        texts = {name: text_of(value) for name, value in self._as_values(match).items()}
        for name, several in self._table.several.items():
            texts[name] = told_of(several, getattr(match, name))
        for name, reference in self._table.references.items():
            key = getattr(match, reference.column)
            if key is None:
                texts[name] = ""
                continue
            # A currency that Xero knows may not be in the list of currencies.
            row: Any = db.session.get(reference.model, key)
            texts[name] = text_of(getattr(row, reference.code) if row else key)
        return texts

    def _name(self, values: Mapping[str, Value]) -> str:
        if self._table.model is Company:
            return str(values["name"])
        return " ".join(str(values[name]) for name in self._table.keys)


def _default(model: type[Base], name: str) -> Any:
    default: Any = sa.inspect(model).columns[name].default
    return default.arg if default is not None and default.is_scalar else None
