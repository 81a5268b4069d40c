"""Export Codes: the organisation's tax rates, for the picker on GST Types (R15, R67).

Its tracking categories come along: they are a setting of the organisation too, never a kind of
their own on the screen.
"""

from webapp.mapping.imports.tax_rates import COLUMNS, plan_tax_rates
from webapp.mapping.imports.unreadable import unreadable
from webapp.models import XeroTaxRate
from webapp.services.access import end_reading
from webapp.services.imports.recording import KindLog
from webapp.services.imports.rows import known_rows, store
from webapp.services.imports.source import Source
from webapp.services.tracking_categories import keep_tracking_categories


def import_export_codes(source: Source, log: KindLog) -> None:
    """Bring the tax rates in, of every status, then the tracking categories: one call each."""
    rates = source.client.tax_rates()
    with log.step() as counts:
        counts.fetched = len({rate.tax_type for rate in rates}) + len(rates.unreadable)
        log.reject(unreadable(rates.unreadable, "a tax rate without a name"))
    known = known_rows(
        XeroTaxRate,
        COLUMNS,
        XeroTaxRate.fin_co_id == source.fin_co_id,
        XeroTaxRate.tenant_id == source.tenant_id,
    )
    end_reading()
    owner = {"fin_co_id": source.fin_co_id, "tenant_id": source.tenant_id}
    odd = {one.code for one in rates.unreadable}
    plan = plan_tax_rates(rates, [row for row in known if row.values["tax_type"] not in odd])
    store(plan, XeroTaxRate, log, owner=owner, key="tax_type")
    categories = source.client.tracking_categories()
    with log.step():
        keep_tracking_categories(
            fin_co_id=source.fin_co_id,
            tenant_id=source.tenant_id,
            categories=categories,
            now=log.now(),
        )
