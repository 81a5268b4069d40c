"""The companies of a FinCo, as far as a page of contacts is about them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.matching import link_code
from webapp.mapping.imports.company_plan import CompanyChange
from webapp.mapping.imports.contacts import TemplateFields
from webapp.mapping.imports.directory import CompanyFields, Known, Link
from webapp.models import Company, FinCo, XeroContact
from webapp.services import bulk
from webapp.services.among import among
from webapp.services.imports.source import Source
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

ACCOUNTS = (Company.ap_account, Company.ar_account)

ROWS_AT_ONCE = 1000


class CompanyStore:
    """Finds the companies a page needs, and stores what becomes of them, in a few statements."""

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
        self._typed = self._typed_with_spaces()
        self._link_ids: dict[int | str, int] = {}

    def about(self, contacts: Iterable[Contact]) -> list[Known]:
        """The companies these contacts are, were merged into, or have the account of."""
        ids: set[str] = set()
        accounts: set[str] = set()
        for contact in contacts:
            ids.update({contact.contact_id, contact.merged_to_contact_id or contact.contact_id})
            account = link_code(contact.account_number)
            accounts.update({account, *self._typed.get(account, ())} if account else ())
        return self._known({*self._linked(ids), *self._having(accounts).values()})

    def linked_to(self, contact_ids: Iterable[str]) -> list[Known]:
        """The companies that are these contacts."""
        return self._known(self._linked(contact_ids))

    def write(self, changes: Sequence[CompanyChange], now: dt.datetime) -> None:
        """Store changes; where a company has several, the last one says how it will be."""
        last = {change.key: change for change in changes}.values()
        self._free_accounts(last)
        updates = [
            {"id": change.key, **vars(change.fields)}
            for change in last
            if change.former is not None and change.fields != change.former.fields
        ]
        if updates:
            db.session.execute(sa.update(Company), updates)
        made = self._insert([change for change in last if change.is_new])
        self._write_links(last, made, now)

    def _free_accounts(self, changes: Iterable[CompanyChange]) -> None:
        """Take accounts off the companies that give them up: others of the page may have them."""
        given_up: dict[str, list[int | str]] = {}
        for change in changes:
            if change.former is None:
                continue
            for column in ACCOUNTS:
                before = getattr(change.former.fields, column.key)
                if before is not None and before != getattr(change.fields, column.key):
                    given_up.setdefault(column.key, []).append(change.key)
        for name, ids in given_up.items():
            db.session.execute(sa.update(Company), [{"id": key, name: None} for key in ids])

    def _typed_with_spaces(self) -> dict[str, list[str]]:
        """How accounts are kept that somebody typed with spaces around them, by their code."""
        typed: dict[str, list[str]] = {}
        rows = db.session.execute(
            sa.select(Company.ap_account, Company.ar_account).where(
                Company.fin_co_id == self._fin_co_id
            ),
            execution_options={"yield_per": ROWS_AT_ONCE},
        )
        for row in rows:
            for account in row:
                if account and link_code(account) != account:
                    typed.setdefault(link_code(account), []).append(account)
        return typed

    def _linked(self, contact_ids: Iterable[str]) -> Sequence[int]:
        return db.session.scalars(
            sa.select(XeroContact.company_id)
            .filter_by(**self._owner)
            .where(among(XeroContact.contact_id, list(contact_ids)))
        ).all()

    def _having(self, accounts: Iterable[str]) -> dict[tuple[str, str], int]:
        """The FinCo's companies that have one of these accounts, by its column and itself."""
        wanted = list(accounts)
        # Asked for either column in one condition, databases go through every company.
        parts = [
            sa.select(sa.literal(column.key), column, Company.id).where(
                Company.fin_co_id == self._fin_co_id, among(column, wanted)
            )
            for column in ACCOUNTS
        ]
        rows = db.session.execute(sa.union_all(*parts))
        return {(column, str(account)): company_id for column, account, company_id in rows}

    def _known(self, company_ids: Iterable[int]) -> list[Known]:
        mine = sa.and_(
            XeroContact.company_id == Company.id,
            XeroContact.fin_co_id == self._fin_co_id,
            XeroContact.tenant_id == self._owner["tenant_id"],
        )
        rows = db.session.execute(
            sa.select(
                Company.id,
                *(getattr(Company, name) for name in FIELDS),
                XeroContact.id.label("link_id"),
                XeroContact.contact_id,
                XeroContact.name.label("contact_name"),
                XeroContact.status,
            )
            .outerjoin(XeroContact, mine)
            .where(among(Company.id, list(company_ids)))
            .order_by(Company.id)
        ).all()
        self._link_ids = {row.id: row.link_id for row in rows if row.link_id is not None}
        return [
            Known(
                row.id,
                CompanyFields(*row[1 : len(FIELDS) + 1]),
                Link(row.contact_id, row.contact_name, row.status) if row.link_id else None,
            )
            for row in rows
        ]

    def _write_links(
        self,
        changes: Iterable[CompanyChange],
        made: Mapping[int | str, int],
        now: dt.datetime,
    ) -> None:
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for change in changes:
            link = {**vars(change.link), "seen_at": now}
            link_id = self._link_ids.get(change.key)
            if link_id is None:
                company_id = made.get(change.key, change.key)
                new.append({"company_id": company_id, **self._owner, **link})
            elif change.former is None or change.link != change.former.link:
                changed.append({"id": link_id, **link})
        if changed:
            db.session.execute(sa.update(XeroContact), changed)
        bulk.insert(XeroContact, new)

    def _insert(self, changes: Sequence[CompanyChange]) -> Mapping[int | str, int]:
        """Make companies; give their ids.

        They are looked up by their accounts: SQLite would give ids back only row by row.
        """
        if not changes:
            return {}
        given = {"fin_co_id": self._fin_co_id, **self._given}
        bulk.insert(Company, [{**given, **vars(change.fields)} for change in changes])
        keys = {
            (column.key, account): change.key
            for change in changes
            for column in ACCOUNTS
            if (account := getattr(change.fields, column.key))
        }
        found = self._having({account for _, account in keys})
        return {keys[of]: company_id for of, company_id in found.items() if of in keys}
