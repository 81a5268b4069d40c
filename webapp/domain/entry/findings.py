"""What is wrong with what was given, each finding at the field it is about."""

from dataclasses import dataclass

from webapp.domain.problems import Problem

Path = tuple[str | int, ...]
"""The way to a field: names of members and positions from 0."""


@dataclass(frozen=True)
class Finding:
    """A problem and the field to blame."""

    path: Path
    problem: Problem


class Findings:
    """Collects what is wrong with one record: everything at once, not the first thing."""

    def __init__(self, record: str, at: Path = ()) -> None:
        self._record = record
        self._at = at
        self.found: list[Finding] = []

    def add(self, path: Path, code: str, message: str, way_out: str) -> None:
        """Tell of one thing wrong; ``path`` is relative to the record."""
        line: int | None = None
        match path:
            case ("lines", int(position), *_):
                line = position + 1
        self.found.append(
            Finding(
                (*self._at, *path),
                Problem(
                    code=code, record=self._record, message=message, way_out=way_out, line=line
                ),
            )
        )
