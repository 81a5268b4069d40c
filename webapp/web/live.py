"""Shows a run while it runs: the same part of a page, sent again whenever its rows changed."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, request, stream_with_context
from redis.exceptions import RedisError

from webapp.db import db
from webapp.deps import current_deps

MAX_STREAMS = 12
"""Each open stream holds a thread of the web server for as long as somebody watches. The local
copy has 32 threads and a small platform process 16; this many leaves room for pages in both.
Whoever comes later polls, which costs a thread for milliseconds."""
HEARTBEAT_SECONDS = 15
LONGEST_STREAM_SECONDS = 300
"""Then the browser connects again, and is asked again who it is."""

_places = threading.BoundedSemaphore(MAX_STREAMS)


@dataclass(frozen=True)
class Part:
    """One rendering of a run's panel, and whether it is the last one."""

    html: str
    finished: bool

    @property
    def version(self) -> str:
        """Changes exactly when something the reader could see changed."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]


def stream(topic: str, render: Callable[[], Part]) -> Response:
    """Answer with server-sent events: the part at once, then whenever it changed, until its end.

    Where all places are taken the answer is 204, which tells a browser not to come back; its
    page then polls the same part.

    Args:
        topic: what wakes the stream; it looks by itself at every heartbeat too.
        render: reads the rows and renders them. Called many times, with no transaction held
            between the calls.
    """
    if request.method == "HEAD" or not _places.acquire(blocking=False):
        return Response(status=204)
    response = Response(
        stream_with_context(_events(topic, render)),
        mimetype="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    # Not in the generator: one that was never begun never reaches its own end.
    response.call_on_close(_places.release)
    return response


def _events(topic: str, render: Callable[[], Part]) -> Iterator[str]:
    deps = current_deps()
    seen = request.headers.get("Last-Event-ID")
    started = deps.clock()
    try:
        with deps.progress.watching(topic) as watch:
            while True:
                part = render()
                # Nothing is held while waiting: neither a transaction nor a connection.
                db.session.remove()
                if part.version != seen or part.finished:
                    seen = part.version
                    yield _event(part)
                if part.finished:
                    return
                if (deps.clock() - started).total_seconds() > LONGEST_STREAM_SECONDS:
                    return
                if watch.wait(HEARTBEAT_SECONDS):
                    while watch.wait(0):  # many changes at once make one rendering
                        pass
                else:
                    yield ": still here\n\n"
    except RedisError:
        return  # the page notices that the stream ended, and polls


def _event(part: Part) -> str:
    lines = "".join(f"data: {line}\n" for line in part.html.splitlines())
    return f"id: {part.version}\nevent: progress\n{lines}\n"
