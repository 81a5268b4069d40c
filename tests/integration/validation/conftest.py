"""A FinCo whose codes name accounts in every way there is."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from webapp.db import db, utc_now
from webapp.domain.accounts import AccountProblem
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import (
    Activity,
    Document,
    DocumentLine,
    FinCo,
    Job,
    Location,
    Period,
    ProfitCentre,
    SalesCode,
)
from webapp.services.accounts_validation import AccountsReport, validate_accounts
from webapp.services.batches import new_batch


@dataclass
class Codes:
    """Makes the codes of a FinCo, each in one line."""

    fin_co_id: int

    def centre(self, code: str = "CIV", **given: Any) -> ProfitCentre:
        location = db.session.scalars(sa.select(Location)).first()
        made = {"description": code, "fin_co_id": self.fin_co_id, "location": location}
        return self._add(ProfitCentre(code=code, **(made | given)))

    def activity(self, code: str, **given: Any) -> Activity:
        return self._add(Activity(code=code, **({"description": f"Activity {code}"} | given)))

    def sales_code(self, code: str, **given: Any) -> SalesCode:
        return self._add(SalesCode(code=code, **({"description": f"Sales {code}"} | given)))

    def job(self, centre: ProfitCentre, code: str = "J1", **given: Any) -> Job:
        made = {"description": f"Job {code}", "profit_centre": centre}
        return self._add(Job(code=code, **(made | given)))

    def line(self, *, kind: DocumentKind = DocumentKind.AP_INVOICE, **given: Any) -> Document:
        """A document with one line; its batch is open and may be exported."""
        if db.session.scalars(sa.select(Period)).first() is None:
            first, last = dt.date(2026, 11, 1), dt.date(2026, 11, 30)
            self._add(Period(year=2027, number=8, start_date=first, end_date=last, is_current=True))
        sales = kind is DocumentKind.SALES_INVOICE
        batch = new_batch(
            fin_co=db.session.get_one(FinCo, self.fin_co_id),
            kind=BatchType.AR_INVOICE if sales else BatchType.AP_INVOICE,
            date=dt.date(2026, 11, 20),
            reference="November",
            user_id=None,
            now=utc_now(),
        )
        value = Decimal(100)
        return self._add(
            Document(
                uid=str(uuid4()),
                kind=kind,
                batch=batch,
                number=str(uuid4()),
                document_date=dt.date(2026, 11, 12),
                currency_code="NZD",
                status=DocumentStatus.APPROVED,
                value_ex_gst=value,
                gst=Decimal(0),
                lines=[DocumentLine(line_no=1, value_ex_gst=value, gst=Decimal(0), **given)],
            )
        )

    def _add(self, row: Any) -> Any:
        db.session.add(row)
        db.session.commit()
        return row


@pytest.fixture
def codes(house) -> Codes:
    return Codes(house.fin_co_id)


@pytest.fixture
def validate(house, deps) -> Callable[..., AccountsReport]:
    def validated(fin_co_id: int | None = None, now: dt.datetime | None = None) -> AccountsReport:
        return validate_accounts(
            deps.xero, fin_co_id=fin_co_id or house.fin_co_id, now=now or utc_now()
        )

    return validated


@pytest.fixture
def change_account(sandbox) -> Callable[..., None]:
    """Change an account inside Xero, found by its code."""

    def changed(code: str, **members: Any) -> None:
        ledger = sandbox.inside()
        accounts = ledger.call("GET", "Accounts")["Accounts"]
        (account_id,) = [one["AccountID"] for one in accounts if one.get("Code") == code]
        if members:
            ledger.call("POST", f"Accounts/{account_id}", members)
        else:
            ledger.call("DELETE", f"Accounts/{account_id}")

    return changed


def told(report: AccountsReport) -> dict[str, list[tuple[str, str, str]]]:
    """For each code with a problem, who uses it: kind, record and side."""
    return {problem.code: users(problem) for problem in report.problems}


def users(problem: AccountProblem) -> list[tuple[str, str, str]]:
    return [(usage.kind.value, usage.record, usage.side) for usage in problem.used_by]


@pytest.fixture(name="told")
def told_fixture() -> Callable[[AccountsReport], dict[str, list[tuple[str, str, str]]]]:
    return told
