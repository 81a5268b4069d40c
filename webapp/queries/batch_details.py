"""What stands at the head of a batch."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType, may_be_exported
from webapp.models import Batch, Document, FinCo, Location, Period, User
from webapp.queries.last_results import LastResult, last_results
from webapp.queries.postable import has_something_to_post
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class RelatedBatch:
    """A batch that was made from another one, or that another one was made from."""

    number: str
    batch_type: BatchType


@dataclass(frozen=True)
class BatchDetails:
    """What stands at the head of a batch."""

    id: int
    number: str
    batch_type: BatchType
    fin_co_id: int
    fin_co: str
    fin_co_name: str
    location: str
    year: int
    period: int
    batch_date: dt.date
    reference: str | None
    notes: str | None
    status: BatchStatus
    not_for_export: bool
    reversing: bool
    created_at: dt.datetime
    created_by: str | None
    closed_at: dt.datetime | None
    closed_by: str | None
    exported_at: dt.datetime | None
    exported_by: str | None
    source: RelatedBatch | None
    """The batch this one reverses, or whose inter-company side it is."""
    made_of_it: tuple[RelatedBatch, ...]
    """The batch that reverses this one, and its inter-company sides."""
    last: LastResult | None
    holds_something: bool
    """Whether anything of it can go to Xero."""

    @property
    def may_be_marked(self) -> bool:
        """Whether its Not For Export mark can be changed (R79, Q34)."""
        return self.is_open or (self.status is BatchStatus.CLOSED and not self.holds_something)

    @property
    def is_open(self) -> bool:
        """Whether anything about it may still be changed."""
        return self.status is BatchStatus.OPEN

    @property
    def may_be_exported(self) -> bool:
        """Whether Export would take it (R74)."""
        return may_be_exported(self.status, not_for_export=self.not_for_export)


def batch_details(viewer: Viewer, number: str) -> BatchDetails | None:
    """The batch of that number, if this person may see it."""
    creator, closer, exporter = aliased(User), aliased(User), aliased(User)
    source = aliased(Batch)
    row = (
        db.session.execute(
            sa.select(
                Batch.id,
                Batch.number,
                Batch.batch_type,
                Batch.fin_co_id,
                FinCo.code.label("fin_co"),
                FinCo.description.label("fin_co_name"),
                Location.description.label("location"),
                Period.year,
                Period.number.label("period"),
                Batch.batch_date,
                Batch.reference,
                Batch.notes,
                Batch.status,
                Batch.not_for_export,
                Batch.reversing,
                sa.exists()
                .where(Document.batch_id == Batch.id, has_something_to_post())
                .label("holds_something"),
                Batch.created_at,
                creator.name.label("created_by"),
                Batch.closed_at,
                closer.name.label("closed_by"),
                Batch.exported_at,
                exporter.name.label("exported_by"),
                source.number.label("source_number"),
                source.batch_type.label("source_type"),
            )
            .join(FinCo, FinCo.id == Batch.fin_co_id)
            .join(Location, Location.id == Batch.location_id)
            .join(Period, Period.id == Batch.period_id)
            .outerjoin(source, source.id == Batch.source_batch_id)
            .outerjoin(creator, creator.id == Batch.created_by_id)
            .outerjoin(closer, closer.id == Batch.closed_by_id)
            .outerjoin(exporter, exporter.id == Batch.exported_by_id)
            .where(Batch.number == number, viewer.scope(Batch.fin_co_id))
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    values = dict(row)
    source_number, source_type = values.pop("source_number"), values.pop("source_type")
    return BatchDetails(
        **values,
        source=RelatedBatch(source_number, source_type) if source_number else None,
        made_of_it=_made_of(row["id"]),
        last=last_results([row["id"]]).get(row["id"]),
    )


def _made_of(batch_id: int) -> tuple[RelatedBatch, ...]:
    rows = db.session.execute(
        sa.select(Batch.number, Batch.batch_type)
        .where(Batch.source_batch_id == batch_id)
        .order_by(Batch.number)
    )
    return tuple(RelatedBatch(*found) for found in rows)
