"""Switches that make the sandbox fail as the real service can."""

import random
import threading
from dataclasses import asdict, dataclass, replace

from webapp.sandbox.money import number
from webapp.sandbox.wire import JsonObject

KINDS = (
    "expire_tokens", "refuse_refresh",
    "429_minute", "429_day", "429_concurrent",
    "500_before", "500_after", "503_before", "503_after", "503_offline",
    "slow", "drop_before", "drop_after", "html",
)  # fmt: skip
LIMIT_KINDS = ("429_minute", "429_day", "429_concurrent")
BEFORE_KINDS = ("500_before", "503_before", "503_offline", "drop_before", "html")
AFTER_KINDS = ("500_after", "503_after", "drop_after")


@dataclass(frozen=True)
class Fault:
    """One fault in force.

    ``before`` and ``after`` say whether the write is applied; ``drop`` closes the connection
    without an answer. ``times`` None means until it is taken away. ``path`` is a prefix, with or
    without the API's base; ``seconds`` is how long ``slow`` waits, or the Retry-After of a limit.
    ``expire_tokens`` makes every access token issued before ``since_ms`` count as expired.
    """

    kind: str
    times: int | None = None
    probability: str | None = None
    path: str | None = None
    method: str | None = None
    seconds: str | None = None
    since_ms: int = 0

    def concerns(self, method: str, path: str) -> bool:
        """Say whether a call is of the sort this fault is for."""
        if self.method and self.method.upper() != method.upper():
            return False
        if not self.path:
            return True
        wanted = self.path.lower()
        whole = path.lower()
        return whole.startswith(wanted) or whole.removeprefix("/api.xro/2.0").startswith(wanted)

    def as_json(self) -> JsonObject:
        """Write the fault for the control endpoint."""
        members = {key: value for key, value in asdict(self).items() if key != "since_ms"}
        return {
            key: number(value) if key in ("probability", "seconds") else value
            for key, value in members.items()
        }


def fault_from_json(data: JsonObject, now_ms: int) -> Fault:
    """Read a fault.

    Raises:
        ValueError: the kind is unknown, or a member is not of its type.
    """
    kind = str(data.get("kind"))
    if kind not in KINDS:
        raise ValueError(f"Unknown fault {kind!r}. Known: {', '.join(KINDS)}.")
    unknown = set(data) - {"kind", "times", "probability", "path", "method", "seconds"}
    if unknown:
        raise ValueError(f"Unknown member {min(unknown)!r} of a fault.")
    times = data.get("times")
    if times is not None and (not isinstance(times, int) or times < 1):
        raise ValueError("times must be a whole number above zero, or null.")
    for member in ("probability", "seconds"):
        if data.get(member) is not None and number(data[member]) is None:
            raise ValueError(f"{member} must be a number.")
    return Fault(
        kind=kind,
        times=times,
        probability=_text(data.get("probability")),
        path=_text(data.get("path")),
        method=_text(data.get("method")),
        seconds=_text(data.get("seconds")),
        since_ms=now_ms,
    )


def fault_from_option(text: str) -> Fault:
    """Read ``kind[:times[:path]]`` as given at start.

    Raises:
        ValueError: it cannot be read.
    """
    kind, _, rest = text.partition(":")
    times, _, path = rest.partition(":")
    if times and not times.isdigit():
        raise ValueError(f"{times!r} is not a number of times, in the fault {text!r}.")
    return fault_from_json(
        {"kind": kind, "times": int(times) if times else None, "path": path or None}, 0
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


class Faults:
    """The faults in force, shared by all threads."""

    def __init__(self, initial: tuple[Fault, ...]) -> None:
        self._lock = threading.Lock()
        self._faults = list(initial)

    def all(self) -> list[Fault]:
        """Give the faults in force, in the order in which they are tried."""
        with self._lock:
            return list(self._faults)

    def set_to(self, faults: list[Fault]) -> None:
        """Replace the faults in force."""
        with self._lock:
            self._faults = list(faults)

    def take(
        self, kinds: tuple[str, ...], method: str, path: str, *, issued_ms: int = 0
    ) -> Fault | None:
        """Give the first fault of these kinds that strikes this call, and count it down."""
        with self._lock:
            for position, fault in enumerate(self._faults):
                if fault.kind not in kinds or not fault.concerns(method, path):
                    continue
                if fault.kind == "expire_tokens" and issued_ms > fault.since_ms > 0:
                    continue
                if not _strikes(fault):
                    continue
                self._count_down(position, fault)
                return fault
        return None

    def _count_down(self, position: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._faults[position]
        else:
            self._faults[position] = replace(fault, times=fault.times - 1)


def _strikes(fault: Fault) -> bool:
    chance = number(fault.probability)
    return chance is None or random.random() < chance  # noqa: S311 - chance, not secrecy
