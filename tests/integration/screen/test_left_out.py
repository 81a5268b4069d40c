"""Which cause a reason is put under: the database decides, so it is asked on each of them."""

import datetime as dt

import pytest

from webapp.db import db
from webapp.domain.left_out import BY_SLUG, CAUSES, OTHER
from webapp.domain.runs import ImportKind, KindState, RunOrigin
from webapp.mapping.imports.companies import (
    ALSO_OF,
    NO_ACCOUNT_NUMBER,
    NO_GROUP,
    NO_TEMPLATE,
    NOW_OF,
)
from webapp.mapping.imports.currencies import NOT_A_CODE
from webapp.mapping.imports.gl_accounts import NO_CODE, NO_NAME
from webapp.mapping.imports.merges import LOST, MERGED, RESTS
from webapp.mapping.imports.payments import ALL_OTHER_BILLS, DELETED_UNKNOWN
from webapp.mapping.imports.unreadable import REASON
from webapp.models import ImportProblem, ImportRun, ImportRunKind
from webapp.queries.import_left_out import Asked, all_left_out, left_out
from webapp.queries.sorting import Sort

TENANT = "aaaaaaaa-0000-4000-8000-00000000c0de"
NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)

REASONS = [
    (NO_ACCOUNT_NUMBER, "account-number"),
    (NO_GROUP, "group"),
    (NO_TEMPLATE, "template"),
    (ALSO_OF.format("S01", "Blue Crane Hire"), "account-number-twice"),
    (NOW_OF.format("S01", "Blue Crane Hire"), "account-number-twice"),
    (MERGED, "merged"),
    (RESTS.format("Blue Crane Hire"), "merged"),
    (LOST, "merged"),
    (NO_CODE, "no-code"),
    (NO_NAME, "incomplete"),
    (NOT_A_CODE, "incomplete"),
    ("Code 400 is also of Sales", "code-twice"),
    ("its Account Number is longer than 50 characters", "too-long"),
    (DELETED_UNKNOWN, "deleted"),
    (ALL_OTHER_BILLS.reason, "other-bills"),
    ("invoice 1043 is not ours", "not-ours"),
    ("invoice 1043 belongs to another FinCo", "other-fin-co"),
    ("a prepayment, which pays no invoice", "no-invoice"),
    ("invoice 1 is in USD in Xero and in NZD in Workbench: put one of them right", "do-not-agree"),
    ("invoice 1 is a Job Sales Credit in Workbench: look at its link to Xero", "do-not-agree"),
    ("2 documents in Workbench have number 7, so it cannot be told", "number-twice"),
    ("There is no financial period for 01 Jan 2020. Create", "nowhere-to-put"),
    ("VOIDED in Xero, not AUTHORISED", "not-authorised"),
    (REASON.format("Total is not a number"), "unreadable"),
    ("brought in, but with it invoice 1043 is over-paid by 5.00 NZD", "over-paid"),
    ("something nobody thought of", "other"),
]


@pytest.fixture
def leave_out(house):
    """Note records with these reasons as left out of FinCo 01; an odd one failed."""
    kind = ImportRunKind(kind=ImportKind.COMPANIES, state=KindState.DONE)
    run = ImportRun(
        fin_co_id=house.fin_co_id,
        tenant_id=TENANT,
        started_at=NOW,
        finished_at=NOW,
        origin=RunOrigin.COMMAND,
        kinds=[kind],
    )
    db.session.add(run)
    db.session.flush()

    def left(*reasons: str) -> None:
        for number, reason in enumerate(reasons):
            db.session.add(
                ImportProblem(
                    fin_co_id=house.fin_co_id,
                    tenant_id=TENANT,
                    kind=ImportKind.COMPANIES,
                    record_key=f"{number}",
                    run_kind_id=kind.id,
                    outcome="failed" if number % 2 else "skipped",
                    name=f"Record {number}",
                    reason=reason,
                    since=NOW + dt.timedelta(minutes=number),
                )
            )
        db.session.commit()

    return left


def found(house, **asked):
    return left_out(house.fin_co_id, TENANT, Asked(**asked), 1)


@pytest.mark.parametrize(("reason", "slug"), REASONS, ids=[reason[:40] for reason, _ in REASONS])
def test_a_reason_is_put_under_its_cause(house, leave_out, reason, slug):
    leave_out(reason)
    (row,) = found(house).rows
    assert row.cause is BY_SLUG[slug]
    assert row.cause.way_out
    assert [one.name for one in found(house, cause=row.cause).rows] == ["Record 0"]


def test_no_cause_is_there_that_no_reason_has():
    assert {slug for _, slug in REASONS} == {cause.slug for cause in (*CAUSES, OTHER)}


def test_causes_are_counted_most_frequent_first_whatever_cause_is_shown(house, leave_out):
    leave_out("no Code", NO_GROUP, NO_GROUP, NO_GROUP, "no Code", "?")
    for asked in ({}, {"cause": BY_SLUG["group"]}):
        counted = found(house, **asked).causes
        assert [(one.cause.slug, one.records) for one in counted] == [
            ("group", 3),
            ("no-code", 2),
            ("other", 1),
        ]
    assert found(house, cause=BY_SLUG["group"]).page.total == 3


def test_text_is_looked_for_as_it_is_whatever_its_case(house, leave_out):
    leave_out("100% wrong", "100 wrong", "100_WRONG")
    assert [row.reason for row in found(house, text="100%").rows] == ["100% wrong"]
    assert [row.reason for row in found(house, text="0_w").rows] == ["100_WRONG"]
    assert found(house, text="record 1").page.total == 1


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("outcome", [1, 3, 0, 2]),
        ("-name", [3, 2, 1, 0]),
        ("since", [0, 1, 2, 3]),
        ("reason", [3, 2, 0, 1]),
        ("-kind", [3, 2, 1, 0]),
    ],
)
def test_the_order_is_the_same_on_every_database(house, leave_out, sort, order):
    leave_out("c", "d", "b", "A")
    asked = Asked(sort=Sort(sort.removeprefix("-"), sort.startswith("-")))
    rows = all_left_out(house.fin_co_id, TENANT, asked)
    assert [row.name for row in rows] == [f"Record {number}" for number in order]
