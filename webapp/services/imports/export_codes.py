"""Export Codes: the organisation's tax rates, for the picker on GST Types (R15, R67)."""

from webapp.mapping.imports.tax_rates import COLUMNS, plan_tax_rates
from webapp.models import XeroTaxRate
from webapp.services.access import end_reading
from webapp.services.imports.recording import KindLog
from webapp.services.imports.rows import known_rows, store
from webapp.services.imports.source import Source


def import_export_codes(source: Source, log: KindLog) -> None:
    """Bring the tax rates in, of every status."""
    rates = source.client.tax_rates()
    with log.step() as counts:
        counts.fetched = len(rates)
    known = known_rows(
        XeroTaxRate,
        COLUMNS,
        XeroTaxRate.fin_co_id == source.fin_co_id,
        XeroTaxRate.tenant_id == source.tenant_id,
    )
    end_reading()
    owner = {"fin_co_id": source.fin_co_id, "tenant_id": source.tenant_id}
    store(plan_tax_rates(rates, known), XeroTaxRate, log, owner=owner, key="tax_type")
