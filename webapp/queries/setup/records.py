"""A set-up record as its form shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.domain.fingerprints import fingerprint


@dataclass(frozen=True)
class Choice:
    """One entry of a select."""

    value: str
    text: str


@dataclass(frozen=True)
class Record:
    """A record that is kept.

    Attributes:
        name: what people call it.
        texts: its fields as they stand in a form.
        facts: what is shown beside them and cannot be changed here, by its label.
        fin_co_id: the FinCo it belongs to; None where it belongs to none alone.
    """

    name: str
    texts: Mapping[str, str]
    facts: Mapping[str, str | None]
    fin_co_id: int | None = None

    @property
    def mark(self) -> str:
        """The fingerprint that a form carries of it."""
        return fingerprint(self.texts)
