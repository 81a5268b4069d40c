"""Loads documents whose lines are in Workbench's own codes: one line a row."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchType
from webapp.domain.documents import BATCH_TYPE_OF, DocumentKind
from webapp.domain.entry.checking import Check
from webapp.domain.entry.findings import Finding, Path
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.domain.entry.kinds import MODULE_OF, SALES
from webapp.domain.entry.known import Books
from webapp.domain.entry.ready import ReadyDocument
from webapp.domain.ingest.cells import Value, shown
from webapp.domain.ingest.document_targets import KIND_OF
from webapp.domain.ingest.target import Target
from webapp.models import Batch, Document, DocumentLine, FinCo
from webapp.services.batches import new_batch, period_for
from webapp.services.documents.gathering import Records
from webapp.services.documents.numbers import Numbers
from webapp.services.documents.open_batches import hold_fin_co, refuse_closed
from webapp.services.documents.storing import line_columns, store
from webapp.services.errors import NotAllowedNow
from webapp.services.loading.judging import Fault, Outcome, Verdict, bad
from webapp.services.loading.lookup import parts
from webapp.services.loading.spool import Record

_WORD = "document"
_HEAD = frozenset(
    {"company_account", "number", "date", "reference", "due_date", "currency", "currency_rate",
     "document_job", "claim_no", "applies_to"}
)  # fmt: skip
_COLUMN_OF = {"source_reference": "line_reference"}
_FIELD_OF = {"value_ex_gst": "value", "document_date": "date"}
_LINE = [_COLUMN_OF.get(name, name) for name in LineGiven._fields]
_TOLD = (
    "description", "source_reference", "quantity", "job_id", "activity_id", "sales_code_id",
    "work_centre_id", "gst_type_id", "value_ex_gst", "gst", "gl_account", "cr_gl_account",
)  # fmt: skip
"""What files say of lines, and not what follows from it; the accounts, which follow from the codes
of all but journals, come last."""


class DocumentLoader:
    """Judges and writes the documents of one kind, into one new open batch."""

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
        self._kind = KIND_OF[target.name]
        self._fin_co_id = fin_co_id
        self._approved = options.get("approved") == "yes"
        self._user_id = user_id
        self._now = now
        date = options.get("batch_date")
        self._date = dt.date.fromisoformat(date) if date else now.astimezone().date()
        self._type = (
            BatchType(options.get("batch_type") or BatchType.ADJUSTMENT)
            if self._kind is DocumentKind.JOURNAL
            else BATCH_TYPE_OF[self._kind]
        )
        self._records = Records(fin_co_id)
        self._check = Check(self._books(), self._records.known)
        self._batch_id: int | None = None
        self._result: dict[str, Any] = {}

    def key(self, values: Mapping[str, Value]) -> str | None:
        """Its account and number; the numbers of sales documents are our own."""
        if self._kind in SALES:
            return f"{values.get('number')}"
        return f"{values.get('company_account')}\x1f{values.get('number')}"

    def prepare(self, _records: Callable[[], Iterator[Record]]) -> None:
        """See that a batch could be made.

        Raises:
            NotAllowedNow: there is no period for it, or it is closed.
        """
        period = period_for(self._date)
        if getattr(period, f"{MODULE_OF[self._type].value}_closed"):
            raise NotAllowedNow(
                f"Period {period.number} of {period.year} is closed for {self._type.value} "
                "batches.",
                "Choose a Batch Date in an open period.",
            )

    def result(self) -> dict[str, Any]:
        """The batch that was made."""
        return self._result

    def resume(self, result: Mapping[str, Any]) -> None:
        """Go on in the batch of the run."""
        self._result = dict(result)
        self._batch_id = result.get("batch_id")

    def judge(self, records: Sequence[Record]) -> list[Verdict]:
        """What would become of these documents."""
        verdicts: dict[int, Verdict] = {}
        given: list[tuple[Record, DocumentGiven]] = []
        is_whole = self._quick_look(records)
        for record in records:
            faults = [] if is_whole(record) else self._missing(record)
            if faults:
                verdicts[record.position] = bad(record, faults, _WORD)
            else:
                given.append((record, self._given(record)))
        self._records.know([one for _, one in given])
        ready: list[tuple[Record, ReadyDocument]] = []
        for record, one in given:
            found = self._check.of(one)
            if isinstance(found, ReadyDocument):
                ready.append((record, found))
            else:
                verdicts[record.position] = bad(record, self._faults(record, found), _WORD)
        for verdict in self._numbered(ready):
            verdicts[verdict.record.position] = verdict
        return [verdicts[record.position] for record in records]

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Store the new ones; the batch is made with the first of them."""
        new = [one for one in verdicts if one.outcome is Outcome.CREATED]
        if not new:
            return
        if self._batch_id is None:
            batch = new_batch(
                fin_co=hold_fin_co(self._fin_co_id),
                kind=self._type,
                date=self._date,
                reference=None,
                user_id=self._user_id,
                now=self._now,
            )
            db.session.flush()
            refuse_closed(batch)
            self._result = {"batch_id": batch.id, "batches": [batch.number]}
        else:
            batch = db.session.get_one(Batch, self._batch_id)
            refuse_closed(batch)
        places: list[tuple[Path, ReadyDocument]] = [
            ((one.record.position,), one.payload[0]) for one in new
        ]
        applied: dict[Path, int] = {
            (one.record.position,): one.payload[1] for one in new if one.payload[1] is not None
        }
        store(batch, places, applied, self._user_id, self._now)
        self._batch_id = batch.id

    def _books(self) -> Books:
        fin_co = db.session.get_one(FinCo, self._fin_co_id)
        template = fin_co.template_company
        return Books(
            fin_co=fin_co.code,
            base_currency=fin_co.base_currency_code,
            template_terms=(template.payment_terms_days, template.payment_terms_type)
            if template
            else (None, None),
            batch_number="of this load",
            batch_type=self._type,
            batch_date=self._date,
        )

    def _quick_look(self, records: Sequence[Record]) -> Callable[[Record], bool]:
        """Tells whether nothing is missing from a record and its rows agree, as nearly all do."""
        names = records[0].first if records else {}
        required = [one.name for one in self._target.fields if one.required]
        if not all(name in names for name in required):
            return lambda _: False
        needed = _values_of(required)
        needed_of_lines = _values_of([name for name in required if name not in _HEAD])
        head = _values_of([name for name in names if name in _HEAD])

        def is_whole(record: Record) -> bool:
            first = head(record.first)
            return None not in needed(record.first) and all(
                head(values) == first and None not in needed_of_lines(values)
                for _, values in record.rows[1:]
            )

        return is_whole

    def _missing(self, record: Record) -> list[Fault]:
        """What is empty in any row and needed, and what rows of one document do not agree on."""
        faults = []
        for row, values in record.rows:
            for one in self._target.fields:
                value = values.get(one.name)
                head = one.name in _HEAD
                if value is None and one.required and (not head or row == record.rows[0][0]):
                    faults.append(Fault(row, one.name, f"{one.label}: is empty"))
                if head and value is not None and value != record.first.get(one.name):
                    faults.append(
                        Fault(
                            row,
                            one.name,
                            f"{one.label}: differs from row {record.rows[0][0]} of the same "
                            "document",
                        )
                    )
        return faults

    def _given(self, record: Record) -> DocumentGiven:
        head: Any = record.first
        return DocumentGiven(
            kind=self._kind,
            number=head["number"],
            date=head["date"],
            lines=tuple(_line(values) for _, values in record.rows),
            company_account=head.get("company_account"),
            job=head.get("document_job"),
            profit_centre=head.get("profit_centre") if head.get("document_job") else None,
            reference=head.get("reference"),
            due_date=head.get("due_date"),
            currency=head.get("currency"),
            currency_rate=head.get("currency_rate"),
            claim_no=head.get("claim_no"),
            applies_to=head.get("applies_to"),
            approved=self._approved,
        )

    def _faults(self, record: Record, findings: Sequence[Finding]) -> list[Fault]:
        return [
            Fault(
                record.rows[line - 1][0] if (line := one.problem.line) else record.rows[0][0],
                self._field(one.path, is_line=bool(line)),
                f"{one.problem.message} {one.problem.way_out}",
            )
            for one in findings
        ]

    def _field(self, path: Path, *, is_line: bool) -> str | None:
        name = str(path[-1]) if path else ""
        name = _FIELD_OF.get(name, name)
        if name == "job" and not is_line:
            name = "document_job"
        return name if self._target.field(name) else None

    def _numbered(self, ready: Sequence[tuple[Record, ReadyDocument]]) -> list[Verdict]:
        numbers = Numbers.of(self._fin_co_id, [one for _, one in ready])
        there = {
            record.position: holder.id
            for record, one in ready
            if (holder := numbers.holder(one)) is not None
        }
        if self._kind is DocumentKind.JOURNAL:
            there = self._journals(ready)
        kept = _kept(there.values())
        applied, unknown = numbers.applied(((record.position,), one) for record, one in ready)
        no_invoice = {one.path[0]: one for one in unknown}
        verdicts = []
        for record, one in ready:
            other = kept.get(there.get(record.position, 0))
            if other is not None:
                verdicts.append(self._compared(record, one, other))
            elif record.position in no_invoice:
                faults = self._faults(record, [no_invoice[record.position]])
                verdicts.append(bad(record, faults, _WORD))
            else:
                verdicts.append(
                    Verdict(
                        record=record,
                        outcome=Outcome.CREATED,
                        payload=(one, applied.get((record.position,))),
                        value=one.value,
                        gst=one.gst,
                        shown=partial(self._shown, record, one),
                    )
                )
        return verdicts

    def _journals(self, ready: Sequence[tuple[Record, ReadyDocument]]) -> dict[int, int]:
        """Journals of these numbers in batches of this type: theirs are nobody's but the file's."""
        found: dict[str, int] = {}
        for part in parts(one.given.number for _, one in ready):
            rows = db.session.execute(
                sa.select(Document.number, Document.id)
                .join(Document.batch)
                .where(
                    Batch.fin_co_id == self._fin_co_id,
                    Batch.batch_type == self._type,
                    Document.kind == DocumentKind.JOURNAL,
                    Document.number.in_(part),
                )
            )
            found |= {row[0]: row[1] for row in rows}
        return {
            record.position: found[one.given.number]
            for record, one in ready
            if one.given.number in found
        }

    def _compared(
        self, record: Record, ready: ReadyDocument, other: "tuple[Document, Counter[Any]]"
    ) -> Verdict:
        document, lines = other
        given = ready.given
        same = (
            document.kind is given.kind
            and document.company_id == ready.company_id
            and document.document_date == given.date
            and (given.reference is None or document.reference == given.reference)
            and (given.due_date is None or document.due_date == given.due_date)
            and document.currency_code == ready.currency
            and lines == _told(line_columns([ready]), given.kind)
        )
        if same:
            return Verdict(
                record=record,
                outcome=Outcome.UNCHANGED,
                shown=partial(self._shown, record, ready),
            )
        count = lines.total()
        return bad(
            record,
            [
                Fault(
                    record.rows[0][0],
                    "number",
                    f"{document.kind.value} {document.number} is already in batch "
                    f"{document.batch.number} and differs: there {count} lines and "
                    f"{document.value_ex_gst:,.2f} ex GST of {document.document_date}, here "
                    f"{len(ready.lines)} lines and {ready.value:,.2f} of {given.date}",
                )
            ],
            _WORD,
        )

    def _shown(self, record: Record, ready: ReadyDocument) -> dict[str, str]:
        texts = {
            one.label: shown(value)
            for one in self._target.fields
            if one.name in _HEAD
            and isinstance(value := record.first.get(one.name), str | Decimal | dt.date)
        }
        return {
            **texts,
            "Lines": str(len(ready.lines)),
            "Ex GST": f"{ready.value:,.2f}",
            "GST": f"{ready.gst:,.2f}",
        }


def _values_of(names: Sequence[str]) -> Callable[[Mapping[str, Value]], tuple[Value, ...]]:
    """Takes these values out of a row that is known to hold them."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _line(values: Mapping[str, Any]) -> LineGiven:
    return LineGiven._make(map(values.get, _LINE))


def _told(columns: Mapping[str, Sequence[Any]], kind: DocumentKind) -> Counter[Any]:
    """What a file says of the lines of a document, in a form that can be compared with another."""
    names = _TOLD if kind is DocumentKind.JOURNAL else _TOLD[:-2]
    return Counter(zip(*(columns[name] for name in names), strict=True))


def _kept(ids: Any) -> "dict[int, tuple[Document, Counter[Any]]]":
    found: dict[int, tuple[Document, Counter[Any]]] = {}
    columns = [getattr(DocumentLine, name) for name in _TOLD]
    for part in parts(ids):
        lines: defaultdict[int, list[Sequence[Any]]] = defaultdict(list)
        for document_id, *line in db.session.execute(
            sa.select(DocumentLine.document_id, *columns).where(DocumentLine.document_id.in_(part))
        ):
            lines[document_id].append(line)
        for document in db.session.scalars(sa.select(Document).where(Document.id.in_(part))):
            across = zip(*lines[document.id], strict=True)
            told = _told(dict(zip(_TOLD, across, strict=True)), document.kind)
            found[document.id] = document, told
    return found
