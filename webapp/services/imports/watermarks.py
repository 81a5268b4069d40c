"""How far a kind was read, so that the next run asks only for what changed since.

The instants are Xero's own. A watermark is the newest change seen less an overlap, because Xero
tells changes to the second and may still be storing one of the same second (traps 12 and 13); it
stays below whatever failed, which so comes again until it is mended. Some changes move no instant
at all, so everything is read anew once a week (trap 14).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from webapp.db import db
from webapp.domain.runs import ImportKind
from webapp.models import ImportRun, ImportWatermark

log = structlog.get_logger(__name__)

OVERLAP = dt.timedelta(minutes=5)
FULL_EVERY = dt.timedelta(days=7)
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Before there was a Xero. What says it changed earlier does not know when."""

INCREMENTAL = frozenset({ImportKind.COMPANIES, ImportKind.JOB_RECEIPTS, ImportKind.PAYMENTS})
"""The kinds of which only changes are read; the others are one call each, whatever changed."""


@dataclass
class Reach:
    """How far one pass over an organisation's records came.

    Attributes:
        modified_since: since when changes were asked for; None where everything was.
        newest: the newest change among all records seen.
        oldest_failed: the oldest change among those that somebody has to put right.
    """

    modified_since: dt.datetime | None = None
    newest: dt.datetime | None = None
    oldest_failed: dt.datetime | None = None
    _ignored: bool = False

    def saw(self, updated_at: dt.datetime | None) -> None:
        """Take note of a record, whatever becomes of it."""
        if updated_at is None:
            return
        self.newest = max(self.newest or updated_at, updated_at)
        if self.modified_since is not None and updated_at < self.modified_since.replace(
            microsecond=0
        ):
            self._warn(updated_at)

    def failed(self, updated_at: dt.datetime | None) -> None:
        """Take note of a record that is to come again until it is mended."""
        if updated_at is not None:
            self.oldest_failed = min(self.oldest_failed or updated_at, updated_at)

    def mark(self, now: dt.datetime) -> dt.datetime | None:
        """What the next run is to ask for; None where nothing was seen that could tell."""
        if self.newest is None:
            return self.modified_since
        # A record dated ahead of the present would else hide all changes until then.
        mark = max(min(self.newest, self.oldest_failed or self.newest, now), EARLIEST) - OVERLAP
        return mark if self.modified_since is None else max(mark, self.modified_since)

    def _warn(self, updated_at: dt.datetime) -> None:
        # It costs calls and nothing else: what did not change is found unchanged (trap 11).
        if not self._ignored:
            self._ignored = True
            log.warning(
                "import.modified_since_ignored",
                asked=self.modified_since,
                given=updated_at,
            )


def modified_since(run_id: int, kinds: Iterable[ImportKind]) -> dt.datetime | None:
    """Since when a pass over these kinds asks for changes; None where it reads everything."""
    run = db.session.get_one(ImportRun, run_id)
    if run.full:
        return None
    since: list[dt.datetime] = []
    for kind in kinds:
        row = _row(run.fin_co_id, run.tenant_id, kind)
        if row is None or run.started_at - row.full_at >= FULL_EVERY or _strayed(run, row):
            return None
        since.append(row.modified_since)
    return min(since, default=None)


def _strayed(run: ImportRun, row: ImportWatermark) -> bool:
    """Whether another organisation was imported meanwhile, which may have changed the same rows."""
    others = sa.exists().where(
        ImportRun.fin_co_id == run.fin_co_id,
        ImportRun.tenant_id != run.tenant_id,
        ImportRun.started_at >= row.full_at,
    )
    return bool(db.session.scalar(sa.select(others)))


def move(
    reach: Reach, *, fin_co_id: int, tenant_id: str, kind: ImportKind, now: dt.datetime
) -> None:
    """Keep how far a kind was read, inside the transaction that ends it."""
    mark = reach.mark(now)
    row = _row(fin_co_id, tenant_id, kind)
    if row is None:
        if mark is not None:
            db.session.add(
                ImportWatermark(
                    fin_co_id=fin_co_id,
                    tenant_id=tenant_id,
                    kind=kind,
                    modified_since=mark,
                    full_at=now,
                )
            )
        return
    if reach.modified_since is None:
        row.full_at = now
    if mark is not None:
        row.modified_since = mark


def _row(fin_co_id: int, tenant_id: str, kind: ImportKind) -> ImportWatermark | None:
    return db.session.scalar(
        sa.select(ImportWatermark)
        .where(
            ImportWatermark.fin_co_id == fin_co_id,
            ImportWatermark.tenant_id == tenant_id,
            ImportWatermark.kind == kind,
        )
        .execution_options(populate_existing=True)
    )
