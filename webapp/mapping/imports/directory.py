"""The directory as an import finds it, kept in step with what it decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from webapp.domain.matching import link_code


class Side(Enum):
    """Which of the two accounts of a company a contact is linked by (Q39)."""

    AP = "AP Account"
    AR = "AR Account"


@dataclass(frozen=True)
class CompanyFields:
    """What an import may set on a company. Terms are days and one of Xero's words."""

    name: str
    ap_account: str | None
    ar_account: str | None
    is_client: bool
    is_supplier: bool
    active: bool
    currency_code: str | None
    payment_terms_days: int | None
    payment_terms_type: str | None
    tax_number: str | None
    email: str | None
    phone: str | None
    address: str | None

    def account(self, side: Side) -> str:
        """The account of one side as it is compared."""
        return link_code(self.ap_account if side is Side.AP else self.ar_account)


@dataclass(frozen=True)
class Link:
    """Which contact of the organisation a company is."""

    contact_id: str
    name: str
    status: str


@dataclass(frozen=True)
class Known:
    """A company as it stands. ``key`` is its id, or the contact that is about to make it."""

    key: int | str
    fields: CompanyFields
    link: Link | None


class Directory:
    """The companies of a FinCo, found by contact and by account."""

    def __init__(self, companies: Iterable[Known]) -> None:
        self._companies: dict[int | str, Known] = {}
        self._by_contact: dict[str, int | str] = {}
        self._by_account: dict[tuple[Side, str], int | str] = {}
        for company in companies:
            self.put(company)

    def put(self, company: Known) -> None:
        """Add a company, or replace what was known of it."""
        former = self._companies.get(company.key)
        if former is not None:
            self._forget(former)
        self._companies[company.key] = company
        if company.link is not None:
            self._by_contact[company.link.contact_id] = company.key
        for side in Side:
            account = company.fields.account(side)
            exact = account in {company.fields.ap_account, company.fields.ar_account}
            # Of two accounts that differ by outer spaces only, the one without them is meant.
            if account and (exact or (side, account) not in self._by_account):
                self._by_account[side, account] = company.key

    def by_contact(self, contact_id: str) -> Known | None:
        """The company linked to a contact."""
        key = self._by_contact.get(contact_id)
        return None if key is None else self._companies[key]

    def by_account(self, side: Side, account: str) -> Known | None:
        """The company with this account on this side."""
        key = self._by_account.get((side, account))
        return None if key is None else self._companies[key]

    def _forget(self, company: Known) -> None:
        if company.link is not None:
            self._by_contact.pop(company.link.contact_id, None)
        for side in Side:
            place = (side, company.fields.account(side))
            if self._by_account.get(place) == company.key:
                del self._by_account[place]
