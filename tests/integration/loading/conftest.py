import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from webapp.db import Base, db
from webapp.models import Document, GstType, Period
from webapp.services.loading import LoadReport, load_ap_invoices, read_mapping

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture
def firm(house):
    """FinCo 01 as it must be before anything can be loaded: with a period and a GST Type."""
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
    return house


@pytest.fixture
def mapping_text() -> str:
    return (DATA / "ap-spend.mapping.toml").read_text(encoding="utf-8")


@pytest.fixture
def small_month() -> str:
    return (DATA / "small-month.csv").read_text(encoding="utf-8-sig")


@pytest.fixture
def load(firm, mapping_text, tmp_path) -> Callable[..., LoadReport]:
    """Load a file, or the text of one, with the committed mapping or another one."""

    def run(content: str | Path, mapping: str = mapping_text, **given) -> LoadReport:
        file = tmp_path / "loaded.csv"
        if isinstance(content, Path):
            file = content
        else:
            file.write_text(content, encoding="utf-8")
        toml = tmp_path / f"{uuid.uuid4()}.toml"  # loads may meet
        toml.write_text(mapping, encoding="utf-8")
        settings = {
            "fin_co_id": firm.fin_co_id,
            "batch_date": NOW.date(),
            "user_id": None,
            "now": NOW,
            "progress": lambda *_: None,
        }
        report = load_ap_invoices(file, mapping=read_mapping(toml), **settings | given)
        db.session.expire_all()
        return report

    return run


@pytest.fixture
def count(app) -> Callable[[type[Base]], int]:
    def rows(model: type[Base]) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))

    return rows


@pytest.fixture
def document(app) -> Callable[[str, str], Document]:
    """The document of a supplier's account and number."""

    def find(account: str, number: str) -> Document:
        return db.session.scalars(
            sa.select(Document)
            .join(Document.company)
            .where(sa.text("companies.ap_account = :account"), Document.number == number)
            .params(account=account)
        ).one()

    return find
