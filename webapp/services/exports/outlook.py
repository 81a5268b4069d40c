"""What an export of batches would come to, looked at before it is made or only shown.

Planning and preflight both come through here, so that what is foretold is what is done.
"""

import hashlib
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

from webapp.domain.problems import Problem
from webapp.mapping.exports.against import Facts
from webapp.models import Batch, FinCo, XeroConnection
from webapp.services.connections import current_connection
from webapp.services.exports.claims import Connections
from webapp.services.exports.facts import facts_of
from webapp.services.exports.follow_ups.foretold import Foretold, foretell
from webapp.services.exports.follow_ups.plan import FILES
from webapp.services.exports.prepare import Gathered, Prepared, gather, prepare
from webapp.xero.encoding import encode


@dataclass(frozen=True)
class Outlook:
    """What would become of the batches of one FinCo that may go."""

    fin_co: FinCo
    connection: XeroConnection
    facts: Facts
    batches: tuple[Batch, ...]
    prepared: tuple[Prepared, ...]

    @cached_property
    def follow_ups(self) -> Foretold:
        """The files and notes behind the documents, as the settings stand now."""
        return foretell(
            self.fin_co, self.batches, self.prepared, withheld=FILES in self.facts.withheld
        )


def connections_of(batches: Sequence[Batch]) -> Connections:
    """The connection of every FinCo whose batches these are."""
    return {batch.fin_co_id: current_connection(batch.fin_co_id) for batch in _one_each(batches)}


def outlooks(
    batches: Sequence[Batch],
    connections: Connections,
    public_url: str,
    only: Container[int] | None = None,
) -> tuple[Outlook, ...]:
    """Look at the batches that may go, FinCo by FinCo.

    Args:
        batches: in the order in which they go.
        connections: the connection of each of their FinCos.
        public_url: address of this installation, for the back links.
        only: the ids of the documents that are meant; None where all of the batches are.
    """
    gathered: list[tuple[XeroConnection, Gathered]] = []
    for first in _one_each(batches):
        connection = connections[first.fin_co_id]
        if connection is None:
            continue
        mine = tuple(batch for batch in batches if batch.fin_co_id == first.fin_co_id)
        one = gather(first.fin_co, connection.tenant_id, mine, public_url, only)
        gathered.append((connection, one))
    found = []
    for connection, one in gathered:
        facts = facts_of(one.fin_co, connection, [batch.id for batch in one.batches])
        # Two FinCos may share an organisation, which then holds their numbers together.
        others = [
            other for _, other in gathered if other is not one and other.tenant_id == one.tenant_id
        ]
        prepared = prepare(one, facts, others)
        found.append(Outlook(one.fin_co, connection, facts, tuple(one.batches), tuple(prepared)))
    return tuple(found)


def fingerprint(seen: Sequence[Outlook], refused: Sequence[Problem]) -> str:
    """What a person confirms: every byte that would go and to whom, and all that would not.

    It changes when a line, a mapping, a lock date or the batches change, and when other files or
    notes than were told of would follow.
    """
    digest = hashlib.sha256()
    for one in seen:
        digest.update(
            encode(
                {
                    "tenant": one.connection.tenant_id,
                    "locks": [[lock.name, lock.until] for lock in one.facts.locks],
                    "batches": [batch.number for batch in one.batches],
                    "follow_ups": asdict(one.follow_ups),
                }
            )
        )
        for prepared in one.prepared:
            digest.update(_fate(prepared))
    digest.update(encode([problem.to_json() for problem in _sorted(refused)]))
    return digest.hexdigest()


def _fate(prepared: Prepared) -> bytes:
    """One document as it would go, or why it would not."""
    problems = [problem.to_json() for problem in prepared.problems]
    why = encode({"document": prepared.document.uid, "problems": problems})
    return b"\n".join((why, *(payload.encoded for payload in prepared.payloads)))


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.record)


def _one_each(batches: Sequence[Batch]) -> list[Batch]:
    """The first batch of each FinCo."""
    firsts: dict[int, Batch] = {}
    for batch in batches:
        firsts.setdefault(batch.fin_co_id, batch)
    return list(firsts.values())
