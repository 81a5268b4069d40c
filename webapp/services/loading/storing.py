"""Writes the documents of a load, many rows a statement."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.ingest.grouping import Draft
from webapp.domain.ingest.lines import Line
from webapp.domain.ingest.values import same_name
from webapp.domain.money import gst_of, total
from webapp.models import Batch, Document, DocumentLine, GstType
from webapp.services import bulk
from webapp.services.documents.storing import ids_of
from webapp.services.loading.coding import Coding
from webapp.services.loading.lookup import parts
from webapp.services.loading.suppliers import Suppliers


@dataclass(frozen=True)
class Entry:
    """What all documents of a load have in common."""

    batches: Mapping[DocumentKind, Batch]
    suppliers: Suppliers
    coding: Coding
    gst_type: GstType
    currency_code: str
    currency_rate: Decimal | None
    user_id: int | None
    now: dt.datetime

    def store(self, drafts: Sequence[Draft], stored: Callable[[int], object]) -> None:
        """Enter the documents, approved; tell after every few hundred how many are in."""
        count = 0
        for part in parts(drafts):
            uids = [str(uuid.uuid4()) for _ in part]
            lines = [self._lines(draft) for draft in part]
            bulk.insert(
                Document,
                [self._document(*one) for one in zip(uids, part, lines, strict=True)],
            )
            bulk.insert(
                DocumentLine,
                [
                    {**row, "document_id": key}
                    for key, rows in zip(ids_of(uids), lines, strict=True)
                    for row in rows
                ],
            )
            count += len(part)
            stored(count)

    def _document(self, uid: str, draft: Draft, lines: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "uid": uid,
            "kind": draft.kind,
            "batch_id": self.batches[draft.kind].id,
            "company_id": self.suppliers.id_of(draft.supplier_account),
            "number": draft.number,
            "document_date": draft.date,
            "due_date": self.suppliers.due(draft.supplier_account, draft.date),
            "currency_code": self.currency_code,
            "currency_rate": self.currency_rate,
            "status": DocumentStatus.APPROVED,
            "value_ex_gst": draft.value,
            "gst": total(line["gst"] for line in lines),
            "approved_at": self.now,
            "approved_by_id": self.user_id,
        }

    def _lines(self, draft: Draft) -> list[dict[str, Any]]:
        supplier = self.suppliers.name_of(draft.supplier_account)
        return [
            {
                "line_no": line_no,
                "description": _description(line, supplier),
                "source_reference": line.reference or None,
                "gst_type_id": self.gst_type.id,
                "value_ex_gst": line.value,
                "gst": gst_of(line.value, self.gst_type.percent),
                **self.coding.ids(line),
            }
            for line_no, line in enumerate(draft.lines, start=1)
        ]


def _description(line: Line, supplier: str) -> str:
    said = line.description or line.activity
    if same_name(line.supplier_name) == same_name(supplier):
        return said
    return f"{line.supplier_name}: {said}"
