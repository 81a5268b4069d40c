from dataclasses import replace

import pytest
from company_cases import AP, AR, TEMPLATE, contact, fields, linked, only, rejected, supplier

from webapp.mapping.imports.companies import plan_companies
from webapp.mapping.imports.directory import Known, Link
from webapp.mapping.imports.outcome import Outcome
from webapp.xero.records import Address, Terms


def test_R36_a_contact_without_an_account_number_is_skipped_and_named():
    assert rejected([contact("Smith", "  ", AP)]) == [
        ("Smith", Outcome.SKIPPED, "no Account Number")
    ]


def test_R40_Q7_a_contact_in_neither_group_is_skipped_and_named():
    assert rejected([contact("Smith", "S200", "Plant hire")]) == [
        ("Smith", Outcome.SKIPPED, "not in a Workbench group")
    ]


def test_R37_a_contact_of_the_ar_group_becomes_a_client_and_spaces_go():
    made = only([contact("Smith", " C100 ", AR)])

    assert made.is_new
    assert made.fields == fields(ar_account="C100", is_client=True)
    assert made.link == Link("id of Smith", "Smith", "ACTIVE")


def test_R38_a_contact_of_the_ap_group_becomes_a_supplier():
    assert only([contact("Smith", "S200", AP)]).fields == supplier()


def test_R39_Q6_a_contact_of_both_groups_becomes_a_client_only():
    made = only([contact("Smith", "X300", AP, AR)])

    assert made.fields == fields(ar_account="X300", is_client=True)


def test_R41_Q6_a_supplier_flag_set_by_hand_survives_on_a_client():
    by_hand = fields(ar_account="X300", is_client=True, ap_account="OWN", is_supplier=True)

    change = only([contact("Smith", "X300", AP, AR)], [linked(7, by_hand, "Smith")])

    assert change.is_unchanged


def test_R42_an_existing_company_is_recognised_by_its_account():
    change = only([contact("Smith & Sons", "S200", AP)], [Known(7, supplier("Smith"), None)])

    assert (change.key, change.is_new) == (7, False)
    assert change.fields.name == "Smith & Sons"
    assert change.link == Link("id of Smith & Sons", "Smith & Sons", "ACTIVE")


@pytest.mark.parametrize(
    ("ours", "theirs"), [(" S200", "S200"), ("S200", "\tS200 "), ("S200 ", "S200")]
)
def test_R49_spaces_around_an_account_never_break_a_match(ours, theirs):
    change = only([contact("Smith", theirs, AP)], [Known(7, supplier(account=ours), None)])

    assert change.key == 7
    assert change.fields.ap_account == "S200"


def test_Q39_a_client_never_takes_over_a_supplier_with_the_same_account():
    change = only([contact("Smith", "S200", AR)], [Known(7, supplier(), None)])

    assert change.is_new


def test_Q40_a_company_is_recognised_by_its_contact_before_its_account():
    known = [linked(7, supplier(account="S200"), "Smith")]

    change = only([contact("Smith", "S201", AP)], known)

    assert (change.key, change.fields.ap_account) == (7, "S201")


def test_an_account_that_moves_onto_another_company_is_refused():
    known = [
        linked(7, supplier("Smith", "S200"), "Smith"),
        Known(8, supplier("Jones", "S201"), None),
    ]

    assert rejected([contact("Smith", "S201", AP)], known) == [
        (
            "Smith",
            Outcome.FAILED,
            "its Account Number is now S201, which is the AP Account of another company, Jones",
        )
    ]


def test_a_company_of_a_living_contact_is_not_given_to_another():
    known = [
        linked(
            7, fields(ap_account="S200", is_supplier=True, ar_account="C1", is_client=True), "Smith"
        )
    ]

    plan = plan_companies(
        [contact("Smith", "C1", AR), contact("Jones", "S200", AP)], known, TEMPLATE
    )

    assert [one.name for one in plan.rejections] == ["Jones"]
    assert plan.rejections[0].outcome is Outcome.FAILED


def test_R34_a_second_import_finds_nothing_to_change():
    contacts = [
        contact("Smith", "S200", AP, email="a@b.nz", bills_terms=Terms(30, "DAYSAFTERBILLDATE")),
        contact("Client", "C100", AR, default_currency="AUD"),
        contact("Old", "S300", AP, status="ARCHIVED"),
    ]
    first = plan_companies(contacts, [], TEMPLATE)
    known = [Known(key, made.fields, made.link) for key, made in enumerate(first.changes)]

    second = plan_companies(contacts, known, TEMPLATE)

    assert len(second.changes) == 3
    assert all(change.is_unchanged for change in second.changes)


def test_a_contact_that_comes_twice_counts_once_and_the_last_counts():
    made = only([contact("Smith", "S200", AP), replace(contact("Smith", "S200", AP), phone="1")])

    assert made.fields.phone == "1"


def test_R45_R46_terms_of_the_right_side_are_taken():
    both = {"bills_terms": Terms(7, "DAYSAFTERBILLDATE"), "sales_terms": Terms(5, "OFCURRENTMONTH")}

    assert only([contact("S", "S1", AP, **both)]).fields.payment_terms_type == "DAYSAFTERBILLDATE"
    assert only([contact("C", "C1", AR, **both)]).fields.payment_terms_type == "OFCURRENTMONTH"


def test_R45_terms_currency_and_contact_details_fall_back_to_what_is_there():
    company = supplier(
        currency_code="AUD", payment_terms_days=7, payment_terms_type="DAYSAFTERBILLDATE",
        email="own@example.com", phone="123", address="1 Own Road", tax_number="9",
    )  # fmt: skip

    assert only([contact("Smith", "S200", AP)], [linked(7, company, "Smith")]).is_unchanged


def test_terms_xero_does_not_define_are_left_aside():
    made = only([contact("Smith", "S200", AP, bills_terms=Terms(9, "WHENEVER"))])

    assert (made.fields.payment_terms_days, made.fields.payment_terms_type) == (
        20,
        "OFFOLLOWINGMONTH",
    )


def test_the_street_address_is_kept_and_empty_ones_are_not():
    addresses = (
        Address("POBOX", ("PO Box 1",), "", "", "", ""),
        Address("STREET", ("1 Quay St", ""), "Auckland", "", "1010", "New Zealand"),
    )

    made = only([contact("Smith", "S200", AP, addresses=addresses)])

    assert made.fields.address == "1 Quay St\nAuckland 1010\nNew Zealand"
    nothing = (Address("STREET", ("",), "", "", "", ""),)
    assert only([contact("Smith", "S200", AP, addresses=nothing)]).fields.address is None


def test_R47_an_archived_contact_makes_its_company_inactive_and_back_again():
    known = [linked(7, supplier(), "Smith")]

    archived = only([contact("Smith", "S200", AP, status="ARCHIVED")], known)
    assert not archived.fields.active

    asleep = [Known(7, archived.fields, archived.link)]
    assert only([contact("Smith", "S200", AP)], asleep).fields.active


def test_R47_an_archived_contact_that_fell_out_of_its_group_still_makes_its_company_inactive():
    change = only([contact("Smith", "S200", status="ARCHIVED")], [linked(7, supplier(), "Smith")])

    assert change.fields == supplier(active=False)
    assert change.link.status == "ARCHIVED"


def test_a_new_contact_takes_the_company_of_an_archived_one_with_the_same_account():
    known = [linked(7, supplier(), "Old Smith")]
    contacts = [
        contact("Old Smith", "S200", AP, status="ARCHIVED"),
        contact("Smith", "S200", AP),
    ]

    plan = plan_companies(contacts, known, TEMPLATE)

    assert [(one.key, one.link.contact_id) for one in plan.changes] == [(7, "id of Smith")]
    assert [one.outcome for one in plan.rejections] == [Outcome.SKIPPED]
    assert "is now of Smith" in plan.rejections[0].reason


def test_an_account_number_on_two_contacts_is_reported_and_not_guessed():
    contacts = [contact("Smith", "S200", AP), contact("Jones", "S200 ", AP)]

    found = rejected(contacts)

    assert [(name, outcome) for name, outcome, _ in found] == [
        ("Smith", Outcome.FAILED),
        ("Jones", Outcome.FAILED),
    ]
    assert "also of Jones" in found[0][2]
    assert plan_companies(contacts, [], TEMPLATE).changes == []


def test_of_two_contacts_with_one_account_number_the_linked_one_keeps_its_company():
    contacts = [contact("Jones", "S200", AP), contact("Smith", "S200", AP)]

    plan = plan_companies(contacts, [linked(7, supplier(), "Smith")], TEMPLATE)

    assert [change.key for change in plan.changes] == [7]
    assert [one.name for one in plan.rejections] == ["Jones"]


def test_a_contact_without_a_name_is_refused():
    assert rejected([contact("", "S200", AP)]) == [
        ("a contact without a name", Outcome.FAILED, "no Name")
    ]


@pytest.mark.parametrize("day", [-1, 367])
def test_terms_of_a_number_of_days_that_cannot_be_are_left_aside(day):
    made = only([contact("Smith", "S200", AP, bills_terms=Terms(day, "DAYSAFTERBILLDATE"))])

    assert made.fields.payment_terms_days == TEMPLATE.payment_terms_days


def test_R50_without_a_template_new_companies_stop_and_known_ones_go_on():
    contacts = [contact("Smith", "S200", AP, phone="1"), contact("New", "S300", AP)]

    plan = plan_companies(contacts, [linked(7, supplier(), "Smith")], None)

    assert plan.without_template == 1
    assert [change.key for change in plan.changes] == [7]
    assert [one.name for one in plan.rejections] == ["New"]


def test_a_name_longer_than_ours_may_be_survives():
    long = "x" * 300

    made = only([contact(long, "S200", AP)])

    assert (len(made.fields.name), made.link.name) == (255, long)
    again = [Known(7, made.fields, made.link)]
    assert only([contact(long, "S200", AP)], again).is_unchanged


def test_an_account_number_longer_than_ours_may_be_is_refused():
    assert rejected([contact("Smith", "9" * 51, AP)])[0][1] is Outcome.FAILED
