"""Remembering what people were shown, so that it can be said what changed since."""

import datetime as dt
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis, RedisError

from webapp.mapping.exports.differences import Difference, differences
from webapp.services.exports.follow_ups.foretold import Foretold
from webapp.services.exports.preflight import Preflight
from webapp.services.exports.prepare import Prepared
from webapp.xero.encoding import decode, encode

log = structlog.get_logger(__name__)

KEPT = dt.timedelta(hours=12)
"""A preview that lay open for longer is looked at anew anyway."""


@dataclass(frozen=True)
class PreviewMemory:
    """Keeps previews by their hashes. Losing one loses a comparison, never an export."""

    redis: Redis

    def keep(self, shown: Preflight) -> None:
        """Remember a preview that a person is about to see."""
        try:
            self.redis.set(_key(shown.confirmation), zlib.compress(_written(shown)), ex=KEPT)
        except RedisError as error:
            log.warning("exports.preview_not_kept", error=repr(error))

    def differences(self, confirmed: str, present: Preflight) -> tuple[Difference, ...] | None:
        """What is different now from a preview that was confirmed; None if that is forgotten."""
        try:
            kept = self.redis.get(_key(confirmed))
        except RedisError as error:
            log.warning("exports.preview_not_recalled", error=repr(error))
            return None
        if not isinstance(kept, bytes):
            return None
        before, now = decode(zlib.decompress(kept)), decode(_written(present))
        return (
            *_of_the_whole(before["whole"], now["whole"]),
            *differences(before["documents"], now["documents"]),
        )


def _key(confirmation: str) -> str:
    return f"export:preview:{confirmation}"


def _written(shown: Preflight) -> bytes:
    whole: dict[str, Any] = {}
    for batch in shown.batches:
        whole[f"Batch {batch.number}"] = batch.refused.message if batch.refused else "It would go."
    for destination in shown.destinations:
        # Which of the dates moved is said with the documents that it holds back.
        locks = ", ".join(f"{lock.name} {lock.until:%d %b %Y}" for lock in destination.locks)
        whole[destination.organisation] = f"Lock dates: {locks or 'none'}."
        whole[f"Files and notes of FinCo {destination.fin_co}"] = _following(destination.follow_ups)
    documents = (encode(uid) + b":" + _kept(prepared) for uid, prepared in shown.records.items())
    return b'{"whole":' + encode(whole) + b',"documents":{' + b",".join(documents) + b"}}"


def _following(told: Foretold) -> str:
    counted = (
        (told.files, "file follows", "files follow"),
        (len(told.refused), "file that Xero would not take", "files that Xero would not take"),
        (told.unticked, "file stays here", "files stay here"),
        (told.notes, "note into the History", "notes into the History"),
    )
    parts = [f"{count:,} {one if count == 1 else many}" for count, one, many in counted if count]
    waits = " The files wait for a permission." if told.withheld else ""
    return f"{', '.join(parts) or 'None'}.{waits}"


def _kept(prepared: Prepared) -> bytes:
    """One document as `differences` compares it; its records are encoded already."""
    head = encode(
        {
            "record": prepared.outgoing.record,
            "problems": [problem.message for problem in prepared.problems],
        }
    )
    records = b",".join(payload.encoded for payload in prepared.payloads)
    return head[:-1] + b',"records":[' + records + b"]}"


def _of_the_whole(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Difference, ...]:
    found = []
    for name in dict.fromkeys((*before, *now)):
        was, present = before.get(name), now.get(name)
        if was != present:
            found.append(
                Difference(name, (f"{was or 'It was not there.'} Now: {present or 'It is gone.'}",))
            )
    return tuple(found)
