"""Plans an export: claims the batches, maps their documents, freezes the requests."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from webapp.db import db, transaction
from webapp.domain.problems import Problem
from webapp.domain.runs import ItemState
from webapp.mapping.exports.payload import Payload
from webapp.models import Batch, ExportItem, ExportRequest, ExportRun, ExportRunBatch, FinCo
from webapp.services.connections import current_connection
from webapp.services.exports.claims import in_order, refusal, take
from webapp.services.exports.prepare import Prepared, prepare, requests_of
from webapp.services.exports.settle import settle
from webapp.xero.encoding import encode
from webapp.xero.idempotency import new_key

METHOD = "PUT"
"""Creating is all an export means: PUT never changes a record that is there (xero-api d)."""


@dataclass(frozen=True)
class ExportPlan:
    """What a press of Export came to."""

    run_ids: tuple[int, ...]
    refused: tuple[Problem, ...]
    """Batches that were not taken, and why; nothing of theirs changed."""


def plan_export(
    *,
    batch_ids: Sequence[int],
    user_id: int | None,
    now: dt.datetime,
    public_url: str,
    after_commit: Callable[[int], object],
) -> ExportPlan:
    """Claim the batches and freeze what will be sent, in one transaction, a run for each FinCo.

    What cannot be sent is settled here: the item says why and nothing goes out for it.

    Args:
        batch_ids: the ticked batches, in any order; they go in the fixed order (R76).
        user_id: who pressed Export.
        now: the present instant, UTC.
        public_url: address of this installation, for the back links.
        after_commit: called with each run's id once the plan is durable.
    """
    refused: list[Problem] = []
    runs: list[ExportRun] = []
    with transaction() as unit:
        batches = in_order(batch_ids)
        fin_cos = {batch.fin_co_id: batch.fin_co for batch in batches}
        connections = {key: current_connection(key) for key in fin_cos}
        # Claimed in one order by everybody: two presses then never wait for each other in a ring.
        for batch in sorted(batches, key=lambda batch: batch.id):
            problem = refusal(batch, connections[batch.fin_co_id]) or take(batch)
            if problem is not None:
                refused.append(problem)
                batches.remove(batch)
        for key, fin_co in fin_cos.items():
            claimed = [batch for batch in batches if batch.fin_co_id == key]
            connection = connections[key]
            if claimed and connection is not None:
                runs.append(_run(fin_co, connection.tenant_id, claimed, user_id, now, public_url))
        run_ids = tuple(run.id for run in runs)
        for run_id in run_ids:
            unit.after_commit(partial(after_commit, run_id))
    return ExportPlan(run_ids, tuple(refused))


def _run(
    fin_co: FinCo,
    tenant_id: str,
    batches: Sequence[Batch],
    user_id: int | None,
    now: dt.datetime,
    public_url: str,
) -> ExportRun:
    run = ExportRun(fin_co=fin_co, tenant_id=tenant_id, started_at=now, started_by_id=user_id)
    run.batches = [ExportRunBatch(batch=batch) for batch in batches]
    db.session.add(run)
    db.session.flush()
    ready: list[tuple[ExportItem, Payload]] = []
    for prepared in prepare(fin_co, tenant_id, batches, public_url):
        _keep_accounts(prepared)
        item = ExportItem(
            run_id=run.id,
            batch_id=prepared.document.batch_id,
            document=prepared.document,
            total=prepared.outgoing.total,
            problems=[problem.to_json() for problem in prepared.problems],
        )
        if prepared.payload is None:
            item.state = ItemState.BLOCKED
            item.settled_at = now
        else:
            ready.append((item, prepared.payload))
        db.session.add(item)
    _freeze(run, ready)
    db.session.flush()
    settle(run, now)
    return run


def _keep_accounts(prepared: Prepared) -> None:
    """Let the lines keep the account they post to (R93)."""
    for line, outgoing in zip(prepared.document.lines, prepared.outgoing.lines, strict=True):
        line.gl_account = outgoing.account_code


def _freeze(run: ExportRun, ready: Sequence[tuple[ExportItem, Payload]]) -> None:
    """Put the payloads into requests, one collection at a time, in the order of the batches."""
    for collection, places in requests_of([payload for _, payload in ready]):
        freeze_request(
            run, collection, [(ready[place][0], ready[place][1].body) for place in places]
        )


def freeze_request(
    run: ExportRun,
    collection: str,
    members: Sequence[tuple[ExportItem, Mapping[str, Any]]],
    *,
    earlier_attempts: int = 0,
) -> ExportRequest:
    """Make a request of these documents: its bytes, their hash and its key never change again.

    ``earlier_attempts`` is how often its documents were sent in requests that it replaces.
    """
    body = encode({collection: [record for _, record in members]})
    request = ExportRequest(
        run_id=run.id,
        method=METHOD,
        collection=collection,
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        idempotency_key=new_key(run.tenant_id),
        earlier_attempts=earlier_attempts,
    )
    db.session.add(request)
    for position, (item, _) in enumerate(members):
        item.request = request
        item.position = position
        item.state = ItemState.PENDING
        item.problems = []
    return request
