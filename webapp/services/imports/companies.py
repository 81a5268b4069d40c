"""Companies: the contacts of the two Workbench groups (R36 to R50)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from webapp.db import db
from webapp.mapping.imports.companies import CompanyChange, plan_companies
from webapp.mapping.imports.contacts import TemplateFields
from webapp.mapping.imports.directory import CompanyFields, Known, Link
from webapp.models import Company, FinCo, XeroContact
from webapp.services.access import end_reading
from webapp.services.imports.chunks import chunks
from webapp.services.imports.recording import ImportStopped, KindLog
from webapp.services.imports.source import Source

if TYPE_CHECKING:
    from webapp.xero.records import Contact

FIELDS = tuple(CompanyFields.__dataclass_fields__)

TEMPLATE_ONLY = (
    "company_type",
    "price_code",
    "location_id",
    "branch",
    "other",
    "credit_status",
    "use_gst",
)
"""What a new company has from the Template Company whatever its contact says (R43, R44)."""


def import_companies(source: Source, log: KindLog) -> None:
    """Bring the contacts in.

    All are read before the first is stored, because whether an account number is used twice or a
    contact was merged does not show in one contact alone.

    Raises:
        ImportStopped: there are new companies and no Template Company (R50); companies that
            were there already are up to date all the same.
    """
    contacts: dict[str, Contact] = {}
    for page in source.client.contacts():
        contacts.update((contact.contact_id, contact) for contact in page.records)
        with log.step() as counts:
            counts.fetched = len(contacts)
    writer = _Writer(source)
    plan = plan_companies(contacts.values(), writer.known, writer.template)
    end_reading()
    with log.step():
        log.reject(plan.rejections)
    for part in chunks(plan.changes):
        with log.step() as counts:
            writer.write(part, log.now())
            for change in part:
                if change.counted:
                    counts.created += change.is_new
                    counts.unchanged += change.is_unchanged
                    counts.updated += not (change.is_new or change.is_unchanged)
    if plan.without_template:
        raise ImportStopped(
            f"{plan.without_template} new companies were not made, because FinCo "
            f"{writer.fin_co_code} has no Template Company. "
            "Choose one in Financial Companies, then import again."
        )


class _Writer:
    """The companies of a FinCo as they stand, and how changes reach them."""

    def __init__(self, source: Source) -> None:
        self._fin_co_id = source.fin_co_id
        self._owner = {"fin_co_id": source.fin_co_id, "tenant_id": source.tenant_id}
        fin_co = db.session.get_one(FinCo, source.fin_co_id)
        template = fin_co.template_company
        self.fin_co_code = fin_co.code
        self.template = (
            TemplateFields(
                template.currency_code, template.payment_terms_days, template.payment_terms_type
            )
            if template
            else None
        )
        self._given = {column: getattr(template, column) for column in TEMPLATE_ONLY if template}
        self._link_ids: dict[int | str, int] = {}
        self.known = self._known()

    def _known(self) -> list[Known]:
        links: dict[int, Link] = {}
        for link in db.session.scalars(
            sa.select(XeroContact).where(
                XeroContact.fin_co_id == self._fin_co_id,
                XeroContact.tenant_id == self._owner["tenant_id"],
            )
        ):
            links[link.company_id] = Link(link.contact_id, link.name, link.status)
            self._link_ids[link.company_id] = link.id
        rows = db.session.execute(
            sa.select(Company.id, *(getattr(Company, name) for name in FIELDS))
            .where(Company.fin_co_id == self._fin_co_id)
            .order_by(Company.id)
        )
        return [
            Known(
                row.id,
                CompanyFields(**{name: getattr(row, name) for name in FIELDS}),
                links.get(row.id),
            )
            for row in rows
        ]

    def write(self, changes: Sequence[CompanyChange], now: dt.datetime) -> None:
        """Store changes, in a handful of statements however many they are."""
        ids = self._insert([change for change in changes if change.is_new])
        updates = [
            {"id": change.key, **asdict(change.fields)}
            for change in changes
            if change.former is not None and change.fields != change.former.fields
        ]
        if updates:
            db.session.execute(sa.update(Company), updates)
        self._write_links(changes, ids, now)

    def _write_links(
        self, changes: Sequence[CompanyChange], ids: Mapping[int | str, int], now: dt.datetime
    ) -> None:
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        seen: list[int] = []
        for change in changes:
            link = {**asdict(change.link), "seen_at": now}
            link_id = self._link_ids.get(change.key)
            if link_id is None:
                company_id = ids.get(change.key, change.key)
                new.append({"company_id": company_id, **self._owner, **link})
            elif change.former is not None and change.link == change.former.link:
                seen.append(link_id)
            else:
                changed.append({"id": link_id, **link})
        if seen:
            db.session.execute(
                sa.update(XeroContact).where(XeroContact.id.in_(seen)).values(seen_at=now)
            )
        if changed:
            db.session.execute(sa.update(XeroContact), changed)
        if new:
            db.session.execute(sa.insert(XeroContact), new)

    def _insert(self, changes: Sequence[CompanyChange]) -> Mapping[int | str, int]:
        if not changes:
            return {}
        made = db.session.scalars(
            sa.insert(Company).returning(Company.id, sort_by_parameter_order=True),
            [
                {"fin_co_id": self._fin_co_id, **self._given, **asdict(change.fields)}
                for change in changes
            ],
        )
        return dict(zip((change.key for change in changes), made, strict=True))
