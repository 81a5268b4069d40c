"""The real month by API: the same documents as by file, wherever the data lie."""

import datetime as dt
import json
from contextvars import Context
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.access import API_RIGHTS
from webapp.domain.documents import BATCH_TYPE_OF
from webapp.models import (
    Activity,
    Batch,
    Company,
    Document,
    DocumentLine,
    GstType,
    Job,
    Period,
    ProfitCentre,
)
from webapp.services.api_tokens import make_token
from webapp.services.loading import load_ap_invoices, read_mapping
from webapp.services.loading.files import read_file

TESTS = Path(__file__).resolve().parents[2]
MONTH = TESTS.parents[1] / "shared" / "data" / "ap-spend" / "2022-07.csv"
MAPPING = TESTS / "data" / "ap-spend.mapping.toml"
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.shared


@pytest.fixture
def month() -> Path:
    if not MONTH.exists():
        pytest.skip("the real month does not lie beside the project")
    return MONTH


def told() -> dict[tuple[str, str], tuple]:
    """Every document by its supplier's account and number: head, lines in order, amounts."""
    found: dict[tuple[str, str], tuple] = {}
    heads = db.session.execute(
        sa.select(Document, Company.ap_account, Batch.batch_type)
        .join(Document.company)
        .join(Document.batch)
    )
    for document, account, batch_type in heads:
        found[account, document.number] = (
            batch_type,
            document.kind,
            document.status,
            document.document_date,
            document.due_date,
            document.currency_code,
            document.value_ex_gst,
            document.gst,
            [],
        )
    lines = db.session.execute(
        sa.select(
            Company.ap_account,
            Document.number,
            DocumentLine.line_no,
            DocumentLine.source_reference,
            Job.code,
            ProfitCentre.code,
            Activity.code,
            GstType.code,
            DocumentLine.value_ex_gst,
            DocumentLine.gst,
        )
        .select_from(DocumentLine)
        .join(Document, Document.id == DocumentLine.document_id)
        .join(Document.company)
        .join(DocumentLine.job)
        .join(Job.profit_centre)
        .join(DocumentLine.activity)
        .join(DocumentLine.gst_type)
        .order_by(Document.id, DocumentLine.line_no)
    )
    for account, number, *line in lines:
        found[account, number][-1].append(tuple(line))
    return found


def body_of(draft, mapping) -> dict:
    return {
        "kind": draft.kind.value,
        "number": draft.number,
        "company_account": draft.supplier_account,
        "document_date": draft.date.isoformat(),
        "approved": True,
        "lines": [
            {
                "job": line.job,
                "profit_centre": mapping.profit_centre(line.profit_centre),
                "activity": mapping.activity(line.activity).code,
                "gst_type": mapping.gst_type,
                "value_ex_gst": str(line.value),
                "source_reference": line.reference or None,
                "description": line.description or line.activity,
            }
            for line in draft.lines
        ],
    }


def test_the_real_month_by_api_is_the_same_926_documents_to_the_cent(app, house, month):
    db.session.add_all(
        [
            Period(
                year=2027,
                number=8,
                start_date=dt.date(2026, 11, 1),
                end_date=dt.date(2026, 11, 30),
                is_current=True,
            ),
            GstType(code="G15", description="GST 15%", percent=Decimal(15), export_code="INPUT2"),
        ]
    )
    db.session.commit()
    mapping = read_mapping(MAPPING)
    load_ap_invoices(
        month,
        fin_co_id=house.fin_co_id,
        mapping=mapping,
        batch_date=NOW.date(),
        user_id=None,
        now=NOW,
        progress=lambda *_: None,
    )
    by_file = told()
    db.session.execute(sa.delete(Document))
    db.session.commit()
    token = make_token(
        name="Costing",
        fin_co_codes=["01"],
        rights=API_RIGHTS,
        expires_at=None,
        user_id=None,
        source="test",
        now=dt.datetime.now(dt.UTC),
    ).text
    drafts = read_file(month, mapping, lambda *_: None).drafts

    for kind in sorted({draft.kind for draft in drafts}):
        answer = Context().run(
            app.test_client().post,
            "/api/v1/batches",
            headers={"Authorization": f"Bearer {token}"},
            content_type="application/json",
            data=json.dumps(
                {
                    "fin_co": "01",
                    "batch_type": BATCH_TYPE_OF[kind].value,
                    "batch_date": NOW.date().isoformat(),
                    "documents": [body_of(one, mapping) for one in drafts if one.kind is kind],
                }
            ),
        )
        assert answer.status_code == 201, answer.json

    by_api = told()
    assert len(by_api) == 926
    assert by_api == by_file
    assert sum(head[6] for head in by_api.values()) == Decimal("14948409.24")
