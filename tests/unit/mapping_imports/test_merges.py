from company_cases import AP, TEMPLATE, contact, linked, rejected, supplier

from webapp.mapping.imports.companies import plan_companies
from webapp.mapping.imports.company_plan import CompanyPlan
from webapp.mapping.imports.directory import Known, Link
from webapp.mapping.imports.merges import plan_merges
from webapp.mapping.imports.outcome import Outcome


def settled(contacts, known, survivors=()) -> tuple[CompanyPlan, CompanyPlan]:
    """What a page does, and what is done with its merges at the end."""
    page = plan_companies(contacts, known, TEMPLATE, defer=True)
    after = {one.key: one for one in known}
    for change in page.changes:
        after[change.key] = Known(change.key, change.fields, change.link)
    by_id = {one.contact_id: one for one in survivors}
    return page, plan_merges(page.merged, by_id, after.values())


def test_a_company_follows_its_contact_into_the_one_it_was_merged_into():
    contacts = [
        contact("Smith", "S200", status="ARCHIVED", merged_to_contact_id="id of Jones"),
        contact("Jones", "S900", AP),
    ]

    plan = plan_companies(contacts, [linked(7, supplier(), "Smith")], TEMPLATE)

    final = plan.changes[-1]
    assert (final.key, final.link.contact_id, final.fields.name) == (7, "id of Jones", "Jones")
    assert final.fields.ap_account == "S900"
    assert [one.outcome for one in plan.rejections] == [Outcome.SKIPPED]


def test_a_merge_is_followed_even_where_the_survivor_is_not_brought_in():
    contacts = [
        contact("Jones"),
        contact("Smith", "S200", status="ARCHIVED", merged_to_contact_id="id of Jones"),
    ]

    plan = plan_companies(contacts, [linked(7, supplier(), "Smith")], TEMPLATE)

    assert plan.changes[-1].link.contact_id == "id of Jones"
    assert plan.changes[-1].fields == supplier()


def test_a_merge_of_two_companies_puts_one_to_rest_and_says_which_to_use():
    contacts = [
        contact("Smith", "S200", status="ARCHIVED", merged_to_contact_id="id of Jones"),
        contact("Jones", "S900", AP),
    ]
    known = [linked(7, supplier(), "Smith"), linked(8, supplier("Jones", "S900"), "Jones")]

    _, end = settled(contacts, known)

    (resting,) = end.changes
    assert (resting.key, resting.fields.active) == (7, False)
    assert [one.reason for one in end.rejections] == [
        "merged in Xero into Jones, which has a company of its own: use that one"
    ]


def test_merges_that_point_in_a_circle_end():
    contacts = [
        contact("A", status="ARCHIVED", merged_to_contact_id="id of B"),
        contact("B", status="ARCHIVED", merged_to_contact_id="id of A"),
    ]

    assert len(plan_companies(contacts, [], TEMPLATE).rejections) == 2
    page, end = settled([contacts[0]], [linked(7, supplier("A"), "A")], survivors=[contacts[1]])
    assert (page.rejections, page.changes) == ([], [])
    assert "cannot be found" in end.rejections[0].reason
    assert not end.changes[0].fields.active


def test_trap_40_a_merge_into_a_contact_of_a_later_page_waits_for_it():
    gone = contact("Smith", "S200", status="ARCHIVED", merged_to_contact_id="id of Jones")
    known = [linked(7, supplier(), "Smith")]
    first = plan_companies([gone], known, TEMPLATE, defer=True)

    second = plan_companies(
        [contact("Jones", "S900", AP)], known, TEMPLATE, waiting=first.merged, defer=True
    )

    assert (first.merged, first.changes, first.rejections) == ([gone], [], [])
    final = second.changes[-1]
    assert (final.key, final.fields.name, final.link.contact_id) == (7, "Jones", "id of Jones")
    assert [one.name for one in second.rejections] == ["Smith"]


def test_trap_40_a_merge_into_a_contact_that_did_not_change_follows_it_all_the_same():
    gone = contact("Smith", "S200", status="ARCHIVED", merged_to_contact_id="id of B")
    between = contact("B", status="ARCHIVED", merged_to_contact_id="id of Jones")

    _, end = settled(
        [gone], [linked(7, supplier(), "Smith")], survivors=[between, contact("Jones")]
    )

    (change,) = end.changes
    assert (change.link.contact_id, change.fields) == ("id of Jones", supplier())


def test_an_account_that_may_become_free_on_a_later_page_is_left_over_not_refused():
    known = [linked(7, supplier(), "Smith")]
    jones = contact("Jones", "S200", AP)

    page = plan_companies([jones], known, TEMPLATE, defer=True)

    assert (page.deferred, page.changes, page.rejections) == ([jones], [], [])
    moved = [linked(7, supplier(account="S201"), "Smith")]
    assert plan_companies([jones], moved, TEMPLATE).changes[0].is_new


def test_a_contact_that_takes_over_from_an_archived_one_of_no_page_tells_of_it():
    old = Known(7, supplier(active=False), Link("id of Old", "Old", "ARCHIVED"))

    plan = plan_companies([contact("Smith", "S200", AP)], [old], TEMPLATE, defer=True)

    assert [(one.key, one.link.name) for one in plan.changes] == [(7, "Smith")]
    (told,) = plan.passed_on
    assert (told.name, told.xero_id) == ("Old", "id of Old")
    assert told.reason == "archived; its Account Number S200 is now of Smith"
    after = [Known(7, plan.changes[0].fields, plan.changes[0].link)]
    late = contact("Old", "S200", AP, status="ARCHIVED")
    assert rejected([late], after) == [("Old", Outcome.SKIPPED, told.reason)]
