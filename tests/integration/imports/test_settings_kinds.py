from decimal import Decimal

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ImportKind, KindState
from webapp.models import (
    Currency,
    GlAccount,
    XeroTaxRate,
)

AP = "Workbench AP (Suppliers)"
AR = "Workbench AR (Customers)"


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_R64_accounts_come_in_with_section_and_category(ledger, import_now):
    run = import_now()

    rows = {row.code: row for row in db.session.scalars(sa.select(GlAccount))}
    assert run.accounts["created"] == len(rows) > 50
    assert (rows["300"].section, rows["300"].category) == ("Direct Costs", "Job Cost")
    assert (rows["200"].section, rows["200"].category) == ("Revenue", "Revenue")
    assert (rows["625"].section, rows["625"].category) == ("Current Asset", None)
    assert not rows["495"].active
    assert (rows["610"].xero_system_account, rows["300"].xero_tax_type) == ("DEBTORS", "INPUT2")


def test_R65_an_account_archived_in_xero_is_not_offered_any_more(ledger, sandbox, import_now):
    import_now()
    sandbox.control("PATCH", f"organisations/{sandbox.tenant()}", {"archive_account": "300"})

    run = import_now()

    assert run.accounts["updated"] == 1
    assert not db.session.scalar(sa.select(GlAccount.active).where(GlAccount.code == "300"))


def test_accounts_that_exchange_codes_keep_their_rows(ledger, import_now):
    import_now()
    rows = {row.code: row for row in db.session.scalars(sa.select(GlAccount))}
    first, second = rows["300"], rows["310"]
    ids = (first.id, second.id)
    first.code = "~"
    db.session.flush()
    second.code = "300"
    db.session.flush()
    first.code = "310"
    db.session.commit()

    run = import_now()

    assert (run.accounts.state, run.accounts["updated"]) == (KindState.DONE, 2)
    found = {
        row.code: row.id
        for row in db.session.scalars(sa.select(GlAccount).where(GlAccount.id.in_(ids)))
    }
    assert (found["300"], found["310"]) == ids


def test_what_was_typed_into_the_chart_by_hand_stays(ledger, house, import_now):
    own = GlAccount(
        fin_co_id=house.fin_co_id, code="9999", description="Own", section="Memo", subsection="x"
    )
    shared = GlAccount(
        fin_co_id=house.fin_co_id, code="300", description="Ours", section="?", subsection="Keep"
    )
    db.session.add_all([own, shared])
    db.session.commit()

    import_now()

    db.session.expire_all()
    assert (own.active, own.description) == (True, "Own")
    assert (shared.description, shared.section, shared.subsection) == (
        "Purchases",
        "Direct Costs",
        "Keep",
    )


def test_export_codes_keep_rate_status_and_where_they_may_go(ledger, import_now):
    import_now()

    rate = db.session.scalar(sa.select(XeroTaxRate).where(XeroTaxRate.tax_type == "INPUT2"))
    assert (rate.name, rate.effective_rate, rate.status) == (
        "15% GST on Expenses",
        Decimal(15),
        "ACTIVE",
    )
    assert (rate.can_apply_to_expenses, rate.can_apply_to_revenue) == (True, False)


def test_R71_an_import_adds_codes_and_never_touches_a_rate_of_exchange(ledger, import_now):
    db.session.add(Currency(code="AUD", description="Own words", conversion_rate=Decimal("0.92")))
    db.session.commit()

    run = import_now()

    kind = run.kinds[ImportKind.CURRENCIES]
    assert (kind["created"], kind["unchanged"]) == (2, 1)
    aud = db.session.get_one(Currency, "AUD")
    assert (aud.description, aud.conversion_rate) == ("Own words", Decimal("0.92"))
