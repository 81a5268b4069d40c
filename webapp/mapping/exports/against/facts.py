"""What is known of an organisation, as far as its rules for documents need it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from webapp.domain.accounts import Chart


class LockDate(NamedTuple):
    """A calendar day up to and including which an organisation takes no more documents (d.1)."""

    name: str
    until: dt.date


class TaxRate(NamedTuple):
    """A tax rate of the organisation."""

    name: str
    status: str
    account_classes: frozenset[str]
    """The classes of account it may be used with (d.4)."""


class Category(NamedTuple):
    """A tracking category of the organisation."""

    status: str
    options: Mapping[str, str]
    """The status of each option, by its folded name: Xero finds them whatever their capitals."""


class SalesNumber(NamedTuple):
    """A number that Xero keeps unique: invoices and credit notes each for themselves (d.7.2)."""

    credit: bool
    folded: str


_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One organisation as a FinCo knows it. What is None is not known, and is not judged.

    Attributes:
        fin_co: the FinCo's code.
        organisation: its name.
        base_currency: the currency the FinCo keeps its books in.
        organisation_currency: the one the organisation keeps its own in.
        locks: its lock dates.
        chart: its accounts, archived ones included.
        account_classes: the class of each account that is in use, by its code.
        tax_rates: its tax rates of every status, by TaxType.
        categories: its tracking categories of every status, by name, letter by letter (R103).
        currencies: the codes of its currencies.
        contacts_out_of_use: the status of the contacts that take no documents, by id (C6.2).
        withheld: the permissions that the sign-in was not given, and what each is for.
        numbers_in_xero: the sales documents of ours that are there under a number, by the number.
    """

    fin_co: str = ""
    organisation: str = "Xero"
    base_currency: str = ""
    organisation_currency: str | None = None
    locks: tuple[LockDate, ...] = ()
    chart: Chart | None = None
    account_classes: Mapping[str, str] = field(default_factory=lambda: _NONE)
    tax_rates: Mapping[str, TaxRate] | None = None
    categories: Mapping[str, Category] | None = None
    currencies: frozenset[str] | None = None
    contacts_out_of_use: Mapping[str, str] = field(default_factory=lambda: _NONE)
    withheld: Mapping[str, str] = field(default_factory=lambda: _NONE)
    numbers_in_xero: Mapping[SalesNumber, str] = field(default_factory=dict)


def folded(name: str) -> str:
    """A name as it is compared where capitals do not count."""
    return name.strip().casefold()
