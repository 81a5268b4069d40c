"""Why documents of an export run did not go: each reason once, counted by the database."""

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ItemState
from webapp.models import ExportItem

MOST_CAUSES = 10
"""More than a person takes in at once; the rest stands beside the documents."""
EXAMPLES = 5
REFUSED = (ItemState.REJECTED, ItemState.BLOCKED)
NOT_SENT = (*REFUSED, ItemState.CANCELLED)
"""What a run that is over did not bring to Xero."""


@dataclass(frozen=True)
class Cause:
    """One reason with one way out, and the documents it kept from going."""

    code: str
    message: str
    alike: int
    """How many other messages differ from this one only in the record they name."""
    way_out: str
    documents: int
    examples: tuple[str, ...]

    @property
    def key(self) -> str:
        """Names the cause in an address."""
        return hashlib.sha256(f"{self.code}\0{self.way_out}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Causes:
    """The most frequent causes, and how many there are in all."""

    shown: tuple[Cause, ...]
    total: int

    def named(self, key: str) -> Cause | None:
        """The cause that an address names."""
        return next((cause for cause in self.shown if cause.key == key), None)


NO_CAUSES = Causes((), 0)


def causes(run_id: int) -> Causes:
    """The reasons of a run, the most frequent first. One statement, however many documents."""
    told = _told(run_id)
    documents = sa.func.count(told.c.document_id.distinct())
    examples = (sa.func.max(told.c.record).filter(told.c.place == n + 1) for n in range(EXAMPLES))
    found = db.session.execute(
        sa.select(
            told.c.code,
            sa.func.min(told.c.message),
            sa.func.count(told.c.message.distinct()) - 1,
            told.c.way_out,
            documents,
            sa.func.count().over(),
            *examples,
        )
        .group_by(told.c.code, told.c.way_out)
        .order_by(documents.desc(), sa.func.min(told.c.item_id))
        .limit(MOST_CAUSES)
    ).all()
    shown = tuple(
        Cause(code, message, alike, way_out, count, tuple(filter(None, records)))
        for code, message, alike, way_out, count, _, *records in found
    )
    return Causes(shown, found[0][5] if found else 0)


def kept_back_by(cause: Cause) -> sa.ColumnElement[bool]:
    """Whether that cause kept an item from going."""
    problem = _each_problem()
    return sa.and_(
        ExportItem.state.in_(REFUSED),
        sa.exists(
            sa.select(sa.literal(1))
            .select_from(problem)
            .where(
                problem.c.value["code"].as_string() == cause.code,
                problem.c.value["way_out"].as_string() == cause.way_out,
            )
        ),
    )


def _told(run_id: int) -> sa.Subquery:
    """Every problem of every document that did not go, one a row, and its place in its cause."""
    problem = _each_problem()
    members = ("code", "way_out", "message", "record")
    each = (
        sa.select(
            ExportItem.id.label("item_id"),
            ExportItem.document_id,
            *(problem.c.value[member].as_string().label(member) for member in members),
        )
        .select_from(ExportItem)
        .join(problem, sa.true())
        .where(ExportItem.run_id == run_id, ExportItem.state.in_(REFUSED))
        .subquery()
    )
    place = sa.func.dense_rank().over(
        partition_by=(each.c.code, each.c.way_out), order_by=each.c.item_id
    )
    return sa.select(each, place.label("place")).subquery()


def _each_problem() -> sa.TableValuedAlias:
    """The problems of an item as rows; the two databases call the same thing by two names."""
    json = sa.func.json_each if db.engine.dialect.name == "sqlite" else sa.func.json_array_elements
    return json(ExportItem.problems).table_valued(sa.column("value", sa.JSON), name="problem")
