"""Which documents an export is for, as an address or a form says it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, url_for
from werkzeug.datastructures import MultiDict

from webapp.deps import current_deps
from webapp.queries import export_control
from webapp.queries.export_progress import ExportProgress
from webapp.queries.run_causes import Cause
from webapp.services.exports import Preflight, preflight
from webapp.services.exports.retrying import Left, left_of
from webapp.web.exports.runs import run_or_404
from webapp.web.security import viewer

BETWEEN = "."
"""Between the ids of the batches in an address."""
LONGEST_ADDRESS = 3_000
"""Bytes of ids; servers take some 4,000 in all."""


@dataclass(frozen=True)
class Again:
    """What a run did not bring to Xero: all of it, or what one cause kept back."""

    run: ExportProgress
    cause: Cause | None
    left: Left


@dataclass(frozen=True)
class Meant:
    """The batches of an export; of what is exported again only the documents that are left."""

    batch_ids: Sequence[int]
    again: Again | None = None

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The same as arguments of an address, and as fields of a form."""
        if self.again is None:
            return {"batches": joined(self.batch_ids)}
        cause = {"run_cause": self.again.cause.key} if self.again.cause else {}
        return {"run": str(self.again.run.id), **cause}

    def look(self) -> Preflight:
        """What an export of it would do now."""
        return preflight(
            batch_ids=self.batch_ids,
            public_url=current_deps().config.public_url,
            only=self.again.left.documents if self.again else None,
        )


def meant_by(given: MultiDict[str, str]) -> Meant:
    """What an address or a form names; 404 where it is not this person's to see.

    Raises:
        NotAllowedNow: nothing is left of the run that it names.
    """
    if run_id := given.get("run", type=int):
        return of_run(run_id, given.get("run_cause"))
    raw = given.get("batches", "").split(BETWEEN)
    if not all(value.isdecimal() for value in raw):
        abort(422)
    batch_ids = list(dict.fromkeys(map(int, raw)))
    if len(export_control.visible_batches(viewer(), batch_ids)) != len(batch_ids):
        abort(404)
    return Meant(batch_ids)


def of_run(run_id: int, cause_key: str | None) -> Meant:
    """What is left of a run.

    Raises:
        NotAllowedNow: nothing is.
    """
    run = run_or_404(run_id)
    cause = run.causes.named(cause_key) if cause_key else None
    if cause_key and cause is None:
        abort(422)
    left = left_of(run_id, cause)
    return Meant(left.batch_ids, Again(run, cause, left))


def preview_address(meant: Meant, back: str) -> str:
    """The address of its preview."""
    if sum(map(len, meant.arguments.values())) > LONGEST_ADDRESS:
        abort(422)
    return url_for("previews.page", back=back, **meant.arguments)


def joined(batch_ids: Iterable[int]) -> str:
    """Batches as one argument of an address."""
    return BETWEEN.join(map(str, batch_ids))
