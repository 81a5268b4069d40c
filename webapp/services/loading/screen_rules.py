"""The lists whose rows are kept by their screens' own rules, and what those rules are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.fin_cos import FIRST_FIELDS, LATER, NEW_FIELDS
from webapp.domain.setup.locations import PREFIX
from webapp.models import FinCo
from webapp.queries.setup import fin_cos
from webapp.queries.setup.plain import JOB_GROUPS, JOB_TYPES, LOCATIONS, WORK_CENTRES, PlainKind
from webapp.queries.setup.records import Record
from webapp.services.setup.fin_cos import (
    as_told,
    change_fin_co,
    fin_co_faults,
    make_fin_co,
    new_fin_co_faults,
)
from webapp.services.setup.plain import change_plain, make_plain, plain_faults
from webapp.services.setup.saving import By

_LATER = (
    "a new Financial Company has no companies and jobs yet. Leave it empty, and load it again once "
    "they are there"
)
Texts = Mapping[str, str]
"""The fields of a record as they stand in its form."""


@dataclass(frozen=True)
class Found:
    """A record that is there."""

    id: int
    record: Record


class Rules(Protocol):
    """How the records of one list are recognised, judged and kept."""

    @property
    def word(self) -> str:
        """What one record is called."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields a record is recognised by."""

    @property
    def apart(self) -> tuple[str, ...]:
        """Other fields in which no two records agree."""

    def find(self, given: Texts, /) -> Found | None:
        """The record that a row means, where it is there."""

    def completed(self, found: Found | None, given: Texts, /) -> dict[str, str]:
        """All fields: those the row says, the others as they are kept."""

    def faults(self, found: Found | None, whole: Texts, /) -> dict[str, str]:
        """What the screen would refuse, by field."""

    def as_told(self, found: Found, whole: Texts, /) -> dict[str, str]:
        """The same fields as they would be told once they are kept."""

    def make(self, whole: Texts, by: By, /) -> int:
        """Make a record, in the transaction that is open."""

    def change(self, found: Found, whole: Texts, by: By, /) -> bool:
        """Change a record that was found, in the transaction that is open."""


class PlainRules:
    """Records that are nothing but a few words."""

    def __init__(self, kind: PlainKind) -> None:
        self._kind = kind
        self.word = kind.word
        self.keys = kind.unique
        self.apart = (PREFIX,) if kind is LOCATIONS else ()

    def find(self, given: Texts) -> Found | None:
        """By its code, letter by letter."""
        model: Any = self._kind.model
        same = (getattr(model, name) == given[name] for name in self.keys)
        row = db.session.scalar(sa.select(model).where(*same))
        return Found(row.id, self._kind.told(row)) if row else None

    def completed(self, found: Found | None, given: Texts) -> dict[str, str]:
        """With nothing where a new one has nothing."""
        empty = {field.name: "" for field in self._kind.fields}
        return {**empty, **(found.record.texts if found else {}), **given}

    def faults(self, found: Found | None, whole: Texts) -> dict[str, str]:
        """Those of its form."""
        return plain_faults(self._kind, found.id if found else None, whole)

    def as_told(self, _found: Found, whole: Texts) -> dict[str, str]:
        """They are told as they are typed."""
        return dict(whole)

    def make(self, whole: Texts, by: By) -> int:
        """As its form does."""
        return make_plain(self._kind, whole, by)

    def change(self, found: Found, whole: Texts, by: By) -> bool:
        """As its form does."""
        return change_plain(self._kind, found.id, whole, mark=found.record.mark, by=by)


class FinCoRules:
    """Financial Companies: a new one cannot have yet what belongs to itself."""

    word = "Financial Company"
    keys = ("code",)
    apart: tuple[str, ...] = ()

    def find(self, given: Texts) -> Found | None:
        """By its code, letter by letter."""
        fin_co = db.session.scalar(sa.select(FinCo).where(FinCo.code == given["code"]))
        return Found(fin_co.id, fin_cos.told(fin_co)) if fin_co else None

    def completed(self, found: Found | None, given: Texts) -> dict[str, str]:
        """With code and currency as they are for good, unless the row says otherwise."""
        if found is None:
            return {**{field.name: "" for field in FIRST_FIELDS}, **given}
        kept = found.record.texts
        whole = {**kept, **given}
        for name in LATER:
            # Lists show a company by its name alone, and a job by its code.
            if whole[name] and whole[name] == kept[name].rpartition(" · ")[0]:
                whole[name] = kept[name]
        return whole

    def faults(self, found: Found | None, whole: Texts) -> dict[str, str]:
        """Those of its form, and what a form does not let one change."""
        if found is None:
            return new_fin_co_faults(whole) | {name: _LATER for name in LATER if whole.get(name)}
        told = fin_co_faults(found.record, whole)
        for field in NEW_FIELDS:
            stands = found.record.facts[field.label]
            if (whole.get(field.name) or stands) != stands:
                told[field.name] = f"it is {stands} and stays so"
        return told

    def as_told(self, found: Found, whole: Texts) -> dict[str, str]:
        """With its companies and jobs as they are told in full."""
        told = as_told(db.session.get_one(FinCo, found.id), found.record, whole)
        return {name: told[name] for name in found.record.texts}

    def make(self, whole: Texts, by: By) -> int:
        """As its form does."""
        return make_fin_co(whole, by)

    def change(self, found: Found, whole: Texts, by: By) -> bool:
        """As its form does."""
        return change_fin_co(found.id, whole, mark=found.record.mark, by=by)


RULES: Mapping[str, Rules] = {
    "financial-companies": FinCoRules(),
    "locations": PlainRules(LOCATIONS),
    "work-centres": PlainRules(WORK_CENTRES),
    "job-types": PlainRules(JOB_TYPES),
    "job-groups": PlainRules(JOB_GROUPS),
}
