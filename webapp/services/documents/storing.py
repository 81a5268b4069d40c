"""Writes documents that may be stored."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.documents import DocumentStatus
from webapp.domain.entry.findings import Path
from webapp.domain.entry.given import LineGiven
from webapp.domain.entry.ready import ReadyDocument, ReadyLine
from webapp.models import Batch, Document, DocumentLine
from webapp.services import bulk
from webapp.services.among import among

_PART = 200


def store(
    batch: Batch,
    documents: Sequence[tuple[Path, ReadyDocument]],
    applied: Mapping[Path, int],
    user_id: int | None,
    now: dt.datetime,
) -> tuple[str, ...]:
    """Write the documents into the batch; give the mark of each, in their order."""
    uids = tuple(str(uuid.uuid4()) for _ in documents)
    for start in range(0, len(documents), _PART):
        part = slice(start, start + _PART)
        ready = [one for _, one in documents[part]]
        bulk.insert(
            Document,
            [
                {
                    "uid": uid,
                    "batch_id": batch.id,
                    "kind": one.given.kind,
                    **document_values(one, applied.get(at)),
                    **approval(approved=one.given.approved, user_id=user_id, now=now),
                }
                for uid, (at, one) in zip(uids[part], documents[part], strict=True)
            ],
        )
        store_lines(ids_of(uids[part]), ready)
    return uids


def store_lines(document_ids: Sequence[int], documents: Sequence[ReadyDocument]) -> None:
    """Write the lines of documents that have these ids."""
    owners = [key for key, one in zip(document_ids, documents, strict=True) for _ in one.lines]
    bulk.insert_columns(DocumentLine, {"document_id": owners, **line_columns(documents)})


def ids_of(uids: Sequence[str]) -> list[int]:
    """The ids of documents that were just written, by their marks."""
    found = db.session.execute(
        sa.select(Document.uid, Document.id).where(among(Document.uid, uids))
    )
    ids = {row.uid: row.id for row in found}
    return [ids[uid] for uid in uids]


def approval(*, approved: bool, user_id: int | None, now: dt.datetime) -> dict[str, Any]:
    """The columns that say whether a document is approved, by whom and when."""
    return {
        "status": DocumentStatus.APPROVED if approved else DocumentStatus.ENTERED,
        "approved_at": now if approved else None,
        "approved_by_id": user_id if approved else None,
    }


def document_values(ready: ReadyDocument, applies_to_id: int | None) -> dict[str, Any]:
    """The columns of a document that come from what was given."""
    given = ready.given
    return {
        "company_id": ready.company_id,
        "job_id": ready.job_id,
        "number": given.number,
        "reference": given.reference,
        "document_date": given.date,
        "due_date": ready.due_date,
        "currency_code": ready.currency,
        "currency_rate": ready.currency_rate,
        "claim_no": given.claim_no,
        "applies_to_id": applies_to_id,
        "value_ex_gst": ready.value,
        "gst": ready.gst,
    }


def line_columns(documents: Sequence[ReadyDocument]) -> dict[str, Sequence[Any]]:
    """The columns of their lines, document by document, numbered from 1 in each."""
    given = _across(LineGiven, (line for one in documents for line in one.given.lines))
    ready = _across(ReadyLine, (line for one in documents for line in one.lines))
    return {
        "line_no": [number for one in documents for number in range(1, len(one.lines) + 1)],
        "description": given.description,
        "source_reference": given.source_reference,
        "quantity": given.quantity,
        "gl_account": given.dr_account,
        "cr_gl_account": given.cr_account,
        "job_id": ready.job_id,
        "activity_id": ready.activity_id,
        "sales_code_id": ready.sales_code_id,
        "work_centre_id": ready.work_centre_id,
        "gst_type_id": ready.gst_type_id,
        "value_ex_gst": ready.value,
        "gst": ready.gst,
        "gst_overridden": ready.gst_overridden,
        "is_retention": ready.is_retention,
    }


def _across(kind: type[LineGiven | ReadyLine], lines: Iterable[tuple[Any, ...]]) -> Any:
    """One whose fields are those of all lines."""
    return kind._make(zip(*lines, strict=True))
