"""Finds the records that the rows of a list name."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.cells import Value
from webapp.services.loading.lookup import parts
from webapp.services.loading.master_tables import Reference, Several

BETWEEN = ";"
"""Stands between the records of a cell that names several."""


def keys_of(
    reference: Reference, codes: Collection[Value], fin_co_id: int | None
) -> dict[str, Any]:
    """The keys of the records of these codes, by code; those that there are."""
    code = getattr(reference.model, reference.code)
    query = sa.select(code, getattr(reference.model, reference.key))
    if reference.per_fin_co:
        query = query.where(reference.model.fin_co_id == fin_co_id)  # type: ignore[attr-defined]
    asked = {str(one) for one in codes if one is not None}
    found: dict[str, Any] = {}
    for part in parts(sorted(asked)):
        found |= {row[0]: row[1] for row in db.session.execute(query.where(code.in_(part)))}
    if reference.name is not None:
        found |= _named(reference, query, sorted(asked - found.keys()))
    return found


def _named(reference: Reference, query: sa.Select[Any], names: Sequence[str]) -> dict[str, Any]:
    """The keys of those that alone have a name."""
    name = getattr(reference.model, str(reference.name))
    found: dict[str, list[Any]] = {}
    for part in parts(names):
        for row in db.session.execute(query.add_columns(name).where(name.in_(part))):
            found.setdefault(row[2], []).append(row[1])
    return {called: keys[0] for called, keys in found.items() if len(keys) == 1}


def all_of(several: Several) -> dict[str, Any]:
    """Every record that a cell may name beside others, by how it is told, in small letters."""
    return {several.told(row).lower(): row for row in db.session.scalars(sa.select(several.model))}


def told_of(several: Several, rows: Collection[Any]) -> str:
    """How several records are told in one cell."""
    return f"{BETWEEN} ".join(sorted(several.told(row) for row in rows))


def pieces(value: Value) -> list[str]:
    """What a cell names, piece by piece."""
    return [piece.strip() for piece in str(value or "").split(BETWEEN) if piece.strip()]


def meant(known: Mapping[str, Any], value: Value) -> list[Any]:
    """The records that a cell names, each once, in the order in which they were made."""
    return sorted({known[one.lower()] for one in pieces(value)}, key=lambda row: row.id)
