"""What an import of contacts does to companies, put together decision by decision."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.mapping.imports.directory import CompanyFields, Directory, Known, Link
from webapp.mapping.imports.outcome import Outcome, Rejection
from webapp.xero.records import Contact

NO_NAME = "a contact without a name"


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
    """What a page of contacts does."""

    changes: list[CompanyChange] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    passed_on: list[Rejection] = field(default_factory=list)
    """Contacts of no page at hand that lost their company to one that is."""
    without_template: int = 0
    """How many new companies were not made because there is no Template Company (R50)."""
    merged: list[Contact] = field(default_factory=list)
    """Contacts that have a company here and were merged into one that is not on the page."""
    deferred: list[Contact] = field(default_factory=list)
    """Contacts whose account another one has, which may give it up on a later page."""


class Draft:
    """A plan in the making, and the companies as they will stand after what it says so far."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._former = {company.key: company for company in known}
        self.directory = Directory(self._former.values())
        self.plan = CompanyPlan()

    def change(
        self, company: Known, fields: CompanyFields, link: Link, *, counted: bool = False
    ) -> None:
        """Bring a company in step; ``counted`` where its contact counts as brought in by it."""
        former = self._former[company.key]
        change = CompanyChange(company.key, fields, link, former, counted)
        if counted or not change.is_unchanged:
            self.plan.changes.append(change)
        self.directory.put(Known(company.key, fields, link))

    def skip(self, contact: Contact, reason: str) -> None:
        """Leave a contact out by rule."""
        self._reject(Outcome.SKIPPED, contact, reason)

    def fail(self, contact: Contact, reason: str) -> None:
        """Leave a contact out until somebody puts something right."""
        self._reject(Outcome.FAILED, contact, reason)

    def _reject(self, outcome: Outcome, contact: Contact, reason: str) -> None:
        self.plan.rejections.append(
            Rejection(
                outcome, contact.name or NO_NAME, contact.contact_id, reason, contact.updated_at
            )
        )
