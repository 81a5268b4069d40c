from decimal import Decimal

from webapp.domain.documents import DocumentKind
from webapp.mapping.exports.checks import problems_of


def codes(document):
    return [problem.code for problem in problems_of(document)]


def test_an_ordinary_document_has_no_problems(document):
    assert problems_of(document("10.00", "-3.00")) == ()


def test_R96_a_supplier_without_a_xero_id_is_named_in_the_documented_words(document):
    (problem,) = problems_of(document(contact_id=None))
    assert problem.message == "Supplier 'Firth' does not have a Xero ID."
    assert "AP Account" in problem.way_out


def test_R96_a_customer_without_a_xero_id_is_called_a_customer(document):
    (problem,) = problems_of(document(contact_id=None, kind=DocumentKind.SALES_INVOICE))
    assert problem.message == "Customer 'Firth' does not have a Xero ID."


def test_R94_R95_each_line_without_account_or_export_code_is_named(document, line):
    bad = document(
        lines=(
            line(line_no=1),
            line(line_no=2, account_code=None),
            line(line_no=3, export_code=None),
        )
    )
    assert [(problem.code, problem.line) for problem in problems_of(bad)] == [
        ("no-gl-account", 2),
        ("no-export-code", 3),
    ]


def test_R97_a_credit_without_payment_date_is_refused_by_that_name(document):
    credit = document("-10.00", kind=DocumentKind.AP_CREDIT, due_date=None)
    (problem,) = problems_of(credit)
    assert "payment date" in problem.message


def test_every_problem_is_told_at_once(document):
    assert codes(document(contact_id=None, due_date=None, lines=())) == [
        "no-xero-id",
        "no-lines",
        "no-due-date",
    ]


def test_a_credit_above_zero_is_not_quietly_turned_around(document):
    assert codes(document("10.00", kind=DocumentKind.AP_CREDIT)) == ["credit-above-zero"]
    assert Decimal("11.50") == document("10.00").total


def test_R86_a_sales_credit_above_zero_is_held_back_and_led_to_the_sales_invoice(document):
    (problem,) = problems_of(document("10.00", kind=DocumentKind.SALES_CREDIT))
    assert problem.code == "credit-above-zero"
    assert "Enter it as a Job Sales Invoice" in problem.way_out
