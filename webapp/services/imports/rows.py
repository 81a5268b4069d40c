"""Storing a plan of plain rows in a table of a FinCo."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.db import Base, db
from webapp.mapping.imports.rows import KnownRow, RowPlan
from webapp.services.imports.chunks import chunks
from webapp.services.imports.recording import KindLog


def known_rows(
    model: type[Base], columns: Sequence[str], *where: sa.ColumnElement[bool]
) -> list[KnownRow]:
    """The rows of a table that an import is about, in the columns it sets."""
    mapped: Any = model
    rows = db.session.execute(
        sa.select(mapped.id, *(getattr(mapped, column) for column in columns)).where(*where)
    )
    return [KnownRow(row.id, {column: getattr(row, column) for column in columns}) for row in rows]


def store(
    plan: RowPlan,
    model: type[Base],
    log: KindLog,
    *,
    owner: Mapping[str, object],
    key: str,
) -> None:
    """Store what was decided: all changes in one transaction, new rows in several.

    Args:
        plan: what to do.
        model: the table; its primary key is ``id``.
        log: where it is counted.
        owner: columns that every new row has besides its own.
        key: the unique text column. Its values may change places between rows, so they are put
            out of the way first.
    """
    mapped: Any = model
    with log.step() as counts:
        log.reject(plan.rejections)
        counts.unchanged += plan.unchanged
    if plan.updates:
        with log.step() as counts:
            parked = sa.literal("~") + sa.cast(mapped.id, sa.String)
            for part in chunks([row.id for row in plan.updates]):
                to_park = sa.update(mapped).where(mapped.id.in_(part)).values({key: parked})
                db.session.execute(to_park)
            updates = [{"id": row.id, **row.values} for row in plan.updates]
            db.session.execute(sa.update(model), updates)
            counts.updated += len(updates)
    for inserts in chunks(plan.inserts):
        with log.step() as counts:
            db.session.execute(sa.insert(model), [{**owner, **row} for row in inserts])
            counts.created += len(inserts)
