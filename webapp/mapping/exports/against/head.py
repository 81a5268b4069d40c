"""The head of a document beside its organisation: permission, contact, date, currency."""

import datetime as dt
from collections.abc import Iterator

from webapp.domain.documents import DocumentKind
from webapp.domain.problems import Problem
from webapp.mapping.exports.against.facts import Facts
from webapp.mapping.exports.outgoing import OutgoingDocument

NEEDED = {DocumentKind.JOURNAL: "accounting.manualjournals"}
"""The permission a kind of document needs, where it is not that for invoices (xero-api a.6)."""
INVOICES = "accounting.invoices"
LOCKED = "period-locked"
"""The code of what a lock date holds back."""

IMPORT = "press Import on the Xero Integration screen"


def head_problems(document: OutgoingDocument, facts: Facts) -> Iterator[Problem]:
    """Why the organisation would take nothing of the document, whatever its lines are."""
    yield from _permission(document, facts)
    yield from _contact(document, facts)
    yield from _locked(document, facts)
    yield from _currency(document, facts)


def head_warnings(document: OutgoingDocument) -> Iterator[Problem]:
    """What a person should see before sending, though Xero takes it."""
    if document.due_date is not None and document.due_date < document.date:
        yield Problem(
            code="due-before-date",
            record=document.record,
            message=(
                f"{document.record} falls due on {_day(document.due_date)}, before its own date, "
                f"{_day(document.date)}."
            ),
            way_out="It is sent so. Correct it in Xero if it is wrong.",
        )
    if document.kind is not DocumentKind.JOURNAL and (
        document.goes_as_credit and not document.kind.is_credit
    ):
        yield Problem(
            code="goes-as-credit",
            record=document.record,
            message=(
                f"{document.record} adds up to {document.total:,.2f}. Xero takes no invoice below "
                "zero, so it goes there as a credit note of the same number."
            ),
            way_out="Allocate the credit note in Xero to the invoice it lowers.",
        )


def _permission(document: OutgoingDocument, facts: Facts) -> Iterator[Problem]:
    purpose = facts.withheld.get(NEEDED.get(document.kind, INVOICES))
    if purpose is not None:
        yield Problem(
            code="permission-withheld",
            record=document.record,
            message=(
                f"The sign-in for {facts.organisation} was not given the permission for {purpose}."
            ),
            way_out=(
                "An administrator must press Ask for permission on the Xero Integration screen and "
                "allow everything that the consent page asks for."
            ),
        )


def _contact(document: OutgoingDocument, facts: Facts) -> Iterator[Problem]:
    status = facts.contacts_out_of_use.get(document.contact_id or "")
    if status == "ARCHIVED":
        yield Problem(
            code="contact-archived",
            record=document.record,
            message=f"The contact of {document.party_name} is archived in Xero.",
            way_out=f"Restore it in Xero (Contacts > Archived), then {IMPORT}.",
        )
    elif status is not None:
        yield Problem(
            code="contact-out-of-use",
            record=document.record,
            message=f"The contact of {document.party_name} takes no documents in Xero: {status}.",
            way_out="Link the company to another contact of the organisation.",
        )


def _locked(document: OutgoingDocument, facts: Facts) -> Iterator[Problem]:
    locks = [lock for lock in facts.locks if document.date <= lock.until]
    if locks:
        # The latest is the one that a new date has to pass.
        name, until = max(locks, key=lambda lock: lock.until)
        yield Problem(
            code=LOCKED,
            record=document.record,
            message=f"The date is locked in Xero: its {name} is {_day(until)}.",
            way_out=(
                "Ask your adviser to change the lock date (Accounting > Financial settings > Lock "
                "dates), or leave the batch out of this export. Xero takes documents dated "
                f"{_day(until + dt.timedelta(days=1))} or later."
            ),
        )


def _currency(document: OutgoingDocument, facts: Facts) -> Iterator[Problem]:
    ours, theirs = facts.base_currency, facts.organisation_currency
    if theirs is not None and ours != theirs:
        # Its own currency would be a foreign one over there, and every amount another.
        yield Problem(
            code="base-currency-differs",
            record=document.record,
            message=(
                f"FinCo {facts.fin_co} keeps its books in {ours}, {facts.organisation} in {theirs}."
            ),
            way_out="Connect the FinCo to an organisation that keeps its books in the same "
            "currency.",
        )
        return
    code = document.currency_code
    if facts.currencies is not None and code not in facts.currencies:
        yield Problem(
            code="currency-not-enabled",
            record=document.record,
            message=f"{code} is not one of the currencies of {facts.organisation}.",
            way_out=f"Add {code} in Xero (Settings > Currencies), then {IMPORT}.",
        )
    if code != ours and not (document.currency_rate and document.currency_rate > 0):
        yield Problem(
            code="no-rate",
            record=document.record,
            message=f"{document.record} is in {code} and carries no rate.",
            way_out=(
                f"Enter the rate of {code} to {ours} in the document; Xero would take a rate of "
                "its own."
            ),
        )


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%b %Y}"
