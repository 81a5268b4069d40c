"""GL Accounts: the organisation's chart of accounts (R64, R65)."""

from webapp.mapping.imports.gl_accounts import COLUMNS, plan_gl_accounts
from webapp.mapping.imports.unreadable import unreadable
from webapp.models import GlAccount
from webapp.services.access import end_reading
from webapp.services.imports.recording import KindLog
from webapp.services.imports.rows import known_rows, store
from webapp.services.imports.source import Source


def import_gl_accounts(source: Source, log: KindLog) -> None:
    """Bring the chart in; what people typed in by hand stays.

    The whole chart each time, though Xero would give only what changed: it is one call either
    way, and that an account was deleted shows only in its absence from all of them.
    """
    accounts = source.client.accounts()
    with log.step() as counts:
        counts.fetched = len({account.account_id for account in accounts})
        counts.fetched += len(accounts.unreadable)
        log.reject(unreadable(accounts.unreadable, "an account without a name"))
    known = known_rows(GlAccount, COLUMNS, GlAccount.fin_co_id == source.fin_co_id)
    end_reading()
    odd = {one.xero_id for one in accounts.unreadable}
    plan = plan_gl_accounts(accounts, known, source.tenant_id, unread=odd)
    store(plan, GlAccount, log, owner={"fin_co_id": source.fin_co_id}, key="code")
