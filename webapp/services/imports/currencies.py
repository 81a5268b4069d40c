"""Currencies: new codes only, never a rate (R15, R71); and which the organisation has (C6.3)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from webapp.db import db
from webapp.mapping.imports.currencies import plan_currencies
from webapp.mapping.imports.unreadable import unreadable
from webapp.models import Currency, XeroConnection
from webapp.services.imports.recording import KindLog
from webapp.services.imports.source import Source

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def import_currencies(source: Source, log: KindLog) -> None:
    """Add the currencies of the organisation that Workbench does not have: one call, no paging."""
    currencies = source.client.currencies()
    with log.step() as counts:
        counts.fetched = len(currencies) + len(currencies.unreadable)
        log.reject(unreadable(currencies.unreadable, "a currency without a code"))
        plan = plan_currencies(currencies, db.session.scalars(sa.select(Currency.code)).all())
        log.reject(plan.rejections)
        counts.unchanged += plan.unchanged
        if plan.inserts:
            # The table is everybody's: another FinCo's import may add the same code meanwhile.
            insert = _INSERT[db.session.get_bind().dialect.name]
            db.session.execute(
                insert(Currency).on_conflict_do_nothing().values([{**row} for row in plan.inserts])
            )
        counts.created += len(plan.inserts)
        codes = " ".join(sorted({currency.code for currency in currencies}))
        db.session.execute(
            sa.update(XeroConnection)
            .where(
                XeroConnection.fin_co_id == source.fin_co_id,
                XeroConnection.tenant_id == source.tenant_id,
            )
            .values(currency_codes=codes)
        )
