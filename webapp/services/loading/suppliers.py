"""The suppliers of a file: found by their AP Account, made where they are missing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.grouping import Draft
from webapp.domain.ingest.mapping import ColumnMapping
from webapp.domain.terms import TermsType, due_date
from webapp.models import Company, FinCo
from webapp.services.loading.lookup import parts

_TERMS = frozenset(TermsType)


@dataclass(frozen=True)
class Supplier:
    """A supplier as far as a load needs it; ``terms`` are days and Xero's word for their kind."""

    id: int
    name: str
    active: bool
    terms: tuple[int | None, str | None]


class Suppliers:
    """Which supplier each account of a file is."""

    def __init__(self, fin_co: FinCo, mapping: ColumnMapping, drafts: Iterable[Draft]) -> None:
        self._fin_co = fin_co
        self._mapping = mapping
        template = fin_co.template_company
        self._template_terms = _terms(template) if template else (None, None)
        self._names: dict[str, str] = {}
        for draft in drafts:
            # One account may stand for several payees: the first is the name, and each line
            # whose payee is another one says so in its description.
            self._names.setdefault(draft.supplier_account, draft.lines[0].supplier_name)
        self._known = self._find(self._names)

    def reason(self, account: str) -> str | None:
        """Why nothing can be entered for this account; None where it can."""
        known = self._known.get(account)
        if known is None and not self._mapping.create.suppliers:
            return (
                f"there is no supplier with AP Account {account} in FinCo {self._fin_co.code}, "
                "and the mapping does not create suppliers"
            )
        if known is not None and not known.active:
            return f"supplier {known.name} (AP Account {account}) is inactive"
        return None

    def id_of(self, account: str) -> int | None:
        """The company of this account, None while there is none."""
        known = self._known.get(account)
        return known.id if known else None

    def name_of(self, account: str) -> str:
        """The supplier's name: Workbench's own where it has one, else the first in the file."""
        known = self._known.get(account)
        return known.name if known else self._names[account]

    def due(self, account: str, date: dt.date) -> dt.date:
        """When an invoice of this date falls due; on a credit, its payment date (R97).

        By the supplier's terms, else by those of the FinCo's template company, else at once.
        """
        for days, kind in (self._known[account].terms, self._template_terms):
            if days is not None and kind in _TERMS:
                return due_date(date, days, kind)
        return date

    def make(self, accounts: Iterable[str]) -> int:
        """Make the suppliers of these accounts that are missing; say how many."""
        missing = [one for one in dict.fromkeys(accounts) if one not in self._known]
        if missing:
            db.session.execute(
                sa.insert(Company),
                [
                    {
                        "fin_co_id": self._fin_co.id,
                        "name": self._names[account],
                        "ap_account": account,
                        "is_supplier": True,
                    }
                    for account in missing
                ],
            )
            self._known |= self._find(missing)
        return len(missing)

    def _find(self, accounts: Iterable[str]) -> dict[str, Supplier]:
        found: dict[str, Supplier] = {}
        for part in parts(accounts):
            rows = db.session.scalars(
                sa.select(Company).where(
                    Company.fin_co_id == self._fin_co.id, Company.ap_account.in_(part)
                )
            )
            for row in rows:
                found[str(row.ap_account)] = Supplier(row.id, row.name, row.active, _terms(row))
        return found


def _terms(company: Company) -> tuple[int | None, str | None]:
    return company.payment_terms_days, company.payment_terms_type
