"""What Xero tells, as frozen records.

Money is `Decimal` in the document's currency; `sub_total` excludes GST, `total` includes it. Dates
are calendar days, never shifted by a zone; `updated_at` and its like are aware UTC. Statuses and
types stay text as Xero sent them, because Xero adds values (xero-api h 27).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, NamedTuple, TypeVar

DocumentKind = Literal["Invoices", "CreditNotes", "ManualJournals"]

ZERO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class ElementProblem:
    """One message of Xero and the part of the element it hangs on (`""` is the element itself)."""

    path: str
    message: str


@dataclass(frozen=True)
class Connection:
    """One organisation (or practice) that a token reaches. Delete it by `connection_id`."""

    connection_id: str
    tenant_id: str
    tenant_type: str
    tenant_name: str
    auth_event_id: str
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True)
class Organisation:
    """The connected organisation."""

    organisation_id: str
    name: str
    legal_name: str
    short_code: str
    country_code: str
    base_currency: str
    version: str
    timezone: str
    period_lock_date: date | None
    end_of_year_lock_date: date | None
    is_demo_company: bool
    organisation_class: str
    organisation_status: str


class Terms(NamedTuple):
    """When a contact's documents fall due, in Xero's words, e.g. (20, "OFFOLLOWINGMONTH")."""

    day: int
    type: str


@dataclass(frozen=True)
class Address:
    """One address of a contact."""

    type: str
    lines: tuple[str, ...]
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True)
class Contact:
    """A customer or supplier, archived ones included.

    `account_number` is exactly what the user typed in Xero. `merged_to_contact_id` names the
    contact that took this one's place.
    """

    contact_id: str
    name: str
    account_number: str
    contact_number: str
    status: str
    group_names: tuple[str, ...]
    bills_terms: Terms | None
    sales_terms: Terms | None
    default_currency: str
    tax_number: str
    company_number: str
    email: str
    phone: str
    addresses: tuple[Address, ...]
    is_supplier: bool
    is_customer: bool
    merged_to_contact_id: str | None
    updated_at: datetime | None


@dataclass(frozen=True)
class ContactGroup:
    """A named group of contacts."""

    contact_group_id: str
    name: str
    status: str


@dataclass(frozen=True)
class Account:
    """A line of the chart of accounts, archived ones included. Bank accounts may have no code."""

    account_id: str
    code: str
    name: str
    type: str
    account_class: str
    status: str
    tax_type: str
    system_account: str
    bank_account_type: str
    currency_code: str
    enable_payments: bool
    reporting_code: str
    description: str
    updated_at: datetime | None


@dataclass(frozen=True)
class TaxRate:
    """A tax rate; `tax_type` is its key. Rates are per cent."""

    name: str
    tax_type: str
    status: str
    effective_rate: Decimal
    display_rate: Decimal
    can_apply_to_assets: bool
    can_apply_to_equity: bool
    can_apply_to_expenses: bool
    can_apply_to_liabilities: bool
    can_apply_to_revenue: bool


@dataclass(frozen=True)
class Currency:
    """A currency the organisation is subscribed to."""

    code: str
    description: str


@dataclass(frozen=True)
class TrackingOption:
    """One value of a tracking category."""

    option_id: str
    name: str
    status: str


@dataclass(frozen=True)
class TrackingCategory:
    """A tracking category with its options, archived ones included."""

    category_id: str
    name: str
    status: str
    options: tuple[TrackingOption, ...]


@dataclass(frozen=True)
class RemoteDocument:
    """A document as it stands in Xero.

    `number` is the invoice or credit note number (`""` for journals), `reference` their reference,
    or a journal's narration. Journals have no totals. `amount_due` is what is still to be paid, of
    a credit note what is still to be used.
    """

    kind: DocumentKind
    xero_id: str
    type: str
    number: str
    reference: str
    contact_id: str
    date: date | None
    status: str
    sub_total: Decimal | None
    total_tax: Decimal | None
    total: Decimal | None
    url: str
    updated_at: datetime | None
    amount_due: Decimal | None = None
    amount_paid: Decimal | None = None
    currency_code: str = ""


@dataclass(frozen=True)
class Payment:
    """Money that paid an invoice or bill, or something else; deleted ones are in the list too.

    `amount` is in the invoice's currency, `bank_amount` in the bank account's. `currency_rate` is
    foreign units per one unit of the base currency (xero-api d.7.2). The invoice is named by
    `invoice_id`, None where the payment is of something else: a refund, a prepayment.
    `updated_at` says when it was made or deleted: payments are never edited.
    """

    payment_id: str
    date: date | None
    amount: Decimal | None
    bank_amount: Decimal | None
    currency_rate: Decimal | None
    payment_type: str
    status: str
    reference: str
    is_reconciled: bool
    account_id: str | None
    account_code: str
    invoice_id: str | None
    invoice_number: str
    invoice_type: str
    contact_id: str | None
    contact_name: str
    currency_code: str
    batch_payment_id: str | None
    updated_at: datetime | None


@dataclass(frozen=True)
class Unreadable:
    """A record that is not what Xero says its records are; nothing of it was taken.

    `name` is what people may know it by and `code` its Code or TaxType, `""` where it has none.
    `reason` says what is odd, and `digest` tells records without an id apart.
    """

    name: str
    code: str
    xero_id: str | None
    reason: str
    updated_at: datetime | None
    digest: str


R = TypeVar("R")


class Listing(list[R]):
    """All records of a kind that could be read, and those that could not."""

    def __init__(self, records: Iterable[R], unreadable: tuple[Unreadable, ...] = ()) -> None:
        super().__init__(records)
        self.unreadable = unreadable


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of an answer; the counts are Xero's own and for showing progress."""

    records: tuple[R, ...]
    number: int
    page_count: int | None
    item_count: int | None
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True)
class RemoteFile:
    """A file that hangs on a record; `size` is in bytes, None where Xero does not say."""

    attachment_id: str
    file_name: str
    size: int | None


@dataclass(frozen=True)
class ElementResult:
    """What became of one element of a write. `xero_id` is None where Xero gave the zero id.

    `reference` is a journal's narration.
    """

    index: int
    xero_id: str | None
    number: str
    contact_id: str
    type: str
    status: str
    sub_total: Decimal | None
    total_tax: Decimal | None
    total: Decimal | None
    url: str
    errors: tuple[ElementProblem, ...]
    warnings: tuple[ElementProblem, ...]
    reference: str = ""
    marked_error: bool = False

    @property
    def ok(self) -> bool:
        """Whether the element is in Xero: not ERROR, no errors anywhere, a real id (c.2)."""
        return not self.marked_error and not self.errors and self.xero_id is not None


@dataclass(frozen=True)
class WriteResult:
    """The answer to a write, element by element, in the order Xero gave them.

    Whether Xero carried the write out now or replayed its stored answer to the same idempotency
    key, it does not say. Fewer elements than were sent is possible: match by number and contact,
    and treat what is missing as uncertain.
    """

    elements: tuple[ElementResult, ...]
    correlation_id: str | None
