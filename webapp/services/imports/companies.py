"""Companies: the contacts of the two Workbench groups, page by page (R36 to R50)."""

from collections.abc import Iterable, Sequence
from contextlib import closing

from webapp.mapping.imports.companies import plan_companies
from webapp.mapping.imports.company_plan import CompanyPlan
from webapp.mapping.imports.merges import plan_merges
from webapp.mapping.imports.unreadable import unreadable
from webapp.models import Company, ImportProblem, XeroContact
from webapp.services.access import end_reading
from webapp.services.imports.ahead import read_ahead
from webapp.services.imports.chunks import chunks
from webapp.services.imports.company_store import CompanyStore
from webapp.services.imports.recording import Counts, ImportStopped, KindLog
from webapp.services.imports.source import Source
from webapp.services.imports.statistics import Statistics
from webapp.xero.records import Contact, Page


def import_companies(source: Source, log: KindLog) -> None:
    """Bring the contacts in that changed, each page in one transaction.

    Nothing is held but the page, the next one, and the few contacts whose fate other pages decide.

    Raises:
        ImportStopped: there are new companies and no Template Company (R50); companies that
            were there already are up to date all the same.
    """
    store = CompanyStore(source)
    end_reading()
    passage = _Passage(store, log)
    statistics = Statistics(Company, XeroContact, ImportProblem)
    with closing(read_ahead(source.client.contacts(source.modified_since))) as pages:
        for page in pages:
            passage.bring_in(page)
            statistics.made(log.counts.created)
    survivors = _survivors(source, store, passage.merged.values())
    end_reading()
    passage.settle(survivors)
    if passage.without_template:
        raise ImportStopped(
            f"{passage.without_template} new companies were not made, because FinCo "
            f"{store.fin_co_code} has no Template Company. "
            "Choose one in Financial Companies, then import again."
        )


class _Passage:
    """One pass over the contacts, and what it has left over so far."""

    def __init__(self, store: CompanyStore, log: KindLog) -> None:
        self._store = store
        self._log = log
        self.merged: dict[str, Contact] = {}
        self._deferred: dict[str, Contact] = {}
        self.without_template = 0

    def bring_in(self, page: Page[Contact]) -> None:
        contacts = {contact.contact_id: contact for contact in page.records}
        for contact_id in contacts:
            # One that changed while we read comes again: what it says now counts.
            self._deferred.pop(contact_id, None)
            self.merged.pop(contact_id, None)
        waiting = [one for one in self.merged.values() if one.merged_to_contact_id in contacts]
        with self._log.step() as counts:
            counts.fetched += len(contacts) + len(page.unreadable)
            for contact in contacts.values():
                self._log.saw(contact.updated_at)
            self._log.reject(unreadable(page.unreadable, "a contact without a name"))
            known = self._store.about([*contacts.values(), *waiting])
            plan = plan_companies(
                contacts.values(), known, self._store.template, waiting=waiting, defer=True
            )
            self._carry_out(plan, counts)
        for contact in waiting:
            del self.merged[contact.contact_id]
        self.merged.update((one.contact_id, one) for one in plan.merged)
        self._deferred.update((one.contact_id, one) for one in plan.deferred)

    def settle(self, survivors: Sequence[Contact]) -> None:
        """Decide what no page could, now that each says how it is."""
        by_id = {contact.contact_id: contact for contact in survivors}
        if self.merged:
            with self._log.step() as counts:
                known = self._store.linked_to({*self.merged, *by_id, *self._targets(survivors)})
                plan = plan_merges(self.merged.values(), by_id, known)
                self._carry_out(plan, counts)
        for part in chunks(list(self._deferred.values())):
            with self._log.step() as counts:
                plan = plan_companies(part, self._store.about(part), self._store.template)
                self._carry_out(plan, counts)

    def _targets(self, survivors: Iterable[Contact]) -> set[str]:
        return {
            contact.merged_to_contact_id
            for contact in [*self.merged.values(), *survivors]
            if contact.merged_to_contact_id
        }

    def _carry_out(self, plan: CompanyPlan, counts: Counts) -> None:
        self._store.write(plan.changes, self._log.now())
        counted = [change for change in plan.changes if change.counted]
        for change in counted:
            counts.created += change.is_new
            counts.unchanged += change.is_unchanged
            counts.updated += not (change.is_new or change.is_unchanged)
        self._log.came_in({change.link.contact_id for change in counted})
        self._log.note(plan.passed_on)
        self._log.reject(plan.rejections)
        self.without_template += plan.without_template


def _survivors(source: Source, store: CompanyStore, merged: Iterable[Contact]) -> list[Contact]:
    """Ask for the contacts that others became, as far as they are not companies already."""
    found: dict[str, Contact] = {}
    asked: set[str] = set()
    wanted = {one.merged_to_contact_id for one in merged if one.merged_to_contact_id}
    while wanted:
        linked = {one.link.contact_id for one in store.linked_to(wanted) if one.link}
        end_reading()
        unknown = wanted - linked - asked
        asked |= unknown
        read = source.client.contacts_by_id(sorted(unknown)) if unknown else []
        found.update((contact.contact_id, contact) for contact in read)
        wanted = {one.merged_to_contact_id for one in read if one.merged_to_contact_id} - asked
    return list(found.values())
