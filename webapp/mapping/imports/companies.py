"""Which contacts become which companies, page by page (R36 to R50, Q39, Q40).

What does not show on one page is left over: a merge into a contact of another page, and an
account that another contact has, which may give it up on a later page. Both are settled when all
pages are through, so that the order of the pages decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from webapp.domain.matching import link_code
from webapp.mapping.imports.company_plan import CompanyChange, CompanyPlan, Draft
from webapp.mapping.imports.contacts import (
    ACTIVE,
    TemplateFields,
    link_of,
    new_company,
    side_of,
    told,
)
from webapp.mapping.imports.directory import Known, Side
from webapp.mapping.imports.merges import MERGED, follow, survivor_of
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.xero.records import Contact

NO_NAME = "no Name"
NO_ACCOUNT_NUMBER = "no Account Number"
NO_GROUP = "not in a Workbench group"
NO_TEMPLATE = "the FinCo has no Template Company, so no company can be made"
ALSO_OF = "Account Number {} is also of {}: give each its own in Xero"
NOW_OF = "archived; its Account Number {} is now of {}"
LONGEST_ACCOUNT = 50


def plan_companies(
    contacts: Iterable[Contact],
    known: Iterable[Known],
    template: TemplateFields | None,
    *,
    waiting: Sequence[Contact] = (),
    defer: bool = False,
) -> CompanyPlan:
    """Decide what the contacts of a page change.

    Args:
        contacts: those of one page, archived ones included; of one that comes twice the last
            counts.
        known: the companies that are one of these contacts, that one of them was merged into, or
            that have the account of one.
        template: of the FinCo's Template Company; None where it has none.
        waiting: contacts of earlier pages that were merged into one of these.
        defer: whether a contact whose account another one has is left over, not refused.
    """
    return _Planner(contacts, known, template, defer=defer).plan(waiting)


class _Planner:
    def __init__(
        self,
        contacts: Iterable[Contact],
        known: Iterable[Known],
        template: TemplateFields | None,
        *,
        defer: bool,
    ) -> None:
        self._contacts = {contact.contact_id: contact for contact in contacts}
        self._draft = Draft(known)
        self._directory = self._draft.directory
        self._template = template
        self._defer = defer

    def plan(self, waiting: Sequence[Contact]) -> CompanyPlan:
        for contact in [*waiting, *self._contacts.values()]:
            if contact.merged_to_contact_id:
                self._follow_merge(contact)
        wanted: dict[tuple[Side, str], list[Contact]] = {}
        for contact in self._contacts.values():
            if contact.merged_to_contact_id:
                continue
            place = self._place(contact)
            if place is not None:
                wanted.setdefault(place, []).append(contact)
        for (side, account), rivals in wanted.items():
            winner = self._winner(side, account, rivals)
            if winner is not None:
                self._bring_in(winner, side, account)
        return self._draft.plan

    def _follow_merge(self, contact: Contact) -> None:
        company = self._directory.by_contact(contact.contact_id)
        if company is None:
            self._draft.skip(contact, MERGED)
            return
        survivor = survivor_of(contact, self._contacts)
        if survivor is None or self._directory.by_contact(survivor.contact_id) is not None:
            self._draft.plan.merged.append(contact)
        else:
            follow(self._draft, company, contact, link_of(survivor))

    def _place(self, contact: Contact) -> tuple[Side, str] | None:
        """On which side and under which account a contact is to be; None ends it here."""
        side, account = side_of(contact), link_code(contact.account_number)
        company = self._directory.by_contact(contact.contact_id)
        if not contact.name:
            self._draft.fail(contact, NO_NAME)
            return None
        if company is not None and contact.status != ACTIVE and not (side and account):
            # Xero takes a contact out of its groups when it is archived (R47).
            fields = replace(company.fields, active=False)
            self._draft.change(company, fields, link_of(contact), counted=True)
            return None
        if side is not None and account and len(account) <= LONGEST_ACCOUNT:
            return side, account
        if company is not None:
            self._draft.change(company, company.fields, link_of(contact))
        if not account:
            self._draft.skip(contact, NO_ACCOUNT_NUMBER)
        elif side is None:
            self._draft.skip(contact, NO_GROUP)
        else:
            self._draft.fail(
                contact, f"its Account Number is longer than {LONGEST_ACCOUNT} characters"
            )
        return None

    def _winner(self, side: Side, account: str, rivals: Sequence[Contact]) -> Contact | None:
        """The contact that an account number means, where several carry it."""
        active = [contact for contact in rivals if contact.status == ACTIVE]
        candidates = active or rivals
        holder = self._directory.by_account(side, account)
        linked = holder.link.contact_id if holder and holder.link else None
        winner = (
            candidates[0]
            if len(candidates) == 1
            else next((one for one in candidates if one.contact_id == linked), None)
        )
        for contact in rivals:
            if contact is winner:
                continue
            others = ", ".join(one.name for one in candidates if one is not contact)
            if active and contact.status != ACTIVE:
                self._draft.skip(contact, NOW_OF.format(account, others))
            else:
                self._draft.fail(contact, ALSO_OF.format(account, others))
        return winner

    def _bring_in(self, contact: Contact, side: Side, account: str) -> None:
        company = self._directory.by_contact(contact.contact_id)
        holder = self._directory.by_account(side, account)
        if holder is not None and (company is None or company.key != holder.key):
            if self._is_refused(contact, company, holder, side, account):
                return
            self._pass_on(holder, contact, account)
        company = company or holder
        if company is not None:
            fields = told(company.fields, contact, side)
            self._draft.change(company, fields, link_of(contact), counted=True)
        elif self._template is None:
            self._draft.plan.without_template += 1
            self._draft.fail(contact, NO_TEMPLATE)
        else:
            fields = told(new_company(self._template), contact, side)
            made = CompanyChange(contact.contact_id, fields, link_of(contact), former=None)
            self._draft.plan.changes.append(made)

    def _is_refused(
        self, contact: Contact, company: Known | None, holder: Known, side: Side, account: str
    ) -> bool:
        """Whether a contact may not have an account, because of the company that has it."""
        rival = self._rival(holder, contact)
        if company is None and rival is None:
            return False
        if self._defer:
            self._draft.plan.deferred.append(contact)
        elif company is not None:
            self._draft.fail(
                contact,
                f"its Account Number is now {account}, which is the {side.value} of another "
                f"company, {holder.fields.name}",
            )
        elif contact.status != ACTIVE:
            self._draft.skip(contact, NOW_OF.format(account, rival))
        else:
            self._draft.fail(contact, ALSO_OF.format(account, rival))
        return True

    def _rival(self, holder: Known, contact: Contact) -> str | None:
        """The name of the other contact that a company is, where that one is still in use."""
        if holder.link is None or holder.link.contact_id == contact.contact_id:
            return None
        linked = self._contacts.get(holder.link.contact_id)
        if linked is None:
            return holder.link.name if holder.link.status == ACTIVE else None
        return linked.name if linked.status == ACTIVE and not linked.merged_to_contact_id else None

    def _pass_on(self, holder: Known, contact: Contact, account: str) -> None:
        """Tell of the contact whose company another one takes over."""
        if holder.link is not None and holder.link.contact_id not in self._contacts:
            reason = NOW_OF.format(account, contact.name)
            self._draft.plan.passed_on.append(
                Rejection(Outcome.SKIPPED, holder.link.name, holder.link.contact_id, reason)
            )
