"""The GST Types grid, and Xero's tax rates that its picker offers."""

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.fingerprints import fingerprint
from webapp.domain.setup.fields import text_of
from webapp.domain.setup.gst_types import FIELDS
from webapp.domain.setup.tax_rates import Rate
from webapp.models import (
    Activity,
    DocumentLine,
    FinCo,
    GstType,
    SalesCode,
    XeroConnection,
    XeroTaxRate,
)
from webapp.models.xero import ConnectionState
from webapp.queries.viewers import Viewer


@dataclass(frozen=True)
class KeptLine:
    """A GST Type as it is kept. ``used_by`` names what uses it; empty where nothing does."""

    id: int
    texts: dict[str, str]
    used_by: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The fingerprint that the form carries of it."""
        return fingerprint(self.texts)


def kept_lines() -> tuple[KeptLine, ...]:
    """All GST Types, by code."""
    rows = db.session.scalars(sa.select(GstType).order_by(GstType.code)).all()
    users = {
        "activities": _used(Activity.gst_type_id),
        "sales codes": _used(SalesCode.gst_type_id),
        "document lines": _used(DocumentLine.gst_type_id),
    }
    reciprocal = {row.reciprocal_code for row in rows}
    return tuple(
        KeptLine(
            row.id,
            texts(row),
            (
                *(name for name, used in users.items() if row.id in used),
                *(("another GST Type",) if row.code in reciprocal else ()),
            ),
        )
        for row in rows
    )


def texts(row: GstType) -> dict[str, str]:
    """A GST Type as it stands in the grid."""
    return {field.name: text_of(getattr(row, field.name)) for field in FIELDS}


def tax_rates(viewer: Viewer) -> tuple[Rate, ...]:
    """The rates of the organisations that this person's FinCos are connected to (R67)."""
    return _rates(viewer.scope(XeroTaxRate.fin_co_id))


def all_tax_rates() -> tuple[Rate, ...]:
    """The rates of every organisation a FinCo is connected to: all FinCos share the GST Types."""
    return _rates(sa.true())


def _rates(seen: sa.ColumnElement[bool]) -> tuple[Rate, ...]:
    rows = db.session.execute(
        sa.select(XeroTaxRate, FinCo.code)
        .join(FinCo, FinCo.id == XeroTaxRate.fin_co_id)
        .join(
            XeroConnection,
            sa.and_(
                XeroConnection.fin_co_id == XeroTaxRate.fin_co_id,
                XeroConnection.tenant_id == XeroTaxRate.tenant_id,
                XeroConnection.state != ConnectionState.DISCONNECTED,
            ),
        )
        .where(seen)
        .order_by(XeroTaxRate.tax_type, FinCo.code)
    )
    return tuple(
        Rate(
            fin_co=fin_co,
            tax_type=row.tax_type,
            name=row.name,
            status=row.status,
            percent=row.effective_rate,
            on_expenses=row.can_apply_to_expenses,
            on_revenue=row.can_apply_to_revenue,
            on_balance_sheet=row.can_apply_to_assets
            or row.can_apply_to_equity
            or row.can_apply_to_liabilities,
        )
        for row, fin_co in rows
    )


def _used(column: sa.orm.InstrumentedAttribute[int | None]) -> set[int | None]:
    return set(db.session.scalars(sa.select(column).where(column.is_not(None)).distinct()))
