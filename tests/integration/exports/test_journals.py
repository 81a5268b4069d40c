"""Journals of every batch type, from the closed batch to the organisation's ledger."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.integration.exports.journal_batches import (
    ONE_SIDED,
    add_codes,
    enter,
    journal,
    line,
    posted,
)
from webapp.db import db
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentStatus
from webapp.domain.entry.kinds import JOURNAL_TYPES
from webapp.domain.runs import RunState
from webapp.models import (
    Activity,
    Document,
    DocumentLine,
    FinCo,
    Job,
    ProfitCentre,
    XeroDocument,
    XeroSettings,
)

ACTIVITY_OF = {BatchType.AR_INTERNAL: "INT", BatchType.ADJUSTMENT: "WIP"} | dict.fromkeys(
    (kind for kind in BatchType if "Stock" in kind.value), "STK"
) | dict.fromkeys((kind for kind in BatchType if "Accrual" in kind.value), "ACC")  # fmt: skip


@pytest.fixture(autouse=True)
def _codes(books):
    add_codes(books)


def accounts_kept():
    rows = db.session.execute(
        sa.select(DocumentLine.gl_account, DocumentLine.cr_gl_account).order_by(DocumentLine.id)
    )
    return [tuple(row) for row in rows]


def test_R89_R90_R110_a_batch_of_every_journal_type_arrives_posted_and_balanced(books, sandbox):
    batches = []
    for kind in sorted(JOURNAL_TYPES):
        activity = ACTIVITY_OF.get(kind, "LAB")
        lines = [line("100.10", activity)]
        if kind is ONE_SIDED:
            lines.append(line("-100.10", "CONC"))
        batches.append(enter(books, kind, journal("J-1", *lines)))

    run = books.export(*batches)

    assert run.state is RunState.COMPLETED
    assert run.counts["sent"] == len(JOURNAL_TYPES)
    assert run.requests == 1
    arrived = posted(sandbox)
    assert [one.narration.split(" A27")[0] for one in arrived] == sorted(JOURNAL_TYPES)
    assert {one.status for one in arrived} == {"POSTED"}
    assert {one.difference for one in arrived} == {0}
    assert all("November" in one.narration for one in arrived)
    assert {books.status_of(batch) for batch in batches} == {"exported"}
    assert set(db.session.scalars(sa.select(Document.status))) == {DocumentStatus.UPDATED}
    assert len({one.url for one in arrived}) == len(arrived)


def test_8_6_a_timesheet_debits_the_cost_and_credits_its_recovery(books, sandbox):
    books.export(enter(books, BatchType.TIMESHEET, journal("TS-1", line("400.00"))))

    (arrived,) = posted(sandbox)
    assert arrived.lines == [("320", Decimal("400.00")), ("477", Decimal("-400.00"))]
    assert arrived.date.startswith("/Date(")
    assert accounts_kept() == [("320", "477")]


def test_R93_each_side_follows_the_order_of_derivation(books, sandbox):
    centre = db.session.scalars(sa.select(ProfitCentre)).one()
    centre.gl_prefix, centre.gl_suffix = "3", "0"
    labour = db.session.scalars(sa.select(Activity).where(Activity.code == "LAB")).one()
    labour.dr_gl_account, labour.cr_gl_account = "2", "@477"
    db.session.add(
        Job(code="WIP1", description="", profit_centre=centre, dr_gl_account="625",
            cr_gl_account="200")
    )  # fmt: skip
    db.session.commit()
    lines = (
        line("1.00"),
        line("2.00", job="WIP1"),
        line("3.00", dr_account="412", cr_account="808"),
    )

    books.export(enter(books, BatchType.TIMESHEET, journal("TS-1", *lines)))

    # A job's CR GL Account is for its revenue, not for the recovery of its cost.
    expected = [("320", "477"), ("625", "477"), ("412", "808")]
    assert accounts_kept() == expected
    (arrived,) = posted(sandbox)
    assert [account for account, _ in arrived.lines] == [one for pair in expected for one in pair]


def test_R93_an_internal_sale_credits_the_sales_code_or_the_jobs_revenue_account(books, sandbox):
    centre = db.session.scalars(sa.select(ProfitCentre)).one()
    db.session.add(Job(code="REV1", description="", profit_centre=centre, cr_gl_account="200"))
    db.session.commit()

    books.export(
        enter(
            books,
            BatchType.AR_INTERNAL,
            journal("I-1", line("5.00", "INT"), line("6.00", "INT", job="REV1")),
        )
    )

    assert accounts_kept() == [("300", "260"), ("300", "200")]


def test_R93_stock_comes_out_of_the_account_of_the_stock_control_job(books, sandbox):
    centre = db.session.scalars(sa.select(ProfitCentre)).one()
    store = Job(code="STORE", description="Stock", profit_centre=centre, dr_gl_account="625")
    db.session.add(store)
    db.session.flush()
    db.session.get(FinCo, books.fin_co_id).stock_control_job_id = store.id
    db.session.commit()

    books.export(
        enter(books, BatchType.STOCK_ISSUE, journal("S-1", line("9.00", "STK"))),
        enter(books, BatchType.STOCK_RETURN, journal("S-2", line("-4.00", "STK"))),
        enter(books, BatchType.STOCK_ADJUST, journal("S-3", line("1.00", "STK"))),
    )

    assert accounts_kept() == [("300", "625"), ("300", "625"), ("300", "473")]
    returned = next(one for one in posted(sandbox) if "Return" in one.narration)
    assert returned.lines == [("300", Decimal("-4.00")), ("625", Decimal("4.00"))]


@pytest.mark.parametrize("tracked", [False, True])
def test_Q13_the_cost_lines_of_journals_carry_tracking_only_where_that_is_chosen(
    books, sandbox, tracked
):
    settings = db.session.get(XeroSettings, books.fin_co_id)
    settings.tracking_category_1 = "Department"
    settings.track_journals = tracked
    db.session.scalars(sa.select(ProfitCentre)).one().export_code = "Head Office"
    db.session.commit()

    books.export(enter(books, BatchType.TIMESHEET, journal("TS-1", line("1.00"))))

    (arrived,) = posted(sandbox)
    cost = [("Department", "Head Office")] if tracked else []
    assert arrived.tracking == [cost, []]


def test_R94_a_missing_account_blocks_the_journal_at_its_line_and_nothing_goes(books, sandbox):
    batch = enter(books, BatchType.TIMESHEET, journal("TS-1", line("1.00"), line("2.00", "WIP")))

    run = books.export(batch)

    assert [(p["code"], p["line"]) for p in run.problems] == [("no-cr-gl-account", 2)]
    assert books.status_of(batch) == "closed"
    assert posted(sandbox) == []


def test_R111_an_account_that_was_mended_is_used_when_the_journal_is_exported_again(books, sandbox):
    """What was derived for an export that failed does not stand in the way of the next."""
    sandbox.control("PATCH", f"organisations/{sandbox.tenant()}", {"archive_account": "320"})
    batch = enter(books, BatchType.TIMESHEET, journal("TS-1", line("1.00")))

    run = books.export(batch)

    (problem,) = run.problems
    assert problem["code"] == "account-archived"
    assert "320" in problem["message"]
    assert accounts_kept() == [(None, None)]
    books.use_account("LAB", "310")
    assert books.export(batch).counts["sent"] == 1
    assert accounts_kept() == [("310", "477")]
    assert books.status_of(batch) == "exported"


def test_R90_an_unbalanced_adjustment_of_an_earlier_version_is_blocked_without_a_call(
    books, sandbox
):
    batch = enter(books, ONE_SIDED, journal("A-1", line("5.00", "WIP"), line("-5.00", "CONC")))
    db.session.execute(sa.update(DocumentLine).values(value_ex_gst=Decimal(5)))
    db.session.commit()
    sandbox.control("DELETE", "requests")

    run = books.export(batch)

    assert [p["code"] for p in run.problems] == ["journal-out-of-balance"]
    assert sandbox.calls(path="ManualJournals") == []


def test_journals_of_many_batches_share_calls(books, sandbox):
    batches = [enter(books, BatchType.TIMESHEET, journal("1", line("1.00"))) for _ in range(52)]

    run = books.export(*batches)

    assert sorted(call["documents"] for call in sandbox.calls("PUT", "ManualJournals")) == [2, 50]
    assert run.counts["sent"] == 52
    assert db.session.scalar(sa.select(sa.func.count()).select_from(XeroDocument)) == 52


def test_a_locked_period_is_told_in_words_and_the_batch_stays_closed(books, sandbox):
    sandbox.control(
        "PATCH", f"organisations/{sandbox.tenant()}", {"period_lock_date": "2026-11-30"}
    )
    batch = enter(books, BatchType.TIMESHEET, journal("TS-1", line("1.00")))

    run = books.export(batch)

    (problem,) = run.problems
    assert problem["code"] == "period-locked"
    assert problem["verbatim"]
    assert books.status_of(batch) == "closed"
