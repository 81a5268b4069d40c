"""GL Accounts: the organisation's chart of accounts (R64, R65)."""

from webapp.mapping.imports.gl_accounts import COLUMNS, plan_gl_accounts
from webapp.models import GlAccount
from webapp.services.access import end_reading
from webapp.services.imports.recording import KindLog
from webapp.services.imports.rows import known_rows, store
from webapp.services.imports.source import Source


def import_gl_accounts(source: Source, log: KindLog) -> None:
    """Bring the chart in; what people typed in by hand stays."""
    accounts = source.client.accounts()
    with log.step() as counts:
        counts.fetched = len(accounts)
    known = known_rows(GlAccount, COLUMNS, GlAccount.fin_co_id == source.fin_co_id)
    end_reading()
    plan = plan_gl_accounts(accounts, known, source.tenant_id)
    store(plan, GlAccount, log, owner={"fin_co_id": source.fin_co_id}, key="code")
