"""Xero's refusals in words a finance person can act on; Xero's own text always goes beside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.domain.problems import Problem
from webapp.xero.records import ElementProblem


@dataclass(frozen=True)
class Explanation:
    """How one family of Xero's messages is recognised and what is said instead.

    ``message`` and ``way_out`` may name the groups of the pattern.
    """

    code: str
    pattern: re.Pattern[str]
    message: str
    way_out: str


def _explanation(code: str, pattern: str, message: str, way_out: str) -> Explanation:
    return Explanation(code, re.compile(pattern, re.IGNORECASE), message, way_out)


CATALOGUE = (
    _explanation(
        "account-archived",
        r"account code '(?P<account>[^']*)' has been archived",
        "Account {account} is archived in Xero, or was deleted there.",
        "Restore account {account} in Xero (Accounting > Chart of accounts), or choose another GL "
        "Account on the activity or sales code; then export the batch again.",
    ),
    _explanation(
        "account-not-valid",
        r"account code '(?P<account>[^']*)' is not a valid code",
        "Account {account} does not exist in Xero, or cannot be used on this kind of document.",
        "Choose an account of the organisation on the activity or sales code (not a bank, debtors "
        "or creditors account), then export the batch again.",
    ),
    _explanation(
        "tax-not-for-account",
        r"TaxType code '?(?P<tax>\S+?)'? cannot be used with account code '?(?P<account>[^'.]+)",
        "Tax type {tax} may not be used with account {account} in Xero.",
        "Choose another GST Type on the line, or an account that takes this tax; then export the "
        "batch again.",
    ),
    _explanation(
        "tax-type-unknown",
        r"TaxType code '?(?P<tax>\S*?)'? does not exist",
        "Tax type {tax} does not exist in Xero, or is not for this kind of document.",
        "Choose a current Export Code for the GST Type, then export the batch again.",
    ),
    _explanation(
        "period-locked",
        r"(period lock date|end of year lock date)(?:.*currently set at (?P<date>[^.]+))?",
        "The document's date lies in a period that is locked in Xero.",
        "Ask your adviser to change the lock date (Accounting > Financial settings > Lock dates), "
        "or date the document after it; then export the batch again.",
    ),
    _explanation(
        "number-not-unique",
        r"(?P<what>Invoice|Credit Note) # must be unique",
        "Xero already has another sales document with this number ({what}).",
        "Look the number up in Xero. If somebody entered this very document there, mark it here as "
        "not to be exported; otherwise give it another number. Xero does not give a number free "
        "when its document is voided.",
    ),
    _explanation(
        "contact-archived",
        r"archived contact|contact.*(is|has been) archived",
        "The contact is archived in Xero.",
        "Restore the contact in Xero (Contacts > Archived), then export the batch again.",
    ),
    _explanation(
        "contact-unknown",
        r"contact could not be found|ContactID.*(not found|does not exist)",
        "Xero does not know the contact this company is linked to.",
        "Import Companies so that the link is renewed, then export the batch again.",
    ),
    _explanation(
        "currency-not-enabled",
        r"not subscribed to currency (?P<currency>\w+)",
        "{currency} is not one of the organisation's currencies.",
        "Add {currency} in Xero (Settings > Currencies), then export the batch again.",
    ),
    _explanation(
        "tracking-unknown",
        r"tracking",
        "A tracking category or option of a line is not in Xero, or is archived there.",
        "Compare Tracking Category 1 and 2 on the Xero Integration screen, and the option's name, "
        "with Xero (Accounting > Advanced > Tracking categories): capitals count.",
    ),
    _explanation(
        "plan-limit",
        r"limit of invoices you can approve",
        "The organisation's Xero plan allows no more approved documents this month.",
        "Upgrade the plan in Xero, or wait for the next month; then export the batch again.",
    ),
    _explanation(
        "journal-out-of-balance",
        r"total debits .* must equal total credits",
        "Xero finds that the journal's debits and credits differ.",
        "Export the batch again. If Xero refuses it again, tell your administrator: journals are "
        "checked here before they are sent.",
    ),
    _explanation(
        "total-differs",
        r"total does not equal|does not match the expected line total",
        "Xero's arithmetic gives another total than this document.",
        "Check the document's GST, then export the batch again.",
    ),
)


def explain(
    problem: ElementProblem,
    *,
    record: str,
    facts: Mapping[str, str],
    request_id: str | None,
    journal_lines: Sequence[int] = (),
) -> Problem:
    """Put one of Xero's messages in plain words, with the way out and the original beside it.

    Args:
        problem: Xero's message and where in the record it hangs.
        record: the document as a person names it.
        facts: what the messages may say more precisely, such as ``account:412`` to its name.
        request_id: Xero's correlation id.
        journal_lines: of a journal, the number here of each line that was sent.
    """
    line = _line_of(problem.path, journal_lines)
    for entry in CATALOGUE:
        found = entry.pattern.search(problem.message)
        if found is None:
            continue
        words = {name: value or "" for name, value in found.groupdict().items()}
        if named := facts.get(f"account:{words.get('account')}"):
            words["account"] = f"{words['account']} ({named})"
        return Problem(
            code=entry.code,
            record=record,
            message=entry.message.format(**words),
            way_out=entry.way_out.format(**words),
            line=line,
            verbatim=problem.message,
            request_id=request_id,
        )
    return Problem(
        code="refused",
        record=record,
        message="Xero refused the document.",
        way_out="Read Xero's words below, mend what they name, then export the batch again.",
        line=line,
        verbatim=problem.message,
        request_id=request_id,
    )


def _line_of(path: str, journal_lines: Sequence[int]) -> int | None:
    found = re.search(r"(LineItems|JournalLines)\[(\d+)\]", path)
    if found is None:
        return None
    place = int(found.group(2))
    if found.group(1) == "LineItems":
        return place + 1
    # Two lines in Xero may be the two sides of one here.
    return journal_lines[place] if place < len(journal_lines) else None
