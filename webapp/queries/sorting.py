"""In which order a list is shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

_DESCENDING = "-"


@dataclass(frozen=True)
class Sort:
    """A column of a list, by the name it has in an address, and the direction."""

    column: str
    descending: bool = False

    @classmethod
    def read(cls, asked: str | None, columns: Collection[str], standing: "Sort") -> "Sort":
        """The order an address asks for; ``standing`` where it asks for none.

        Raises:
            ValueError: the list cannot be sorted by that.
        """
        if not asked:
            return standing
        found = cls(asked.removeprefix(_DESCENDING), asked.startswith(_DESCENDING))
        if found.column not in columns:
            raise ValueError(asked)
        return found

    @property
    def value(self) -> str:
        """How it stands in an address."""
        return f"{_DESCENDING if self.descending else ''}{self.column}"

    def on(self, column: str) -> "Sort":
        """What pressing the heading of a column asks for: it turns round the column sorted by."""
        return Sort(column, descending=self == Sort(column))

    def direction(self, column: str) -> str | None:
        """What ``aria-sort`` says of a column's heading."""
        if column != self.column:
            return None
        return "descending" if self.descending else "ascending"


def ordered(
    sort: Sort,
    columns: Mapping[str, Any],
    last: Any,
) -> tuple[sa.ColumnElement[Any], ...]:
    """The order for a statement: what is empty comes last either way, and ``last`` breaks ties."""
    column = columns[sort.column]
    if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum):
        column = sa.func.lower(column)
    return (
        (column.desc() if sort.descending else column.asc()).nulls_last(),
        last.desc() if sort.descending else last.asc(),
    )
