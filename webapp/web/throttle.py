"""Slows down whoever guesses passwords."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis import Redis

ATTEMPTS = 10
"""Enough for a tired person with three passwords, hopeless for a word list."""
WINDOW_SECONDS = 15 * 60


class SignInThrottle:
    """Counts attempts for one name from one address. Redis errors are the caller's to answer."""

    def __init__(self, redis: "Redis", name: str, address: str) -> None:
        who = hashlib.sha256(f"{name.casefold()}\n{address}".encode()).hexdigest()
        self._redis = redis
        self._key = f"workbench:sign-in:{who}"

    def admit(self) -> bool:
        """Count one attempt and say whether it may be made at all."""
        with self._redis.pipeline() as pipe:
            pipe.incr(self._key)
            pipe.expire(self._key, WINDOW_SECONDS, nx=True)
            count, _ = pipe.execute()
        return bool(count <= ATTEMPTS)

    def forget(self) -> None:
        """Begin anew after the right password."""
        self._redis.delete(self._key)
