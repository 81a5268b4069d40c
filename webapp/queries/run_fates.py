"""What became of the documents of export runs, each counted once, however many parts it has.

A large journal goes as several records in Xero (R115), each an item with a fate of its own. The
document is in Xero when all of them are; until then it is where the part stands that holds it up.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ItemState
from webapp.models import ExportItem

WORST_FIRST = (
    ItemState.REJECTED,
    ItemState.BLOCKED,
    ItemState.UNCERTAIN,
    ItemState.SENDING,
    ItemState.PENDING,
    ItemState.CANCELLED,
    ItemState.SENT,
)
"""What needs a person most comes first."""

HOLDS_UP = (
    ItemState.UNCERTAIN,
    ItemState.SENDING,
    ItemState.PENDING,
    ItemState.REJECTED,
    ItemState.BLOCKED,
    ItemState.CANCELLED,
    ItemState.SENT,
)
"""Which of its parts says where a document stands: it is undecided while any of them is."""


def place_in(order: tuple[ItemState, ...]) -> sa.Case[int]:
    """The place of an item's state in that order, for sorting and for finding the first of it."""
    return sa.case(
        {state.value: place for place, state in enumerate(order)},
        value=sa.cast(ExportItem.state, sa.String),
    )


def state_of_parts() -> sa.ColumnElement[ItemState]:
    """Where a document stands, over its grouped items; NULL where there are none."""
    states = {place: state.value for place, state in enumerate(HOLDS_UP)}
    found = sa.case(states, value=sa.func.min(place_in(HOLDS_UP)))
    return sa.type_coerce(found, ExportItem.state.type)


def fates(*meant: sa.ColumnElement[bool]) -> sa.Subquery:
    """The documents of the items that are meant: a row for each document in each run.

    Columns:
        run_id, batch_id, document_id.
        state: of the document in that run.
        parts_sent: how many of its parts the run brought to Xero.
    """
    return (
        sa.select(
            ExportItem.run_id,
            ExportItem.document_id,
            sa.func.min(ExportItem.batch_id).label("batch_id"),
            state_of_parts().label("state"),
            sa.func.count().filter(ExportItem.state == ItemState.SENT).label("parts_sent"),
        )
        .where(*meant)
        .group_by(ExportItem.run_id, ExportItem.document_id)
        .subquery()
    )


@dataclass(frozen=True)
class RunFates:
    """How many documents of a run are in which state."""

    of_batch: dict[int, dict[ItemState, int]]
    """By the ids of its batches; one without documents in the run is left out."""
    in_part: int
    """How many are in Xero with some of their parts and not with all."""
    parts_sent: int
    """How many records it made in Xero."""

    @property
    def counts(self) -> dict[ItemState, int]:
        """The sums over its batches."""
        sums: dict[ItemState, int] = {}
        for of_one in self.of_batch.values():
            for state, count in of_one.items():
                sums[state] = sums.get(state, 0) + count
        return sums


def run_fates(run_id: int) -> RunFates:
    """Count the documents of a run. One statement, however many there are."""
    told = fates(ExportItem.run_id == run_id)
    unfinished = sa.and_(told.c.parts_sent > 0, told.c.state != ItemState.SENT)
    rows = db.session.execute(
        sa.select(
            told.c.batch_id,
            told.c.state,
            sa.func.count(),
            sa.func.count().filter(unfinished),
            sa.func.sum(told.c.parts_sent),
        ).group_by(told.c.batch_id, told.c.state)
    ).all()
    of_batch: dict[int, dict[ItemState, int]] = {}
    for batch_id, state, count, _, _ in rows:
        of_batch.setdefault(batch_id, {})[state] = count
    return RunFates(
        of_batch,
        in_part=sum(row[3] for row in rows),
        parts_sent=sum(int(row[4]) for row in rows),
    )
