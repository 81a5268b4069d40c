import pytest

from webapp.mapping.exports.explain import explain
from webapp.xero.records import ElementProblem

SAID = {
    "account-archived": (
        "Account code '412' has been archived, or has been deleted. Please select another."
    ),
    "account-not-valid": "Account code '412' is not a valid code for this document.",
    "tax-not-for-account": "The TaxType code 'OUTPUT2' cannot be used with account code '412'.",
    "tax-type-unknown": (
        "The TaxType code 'ZZZ' does not exist or cannot be used for this type of transaction."
    ),
    "period-locked": (
        "The document date cannot be before the period lock date, currently set at 30 June 2026."
    ),
    "number-not-unique": "Invoice # must be unique.",
    "contact-archived": (
        "The contact matched an archived contact. Archived contacts cannot currently be edited."
    ),
    "contact-unknown": (
        "An existing contact could not be found using the specified contact details. The contact "
        "name field is required to create a new contact."
    ),
    "currency-not-enabled": "Organisation is not subscribed to currency EUR",
    "journal-out-of-balance": ("The total debits (100.00) must equal total credits (-10.00)"),
    "plan-limit": "You have reached the limit of invoices you can approve",
}


def told(message, path="", facts=None):
    return explain(
        ElementProblem(path, message), record="AP Invoice 7", facts=facts or {}, request_id="r-1"
    )


@pytest.mark.parametrize(("code", "message"), SAID.items())
def test_each_known_refusal_is_recognised_and_xeros_own_words_stay_beside_it(code, message):
    problem = told(message)
    assert problem.code == code
    assert problem.verbatim == message
    assert problem.request_id == "r-1"
    assert "{" not in problem.message + problem.way_out


def test_the_account_is_named_as_well_as_numbered():
    problem = told(SAID["account-archived"], facts={"account:412": "Subcontractors"})
    assert "412 (Subcontractors)" in problem.message


def test_the_line_to_blame_is_counted_from_one():
    assert told("Anything", path="LineItems[2].AccountCode").line == 3
    assert told("Anything").line is None


def test_an_unknown_refusal_is_shown_in_xeros_words():
    problem = told("Something new in 2027.")
    assert problem.code == "refused"
    assert problem.verbatim == "Something new in 2027."


def test_R94_a_line_of_a_journal_is_named_by_its_number_here_though_it_is_two_in_xero():
    def blamed(path):
        problem = ElementProblem(path, SAID["account-archived"])
        return explain(
            problem, record="J-1", facts={}, request_id=None, journal_lines=(3, 3, 7, 7)
        ).line

    assert [blamed(f"JournalLines[{place}]") for place in range(5)] == [3, 3, 7, 7, None]


@pytest.mark.parametrize("what", ["Invoice", "Credit Note"])
def test_a_number_that_is_taken_is_not_simply_to_be_changed(what):
    problem = told(f"{what} # must be unique.")
    assert what in problem.message
    assert "If somebody entered this very document there" in problem.way_out
