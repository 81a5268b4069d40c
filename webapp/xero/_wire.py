"""One attempt of one call: bytes out, bytes in, and what is known if they do not come."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from authlib.integrations.requests_client import OAuth2Session
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from webapp.xero.endpoints import Timeouts
from webapp.xero.tokens import Tokens


@dataclass(frozen=True)
class HttpRequest:
    """What goes out. Its parts hold tokens and ledgers and stay out of its repr."""

    method: str
    url: str
    params: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def correlation_id(self) -> str | None:
        """The id under which Xero's support finds the call."""
        return self.headers.get("Xero-Correlation-Id")


class NotSentError(Exception):
    """The connection was never made: the call did not reach Xero."""


class LostError(Exception):
    """The call may have reached Xero, and no whole answer came."""


class Wire:
    """Sends one request at a time per thread, each thread over its own connection."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = (timeouts.connect, timeouts.read)
        self._local = threading.local()

    def send(self, request: HttpRequest, tokens: Tokens) -> Answer:
        """Send once. Redirects are not followed: a POST would become a GET.

        Raises:
            NotSentError: certainly not sent.
            LostError: no whole answer.
        """
        session = self._session()
        session.token = {"access_token": tokens.access_token, "token_type": "Bearer"}
        try:
            response: requests.Response = session.request(
                request.method,
                request.url,
                params=request.params,
                headers=request.headers,
                data=request.body,
                timeout=self._timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _named(error) from None
        return Answer(response.status_code, response.headers, response.content)

    def _session(self) -> OAuth2Session:
        """Give this thread's session. It knows no token endpoint, so it never refreshes."""
        if not hasattr(self._local, "session"):
            self._local.session = OAuth2Session()
        return self._local.session


def _named(error: requests.RequestException) -> NotSentError | LostError:
    if isinstance(error, requests.ConnectTimeout):
        return NotSentError("no connection in time")
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, (NewConnectionError, ConnectTimeoutError)):
        return NotSentError("no connection")
    return LostError(type(error).__name__)
