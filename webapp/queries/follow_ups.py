"""How the files and notes that follow documents stand: for a run, and for one document."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.follow_ups import UNSETTLED, FollowUpKind, FollowUpState
from webapp.domain.problems import Problem
from webapp.models import Batch, Document, ExportRun, FollowUp, FollowUpQueue
from webapp.queries.viewers import Viewer

MOST_ROWS = 50
"""As many as a person goes through; the rest come up once these are dealt with."""

NOT_WORTH_SAYING = dt.timedelta(minutes=1)

IN_TROUBLE = frozenset({FollowUpState.FAILED, FollowUpState.UNCERTAIN})

_WORST_FIRST = sa.case(
    {
        FollowUpState.FAILED.value: 0,
        FollowUpState.UNCERTAIN.value: 1,
        FollowUpState.SENDING.value: 2,
        FollowUpState.PENDING.value: 3,
    },
    value=sa.cast(FollowUp.state, sa.String),
    else_=4,
)


@dataclass(frozen=True)
class FollowUpRow:
    """One file or note, and where it stands."""

    id: int
    run_id: int
    uid: str
    document: str
    kind: FollowUpKind
    file_name: str
    size: int
    """In bytes; 0 for a note."""
    state: FollowUpState
    settled_at: dt.datetime | None
    problems: tuple[Problem, ...]


class Told(NamedTuple):
    """How many files or notes there are, and what became of them."""

    total: int
    sent: int
    failed: int
    under_way: int
    """Still to go, or to be looked up."""


@dataclass(frozen=True)
class FollowUps:
    """What follows a run's documents, or one document."""

    told: Mapping[FollowUpKind, Told]
    """Files and notes apart; a kind of which there is none is left out."""
    rows: tuple[FollowUpRow, ...]
    """What needs a person first."""
    left_out: int
    """How many more there are like these rows."""
    resume_at: dt.datetime | None
    pause_reason: str | None
    waits_for_person: bool
    """The pause ends only when somebody does what its reason says."""
    paused_run: int | None
    """The run that a person paused and that keeps them until it is resumed."""

    def waits(self, now: dt.datetime) -> bool:
        """Whether what is left waits for a person, or for longer than one looks at a page."""
        if not self.under_way:
            return False
        if self.paused_run is not None or self.resume_at is None:
            return self.paused_run is not None
        return self.waits_for_person or self.resume_at - now > NOT_WORTH_SAYING

    @property
    def failed(self) -> int:
        """How many did not go and can be sent again."""
        return sum(told.failed for told in self.told.values())

    @property
    def under_way(self) -> int:
        """How many are still to go, or to be looked up."""
        return sum(told.under_way for told in self.told.values())


def of_run(viewer: Viewer, run_id: int) -> FollowUps | None:
    """What follows a run's documents; None where nothing does.

    One by one only what failed or is in doubt: a large run has thousands that are on their way.
    """
    return _follow_ups(viewer, FollowUp.run_id == run_id, IN_TROUBLE)


def of_document(viewer: Viewer, document_id: int) -> FollowUps | None:
    """All that follows or followed a document; None where nothing does."""
    return _follow_ups(viewer, FollowUp.document_id == document_id, frozenset(FollowUpState))


def _follow_ups(
    viewer: Viewer, which: sa.ColumnElement[bool], shown: frozenset[FollowUpState]
) -> FollowUps | None:
    scope = (which, viewer.scope(FollowUpQueue.fin_co_id))
    counted = db.session.execute(
        sa.select(FollowUp.kind, FollowUp.state, sa.func.count())
        .join(FollowUpQueue, FollowUpQueue.id == FollowUp.queue_id)
        .where(*scope)
        .group_by(FollowUp.kind, FollowUp.state)
    ).all()
    if not counted:
        return None
    counts: dict[FollowUpKind, Counter[FollowUpState]] = {}
    for kind, state, count in counted:
        counts.setdefault(kind, Counter())[state] = count
    is_paused = sa.and_(ExportRun.paused_at.is_not(None), ExportRun.finished_at.is_(None))
    paused = sa.case((is_paused, ExportRun.id))
    queue = db.session.execute(
        sa.select(
            FollowUpQueue.resume_at,
            FollowUpQueue.pause_reason,
            FollowUpQueue.waits_for_person,
            paused.label("paused_run"),
        )
        .join(FollowUp, FollowUp.queue_id == FollowUpQueue.id)
        .join(ExportRun, ExportRun.id == FollowUp.run_id)
        .where(*scope)
        .order_by(FollowUp.id.desc())
        .limit(1)
    ).one()
    found = db.session.execute(
        sa.select(
            FollowUp.id,
            FollowUp.run_id,
            Document.uid,
            Document.number.label("document"),
            FollowUp.kind,
            FollowUp.file_name,
            FollowUp.size,
            FollowUp.state,
            FollowUp.settled_at,
            FollowUp.problems,
        )
        .join(FollowUpQueue, FollowUpQueue.id == FollowUp.queue_id)
        .join(Document, Document.id == FollowUp.document_id)
        .where(*scope, FollowUp.state.in_(shown))
        .order_by(_WORST_FIRST, FollowUp.id)
        .limit(MOST_ROWS)
    )
    rows = tuple(
        FollowUpRow(
            **{**row, "problems": tuple(Problem.from_json(problem) for problem in row["problems"])}
        )
        for row in found.mappings()
    )
    left_out = sum(count for _, state, count in counted if state in shown) - len(rows)
    return FollowUps({kind: _told(counts[kind]) for kind in sorted(counts)}, rows, left_out, *queue)


def _told(counts: Counter[FollowUpState]) -> Told:
    return Told(
        total=counts.total(),
        sent=counts[FollowUpState.SENT],
        failed=counts[FollowUpState.FAILED],
        under_way=sum(counts[state] for state in UNSETTLED),
    )


def visible_document(viewer: Viewer, uid: str) -> int | None:
    """The id of the document of that mark, if this person may see it."""
    return db.session.scalar(
        sa.select(Document.id)
        .join(Batch, Batch.id == Document.batch_id)
        .where(Document.uid == uid, viewer.scope(Batch.fin_co_id))
    )


def fin_co_of_run(viewer: Viewer, run_id: int) -> int | None:
    """The run's FinCo, if there is such a run and this person may see it."""
    return db.session.scalar(
        sa.select(ExportRun.fin_co_id).where(
            ExportRun.id == run_id, viewer.scope(ExportRun.fin_co_id)
        )
    )
