"""Journals as Xero's manual journals, and what keeps them from being posted."""

import datetime as dt
from dataclasses import replace

import pytest

from tests.golden.journals import document, line, signed
from webapp.domain.batches import BatchType
from webapp.mapping.exports import journal_parts
from webapp.mapping.exports.checks import problems_of
from webapp.mapping.exports.journals import journals
from webapp.mapping.exports.registry import CARRIED_TYPES

ONE_SIDED = BatchType.ADJUSTMENT


def told(outgoing):
    return [(problem.code, problem.line) for problem in problems_of(outgoing)]


def test_R89_every_type_that_is_not_a_subledger_document_is_carried_as_a_journal():
    elsewhere = {
        BatchType.AR_RECEIPT,
        BatchType.AP_PAYMENT,
        BatchType.INTERCO,
        BatchType.PAYROLL,
    }
    assert set(BatchType) - CARRIED_TYPES == elsewhere


def test_R90_a_journal_in_order_has_no_problems():
    assert told(document(BatchType.TIMESHEET, line("400.00"))) == []
    assert told(document(ONE_SIDED, signed("5.00", "625"), signed("-5.00", "300"))) == []


def test_R90_an_adjustment_out_of_balance_is_refused_and_the_difference_is_told():
    (problem,) = problems_of(document(ONE_SIDED, signed("5.00", "625"), signed("-4.00", "300")))
    assert problem.code == "journal-out-of-balance"
    assert problem.message == (
        "Journal J-1 is out of balance: its debits are 1.00 more than its other side."
    )


def test_R94_each_side_of_each_line_needs_an_account():
    journal = document(
        BatchType.TIMESHEET, line("1.00"), line("2.00", None), line("3.00", credit=None)
    )
    assert told(journal) == [("no-gl-account", 2), ("no-cr-gl-account", 3)]
    adjustment = document(ONE_SIDED, signed("1.00", "625"), signed("-1.00", None))
    assert told(adjustment) == [("no-gl-account", 2)]


@pytest.mark.parametrize(
    ("batch_type", "sales_code", "said"),
    [
        (BatchType.TIMESHEET, None, "CR GL Account of the activity"),
        (BatchType.AR_INTERNAL, "INTERN", "CR GL Account of the sales code"),
        (BatchType.AR_INTERNAL, None, "Give the activity a Sales Code"),
        (BatchType.STOCK_RETURN, None, "Stock Control Job in Financial Companies"),
    ],
)
def test_R94_where_the_credit_account_is_missing_the_way_out_names_what_gives_it(
    batch_type, sales_code, said
):
    journal = document(batch_type, line("1.00", credit=None, sales_code=sales_code))
    (problem,) = problems_of(journal)
    assert said in problem.way_out


def test_Q12_a_journal_dated_outside_the_period_of_its_batch_is_refused():
    journal = document(BatchType.TIMESHEET, line("1.00"), date=dt.date(2026, 10, 31))
    (problem,) = problems_of(journal)
    assert problem.code == "date-outside-period"
    assert "31 Oct 2026" in problem.message
    assert "period 8 of 2027" in problem.message


def test_a_journal_with_nothing_to_post_is_refused():
    assert told(document(BatchType.TIMESHEET)) == [("no-lines", None)]


def test_R115_each_part_says_in_its_narration_which_it_is_and_has_a_url_of_its_own(monkeypatch):
    monkeypatch.setattr(journal_parts, "MAX_LINES", 4)
    parts = journals(document(BatchType.TIMESHEET, *[line("1.00")] * 5))
    assert [payload.body["Narration"] for payload in parts] == [
        f"Timesheet A2710001 / J-1: November (part {place} of 3)" for place in (1, 2, 3)
    ]
    assert [payload.body["Url"] for payload in parts] == [
        "https://workbench.example/documents/1",
        "https://workbench.example/documents/1?part=2",
        "https://workbench.example/documents/1?part=3",
    ]
    assert [(payload.part, str(payload.total)) for payload in parts] == [
        (1, "2.00"),
        (2, "2.00"),
        (3, "1.00"),
    ]


def test_a_long_reference_is_cut_before_the_part_is(monkeypatch):
    monkeypatch.setattr(journal_parts, "MAX_LINES", 2)
    journal = document(BatchType.TIMESHEET, *[line("1.00")] * 2, reference="R" * 300)
    narration = journals(journal)[0].body["Narration"]
    assert len(narration) == 255
    assert narration.startswith("Timesheet A2710001 / J-1: November, RRR")
    assert narration.endswith("RR (part 1 of 2)")


def test_a_reference_that_journal_and_batch_share_is_said_once():
    journal = document(BatchType.TIMESHEET, line("1.00"), reference="November")
    (payload,) = journals(journal)
    assert payload.body["Narration"] == "Timesheet A2710001 / J-1: November"


def test_R115_mended_accounts_do_not_move_the_cut(monkeypatch):
    monkeypatch.setattr(journal_parts, "MAX_LINES", 4)
    journal = document(BatchType.TIMESHEET, *[line("1.00", "310") for _ in range(5)])
    mended = replace(
        journal, lines=tuple(replace(one, account_code="LONGER-1") for one in journal.lines)
    )
    for before, after in zip(journals(journal), journals(mended), strict=True):
        assert before.number == after.number
        assert [entry["LineAmount"] for entry in before.body["JournalLines"]] == [
            entry["LineAmount"] for entry in after.body["JournalLines"]
        ]
