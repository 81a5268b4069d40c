"""A table brought in step with a list of Xero's, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.mapping.imports.outcome import Rejection


@dataclass(frozen=True)
class RowUpdate:
    """A row that stands otherwise than it should; ``values`` are all columns an import sets."""

    id: int
    values: Mapping[str, object]


@dataclass
class RowPlan:
    """What an import does to a table."""

    inserts: list[Mapping[str, object]] = field(default_factory=list)
    updates: list[RowUpdate] = field(default_factory=list)
    unchanged: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    def put(self, row: "KnownRow | None", values: Mapping[str, object]) -> None:
        """Make the row, bring it in step, or note that it stands as it should."""
        if row is None:
            self.inserts.append(values)
        elif row.values == values:
            self.unchanged += 1
        else:
            self.updates.append(RowUpdate(row.id, values))


@dataclass(frozen=True)
class KnownRow:
    """A row as it stands, in the columns an import sets."""

    id: int
    values: Mapping[str, object]
