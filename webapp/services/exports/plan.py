"""Plans an export: claims the batches, maps their documents, freezes the requests."""

import datetime as dt
import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from webapp.db import db, transaction
from webapp.domain.documents import DocumentKind
from webapp.domain.problems import Problem
from webapp.domain.runs import ItemState
from webapp.mapping.exports.payload import Payload
from webapp.models import ExportItem, ExportRequest, ExportRun, ExportRunBatch
from webapp.services.errors import ChangedMeanwhile
from webapp.services.exports.claims import in_order, refusals, take
from webapp.services.exports.outlook import Outlook, connections_of, fingerprint, outlooks
from webapp.services.exports.prepare import Prepared, requests_of
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
    confirmed: str | None = None,
    only: Container[int] | None = None,
) -> ExportPlan:
    """Claim the batches and freeze what will be sent, in one transaction, a run for each FinCo.

    What cannot be sent is settled here: the item says why and nothing goes out for it.

    Args:
        batch_ids: the ticked batches, in any order; they go in the fixed order (R76).
        user_id: who pressed Export.
        now: the present instant, UTC.
        public_url: address of this installation, for the back links.
        after_commit: called with each run's id once the plan is durable.
        confirmed: the hash of the preview that a person confirmed; None where there was none.
        only: the ids of the documents that are meant, where not all of the batches are; the
            others stay as they are.

    Raises:
        ChangedMeanwhile: what would be sent now is not what was confirmed; nothing was claimed.
    """
    with transaction() as unit:
        batches = in_order(batch_ids)
        connections = connections_of(batches)
        refused = refusals(batches, connections)
        # Claimed in one order by everybody: two presses then never wait for each other in a ring.
        for batch in sorted(batches, key=lambda batch: batch.id):
            if batch.id not in refused and (held := take(batch)) is not None:
                refused[batch.id] = held
        taken = [batch for batch in batches if batch.id not in refused]
        seen = outlooks(taken, connections, public_url, only)
        problems = tuple(refused[batch.id] for batch in batches if batch.id in refused)
        if confirmed not in {None, fingerprint(seen, problems)}:
            raise ChangedMeanwhile(
                "Something changed since the preview was shown, so nothing was sent.",
                "Look at what is different, then confirm again.",
            )
        runs = [_run(one, user_id, now, confirmed) for one in seen]
        run_ids = tuple(run.id for run in runs)
        for run_id in run_ids:
            unit.after_commit(partial(after_commit, run_id))
    return ExportPlan(run_ids, problems)


def _run(
    outlook: Outlook, user_id: int | None, now: dt.datetime, confirmed: str | None
) -> ExportRun:
    run = ExportRun(
        fin_co=outlook.fin_co,
        tenant_id=outlook.connection.tenant_id,
        started_at=now,
        started_by_id=user_id,
        preview_hash=confirmed,
    )
    run.batches = [ExportRunBatch(batch=batch) for batch in outlook.batches]
    db.session.add(run)
    db.session.flush()
    ready: list[tuple[ExportItem, Payload]] = []
    for prepared in outlook.prepared:
        _keep_accounts(prepared)
        if prepared.problems:
            item = _item(run, prepared, part=1, total=prepared.outgoing.total)
            item.problems = [problem.to_json() for problem in prepared.problems]
            item.state = ItemState.BLOCKED
            item.settled_at = now
        for payload in prepared.payloads:
            # A payload's total is turned where the sign is; a journal's never is.
            is_journal = prepared.document.kind is DocumentKind.JOURNAL
            total = payload.total if is_journal else prepared.outgoing.total
            ready.append((_item(run, prepared, payload.part, total), payload))
    _freeze(run, ready)
    db.session.flush()
    settle(run, now)
    return run


def _item(run: ExportRun, prepared: Prepared, part: int, total: Decimal) -> ExportItem:
    item = ExportItem(
        run_id=run.id,
        batch_id=prepared.document.batch_id,
        document=prepared.document,
        part=part,
        total=total,
        problems=[],
    )
    db.session.add(item)
    return item


def _keep_accounts(prepared: Prepared) -> None:
    """Let the lines keep the account they post to (R93), of journals once they are in Xero."""
    if prepared.document.kind is DocumentKind.JOURNAL:
        return
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
