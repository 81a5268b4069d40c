"""Set-up records that are nothing but a few words: their lists, and one of them in its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.db import Base, db
from webapp.domain.setup import job_kinds, locations, work_centres
from webapp.domain.setup.fields import Field, text_of
from webapp.models import (
    Activity,
    Batch,
    Job,
    JobGroup,
    JobType,
    Location,
    ProfitCentre,
    SalesCode,
    WorkCentre,
)
from webapp.models.jobs import job_group_members
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Record


@dataclass(frozen=True)
class PlainKind:
    """One kind of such records.

    Attributes:
        word: what people call one.
        model: where they are kept.
        fields: those of its form, each a column of that name.
        unique: the fields that tell one from another.
        uses: how many records of each other kind use it, by what people call those.
    """

    word: str
    model: type[Location | WorkCentre | JobType | JobGroup]
    fields: tuple[Field, ...]
    unique: tuple[str, ...]
    uses: Mapping[str, sa.SQLColumnExpression[int]]

    def table(self) -> Table:
        """All of them, what names each first, with how often it is used."""
        columns = {
            field.name: Column(field.label, getattr(self.model, field.name), searched=True)
            for field in sorted(self.fields, key=lambda field: field.name != self.unique[-1])
        }
        used = {
            label.lower(): Column(label, count, numeric=True) for label, count in self.uses.items()
        }
        return Table(columns={**columns, **used}, rows=sa.select(self.model.id), key=self.model.id)

    def record(self, id_: int) -> Record | None:
        """One of them in its form."""
        row = db.session.get(self.model, id_)
        return self.told(row) if row else None

    def told(self, row: Base) -> Record:
        """The same of a row at hand."""
        texts = {field.name: text_of(getattr(row, field.name)) for field in self.fields}
        return Record(f"{self.word} {' '.join(texts[name] for name in self.unique)}", texts, {})


def _count(column: Any, owner: Any) -> sa.SQLColumnExpression[int]:
    return (
        sa.select(sa.func.count()).where(column == owner).correlate(owner.table).scalar_subquery()
    )


LOCATIONS = PlainKind(
    "Location",
    Location,
    locations.FIELDS,
    ("code",),
    {
        "Profit Centres": _count(ProfitCentre.location_id, Location.__table__.c.id),
        "Batches": _count(Batch.location_id, Location.__table__.c.id),
    },
)
WORK_CENTRES = PlainKind(
    "Work Centre",
    WorkCentre,
    work_centres.FIELDS,
    ("code",),
    {
        "Activities": _count(Activity.work_centre_id, WorkCentre.__table__.c.id),
        "Sales Codes": _count(SalesCode.work_centre_id, WorkCentre.__table__.c.id),
    },
)
JOB_TYPES = PlainKind(
    "Job Type",
    JobType,
    job_kinds.TYPE_FIELDS,
    ("code",),
    {"Jobs": _count(Job.job_type_id, JobType.__table__.c.id)},
)
JOB_GROUPS = PlainKind(
    "Job Group",
    JobGroup,
    job_kinds.GROUP_FIELDS,
    ("category", "description"),
    {"Jobs": _count(job_group_members.c.job_group_id, JobGroup.__table__.c.id)},
)


def carries_batches(location_id: int) -> bool:
    """Whether a batch has the number of this Location."""
    return db.session.scalar(sa.select(sa.exists().where(Batch.location_id == location_id))) is True
