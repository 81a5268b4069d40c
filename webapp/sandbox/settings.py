"""What a sandbox process is started with."""

from dataclasses import dataclass, field
from pathlib import Path

from webapp.sandbox.faults import Fault


@dataclass(frozen=True)
class Settings:
    """Options of one process; limits are per app and organisation (xero-api b.1)."""

    state: Path
    client_id: str
    client_secret: str = field(repr=False)
    minute_limit: int = 60
    daily_limit: int = 5000
    concurrent_limit: int = 5
    token_seconds: int = 1800
    latency_ms: int = 0
    latency_per_document_ms: int = 0
    faults: tuple[Fault, ...] = ()
