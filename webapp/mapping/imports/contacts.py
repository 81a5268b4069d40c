"""What one contact says about the company it is: its side, its account, its fields."""

from dataclasses import dataclass, replace

from webapp.domain.matching import AP_GROUP, AR_GROUP, link_code
from webapp.domain.terms import TermsType
from webapp.mapping.imports.directory import CompanyFields, Link, Side
from webapp.xero.records import Address, Contact, Terms

ACTIVE = "ACTIVE"
_PREFERRED_ADDRESSES = ("STREET", "POBOX")
_CURRENCY_LENGTH = 3
_TERMS = frozenset(TermsType)
_MOST_DAYS = 366


@dataclass(frozen=True)
class TemplateFields:
    """What the Template Company gives to a new company that its contact lacks (R43, R45)."""

    currency_code: str | None
    payment_terms_days: int | None
    payment_terms_type: str | None


def side_of(contact: Contact) -> Side | None:
    """Which side a contact is on: AR wins where it is in both groups (R37 to R40)."""
    groups = {link_code(name) for name in contact.group_names}
    if AR_GROUP in groups:
        return Side.AR
    return Side.AP if AP_GROUP in groups else None


def link_of(contact: Contact) -> Link:
    """How the company remembers its contact."""
    return Link(contact.contact_id, contact.name[:500], contact.status[:20])


def new_company(template: TemplateFields) -> CompanyFields:
    """A company before its contact has said anything."""
    return CompanyFields(
        name="",
        ap_account=None,
        ar_account=None,
        is_client=False,
        is_supplier=False,
        active=True,
        currency_code=template.currency_code,
        payment_terms_days=template.payment_terms_days,
        payment_terms_type=template.payment_terms_type,
        tax_number=None,
        email=None,
        phone=None,
        address=None,
    )


def told(fields: CompanyFields, contact: Contact, side: Side) -> CompanyFields:
    """The company after its contact was read.

    What the contact leaves empty stays as it is, and so does the other side: a Supplier flag and
    an AP Account set by hand survive on a client (R41).
    """
    account = link_code(contact.account_number)
    terms = contact.bills_terms if side is Side.AP else contact.sales_terms
    days, kind = _terms(terms, fields)
    currency = contact.default_currency
    told_both = replace(
        fields,
        name=contact.name[:255],
        active=contact.status == ACTIVE,
        currency_code=currency if len(currency) == _CURRENCY_LENGTH else fields.currency_code,
        payment_terms_days=days,
        payment_terms_type=kind,
        tax_number=contact.tax_number[:50] or fields.tax_number,
        email=contact.email[:255] or fields.email,
        phone=contact.phone[:60] or fields.phone,
        address=_address(contact.addresses) or fields.address,
    )
    if side is Side.AP:
        return replace(told_both, ap_account=account, is_supplier=True)
    return replace(told_both, ar_account=account, is_client=True)


def _terms(terms: Terms | None, fields: CompanyFields) -> tuple[int | None, str | None]:
    if terms is None or terms.type not in _TERMS or not 0 <= terms.day <= _MOST_DAYS:
        return fields.payment_terms_days, fields.payment_terms_type
    return terms.day, terms.type


def _address(addresses: tuple[Address, ...]) -> str:
    written = {address.type: text for address in addresses if (text := _lines(address))}
    for kind in _PREFERRED_ADDRESSES:
        if kind in written:
            return written[kind]
    return next(iter(written.values()), "")


def _lines(address: Address) -> str:
    place = " ".join(part for part in (address.city, address.region, address.postal_code) if part)
    lines = (*address.lines, place, address.country)
    return "\n".join(line.strip() for line in lines if line.strip())[:1000]
