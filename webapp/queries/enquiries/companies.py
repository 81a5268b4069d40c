"""The companies of the directory, and which contact in Xero each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.terms import in_words
from webapp.models import Company, FinCo, XeroConnection, XeroContact
from webapp.models.xero import ConnectionState
from webapp.queries.enquiries.statuses import ActiveFilter
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.queries.sorting import Sort, ordered
from webapp.queries.viewers import Viewer


class RoleFilter(StrEnum):
    """What a company can be to the firm."""

    CLIENT = "client"
    SUPPLIER = "supplier"
    SUBCONTRACTOR = "subcontractor"


class LinkFilter(StrEnum):
    """Whether a company is a contact of the organisation its FinCo is connected to."""

    LINKED = "yes"
    NOT_LINKED = "no"


SORTED_BY: Mapping[str, Any] = {
    "name": Company.name,
    "alpha": Company.alpha_code,
    "ap": Company.ap_account,
    "ar": Company.ar_account,
    "fin_co": FinCo.code,
    "currency": Company.currency_code,
}
BY_NAME = Sort("name")

_ROLES: Mapping[RoleFilter, sa.ColumnElement[bool]] = {
    RoleFilter.CLIENT: Company.is_client.is_(True),
    RoleFilter.SUPPLIER: Company.is_supplier.is_(True),
    RoleFilter.SUBCONTRACTOR: Company.is_subcontractor.is_(True),
}
_STATUSES: Mapping[ActiveFilter, sa.ColumnElement[bool]] = {
    ActiveFilter.ACTIVE: Company.active.is_(True),
    ActiveFilter.INACTIVE: Company.active.is_(False),
    ActiveFilter.ANY: sa.true(),
}

_COLUMNS: tuple[Any, ...] = (
    Company.id,
    Company.name,
    Company.alpha_code,
    Company.ap_account,
    Company.ar_account,
    Company.is_client,
    Company.is_supplier,
    Company.is_subcontractor,
    FinCo.code.label("fin_co"),
    Company.active,
    Company.currency_code,
    Company.payment_terms_days,
    Company.payment_terms_type,
    XeroContact.contact_id,
    XeroConnection.short_code,
)

CURRENT = XeroConnection.state != ConnectionState.DISCONNECTED
"""The one connection of a FinCo whose ids count; those of former organisations rest (Q5)."""


@dataclass(frozen=True, kw_only=True)
class CompanyFilter:
    """What was asked for. ``text`` is sought in name, alpha code and both accounts."""

    text: str = ""
    fin_co: str | None = None
    role: RoleFilter | None = None
    status: ActiveFilter = ActiveFilter.ACTIVE
    """Archived contacts make their companies inactive (R47)."""
    linked: LinkFilter | None = None
    sort: Sort = BY_NAME


@dataclass(frozen=True, kw_only=True)
class CompanyRow:
    """One company of the list. ``contact_id`` is None where it is no contact in Xero yet."""

    id: int
    name: str
    alpha_code: str | None
    ap_account: str | None
    ar_account: str | None
    is_client: bool
    is_supplier: bool
    is_subcontractor: bool
    fin_co: str
    active: bool
    currency_code: str | None
    payment_terms_days: int | None
    payment_terms_type: str | None
    contact_id: str | None
    short_code: str | None

    @property
    def terms(self) -> str | None:
        """The payment terms in words (R46)."""
        return in_words(self.payment_terms_days, self.payment_terms_type)

    @property
    def roles(self) -> str:
        """What it is to the firm, in words."""
        marks = {
            "Client": self.is_client,
            "Supplier": self.is_supplier,
            "Subcontractor": self.is_subcontractor,
        }
        return ", ".join(name for name, is_one in marks.items() if is_one)


@dataclass(frozen=True)
class Companies:
    """A page of companies, and how many there are of each status."""

    rows: tuple[CompanyRow, ...]
    page: Page
    counts: Mapping[ActiveFilter, int]


def companies(viewer: Viewer, asked: CompanyFilter, page_number: int) -> Companies:
    """The companies that match. A fixed number of statements."""
    conditions = _conditions(viewer, asked)
    counts = _counts(conditions)
    page = Page(page_number, counts[asked.status])
    statement = _statement(asked, conditions).limit(PAGE_SIZE).offset(page.offset)
    return Companies(_rows(statement), page, counts)


def all_companies(viewer: Viewer, asked: CompanyFilter) -> tuple[CompanyRow, ...]:
    """Every company that matches, however many there are."""
    return _rows(_statement(asked, _conditions(viewer, asked)))


def _conditions(viewer: Viewer, asked: CompanyFilter) -> list[sa.ColumnElement[bool]]:
    conditions = [viewer.scope(Company.fin_co_id)]
    if asked.fin_co:
        conditions.append(FinCo.code == asked.fin_co)
    if asked.text:
        conditions.append(
            sa.or_(
                *(
                    column.icontains(asked.text, autoescape=True)
                    for column in (
                        Company.name,
                        Company.alpha_code,
                        Company.ap_account,
                        Company.ar_account,
                    )
                )
            )
        )
    if asked.role:
        conditions.append(_ROLES[asked.role])
    if asked.linked is LinkFilter.LINKED:
        conditions.append(XeroContact.id.is_not(None))
    elif asked.linked is LinkFilter.NOT_LINKED:
        conditions.append(XeroContact.id.is_(None))
    return conditions


def _counts(conditions: list[sa.ColumnElement[bool]]) -> Mapping[ActiveFilter, int]:
    row = db.session.execute(
        _linked(
            sa.select(
                *(
                    sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
                    for condition in _STATUSES.values()
                )
            )
        ).where(*conditions)
    ).one()
    return dict(zip(_STATUSES, row, strict=True))


def _statement(asked: CompanyFilter, conditions: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    return (
        _linked(sa.select(*_COLUMNS))
        .where(*conditions, _STATUSES[asked.status])
        .order_by(*ordered(asked.sort, SORTED_BY, Company.id))
    )


def _linked(select: sa.Select[Any]) -> sa.Select[Any]:
    """A statement about companies, with what each is in the organisation connected now."""
    return (
        select.select_from(Company)
        .join(FinCo, FinCo.id == Company.fin_co_id)
        .outerjoin(XeroConnection, sa.and_(XeroConnection.fin_co_id == Company.fin_co_id, CURRENT))
        .outerjoin(
            XeroContact,
            sa.and_(
                XeroContact.company_id == Company.id,
                XeroContact.fin_co_id == Company.fin_co_id,
                XeroContact.tenant_id == XeroConnection.tenant_id,
            ),
        )
    )


def _rows(statement: sa.Select[Any]) -> tuple[CompanyRow, ...]:
    return tuple(CompanyRow(**row) for row in db.session.execute(statement).mappings())
