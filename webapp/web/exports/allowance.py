"""How many more calls Xero takes of an organisation."""

from dataclasses import dataclass

from redis.exceptions import RedisError

from webapp.deps import current_deps


@dataclass(frozen=True)
class Allowance:
    """What is left of Xero's limits, as far as anybody knows."""

    today: int | None
    """How many calls are left of the day; None before Xero has said so."""
    this_minute: int | None
    """How many may leave at once; None where the store of the limits does not answer."""


def allowance(tenant_id: str) -> Allowance:
    """What is left for this organisation at the moment."""
    gate = current_deps().xero.gate
    try:
        return Allowance(gate.day_remaining(tenant_id), gate.minute_remaining(tenant_id))
    except RedisError:
        return Allowance(None, None)
