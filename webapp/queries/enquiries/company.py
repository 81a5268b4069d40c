"""One company of the directory, with all that is known of it."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.fingerprints import fingerprint
from webapp.domain.terms import in_words
from webapp.models import Company, FinCo, Location, XeroConnection, XeroContact
from webapp.queries.enquiries.companies import CURRENT
from webapp.queries.viewers import Viewer

HAND_SET = ("alpha_code", "is_supplier", "ap_account", "is_subcontractor")
"""What people set on a company; an import leaves it alone on a client (R41)."""


@dataclass(frozen=True)
class ContactRow:
    """Which contact of one organisation a company is (R48)."""

    contact_id: str
    name: str
    status: str
    seen_at: dt.datetime
    organisation: str | None
    short_code: str | None
    current: bool
    """Whether it is the organisation the FinCo is connected to now."""


@dataclass(frozen=True, kw_only=True)
class CompanyDetails:
    """A company with all that is known of it."""

    id: int
    fin_co: str
    name: str
    alpha_code: str | None
    ap_account: str | None
    ar_account: str | None
    is_client: bool
    is_supplier: bool
    is_subcontractor: bool
    active: bool
    company_type: str | None
    price_code: str | None
    location: str | None
    branch: str | None
    other: str | None
    credit_status: str | None
    currency_code: str | None
    payment_terms_days: int | None
    payment_terms_type: str | None
    use_gst: bool
    tax_number: str | None
    email: str | None
    phone: str | None
    address: str | None
    organisation: str | None
    """The organisation its FinCo is connected to."""
    contacts: tuple[ContactRow, ...]

    @property
    def terms(self) -> str | None:
        """The payment terms in words (R46)."""
        return in_words(self.payment_terms_days, self.payment_terms_type)

    @property
    def contact(self) -> ContactRow | None:
        """What it is in the organisation its FinCo is connected to."""
        return next((contact for contact in self.contacts if contact.current), None)

    @property
    def led_by_xero(self) -> bool:
        """Whether every import sets its Supplier flag and AP Account anew."""
        return led_by_xero(is_client=self.is_client, linked=self.contact is not None)

    @property
    def seen(self) -> str:
        """The mark of what may be edited, as it is now."""
        return fingerprint({name: getattr(self, name) for name in HAND_SET})


def led_by_xero(*, is_client: bool, linked: bool) -> bool:
    """Whether Supplier and AP Account come from the contact: they are by hand on clients (R41)."""
    return linked and not is_client


def company_details(viewer: Viewer, company_id: int) -> CompanyDetails | None:
    """The company, if this person may see it."""
    row = (
        db.session.execute(
            sa.select(
                Company.id,
                FinCo.code.label("fin_co"),
                Company.name,
                Company.alpha_code,
                Company.ap_account,
                Company.ar_account,
                Company.is_client,
                Company.is_supplier,
                Company.is_subcontractor,
                Company.active,
                Company.company_type,
                Company.price_code,
                Location.description.label("location"),
                Company.branch,
                Company.other,
                Company.credit_status,
                Company.currency_code,
                Company.payment_terms_days,
                Company.payment_terms_type,
                Company.use_gst,
                Company.tax_number,
                Company.email,
                Company.phone,
                Company.address,
                XeroConnection.organisation_name.label("organisation"),
            )
            .join(FinCo, FinCo.id == Company.fin_co_id)
            .outerjoin(Location, Location.id == Company.location_id)
            .outerjoin(XeroConnection, sa.and_(XeroConnection.fin_co_id == FinCo.id, CURRENT))
            .where(Company.id == company_id, viewer.scope(Company.fin_co_id))
        )
        .mappings()
        .first()
    )
    return None if row is None else CompanyDetails(**row, contacts=_contacts(company_id))


def _contacts(company_id: int) -> tuple[ContactRow, ...]:
    rows = db.session.execute(
        sa.select(
            XeroContact.contact_id,
            XeroContact.name,
            XeroContact.status,
            XeroContact.seen_at,
            XeroConnection.organisation_name,
            XeroConnection.short_code,
            sa.func.coalesce(CURRENT, sa.false()),
        )
        .outerjoin(
            XeroConnection,
            sa.and_(
                XeroConnection.fin_co_id == XeroContact.fin_co_id,
                XeroConnection.tenant_id == XeroContact.tenant_id,
            ),
        )
        .where(XeroContact.company_id == company_id)
        .order_by(XeroContact.seen_at.desc(), XeroContact.id)
    )
    return tuple(ContactRow(*row) for row in rows)
