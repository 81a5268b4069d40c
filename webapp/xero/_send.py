"""The one way a call leaves: gate, token, wire, decision, error (xero-api c.3)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

import structlog

from webapp.xero._results import refusal_problems
from webapp.xero._session import TokenSession, utc_now
from webapp.xero._wire import Answer, HttpRequest, LostError, NotSentError, Wire
from webapp.xero.encoding import decode
from webapp.xero.endpoints import Endpoints, Timeouts
from webapp.xero.errors import (
    BadResponse,
    Call,
    LimitReached,
    OutcomeUnknown,
    PermissionMissing,
    ReconnectNeeded,
    Refused,
    TooMuchAsked,
    Unavailable,
    Withdrawn,
    XeroError,
)
from webapp.xero.idempotency import alive
from webapp.xero.meter import Meter
from webapp.xero.retry import Outcome, Retry, Verdict, decide
from webapp.xero.throttle import Gate, limit_problem, retry_after

log = structlog.get_logger(__name__)

_HIGH_VOLUME = 51


class Sender:
    """Sends calls for one tenant. Safe to use from many threads."""

    def __init__(
        self,
        endpoints: Endpoints,
        tenant_id: str,
        session: TokenSession,
        gate: Gate,
        *,
        timeouts: Timeouts,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = endpoints.accounting_url
        self._tenant_id = tenant_id
        self._session = session
        self._gate = gate
        self._wire = Wire(timeouts)
        self._clock = clock
        self._sleep = sleep
        self.meter = Meter()

    def get(
        self, path: str, params: Mapping[str, str], modified_since: datetime | None = None
    ) -> Answer:
        """Read. A 304 comes back as such.

        Raises:
            XeroError: any of errors.py but `OutcomeUnknown`.
        """
        headers = {"Accept": "application/json"}
        if modified_since is not None:
            # This form and no other: others may be ignored, and everything comes (h 11).
            headers["If-Modified-Since"] = f"{modified_since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
        return self._send("GET", path, params, headers, None)

    def write(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        body: bytes,
        idempotency_key: str,
        last_look: Callable[[], bool] | None = None,
        *,
        content_type: str = "application/json; charset=utf-8",
    ) -> Answer:
        """Write these very bytes, again only where the first were certainly not applied.

        Raises:
            Withdrawn: `last_look` said no when the call's turn had come.
            OutcomeUnknown: sent, and nobody can say whether it was applied.
            XeroError: any other of errors.py: certainly not applied.
        """
        headers = {
            "Accept": "application/json",
            "Content-Type": content_type,
            "Idempotency-Key": idempotency_key,
        }
        return self._send(method, path, params, headers, body, last_look)

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        body: bytes | None,
        last_look: Callable[[], bool] | None = None,
    ) -> Answer:
        request = HttpRequest(
            method,
            f"{self._base}/{path}",
            params,
            {**headers, "xero-tenant-id": self._tenant_id},
            body,
        )
        tokens = self._session.tokens()
        first_sent_at = self._clock()
        call = Call(method, path)
        attempt = 0
        renewed = False
        while True:
            attempt += 1
            answer: Answer | None = None
            with self._gate.call(self._tenant_id):
                if attempt > 1 and method != "GET" and not alive(first_sent_at, self._clock()):
                    # Xero is about to forget the key. What was sent was certainly not applied.
                    raise Unavailable("the call could not be repeated in time", call=call)
                if last_look is not None and not last_look():
                    raise Withdrawn("taken back before it was sent", call=call)
                self.meter.sent()
                try:
                    answer = self._wire.send(request, tokens)
                    outcome = _read(answer)
                except NotSentError:
                    outcome = Outcome("not_sent")
                except LostError:
                    outcome = Outcome("lost")
                if answer is not None:
                    self.meter.answered(answer.headers)
                    self._gate.observe(self._tenant_id, answer.headers, answer.status)
            call = _call(method, path, answer)
            self._log(call, outcome, attempt)
            decision = decide(method, replace(outcome, renewed=renewed), attempt)
            if not isinstance(decision, Retry):
                if decision.verdict is Verdict.ACCEPT and answer is not None:
                    return answer
                raise _error(decision.verdict, call, answer, self._clock())
            if decision.renew_token:
                tokens = self._session.renew(tokens)
                renewed = True
            self._sleep(decision.after.total_seconds())

    def _log(self, call: Call, outcome: Outcome, attempt: int) -> None:
        log.info(
            "xero.call",
            method=call.method,
            path=call.path,
            status=call.status,
            fate=outcome.fate,
            attempt=attempt,
            correlation_id=call.correlation_id,
            tenant_id=self._tenant_id,
        )


def _call(method: str, path: str, answer: Answer | None) -> Call:
    if answer is None:
        return Call(method, path)
    return Call(method, path, answer.status, answer.correlation_id)


def _read(answer: Answer) -> Outcome:
    lacking = answer.headers.get("WWW-Authenticate", "").lower()
    return Outcome(
        "answered",
        status=answer.status,
        limit=limit_problem(answer.headers.get("X-Rate-Limit-Problem")),
        # Xero has been seen to misspell the word itself.
        permission=any(word in lacking for word in ("insufficient_scope", "insufficent_scope"))
        or _detail(answer).startswith("AuthorizationUnsuccessful"),
    )


def _detail(answer: Answer) -> str:
    if answer.status < HTTPStatus.BAD_REQUEST:
        return ""
    return str(_document(answer).get("detail") or "")


def _document(answer: Answer) -> dict[str, object]:
    """Read a problem document, whose keys come in both casings; anything else is empty."""
    body = _json(answer)
    return {key.lower(): value for key, value in body.items()} if isinstance(body, dict) else {}


def _json(answer: Answer) -> object:
    try:
        body: object = decode(answer.body)
    except ValueError:
        return None
    return body


def _error(verdict: Verdict, call: Call, answer: Answer | None, now: datetime) -> XeroError:
    match verdict:
        case Verdict.LIMIT:
            return _limit(call, answer, now)
        case Verdict.PERMISSION:
            detail = _detail(answer) if answer else ""
            return PermissionMissing("Xero withholds permission", detail=detail, call=call)
        case Verdict.NOT_CONNECTED:
            return ReconnectNeeded(
                "the organisation is not connected", reason="tenant_not_connected", call=call
            )
        case Verdict.RECONNECT:
            return ReconnectNeeded(
                "Xero refuses a new token too", reason="refresh_refused", call=call
            )
        case Verdict.REFUSED:
            problems = refusal_problems(_json(answer) if answer else None)
            refused = TooMuchAsked if answer and _asked_too_much(answer) else Refused
            return refused("Xero refused the call", problems=problems, call=call)
    plain: dict[Verdict, XeroError] = {
        Verdict.UNAVAILABLE: Unavailable("Xero does not answer", call=call),
        Verdict.UNKNOWN: OutcomeUnknown("sent, and no answer to trust came", call=call),
    }
    return plain.get(verdict) or BadResponse("an answer that is not one", call=call)


def _asked_too_much(answer: Answer) -> bool:
    """Whether it is the high volume refusal; older ones were plain text (trap 18)."""
    said = _document(answer)
    return (
        said.get("type") == "HighVolumeException"
        or said.get("errornumber") == _HIGH_VOLUME
        or b"not filtering" in answer.body.lower()
    )


def _limit(call: Call, answer: Answer | None, now: datetime) -> LimitReached:
    headers = answer.headers if answer else {}
    problem = limit_problem(headers.get("X-Rate-Limit-Problem"))
    return LimitReached(
        f"the {problem} limit is used up",
        problem=problem,
        retry_at=now + retry_after(headers.get("Retry-After"), problem),
        call=call,
    )
