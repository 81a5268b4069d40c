"""Which contacts become which companies (R36 to R50, Q39, Q40).

All contacts are looked at together: whether an account number is used twice, and whether a
contact was merged into another, does not show in one contact alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from webapp.domain.matching import link_code
from webapp.mapping.imports.contacts import (
    ACTIVE,
    TemplateFields,
    link_of,
    new_company,
    side_of,
    told,
)
from webapp.mapping.imports.directory import CompanyFields, Directory, Known, Link, Side
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.xero.records import Contact

NO_ACCOUNT_NUMBER = "no Account Number"
NO_GROUP = "not in a Workbench group"
NO_TEMPLATE = "the FinCo has no Template Company, so no company can be made"
LONGEST_ACCOUNT = 50


@dataclass(frozen=True)
class CompanyChange:
    """What becomes of one company.

    Attributes:
        key: the company's id; the contact's id where the company is to be made.
        fields: the company as it will be.
        link: its contact as it will be remembered.
        former: how it stood before; None where it is made.
        counted: whether its contact counts as created, updated or unchanged; where not, the
            contact is among the rejections.
    """

    key: int | str
    fields: CompanyFields
    link: Link
    former: Known | None
    counted: bool = True

    @property
    def is_new(self) -> bool:
        """Whether the company is to be made."""
        return self.former is None

    @property
    def is_unchanged(self) -> bool:
        """Whether everything stands already as it should."""
        return self.former is not None and (self.fields, self.link) == (
            self.former.fields,
            self.former.link,
        )


@dataclass
class CompanyPlan:
    """What an import of contacts does."""

    changes: list[CompanyChange] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    without_template: int = 0
    """How many new companies were not made because there is no Template Company (R50)."""


def plan_companies(
    contacts: Iterable[Contact], known: Iterable[Known], template: TemplateFields | None
) -> CompanyPlan:
    """Decide what every contact changes.

    Args:
        contacts: all contacts of the organisation, archived ones included; of one that comes
            twice the last counts.
        known: all companies of the FinCo.
        template: of its Template Company; None where it has none.
    """
    return _Planner(contacts, known, template).plan()


class _Planner:
    def __init__(
        self, contacts: Iterable[Contact], known: Iterable[Known], template: TemplateFields | None
    ) -> None:
        self._contacts = {contact.contact_id: contact for contact in contacts}
        self._former = {company.key: company for company in known}
        self._directory = Directory(self._former.values())
        self._template = template
        self._plan = CompanyPlan()

    def plan(self) -> CompanyPlan:
        alive = []
        for contact in self._contacts.values():
            if contact.merged_to_contact_id:
                self._follow_merge(contact)
            else:
                alive.append(contact)
        wanted: dict[tuple[Side, str], list[Contact]] = {}
        for contact in alive:
            place = self._place(contact)
            if place is not None:
                wanted.setdefault(place, []).append(contact)
        for (side, account), rivals in wanted.items():
            winner = self._winner(side, account, rivals)
            if winner is not None:
                self._bring_in(winner, side, account)
        return self._plan

    def _follow_merge(self, contact: Contact) -> None:
        company = self._directory.by_contact(contact.contact_id)
        survivor = self._survivor(contact)
        into = f"merged in Xero into {survivor.name}" if survivor else "merged in Xero"
        if company is None:
            self._skip(contact, into)
            return
        other = self._directory.by_contact(survivor.contact_id) if survivor else None
        if survivor is None or other is not None:
            self._change(company, replace(company.fields, active=False), link_of(contact))
            also = f", which is the company {other.fields.name}: use that one" if other else ""
            self._skip(contact, f"{into}{also}")
            return
        self._change(company, company.fields, link_of(survivor))
        self._skip(contact, f"{into}, which its company follows")

    def _survivor(self, contact: Contact) -> Contact | None:
        followed = {contact.contact_id}
        found: Contact | None = contact
        while found is not None and found.merged_to_contact_id:
            if found.merged_to_contact_id in followed:
                return None
            followed.add(found.merged_to_contact_id)
            found = self._contacts.get(found.merged_to_contact_id)
        return found

    def _place(self, contact: Contact) -> tuple[Side, str] | None:
        """On which side and under which account a contact is to be; None ends it here."""
        side, account = side_of(contact), link_code(contact.account_number)
        company = self._directory.by_contact(contact.contact_id)
        if company is not None and contact.status != ACTIVE and not (side and account):
            # Xero takes a contact out of its groups when it is archived (R47).
            fields = replace(company.fields, active=False)
            self._change(company, fields, link_of(contact), counted=True)
            return None
        if side is not None and account and len(account) <= LONGEST_ACCOUNT:
            return side, account
        if company is not None:
            self._change(company, company.fields, link_of(contact))
        if not account:
            self._skip(contact, NO_ACCOUNT_NUMBER)
        elif side is None:
            self._skip(contact, NO_GROUP)
        else:
            self._fail(contact, f"its Account Number is longer than {LONGEST_ACCOUNT} characters")
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
                self._skip(contact, f"archived; its Account Number {account} is now of {others}")
            else:
                self._fail(
                    contact,
                    f"Account Number {account} is also of {others}: give each its own in Xero",
                )
        return winner

    def _bring_in(self, contact: Contact, side: Side, account: str) -> None:
        company = self._directory.by_contact(contact.contact_id)
        holder = self._directory.by_account(side, account)
        if holder is not None and company is not None and holder.key != company.key:
            self._fail(
                contact,
                f"its Account Number is now {account}, which is the {side.value} of another "
                f"company, {holder.fields.name}",
            )
            return
        if holder is not None and company is None and self._is_taken(holder, contact):
            self._fail(
                contact,
                f"{account} is the {side.value} of {holder.fields.name}, which is another contact "
                "in Xero: give each its own Account Number",
            )
            return
        company = company or holder
        if company is not None:
            fields = told(company.fields, contact, side)
            self._change(company, fields, link_of(contact), counted=True)
        elif self._template is None:
            self._plan.without_template += 1
            self._fail(contact, NO_TEMPLATE)
        else:
            fields = told(new_company(self._template), contact, side)
            made = CompanyChange(contact.contact_id, fields, link_of(contact), former=None)
            self._plan.changes.append(made)

    def _is_taken(self, company: Known, contact: Contact) -> bool:
        """Whether a company is another contact that is still in use."""
        if company.link is None or company.link.contact_id == contact.contact_id:
            return False
        linked = self._contacts.get(company.link.contact_id)
        return linked is not None and linked.status == ACTIVE and not linked.merged_to_contact_id

    def _change(
        self, company: Known, fields: CompanyFields, link: Link, *, counted: bool = False
    ) -> None:
        former = self._former[company.key]
        change = CompanyChange(company.key, fields, link, former, counted)
        if counted or not change.is_unchanged:
            self._plan.changes.append(change)
        self._directory.put(Known(company.key, fields, link))

    def _skip(self, contact: Contact, reason: str) -> None:
        self._reject(Outcome.SKIPPED, contact, reason)

    def _fail(self, contact: Contact, reason: str) -> None:
        self._reject(Outcome.FAILED, contact, reason)

    def _reject(self, outcome: Outcome, contact: Contact, reason: str) -> None:
        self._plan.rejections.append(Rejection(outcome, contact.name, contact.contact_id, reason))
