"""Tells whoever watches a run that its rows changed. The rows are the truth; this only wakes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError

if TYPE_CHECKING:
    from redis import Redis

CONFIRMED_WITHIN_SECONDS = 5


def topic(kind: str, run_id: int) -> str:
    """The channel of one run. ``kind`` is ``import`` or ``export``."""
    return f"workbench:progress:{kind}:{run_id}"


class Progress:
    """Wakes the streams of a run, across processes, through Redis pub/sub."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def changed(self, channel: str) -> None:
        """Wake the watchers of ``channel``.

        A Redis that does not answer is no reason to fail the work: the watchers also look by
        themselves from time to time.
        """
        try:
            self._redis.publish(channel, "changed")
        except RedisError:
            return

    @contextmanager
    def watching(self, channel: str) -> Iterator["Watch"]:
        """Listen to ``channel`` for as long as the block runs."""
        subscription = self._redis.pubsub()
        try:
            subscription.subscribe(channel)
            # Redis confirms first. Taken here, so that it is not mistaken for an end of waiting.
            subscription.get_message(timeout=CONFIRMED_WITHIN_SECONDS)
            yield Watch(subscription)
        finally:
            subscription.close()


class Watch:
    """One watcher's ear on a channel."""

    def __init__(self, subscription: Any) -> None:
        self._subscription = subscription

    def wait(self, seconds: int) -> bool:
        """Wait until something changed, at most ``seconds``; say whether something did."""
        return self._subscription.get_message(timeout=seconds) is not None
