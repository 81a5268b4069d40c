"""Loads lists row by row through the very rules by which their screens keep a record."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from webapp.domain.ingest.cells import Value
from webapp.domain.ingest.target import Target
from webapp.domain.setup.fields import text_of
from webapp.services.loading.judging import Fault, Outcome, Verdict, bad
from webapp.services.loading.screen_rules import RULES, Found, Texts
from webapp.services.loading.spool import Record
from webapp.services.setup.saving import By


class ScreenLoader:
    """Judges and writes the records of one list as its screen would."""

    def __init__(
        self, target: Target, *, user_id: int | None, source: str, now: dt.datetime
    ) -> None:
        self._target = target
        self._rules = RULES[target.name]
        self._by = By(user_id, source, now)
        self._claimed: dict[tuple[str, str], int] = {}

    def key(self, values: Mapping[str, Value]) -> str | None:
        """Its code; codes that differ by capitals alone are one."""
        return "\x1f".join(text_of(values.get(name)).lower() for name in self._rules.keys)

    def prepare(self, _records: Callable[[], Iterator[Record]]) -> None:
        """Each row is judged by itself and beside what is kept."""

    def result(self) -> dict[str, Any]:
        """Nothing beside the counts."""
        return {}

    def resume(self, _result: Mapping[str, Any]) -> None:
        """Nothing is kept between pieces."""

    def judge(self, records: Sequence[Record]) -> list[Verdict]:
        """What would become of these rows."""
        return [self._judge(record) for record in records]

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Store what is new or differs; each goes into the audit log as if typed."""
        for verdict in verdicts:
            if verdict.outcome in {Outcome.CREATED, Outcome.UPDATED}:
                found, whole = verdict.payload
                if found is None:
                    self._rules.make(whole, self._by)
                else:
                    self._rules.change(found, whole, self._by)

    def _judge(self, record: Record) -> Verdict:
        row, word = record.rows[0][0], self._rules.word
        again = [
            Fault(other, None, f"it is the same {word} as row {row}")
            for other, _ in record.rows[1:]
        ]
        if again:
            return bad(record, again, word)
        given = {name: text_of(value) for name, value in record.first.items()}
        found = self._rules.find(given)
        whole = self._rules.completed(found, given)
        faults = self._rules.faults(found, whole) or self._alike(row, found, whole)
        if faults:
            return bad(record, [self._fault(row, *one) for one in faults.items()], word)
        if found is not None:
            whole = self._rules.as_told(found, whole)
        return Verdict(
            record=record,
            outcome=_outcome(found, whole),
            payload=(found, whole),
            shown=partial(self._shown, given),
        )

    def _shown(self, given: Texts) -> dict[str, str]:
        return {one.label: given[one.name] for one in self._target.fields if one.name in given}

    def _fault(self, row: int, name: str, reason: str) -> Fault:
        field = self._target.field(name)
        return Fault(row, name, f"{field.label if field else self._rules.word}: {reason}")

    def _alike(self, row: int, found: Found | None, whole: Texts) -> dict[str, str]:
        """What this row would come to share with one above it, though no two records may."""
        faults = {}
        for name in self._rules.apart:
            other = self._claimed.setdefault((name, whole[name].lower()), row)
            is_new = found is None or found.record.texts[name] != whole[name]
            if other != row and is_new:
                faults[name] = f"it is {whole[name] or 'empty'} on row {other} too"
        return faults


def _outcome(found: Found | None, whole: Texts) -> Outcome:
    if found is None:
        return Outcome.CREATED
    same = dict(found.record.texts) == dict(whole)
    return Outcome.UNCHANGED if same else Outcome.UPDATED
