"""Which contact of the organisation a company is, where a person says so (R48, Q5)."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.matching import link_code
from webapp.models import Company, XeroContact
from webapp.services import audit
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections import connected, note_failure
from webapp.services.errors import ChangedMeanwhile, NotAllowedNow, NotFound, ServiceError
from webapp.services.failures import explain
from webapp.xero.client import CONTACTS_TO_CHOOSE, XeroClient
from webapp.xero.errors import XeroError
from webapp.xero.records import Contact

MOST_FOUND = CONTACTS_TO_CHOOSE
LOOK_AGAIN = "Look at the company again, then choose."


class ConfirmFirst(ServiceError):
    """The company is linked to another contact; a person has to say that it shall not be.

    ``contact`` is the name of the one it would be linked to.
    """

    def __init__(self, message: str, way_out: str, contact: str) -> None:
        super().__init__(message, way_out)
        self.contact = contact


@dataclass(frozen=True)
class Found:
    """A contact that was found, and the company that it is already."""

    contact_id: str
    name: str
    account_number: str
    groups: tuple[str, ...]
    email: str
    company_id: int | None
    company: str | None


@dataclass(frozen=True, kw_only=True)
class Linker:
    """Who links, from where, and when."""

    user_id: int
    source: str
    now: dt.datetime


def find_contacts(
    xero: XeroAccess, *, company_id: int, text: str, by_account: bool, now: dt.datetime
) -> tuple[Found, ...]:
    """The contacts of the company's organisation that a person may mean. One call to Xero.

    Args:
        xero: how Xero is reached.
        company_id: whose contact is sought; the caller checked that the person may see it.
        text: part of a name, or a whole Account Number.
        by_account: which of the two it is. Xero's own search leaves Account Numbers out (b.3).
        now: the present instant.

    Raises:
        NotConnected: the FinCo has no organisation.
        NotAllowedNow: Xero did not answer.
    """
    if by_account and '"' in text:
        raise NotAllowedNow(
            "Xero cannot be asked for an Account Number with a quotation mark in it.",
            "Search by the name.",
        )
    company = db.session.get_one(Company, company_id)
    with _organisation(xero, company.fin_co_id, now) as (client, tenant_id):
        wanted = link_code(text) if by_account else text.strip()
        contacts = list(client.contacts_called(wanted, by_account=by_account))
    rows = db.session.execute(
        sa.select(XeroContact.contact_id, Company.id, Company.name)
        .join(Company, Company.id == XeroContact.company_id)
        .where(
            XeroContact.fin_co_id == company.fin_co_id,
            XeroContact.tenant_id == tenant_id,
            XeroContact.contact_id.in_([one.contact_id for one in contacts]),
        )
    )
    linked = {row.contact_id: (row.id, row.name) for row in rows}
    return tuple(
        Found(
            one.contact_id,
            one.name,
            one.account_number,
            one.group_names,
            one.email,
            *linked.get(one.contact_id, (None, None)),
        )
        for one in contacts
    )


def link_contact(
    xero: XeroAccess,
    *,
    company_id: int,
    contact_id: str,
    seen: str,
    confirmed: bool,
    by: Linker,
) -> str:
    """Say that a company is a contact of the organisation; imports follow it from then on (Q40).

    Args:
        xero: how Xero is reached.
        company_id: which company; the caller checked that the person may see it.
        contact_id: which contact.
        seen: the contact that the company was when the person looked; empty where none.
        confirmed: whether the person said that it is not that one any more.
        by: who says so.

    Returns:
        The contact's name.

    Raises:
        ChangedMeanwhile: the company is another contact than the person saw.
        ConfirmFirst: it is another contact now, and that was not confirmed.
        NotAllowedNow: another company is that contact, or Xero did not answer.
        NotConnected: the FinCo has no organisation.
        NotFound: the organisation has no such contact.
    """
    company = db.session.get_one(Company, company_id)
    with _organisation(xero, company.fin_co_id, by.now) as (client, tenant_id):
        contact = next(iter(client.contacts_by_id([contact_id])), None)
    if contact is None:
        raise NotFound("There is no such contact in Xero any more.", "Search again.")
    try:
        with transaction():
            _keep(company_id, tenant_id, contact, seen=seen, confirmed=confirmed, by=by)
    except IntegrityError as error:
        raise NotAllowedNow(
            f"Somebody else linked {contact.name} at this moment, so nothing was changed.",
            LOOK_AGAIN,
        ) from error
    return contact.name


def unlink_contact(company_id: int, *, seen: str, by: Linker) -> str:
    """Say that a company is no contact of its organisation; the company stays as it is.

    Args:
        company_id: which company; the caller checked that the person may see it.
        seen: the contact that the company was when the person looked.
        by: who says so.

    Returns:
        The name of the contact that it was.

    Raises:
        ChangedMeanwhile: the company is another contact than the person saw, or none.
        NotConnected: the FinCo has no organisation.
    """
    with transaction():
        company = _held(company_id)
        link = _link(company, connected(company.fin_co_id).tenant_id)
        if link is None or link.contact_id != seen:
            raise _changed(company)
        db.session.delete(link)
        _log("unlink contact", company, [link.name, ""], by)
        return link.name


def _keep(
    company_id: int, tenant_id: str, contact: Contact, *, seen: str, confirmed: bool, by: Linker
) -> None:
    company = _held(company_id)
    holder = db.session.scalar(
        sa.select(Company)
        .join(XeroContact, XeroContact.company_id == Company.id)
        .where(
            XeroContact.fin_co_id == company.fin_co_id,
            XeroContact.tenant_id == tenant_id,
            XeroContact.contact_id == contact.contact_id,
            Company.id != company.id,
        )
    )
    if holder is not None:
        raise NotAllowedNow(
            f"The contact {contact.name} is linked to {holder.name} already. A contact is one "
            "company.",
            f"Unlink {holder.name} first, or choose another contact.",
        )
    link = _link(company, tenant_id)
    if (link.contact_id if link else "") != seen:
        raise _changed(company)
    if link is not None and link.contact_id != contact.contact_id and not confirmed:
        raise ConfirmFirst(
            f"{company.name} is linked to the contact {link.name}. It would be linked to "
            f"{contact.name} instead.",
            f"Invoices that are exported from then on go to {contact.name}. What was exported "
            f"before stays with {link.name}.",
            contact.name,
        )
    was = link.name if link else ""
    if link is None:
        link = XeroContact(fin_co_id=company.fin_co_id, tenant_id=tenant_id, company_id=company.id)
        db.session.add(link)
    link.contact_id = contact.contact_id
    link.name = contact.name[:500]
    link.status = contact.status[:20]
    link.seen_at = by.now
    _log("link contact", company, [was, contact.name], by)


@contextmanager
def _organisation(
    xero: XeroAccess, fin_co_id: int, now: dt.datetime
) -> Iterator[tuple[XeroClient, str]]:
    connection = connected(fin_co_id)
    connection_id, name = connection.id, connection.organisation_name
    tenant_id, client = connection.tenant_id, xero.client(connection)
    end_reading()
    try:
        yield client, tenant_id
    except XeroError as error:
        note_failure(connection_id, error, now)
        raise NotAllowedNow(*explain(error, name)) from error


def _held(company_id: int) -> Company:
    return db.session.get_one(Company, company_id, with_for_update=True, populate_existing=True)


def _link(company: Company, tenant_id: str) -> XeroContact | None:
    return db.session.scalar(
        sa.select(XeroContact)
        .filter_by(fin_co_id=company.fin_co_id, tenant_id=tenant_id, company_id=company.id)
        .execution_options(populate_existing=True)
    )


def _changed(company: Company) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        f"Which contact {company.name} is was changed meanwhile, so nothing was done.", LOOK_AGAIN
    )


def _log(action: str, company: Company, contact: list[str], by: Linker) -> None:
    audit.record(
        at=by.now,
        user_id=by.user_id,
        fin_co_id=company.fin_co_id,
        action=action,
        source=by.source,
        detail={"company": company.name, "contact": contact},
    )
