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
    """The reasons of a run, the most frequent first. Two statements, however many documents."""
    told = _told(run_id)
    documents = sa.func.count(told.c.document_id.distinct())
    found = db.session.execute(
        sa.select(
            told.c.code,
            told.c.way_out,
            sa.func.min(told.c.message).label("message"),
            sa.func.count(told.c.message.distinct()).label("messages"),
            documents.label("documents"),
            sa.func.count().over().label("total"),
        )
        .group_by(told.c.code, told.c.way_out)
        .order_by(documents.desc(), sa.func.min(told.c.item_id))
        .limit(MOST_CAUSES)
    ).all()
    if not found:
        return NO_CAUSES
    examples = _examples(run_id)
    shown = (
        Cause(
            row.code,
            row.message,
            row.messages - 1,
            row.way_out,
            row.documents,
            examples[row.code, row.way_out],
        )
        for row in found
    )
    return Causes(tuple(shown), found[0].total)


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


def _examples(run_id: int) -> dict[tuple[str, str], tuple[str, ...]]:
    """The first few records that each cause kept from going."""
    told = _told(run_id)
    place = sa.func.row_number().over(
        partition_by=(told.c.code, told.c.way_out), order_by=sa.func.min(told.c.item_id)
    )
    ranked = (
        sa.select(told.c.code, told.c.way_out, told.c.record, place.label("place"))
        .group_by(told.c.code, told.c.way_out, told.c.record)
        .subquery()
    )
    found: dict[tuple[str, str], list[str]] = {}
    for row in db.session.execute(
        sa.select(ranked).where(ranked.c.place <= EXAMPLES).order_by(ranked.c.place)
    ):
        found.setdefault((row.code, row.way_out), []).append(row.record)
    return {cause: tuple(records) for cause, records in found.items()}


def _told(run_id: int) -> sa.Subquery:
    """Every problem of every document that did not go, one a row."""
    problem = _each_problem()
    members = ("code", "way_out", "message", "record")
    return (
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


def _each_problem() -> sa.TableValuedAlias:
    """The problems of an item as rows; the two databases call the same thing by two names."""
    json = sa.func.json_each if db.engine.dialect.name == "sqlite" else sa.func.json_array_elements
    return json(ExportItem.problems).table_valued(sa.column("value", sa.JSON), name="problem")
