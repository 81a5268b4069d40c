"""Writes documents that may be stored."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.db import Base, db
from webapp.domain.documents import DocumentStatus
from webapp.domain.entry.findings import Path
from webapp.domain.entry.ready import ReadyDocument
from webapp.models import Batch, Document, DocumentLine

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
        part = list(zip(uids, documents, strict=True))[start : start + _PART]
        rows = [
            {
                "uid": uid,
                "batch_id": batch.id,
                "kind": ready.given.kind,
                **document_values(ready, applied.get(at)),
                **approval(approved=ready.given.approved, user_id=user_id, now=now),
            }
            for uid, (at, ready) in part
        ]
        inserted = db.session.execute(
            sa.insert(_table(Document)).returning(Document.uid, Document.id), _filled(rows)
        )
        made = {row.uid: row.id for row in inserted}
        lines = []
        for uid, (_, ready) in part:
            for line in line_values(ready):
                line["document_id"] = made[uid]
                lines.append(line)
        db.session.execute(sa.insert(_table(DocumentLine)), _filled(lines))
    return uids


def _table(model: type[Base]) -> sa.Table:
    """The table itself: to insert rows of it takes two thirds of what entities take."""
    table = model.__table__
    assert isinstance(table, sa.Table)
    return table


def _filled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows less the columns that none of them fills: each costs as much as a filled one."""
    empty = [name for name in rows[0] if all(row[name] is None for row in rows)]
    for row in rows:
        for name in empty:
            del row[name]
    return rows


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


def line_values(ready: ReadyDocument) -> list[dict[str, Any]]:
    """The columns of its lines, numbered from 1."""
    return [
        {
            "line_no": line_no,
            "description": given.description,
            "source_reference": given.source_reference,
            "quantity": given.quantity,
            "gl_account": given.dr_account,
            "cr_gl_account": given.cr_account,
            "job_id": line.job_id,
            "activity_id": line.activity_id,
            "sales_code_id": line.sales_code_id,
            "work_centre_id": line.work_centre_id,
            "gst_type_id": line.gst_type_id,
            "value_ex_gst": line.value,
            "gst": line.gst,
            "gst_overridden": line.gst_overridden,
            "is_retention": line.is_retention,
        }
        for line_no, (given, line) in enumerate(
            zip(ready.given.lines, ready.lines, strict=True), start=1
        )
    ]
