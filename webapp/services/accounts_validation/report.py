"""What a comparison of accounts found, and the same as rows of a spreadsheet."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.accounts import AccountProblem
from webapp.domain.spreadsheets import defused

HEADINGS = (
    "Account",
    "Name in Xero",
    "Problem",
    "Used by",
    "Code",
    "Description",
    "Field",
    "Profit Centres",
    "Way out",
)


@dataclass(frozen=True)
class AccountsReport:
    """What was found when the accounts were last read from the organisation.

    Attributes:
        checked_at: when, in UTC.
        organisation_name: whose accounts they were.
        accounts_used: how many different accounts Workbench names for the FinCo.
        problems: those that do not fit, in the order of their codes; what names none comes last.
    """

    checked_at: dt.datetime
    organisation_name: str
    accounts_used: int
    problems: tuple[AccountProblem, ...]

    @property
    def ok(self) -> bool:
        """Whether all were found and can be posted to (R24)."""
        return not self.problems


def csv_rows(report: AccountsReport) -> Iterator[tuple[str, ...]]:
    """The problems as rows of a CSV file, headings first; a row for each place of use."""
    yield HEADINGS
    for problem in report.problems:
        for usage in problem.used_by:
            cells = (
                problem.code,
                problem.name or "",
                problem.problem,
                usage.kind,
                usage.record,
                usage.description,
                usage.side,
                ", ".join(usage.profit_centres),
                problem.way_out,
            )
            yield tuple(defused(cell) for cell in cells)
