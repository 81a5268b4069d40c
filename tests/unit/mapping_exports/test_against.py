import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from webapp.domain.accounts import Chart, LedgerAccount
from webapp.domain.documents import DocumentKind
from webapp.mapping.exports.against import (
    Facts,
    head_problems,
    head_warnings,
    line_problems,
    line_warnings,
    number_problems,
    numbers_in,
    size_problems,
)
from webapp.mapping.exports.against.facts import Category, LockDate, SalesNumber, TaxRate
from webapp.mapping.exports.outgoing import Tag

KNOWN = Facts(
    fin_co="01",
    organisation="Harbour Civil",
    base_currency="NZD",
    organisation_currency="NZD",
    chart=Chart(
        [
            LedgerAccount("310", "Materials", "DIRECTCOSTS", "ACTIVE", ""),
            LedgerAccount("495", "Old", "EXPENSE", "ARCHIVED", ""),
            LedgerAccount("090", "Bank", "BANK", "ACTIVE", ""),
            LedgerAccount("800", "Payables", "CURRLIAB", "ACTIVE", "CREDITORS"),
            LedgerAccount("630", "Stock", "INVENTORY", "ACTIVE", ""),
        ]
    ),
    account_classes={"310": "EXPENSE"},
    tax_rates={
        "INPUT2": TaxRate("GST on Expenses", "ACTIVE", frozenset({"EXPENSE"})),
        "OUTPUT2": TaxRate("GST on Income", "ACTIVE", frozenset({"REVENUE"})),
        "OLD": TaxRate("Old GST", "DELETED", frozenset({"EXPENSE"})),
    },
    categories={
        "Department": Category("ACTIVE", {"civil": "ACTIVE", "yard": "ARCHIVED"}),
        "Region": Category("ARCHIVED", {"north": "ACTIVE"}),
    },
    currencies=frozenset({"NZD", "AUD"}),
)


def in_head(document, facts=KNOWN):
    return [problem.code for problem in head_problems(document, facts)]


def on_lines(document, facts=KNOWN):
    return [(problem.code, problem.line) for problem in line_problems(document, facts)]


def only(document, line, **members):
    return document(lines=(line(**members),))


def test_an_ordinary_document_fits_its_organisation(document):
    assert [*in_head(document()), *on_lines(document())] == []


def test_what_was_never_imported_is_not_judged(document, line):
    odd = document(
        currency_code="EUR",
        currency_rate=Decimal(1),
        lines=(
            line(
                account_code="777",
                export_code="X",
                tags=(Tag(category="A", option="B"),),
            ),
        ),
    )
    unknown = Facts(base_currency="NZD")
    assert [*in_head(odd, unknown), *on_lines(odd, unknown)] == []


@pytest.mark.parametrize(
    ("account", "code", "word"),
    [
        ("777", "account-missing", "Xero has no account 777."),
        ("495", "account-archived", "Account 495 Old is archived in Xero."),
        ("090", "account-not-valid", "is a bank account"),
        ("800", "account-not-valid", "what is owed to suppliers"),
    ],
)
def test_C6_1_C7_2_an_account_that_takes_no_lines_is_out_of_the_mapping_s_date(
    document, line, account, code, word
):
    (problem,) = line_problems(only(document, line, account_code=account), KNOWN)
    assert (problem.code, problem.line) == (code, 1)
    assert word in problem.message
    assert problem.way_out.startswith("The mapping is out of date.")


def test_an_inventory_account_takes_bills_and_no_journals(document, line):
    stock = line(account_code="630", credit_account_code="310", tags=())
    assert on_lines(document(lines=(stock,))) == []
    journal = document(kind=DocumentKind.JOURNAL, lines=(stock,))
    assert on_lines(journal) == [("account-not-valid", 1)]


def test_both_sides_of_a_journal_s_line_are_judged_and_one_of_zero_is_not(document, line):
    sides = {"account_code": "495", "credit_account_code": "777", "tags": ()}
    journal = document(
        kind=DocumentKind.JOURNAL, lines=(line(**sides), line("0.00", line_no=2, **sides))
    )
    assert on_lines(journal) == [("account-archived", 1), ("account-missing", 1)]


@pytest.mark.parametrize(
    ("tax_type", "code"),
    [
        ("INPUT9", "tax-type-unknown"),
        ("OLD", "tax-type-inactive"),
        ("OUTPUT2", "tax-not-for-account"),
    ],
)
def test_C8_3_a_tax_rate_must_be_there_in_use_and_fit_the_account(document, line, tax_type, code):
    assert on_lines(only(document, line, export_code=tax_type)) == [(code, 1)]


def test_R103_a_category_in_other_capitals_is_reported_and_not_dropped(document, line):
    tag = Tag(category="department", option="Civil")
    (problem,) = line_problems(only(document, line, tags=(tag,)), KNOWN)
    assert problem.code == "tracking-category-unknown"
    assert "It has Department: capitals count." in problem.message


@pytest.mark.parametrize(
    ("category", "option", "code"),
    [
        ("Division", "Civil", "tracking-category-unknown"),
        ("Region", "North", "tracking-category-archived"),
        ("Department", "Moon", "tracking-option-unknown"),
        ("Department", "Yard", "tracking-option-archived"),
    ],
)
def test_R104_C10_1_categories_and_options_are_those_of_the_organisation(
    document, line, category, option, code
):
    tags = (Tag(category=category, option=option),)
    assert on_lines(only(document, line, tags=tags)) == [(code, 1)]


def test_an_option_is_found_whatever_its_capitals(document, line):
    assert on_lines(only(document, line, tags=(Tag(category="Department", option="CIVIL"),))) == []


@pytest.mark.parametrize(("day", "held"), [(30, True), (31, True), (1, False)])
def test_a_date_on_or_before_a_lock_date_is_held_back(document, day, held):
    month = 10 if held else 11
    dated = document(date=dt.date(2026, month, day))
    locked = replace(
        KNOWN,
        locks=(
            LockDate("period lock date", dt.date(2026, 10, 31)),
            LockDate("end of year lock date", dt.date(2026, 3, 31)),
        ),
    )
    found = list(head_problems(dated, locked))
    assert [problem.code for problem in found] == (["period-locked"] if held else [])
    if held:
        assert "period lock date is 31 Oct 2026" in found[0].message
        assert "1 Nov 2026 or later" in found[0].way_out


def test_C6_2_an_archived_contact_takes_no_documents(document):
    contact_id = document().contact_id
    for status, code in (("ARCHIVED", "contact-archived"), ("GDPRREQUEST", "contact-out-of-use")):
        facts = replace(KNOWN, contacts_out_of_use={contact_id: status})
        assert in_head(document(), facts) == [code]


def test_C6_3_a_currency_the_organisation_has_not_is_named(document):
    euros = document(currency_code="EUR", currency_rate=Decimal("0.5"))
    assert in_head(euros) == ["currency-not-enabled"]


@pytest.mark.parametrize("rate", [None, Decimal(0)])
def test_R106_a_foreign_document_without_a_rate_is_held_back(document, rate):
    assert in_head(document(currency_code="AUD", currency_rate=rate)) == ["no-rate"]


def test_books_kept_in_another_currency_are_not_written_to(document):
    facts = replace(KNOWN, organisation_currency="AUD")
    assert in_head(document(), facts) == ["base-currency-differs"]


def test_C4_2_a_permission_that_was_withheld_is_named_with_what_it_is_for(document):
    facts = replace(KNOWN, withheld={"accounting.invoices": "exporting AP invoices"})
    (problem,) = head_problems(document(), facts)
    assert "exporting AP invoices" in problem.message
    assert in_head(document(kind=DocumentKind.JOURNAL, due_date=None), facts) == []


def numbered(facts, *documents):
    together = numbers_in(documents)
    return [[p.code for p in number_problems(one, facts, together, {})] for one in documents]


def test_sales_numbers_are_unique_among_invoices_and_among_credits(document):
    sales = {"kind": DocumentKind.SALES_INVOICE}
    first, second = document(number="A-1", **sales), document(number="a-1", **sales)
    credit = document("-5.00", number="A-1", kind=DocumentKind.SALES_CREDIT)
    assert numbered(KNOWN, first, second, credit) == [["number-twice"], ["number-twice"], []]
    there = replace(KNOWN, numbers_in_xero={SalesNumber(credit=False, folded="a-1"): "Claim A-1"})
    assert numbered(there, first, credit) == [["number-taken"], []]


def test_a_supplier_s_number_may_come_twice(document):
    assert numbered(KNOWN, document(number="7"), document(number="7")) == [[], []]


@pytest.mark.parametrize(("number", "code"), [(" ", "no-number"), ("N" * 256, "number-too-long")])
def test_a_number_is_there_and_not_too_long(document, number, code):
    assert numbered(KNOWN, document(number=number)) == [[code]]


def test_a_record_beyond_what_a_request_takes_is_held_back():
    assert not list(size_problems("AP Invoice 1", 10_000_000))
    (problem,) = size_problems("AP Invoice 1", 10_000_001)
    assert "fewer lines" in problem.way_out


def test_an_amount_beyond_xero_s_largest_is_held_back(document, line):
    assert on_lines(only(document, line, value="9999999999.99")) == []
    assert on_lines(only(document, line, value="-10000000000.00")) == [("amount-too-large", 1)]


def test_R69_another_percent_in_xero_is_a_warning_and_holds_nothing_back(document, line):
    odd = only(document, line, xero_percent=Decimal(10))
    (warning,) = line_warnings(odd)
    assert "GST Type G15 is 15 %, and INPUT2 in Xero 10 %." in warning.message
    assert on_lines(odd) == []


def test_a_due_date_before_the_date_is_a_warning(document):
    (warning,) = head_warnings(document(due_date=dt.date(2026, 11, 1)))
    assert "1 Nov 2026, before its own date, 20 Nov 2026" in warning.message
