"""Jobs that name the job they are part of, which may stand above them in the same file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.cells import Value
from webapp.models import Job, ProfitCentre
from webapp.queries.setup.choices import OF_CENTRE
from webapp.services.loading.lookup import parts
from webapp.services.loading.set_checks import SetCheck
from webapp.services.loading.spool import Record

Place = tuple[int, str]
"""A job by the id of its Profit Centre and its code: new ones have no id yet."""
Node = int | Place


class ParentJobs(SetCheck):
    """A job beside those it may be part of: kept ones of its FinCo, and good ones above it."""

    later = frozenset({"parent_id"})

    def __init__(self, fin_co_id: int) -> None:
        rows = db.session.execute(
            sa.select(ProfitCentre.id, ProfitCentre.code).where(ProfitCentre.fin_co_id == fin_co_id)
        )
        self._centres = {row.id: row.code for row in rows}
        self._called: dict[str, Node] = {}
        self._places: defaultdict[str, set[Place]] = defaultdict(set)
        """By what a row may call them; a code is called alike in several Profit Centres."""
        self._above: set[Place] = set()
        self._parents: dict[Node, Node | None] = {}
        """Of the jobs that this load makes or changes."""

    def known(self, records: Sequence[Record]) -> dict[str, Mapping[str, Any]]:
        """The jobs that the rows name; good rows are added while their piece is judged."""
        named = {str(one.first["parent"]) for one in records if one.first.get("parent")}
        codes = named | {one.rpartition(OF_CENTRE)[0] for one in named}
        for place, job_id in _ids_of(self._centres, codes):
            self._call(place, place if place in self._above else job_id)
        return {"parent": self._called}

    def faults(self, given: Mapping[str, Value], kept: Job | None) -> dict[str, str]:
        """A code that several have, and a ring of jobs."""
        told = given.get("parent")
        if told is None:
            return {}
        places = self._places[str(told)]
        if len(places) > 1:
            names = "; ".join(sorted(map(self._in_full, places)))
            return {"parent": f"several Profit Centres have a job {told}. Write one of: {names}"}
        if kept is not None and kept.id in self._up_from(self._called[str(told)]):
            return {"parent": f"{told} is this job or one of its own sub-jobs"}
        return {}

    def good(self, columns: Mapping[str, Any], kept: Job | None) -> None:
        """Let rows below name this one."""
        node = _node(columns, kept)
        if "parent_id" in columns:
            self._parents[node] = columns["parent_id"]
        if isinstance(node, tuple):
            self._above.add(node)
            self._call(node, node)

    def wrote(self, written: Sequence[tuple[Mapping[str, Any], Job | None]]) -> None:
        """Tie the jobs to those they are part of, now that all of them have ids."""
        tied: list[tuple[Node, Node | None]] = [
            (_node(columns, kept), columns["parent_id"])
            for columns, kept in written
            if "parent_id" in columns
        ]
        if not tied:
            return
        places = {node for pair in tied for node in pair if isinstance(node, tuple)}
        ids: dict[Any, int] = dict(_ids_of(self._centres, {code for _, code in places}))
        db.session.execute(
            sa.update(Job),
            [{"id": ids.get(own, own), "parent_id": ids.get(up, up)} for own, up in tied],
        )

    def _call(self, place: Place, node: Node) -> None:
        for told in (place[1], self._in_full(place)):
            self._called[told] = node
            self._places[told].add(place)

    def _in_full(self, place: Place) -> str:
        centre_id, code = place
        return f"{code}{OF_CENTRE}{self._centres[centre_id]}"

    def _up_from(self, node: Node | None) -> set[Node]:
        """The job and all above it."""
        found: set[Node] = set()
        while node is not None and node not in found:
            found.add(node)
            if node in self._parents or isinstance(node, tuple):
                node = self._parents.get(node)
            else:
                node = db.session.get_one(Job, node).parent_id
        return found


def _node(columns: Mapping[str, Any], kept: Job | None) -> Node:
    return kept.id if kept else (columns["profit_centre_id"], columns["code"])


def _ids_of(centres: Iterable[int], codes: Iterable[str]) -> Iterator[tuple[Place, int]]:
    for part in parts(sorted(codes)):
        rows = db.session.execute(
            sa.select(Job.profit_centre_id, Job.code, Job.id).where(
                Job.profit_centre_id.in_(list(centres)), Job.code.in_(part)
            )
        )
        yield from (((centre_id, code), job_id) for centre_id, code, job_id in rows)
