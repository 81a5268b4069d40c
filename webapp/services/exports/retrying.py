"""Exports again what a run did not bring to Xero: all of it, or what one cause kept back."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.models import Document, ExportItem
from webapp.queries.postable import has_something_to_post
from webapp.queries.run_causes import NOT_SENT, Cause, kept_back_by
from webapp.services.errors import NotAllowedNow
from webapp.services.exports.plan import ExportPlan, plan_export
from webapp.services.exports.preflight import Preflight
from webapp.services.exports.prepare import Prepared
from webapp.xero.encoding import decode


@dataclass(frozen=True)
class Left:
    """What a run did not bring to Xero that is not there by now either, by its ids."""

    batch_ids: tuple[int, ...]
    documents: frozenset[int]


def left_of(run_id: int, cause: Cause | None) -> Left:
    """What is left of a run.

    Args:
        run_id: the run whose documents did not go.
        cause: what kept them back; None for all that did not go, for whatever reason.

    Raises:
        NotAllowedNow: nothing of it is left to be sent.
    """
    meant = (
        ExportItem.state.in_(NOT_SENT) if cause is None else kept_back_by(cause),
        ExportItem.run_id == run_id,
        Document.status != DocumentStatus.UPDATED,
        has_something_to_post(),
    )
    rows = db.session.execute(
        sa.select(ExportItem.document_id, ExportItem.batch_id).join(Document).where(*meant)
    ).all()
    if not rows:
        raise NotAllowedNow(
            "Nothing of it is left to be sent, so no export was begun.",
            "Its documents went with a later run; their links to Xero are beside them.",
        )
    return Left(
        batch_ids=tuple(sorted({row.batch_id for row in rows})),
        documents=frozenset(row.document_id for row in rows),
    )


def retry_export(
    left: Left,
    *,
    user_id: int | None,
    now: dt.datetime,
    public_url: str,
    after_commit: Callable[[int], object],
    confirmed: str | None = None,
) -> ExportPlan:
    """Plan a new run of what is left of another, and of nothing else.

    Each is mapped anew, so what was mended meanwhile counts. A batch that another run holds is
    refused, as by any other press of Export (R111, C5.2).

    Args:
        left: what is left of the other run.
        user_id: who pressed the button.
        now: the present instant, UTC.
        public_url: address of this installation, for the back links.
        after_commit: called with the new run's id once the plan is durable.
        confirmed: the hash of the preview that a person confirmed; None where there was none.

    Raises:
        ChangedMeanwhile: what would be sent now is not what was confirmed; nothing was claimed.
    """
    return plan_export(
        batch_ids=left.batch_ids,
        user_id=user_id,
        now=now,
        public_url=public_url,
        after_commit=after_commit,
        confirmed=confirmed,
        only=left.documents,
    )


def is_as_it_was(run_id: int, present: Preflight) -> bool:
    """Whether an export would send just what the run had tried to send, and something at all.

    Then nobody has to look at it a second time: it was confirmed, or sent by hand, as it is. What
    was held back has to be held back for the same reasons.
    """
    items = db.session.scalars(
        sa.select(ExportItem)
        .where(ExportItem.run_id == run_id, ExportItem.state.in_(NOT_SENT))
        .options(joinedload(ExportItem.request))
    ).all()
    tried = _Tried(
        items={(item.document_id, item.part): item for item in items},
        records={
            request.id: decode(request.body)[request.collection]
            for request in {item.request for item in items}
            if request is not None
        },
    )
    prepared = present.records.values()
    return any(one.payloads for one in prepared) and all(map(tried.is_the_same, prepared))


@dataclass(frozen=True)
class _Tried:
    """What a run made of documents that did not go."""

    items: Mapping[tuple[int, int], ExportItem]
    """By the documents' ids and parts."""
    records: Mapping[int, Sequence[Any]]
    """What was frozen in its requests, by their ids."""

    def is_the_same(self, present: Prepared) -> bool:
        """Whether a document would fare as it did, or would be sent as it was."""
        document_id = present.document.id
        if present.problems:
            item = self.items.get((document_id, 1))
            problems = [problem.to_json() for problem in present.problems]
            return item is not None and item.problems == problems
        return all(
            self._record((document_id, payload.part)) == decode(payload.encoded)
            for payload in present.payloads
        )

    def _record(self, part: tuple[int, int]) -> Any:
        """The record as it was frozen; None where none was."""
        item = self.items.get(part)
        if item is None or item.request_id is None or item.position is None:
            return None
        return self.records[item.request_id][item.position]
