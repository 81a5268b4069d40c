"""Loads purchase invoices whose activities and profit centres are names, as a mapping file does."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind
from webapp.domain.ingest.cells import Value
from webapp.domain.ingest.grouping import Draft, Refused
from webapp.domain.ingest.lines import Line
from webapp.domain.ingest.mapping import OPTIONAL, ColumnMapping, Creatable, Field, Unknown
from webapp.domain.ingest.target import Target
from webapp.domain.money import gst_of, total
from webapp.models import Batch, FinCo
from webapp.services.batches import new_batch, period_for
from webapp.services.documents.open_batches import hold_fin_co, refuse_closed
from webapp.services.loading.ap_invoices import (
    currency_of,
    gst_type_of,
    not_entered,
    possible,
)
from webapp.services.loading.coding import Coding
from webapp.services.loading.judging import Fault, Outcome, Verdict, bad
from webapp.services.loading.spool import Record
from webapp.services.loading.storing import Entry
from webapp.services.loading.suppliers import Suppliers

_WORD = "invoice"


class SpendLoader:
    """Judges and writes the invoices and credits of a file of another system."""

    _suppliers: Suppliers
    _coding: Coding

    def __init__(
        self,
        target: Target,
        fin_co_id: int,
        options: Mapping[str, str],
        *,
        user_id: int | None,
        now: dt.datetime,
    ) -> None:
        self._target = target
        self._fin_co_id = fin_co_id
        self._mapping = _column_mapping(options)
        self._user_id = user_id
        self._now = now
        date = options.get("batch_date")
        self._date = dt.date.fromisoformat(date) if date else now.astimezone().date()
        self._batches: dict[str, int] = {}
        self._numbers: list[str] = []
        self._made: dict[str, int] = {}

    def key(self, values: Mapping[str, Value]) -> str | None:
        """Supplier and number."""
        return f"{values.get(Field.SUPPLIER_ACCOUNT)}\x1f{values.get(Field.INVOICE_NUMBER)}"

    def prepare(self, records: Callable[[], Iterator[Record]]) -> None:
        """Find suppliers and codes of every name, for two names must not share a code."""
        period_for(self._date)
        fin_co = db.session.get_one(FinCo, self._fin_co_id)
        self._gst_type = gst_type_of(self._mapping)
        self._currency = currency_of(self._mapping, fin_co)
        self._suppliers = Suppliers(fin_co, self._mapping, self._drafts(records()))
        self._coding = Coding(fin_co, self._gst_type, self._mapping, self._drafts(records()))

    def result(self) -> dict[str, Any]:
        """The batches, and what was made on the way."""
        if not self._batches:
            return {}
        return {"batch_ids": self._batches, "batches": self._numbers, "made": self._made}

    def resume(self, result: Mapping[str, Any]) -> None:
        """Go on in the batches of the run."""
        self._batches = dict(result.get("batch_ids", {}))
        self._numbers = list(result.get("batches", []))
        self._made = dict(result.get("made", {}))

    def judge(self, records: Sequence[Record]) -> list[Verdict]:
        """What would become of these invoices."""
        verdicts: dict[int, Verdict] = {}
        drafts: dict[tuple[str, str], tuple[Record, Draft]] = {}
        for record in records:
            faults = self._missing(record)
            if faults:
                verdicts[record.position] = bad(record, faults, _WORD)
            else:
                draft = _draft(record)
                drafts[draft.supplier_account, draft.number] = record, draft
        asked = tuple(draft for _, draft in drafts.values())
        good, refused = possible(asked, self._suppliers, self._coding)
        new, _, differing = not_entered(good, self._suppliers)
        fresh = {id(draft) for draft in new}
        reasons: dict[int, Refused] = {one.row: one for one in (*refused, *differing)}
        for record, draft in drafts.values():
            faults = [
                Fault(row, None, reasons[row].reason) for row, _ in record.rows if row in reasons
            ]
            if faults:
                verdict = bad(record, faults, _WORD)
            elif id(draft) in fresh:
                gst = total(gst_of(line.value, self._gst_type.percent) for line in draft.lines)
                verdict = Verdict(
                    record=record,
                    outcome=Outcome.CREATED,
                    payload=draft,
                    value=draft.value,
                    gst=gst,
                    shown=partial(_shown, draft),
                )
            else:
                verdict = Verdict(
                    record=record, outcome=Outcome.UNCHANGED, shown=partial(_shown, draft)
                )
            verdicts[record.position] = verdict
        return [verdicts[record.position] for record in records]

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Enter the new ones, approved, and what they need."""
        new: list[Draft] = [one.payload for one in verdicts if one.outcome is Outcome.CREATED]
        if not new:
            return
        batches = {kind: self._batch(kind) for kind in sorted({one.kind for one in new})[::-1]}
        made = {"suppliers": self._suppliers.make(draft.supplier_account for draft in new)}
        made |= self._coding.make(line for draft in new for line in draft.lines)
        self._made = {name: self._made.get(name, 0) + count for name, count in made.items()}
        code, rate = self._currency
        Entry(
            batches, self._suppliers, self._coding, self._gst_type, code, rate, self._user_id,
            self._now,
        ).store(new, lambda _: None)  # fmt: skip

    def _batch(self, kind: DocumentKind) -> Batch:
        there = self._batches.get(kind)
        if there is not None:
            batch = db.session.execute(sa.select(Batch).where(Batch.id == there)).scalar_one()
            refuse_closed(batch)
            return batch
        batch = new_batch(
            fin_co=hold_fin_co(self._fin_co_id),
            kind=BATCH_TYPE_OF[kind],
            date=self._date,
            reference=None,
            user_id=self._user_id,
            now=self._now,
        )
        db.session.flush()
        refuse_closed(batch)
        self._batches[kind.value] = batch.id
        self._numbers.append(batch.number)
        return batch

    def _drafts(self, records: Iterator[Record]) -> Iterator[Draft]:
        return (
            _draft(record) for record in records if not record.spoiled and not self._missing(record)
        )

    def _missing(self, record: Record) -> list[Fault]:
        return [
            Fault(row, one.name, f"{one.label}: is empty")
            for row, values in record.rows
            for one in self._target.fields
            if one.required and values.get(one.name) is None
        ]


def _draft(record: Record) -> Draft:
    lines = tuple(_line(row, values) for row, values in record.rows)
    return Draft(lines[0].supplier_account, lines[0].number, lines)


def _line(row: int, values: Mapping[str, Any]) -> Line:
    texts = {field: values.get(field) or "" for field in (*Field,) if field in OPTIONAL}
    return Line(
        row=row,
        supplier_account=values[Field.SUPPLIER_ACCOUNT],
        supplier_name=values[Field.SUPPLIER_NAME],
        number=values[Field.INVOICE_NUMBER],
        reference=texts[Field.LINE_REFERENCE],
        date=values[Field.INVOICE_DATE],
        value=values[Field.VALUE],
        activity=values[Field.ACTIVITY],
        profit_centre=values[Field.PROFIT_CENTRE],
        job=values[Field.JOB],
        description=texts[Field.DESCRIPTION],
    )


def _shown(draft: Draft) -> dict[str, str]:
    return {
        "Kind": draft.kind.value,
        "Supplier": draft.lines[0].supplier_name,
        "Number": draft.number,
        "Date": draft.date.isoformat(),
        "Lines": str(len(draft.lines)),
        "Ex GST": f"{draft.value:,.2f}",
    }


def _column_mapping(options: Mapping[str, str]) -> ColumnMapping:
    names = Unknown(options.get("names") or Unknown.FROM_NAME)
    return ColumnMapping(
        encoding="utf-8",
        delimiter=",",
        empty_words=frozenset(),
        columns={},
        date_formats=(),
        decimal_mark=".",
        gst_type=options.get("gst_type", ""),
        currency=options.get("currency") or None,
        fallbacks={},
        create=Creatable(
            **{
                name: options.get(f"create_{name}") == "yes"
                for name in ("suppliers", "activities", "profit_centres", "jobs")
            }
        ),
        activities={},
        unknown_activity=names,
        unknown_account=options.get("account") or None,
        profit_centres={},
        unknown_profit_centre=names,
    )
