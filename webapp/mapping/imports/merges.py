"""What becomes of a company whose contact was merged into another one (Q40, trap 40)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from webapp.mapping.imports.company_plan import CompanyPlan, Draft
from webapp.mapping.imports.contacts import link_of
from webapp.mapping.imports.directory import Known, Link
from webapp.xero.records import Contact

MERGED = "merged in Xero into another contact"
RESTS = "merged in Xero into {}, which has a company of its own: use that one"
LOST = "merged in Xero into a contact that cannot be found: its company rests"


def survivor_of(contact: Contact, contacts: Mapping[str, Contact]) -> Contact | None:
    """The one that a contact became, however often it was merged; None where it is not there."""
    followed = {contact.contact_id}
    found: Contact | None = contact
    while found is not None and found.merged_to_contact_id:
        if found.merged_to_contact_id in followed:
            return None
        followed.add(found.merged_to_contact_id)
        found = contacts.get(found.merged_to_contact_id)
    return found


def follow(draft: Draft, company: Known, contact: Contact, into: Link) -> None:
    """Let a company be the contact that its own was merged into."""
    draft.change(company, company.fields, into)
    draft.skip(contact, MERGED)


def plan_merges(
    merged: Iterable[Contact], contacts: Mapping[str, Contact], known: Iterable[Known]
) -> CompanyPlan:
    """Settle the merges that no page could, once all pages are through.

    A company follows its contact into one that no company is yet. Where that one has a company
    of its own, or cannot be found, the company rests. Whoever comes after a run that was cut
    short finds each as it is left here.

    Args:
        merged: the contacts that are no more.
        contacts: those they were merged into, as far as they had to be asked for, by id.
        known: the companies of either.
    """
    draft = Draft(known)
    for contact in merged:
        company = draft.directory.by_contact(contact.contact_id)
        if company is None:
            draft.skip(contact, MERGED)
            continue
        survivor = _survivor(contact, contacts, draft)
        if isinstance(survivor, Contact):
            follow(draft, company, contact, link_of(survivor))
            continue
        draft.change(company, replace(company.fields, active=False), link_of(contact))
        draft.skip(contact, RESTS.format(survivor.name) if survivor else LOST)
    return draft.plan


def _survivor(
    contact: Contact, contacts: Mapping[str, Contact], draft: Draft
) -> Contact | Link | None:
    """The one a contact became; as a link where it is a company here."""
    followed = {contact.contact_id}
    found: Contact | None = contact
    while found is not None and found.merged_to_contact_id:
        next_id = found.merged_to_contact_id
        if next_id in followed:
            return None
        followed.add(next_id)
        company = draft.directory.by_contact(next_id)
        if company is not None:
            return company.link
        found = contacts.get(next_id)
    return found
