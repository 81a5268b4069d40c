"""The buttons that ask the organisation something and change nothing in it."""

import datetime as dt

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.viewers import FinCoChoice
from webapp.services.accounts_validation import AccountsReport, csv_rows, validate_accounts
from webapp.services.connections import TestResult, test_connection
from webapp.services.errors import ServiceError
from webapp.web.csv_files import csv_file
from webapp.web.formats import day
from webapp.web.integration.recording import note
from webapp.web.integration.view import SCREEN, address, refused, show, tell_the_page
from webapp.web.notices import Notice, answer, is_htmx
from webapp.web.security import fin_co_or_404, requires

blueprint = Blueprint("asking", __name__)

THOUSAND = 1000


@blueprint.post(f"{SCREEN}/<code>/test")
@requires(Permission.RUN_IMPORT)
def test(code: str) -> ResponseReturnValue:
    """Ask the organisation whether it answers (R20)."""
    fin_co = fin_co_or_404(code)
    deps = current_deps()
    try:
        result = test_connection(deps.xero, fin_co_id=fin_co.id, now=deps.clock())
    except ServiceError as error:
        return refused(error, code)
    note("test", fin_co.id, {"organisation": result.organisation_name, "answered": result.ok})
    tell_the_page()
    return answer(_told(result), address(code))


@blueprint.post(f"{SCREEN}/<code>/validate-accounts")
@requires(Permission.RUN_IMPORT)
def validate(code: str) -> ResponseReturnValue:
    """Compare the accounts, and list those that do not fit below the buttons (R22 to R24)."""
    fin_co = fin_co_or_404(code)
    try:
        report = _compared(fin_co)
    except ServiceError as error:
        return refused(error, code)
    tell_the_page()
    if is_htmx():
        return render_template("integration/_accounts.html", report=report, fin_co=fin_co)
    return show(fin_co, report=report)


@blueprint.post(f"{SCREEN}/<code>/accounts.csv")
@requires(Permission.RUN_IMPORT)
def validate_csv(code: str) -> ResponseReturnValue:
    """Compare the accounts anew and give what does not fit as a file."""
    fin_co = fin_co_or_404(code)
    try:
        report = _compared(fin_co)
    except ServiceError as error:
        return refused(error, code)
    headings, *rows = csv_rows(report)
    return csv_file(f"accounts-{fin_co.id}-{report.checked_at:%Y-%m-%d}", headings, rows)


def _compared(fin_co: FinCoChoice) -> AccountsReport:
    deps = current_deps()
    report = validate_accounts(deps.xero, fin_co_id=fin_co.id, now=deps.clock())
    found = {"accounts": report.accounts_used, "with_problems": len(report.problems)}
    note("validate", fin_co.id, found)
    return report


def _told(result: TestResult) -> Notice:
    facts = [
        ("Organisation", result.organisation_name + (" (demo)" if result.is_demo_company else "")),
        ("Answered in", _took(result.elapsed_ms)),
        ("Country", result.country_code),
        ("Base currency", result.base_currency_code),
        ("Locked to", _locked(result.period_lock_date)),
        ("Year locked to", _locked(result.end_of_year_lock_date)),
        ("Calls left today", _number_or_none(result.calls_left_today)),
    ]
    return Notice(
        "success" if result.ok else "danger",
        result.message,
        result.way_out or None,
        facts=tuple((label, value) for label, value in facts if value) if result.ok else (),
    )


def _took(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, THOUSAND)
    return f"{seconds}.{rest // 100} s" if seconds else f"{milliseconds} ms"


def _locked(date: dt.date | None) -> str:
    return day(date) if date else "no lock date"


def _number_or_none(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"
