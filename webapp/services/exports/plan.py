"""Plans an export: claims the batches, maps their documents, freezes the requests."""

import datetime as dt
import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.documents import DocumentKind
from webapp.domain.problems import Problem
from webapp.domain.runs import ItemState
from webapp.mapping.exports.packing import body_of
from webapp.mapping.exports.payload import Payload
from webapp.models import DocumentLine, ExportItem, ExportRequest, ExportRun, ExportRunBatch
from webapp.services.errors import ChangedMeanwhile
from webapp.services.exports.claims import in_order, refusals, take
from webapp.services.exports.outlook import Outlook, connections_of, fingerprint, outlooks
from webapp.services.exports.prepare import Prepared, requests_of
from webapp.services.exports.settle import settle
from webapp.xero.encoding import encode
from webapp.xero.idempotency import new_key

METHOD = "PUT"
"""Creating is all an export means: PUT never changes a record that is there (xero-api d)."""

_Item = dict[str, Any]
"""The columns of an item: thousands are inserted at once."""


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
        if confirmed is not None and confirmed != fingerprint(seen, problems):
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
    items: list[_Item] = []
    ready: list[tuple[_Item, Payload]] = []
    for prepared in outlook.prepared:
        if prepared.problems:
            items.append(_blocked(run, prepared, now))
        for payload in prepared.payloads:
            # A payload's total is turned where the sign is; a journal's never is.
            is_journal = prepared.document.kind is DocumentKind.JOURNAL
            total = payload.total if is_journal else prepared.outgoing.total
            items.append(_item(run, prepared, payload.part, total))
            ready.append((items[-1], payload))
    _freeze(run, ready)
    if items:
        db.session.connection().execute(sa.insert(ExportItem), items)
    _keep_accounts(outlook.prepared)
    settle(run, now)
    return run


def _item(run: ExportRun, prepared: Prepared, part: int, total: Decimal) -> _Item:
    return {
        "run_id": run.id,
        "batch_id": prepared.document.batch_id,
        "document_id": prepared.document.id,
        "part": part,
        "total": total,
        "state": ItemState.PENDING,
        "problems": [],
        "request_id": None,
        "position": None,
        "settled_at": None,
    }


def _blocked(run: ExportRun, prepared: Prepared, now: dt.datetime) -> _Item:
    return _item(run, prepared, part=1, total=prepared.outgoing.total) | {
        "state": ItemState.BLOCKED,
        "problems": [problem.to_json() for problem in prepared.problems],
        "settled_at": now,
    }


def _keep_accounts(prepared: Iterable[Prepared]) -> None:
    """Let the lines keep the account they post to (R93), of journals once they are in Xero."""
    changed = [
        {"line": line.id, "account": outgoing.account_code}
        for one in prepared
        if one.document.kind is not DocumentKind.JOURNAL
        for line, outgoing in zip(one.document.lines, one.outgoing.lines, strict=True)
        if line.gl_account != outgoing.account_code
    ]
    if changed:
        db.session.connection().execute(
            sa.update(DocumentLine)
            .where(DocumentLine.id == sa.bindparam("line"))
            .values(gl_account=sa.bindparam("account")),
            changed,
        )


def _freeze(run: ExportRun, ready: Sequence[tuple[_Item, Payload]]) -> None:
    """Put the payloads into requests, one collection at a time, in the order of the batches."""
    frozen = [
        (
            _request(
                run, collection, body_of(collection, (ready[one][1].encoded for one in places))
            ),
            places,
        )
        for collection, places in requests_of([payload for _, payload in ready])
    ]
    db.session.flush()
    for request, places in frozen:
        for position, place in enumerate(places):
            ready[place][0].update(request_id=request.id, position=position)


def freeze_request(
    run: ExportRun,
    collection: str,
    members: Sequence[tuple[ExportItem, Mapping[str, Any]]],
    *,
    earlier_attempts: int,
) -> None:
    """Make a request of these documents, which were in another one before.

    ``earlier_attempts`` is how often its documents were sent in requests that it replaces.
    """
    body = encode({collection: [record for _, record in members]})
    request = _request(run, collection, body, earlier_attempts)
    for position, (item, _) in enumerate(members):
        item.request = request
        item.position = position
        item.state = ItemState.PENDING
        item.problems = []


def _request(
    run: ExportRun, collection: str, body: bytes, earlier_attempts: int = 0
) -> ExportRequest:
    """A request of these bytes: they, their hash and its key never change again."""
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
    return request
