"""Every target, and what loads it."""

import datetime as dt

from webapp.domain.ingest.document_targets import DOCUMENTS, SPEND
from webapp.domain.ingest.master_targets import MASTERS
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.target import Target
from webapp.services.errors import NotFound, NotValid
from webapp.services.loading.by_screen import ScreenLoader
from webapp.services.loading.coded_documents import DocumentLoader
from webapp.services.loading.judging import Loader
from webapp.services.loading.masters import MasterLoader
from webapp.services.loading.screen_rules import RULES
from webapp.services.loading.spend import SpendLoader

_TARGETS = {one.name: one for one in (*MASTERS, *DOCUMENTS)}


def targets() -> tuple[Target, ...]:
    """Everything a file can become: lists first, then documents."""
    return tuple(_TARGETS.values())


def target_of(name: str) -> Target:
    """The target of that name.

    Raises:
        NotFound: there is none.
    """
    found = _TARGETS.get(name)
    if found is None:
        raise NotFound(
            f"Nothing called {name} can be loaded.", f"Choose one of {', '.join(_TARGETS)}."
        )
    return found


def loader_of(
    target: Target,
    fin_co_id: int | None,
    mapping: LoadMapping,
    *,
    user_id: int | None,
    source: str,
    now: dt.datetime,
) -> Loader:
    """What loads a file as this target.

    Raises:
        NotValid: the Batch Date is none.
    """
    if target.name in RULES:
        return ScreenLoader(target, user_id=user_id, source=source, now=now)
    if not target.is_documents:
        return MasterLoader(target, fin_co_id, user_id=user_id, source=source, now=now)
    assert fin_co_id is not None
    date = mapping.options.get("batch_date")
    try:
        dt.date.fromisoformat(date or "2000-01-01")
    except ValueError:
        raise NotValid(
            f"{date} is no Batch Date.", "Write it as 2026-11-30.", {"batch_date": "no date"}
        ) from None
    kind = SpendLoader if target.name == SPEND else DocumentLoader
    return kind(target, fin_co_id, mapping.options, user_id=user_id, now=now)
