"""Sends the frozen requests of a run, several in flight at once."""

from collections import deque
from collections.abc import Iterable, Sized
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import monotonic

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ItemState, RequestState
from webapp.models import ExportRequest
from webapp.services.exports.context import Hold, RunContext, Stopped
from webapp.services.exports.departure import (
    Outgoing,
    claim_request,
    mark_items,
    may_leave,
)
from webapp.services.exports.record import record_answer, record_refusal
from webapp.xero.errors import OutcomeUnknown, Refused, Withdrawn, XeroError
from webapp.xero.records import WriteResult

IN_FLIGHT = 5
"""Xero takes five calls at once per organisation (xero-api b.1); the gate holds all processes to
it, so more threads would only wait there."""

TO_LEAVE_SECONDS = 0.2
"""Some ten times what a call needs from its claim to its leaving."""


def requests_in(run_id: int, state: RequestState) -> list[int]:
    """The run's requests in that state, oldest first."""
    return list(
        db.session.scalars(
            sa.select(ExportRequest.id)
            .where(ExportRequest.run_id == run_id, ExportRequest.state == state)
            .order_by(ExportRequest.id)
        )
    )


def send_all(context: RunContext, request_ids: list[int], came_from: RequestState) -> None:
    """Send these requests and record each answer as it comes.

    Raises:
        XeroError: the first reason to stop that concerns the whole run (a limit, a connection
            that dropped).
        Stopped: a person stopped the run. What was under way is recorded first, either way.
    """
    waiting = deque(request_ids)
    in_flight: dict[Future[WriteResult], Outgoing] = {}
    answered: deque[tuple[Outgoing, Future[WriteResult]]] = deque()
    stop: XeroError | Stopped | None = None
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="export") as pool:
        while True:
            answered.extend(
                (in_flight.pop(future), future) for future in list(in_flight) if future.done()
            )
            # Xero works on the next ones while the answers of the last are written down. What went
            # wrong is looked at first: it may be a reason to send nothing more.
            calm = stop is None and not any(future.exception() for _, future in answered)
            while calm and waiting and _has_room(in_flight, answered) and context.lease.held:
                try:
                    outgoing = claim_request(context, waiting.popleft(), came_from)
                except Stopped as stopped:
                    stop = stopped
                    break
                if outgoing is not None:
                    in_flight[_submit(pool, context, outgoing)] = outgoing
            if answered:
                _let_leave(in_flight.values())
                outgoing, future = answered.popleft()
                stop = _record(context, outgoing, future) or stop
                context.changed()
            elif in_flight:
                wait(in_flight, return_when=FIRST_COMPLETED)
            else:
                break
    if stop is not None:
        raise stop


def _has_room(in_flight: Sized, answered: Sized) -> bool:
    """Whether another may leave: with too many answers unrecorded, a crash leaves much in doubt."""
    return len(in_flight) < IN_FLIGHT and len(answered) <= IN_FLIGHT


def _submit(
    pool: ThreadPoolExecutor, context: RunContext, outgoing: Outgoing
) -> Future[WriteResult]:
    def last_look() -> bool:
        try:
            return may_leave(context, outgoing)
        finally:
            outgoing.looked.set()

    future = pool.submit(
        context.client.send_frozen,
        outgoing.method,
        outgoing.collection,
        outgoing.body,
        outgoing.key,
        last_look,
    )
    future.add_done_callback(lambda _: outgoing.looked.set())
    return future


def _let_leave(in_flight: Iterable[Outgoing]) -> None:
    """Give what was just claimed the moment it needs to leave.

    Its last look writes, and so would wait for all of what is recorded meanwhile. One that waits
    for its turn at the gate is not waited for.
    """
    for outgoing in in_flight:
        outgoing.looked.wait(max(0, outgoing.claimed + TO_LEAVE_SECONDS - monotonic()))


def _record(
    context: RunContext, outgoing: Outgoing, future: Future[WriteResult]
) -> XeroError | None:
    """Record one outcome; give back the error if it concerns the run as a whole."""
    with context.writing():
        request = db.session.get_one(ExportRequest, outgoing.id)
        if request.state is not RequestState.SENDING or request.attempts != outgoing.attempt:
            # Somebody took the run over meanwhile and has dealt with this request.
            return None
        try:
            result = future.result()
        except OutcomeUnknown as unknown:
            _put_back(outgoing.id, RequestState.UNCERTAIN, correlation_id=unknown.correlation_id)
        except Refused as refused:
            if outgoing.came_from is RequestState.UNCERTAIN:
                # It speaks of the repeat alone; Xero may still be at work on the first.
                _put_back(outgoing.id, RequestState.UNCERTAIN)
            else:
                record_refusal(context, outgoing.id, refused)
        except Withdrawn:
            _put_back(outgoing.id, outgoing.came_from, attempt_counts=False)
        except XeroError as error:
            # Of all others it is certain that this attempt was not applied.
            _put_back(outgoing.id, outgoing.came_from, attempt_counts=False)
            return error
        else:
            record_answer(context, outgoing.id, result)
    return None


def _put_back(
    request_id: int,
    state: RequestState,
    *,
    attempt_counts: bool = True,
    correlation_id: str | None = None,
) -> None:
    request = db.session.get_one(ExportRequest, request_id)
    request.state = state
    if correlation_id:
        request.request_id = correlation_id
    if not attempt_counts:
        request.attempts -= 1
        if state is RequestState.PENDING:
            request.first_sent_at = None
    mark_items(request_id, ItemState(state.value))


def suspect_orphans(hold: Hold) -> None:
    """What a dead process left under way may or may not have arrived: it is uncertain."""
    with hold.writing():
        for request_id in requests_in(hold.run_id, RequestState.SENDING):
            _put_back(request_id, RequestState.UNCERTAIN)
