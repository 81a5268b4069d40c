"""Invoices and credit notes of every sort, and the payments that stand against them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from webapp.sandbox.books import Books
from webapp.sandbox.dates import day_string, wire_day
from webapp.sandbox.kinds import ACCOUNTS, PAYMENTS
from webapp.sandbox.made_up.order import LONGEST_UNPAID, Chance, KnownInvoice, Order, SizeError
from webapp.sandbox.money import round_to
from webapp.sandbox.rules.document_kinds import CREDIT_NOTE, INVOICE, DocumentKind
from webapp.sandbox.rules.documents import save_document, settle
from webapp.sandbox.rules.payments import new_payment, on_document
from webapp.sandbox.store import forgotten
from webapp.sandbox.wire import JsonObject

_AT_ONCE = 1000
_LARGEST = 20_000
_LINE_ACCOUNTS = {"ACCPAY": "DIRECTCOSTS", "ACCREC": "REVENUE"}


def make_documents(books: Books, order: Order, parties: list[JsonObject]) -> JsonObject:
    """Make payments and what they pay, a thousand documents at a time; give the counts.

    Raises:
        SizeError: there is no contact, or no account, to make them with.
    """
    counts = {name: {"made": 0, "present": 0} for name in ("documents", "payments")}
    if not order.payments:
        return counts
    if not parties:
        raise SizeError("Payments need contacts: ask for some in the same call.")
    made_up = _Maker(books, order, parties).all()
    while part := list(islice(made_up, _AT_ONCE)):
        added = sum(
            books.add_all(sort.kind, [paid.document for paid in part if paid.sort is sort])
            for sort in (INVOICE, CREDIT_NOTE)
        )
        _count(counts["documents"], len(part), added)
        payments = [payment for paid in part for payment in paid.payments]
        _count(counts["payments"], len(payments), books.add_all(PAYMENTS, payments))
    return counts


def _count(counts: dict[str, int], wanted: int, made: int) -> None:
    counts["made"] += made
    counts["present"] += wanted - made


@dataclass(frozen=True)
class _Paid:
    """A document and its payments, each with the instant of its last change."""

    sort: DocumentKind
    document: tuple[JsonObject, int]
    payments: list[tuple[JsonObject, int]]


class _Maker:
    """Makes one document after the other from patterns that the organisation's rules made."""

    def __init__(self, books: Books, order: Order, parties: list[JsonObject]) -> None:
        self._books = books
        self._order = order
        self._parties = parties
        self._chance: Chance = order.chance("documents")
        self._bank = _account(books, "BANK")
        self._patterns = _patterns(books, parties[0])

    def all(self) -> Iterator[_Paid]:
        """Give documents until so many payments are made as were ordered."""
        known = iter(self._order.invoices)
        left = self._order.payments
        made = 0
        while left:
            made += 1
            day = self._chance.day()
            document, sort = self._document(next(known, None), made, day)
            payments = [
                self._payment(document, sort, day, part) for part in self._parts(document, left)
            ]
            left -= len(payments)
            standing = [one for one, _ in payments if one["Status"] == "AUTHORISED"]
            document["Payments"] = [on_document(one) for one in standing]
            settle(sort, document)
            yield _Paid(sort, (document, max(instant for _, instant in payments)), payments)

    def _document(
        self, known: KnownInvoice | None, made: int, day: date
    ) -> tuple[JsonObject, DocumentKind]:
        chance = self._chance
        if known:
            kind, foreign = known.type, False
        else:
            kind = chance.choices(tuple(self._patterns), (66, 30, 2, 2))[0]
            foreign = chance.random() < 0.03  # noqa: PLR2004 - a few are in another currency
        sort = INVOICE if kind in _LINE_ACCOUNTS else CREDIT_NOTE
        pattern = self._patterns[kind][foreign]
        due = day + timedelta(days=20)
        document = {
            **pattern,
            **_amounts(pattern, known.total if known else chance.amount(_LARGEST)),
            sort.kind.id_field: (known and known.invoice_id) or chance.record_id(),
            sort.number_field: known.number if known else f"M{self._order.seed}-{made}",
            "Contact": chance.choice(self._parties),
            "DateString": day_string(day),
            "Date": wire_day(day),
            "DueDateString": day_string(due),
            "DueDate": wire_day(due),
        }
        document["LineItems"][0]["LineItemID"] = chance.record_id()
        return document, sort

    def _parts(self, document: JsonObject, left: int) -> list[tuple[Decimal, str]]:
        """Say what is paid, and how each payment stands: in full, in parts, deleted and again."""
        total = document["Total"]
        half = round_to(total / 2, 2)
        sort = self._chance.choices(("full", "parts", "begun", "again"), (70, 15, 8, 7))[0]
        parts = {
            "full": [(total, "AUTHORISED")],
            "parts": [(half, "AUTHORISED"), (total - half, "AUTHORISED")],
            "begun": [(half, "AUTHORISED")],
            "again": [(total, "DELETED"), (total, "AUTHORISED")],
        }
        return parts[sort][:left]

    def _payment(
        self, document: JsonObject, sort: DocumentKind, day: date, part: tuple[Decimal, str]
    ) -> tuple[JsonObject, int]:
        amount, status = part
        payload = {"Reference": f"Payment {self._chance.randrange(10**6):06d}"}
        day += timedelta(days=self._chance.randrange(LONGEST_UNPAID))
        payment = new_payment(self._books, payload, sort, document, self._bank, amount)
        payment |= {
            "PaymentID": self._chance.record_id(),
            "Date": wire_day(day),
            "Status": status,
            "IsReconciled": True,
        }
        return payment, self._chance.minute_of(day)


def _amounts(pattern: JsonObject, total: Decimal) -> JsonObject:
    """Give the amounts of a document of one line, with the pattern's tax in them."""
    net = round_to(total * pattern["SubTotal"] / pattern["Total"], 2)
    line = {**pattern["LineItems"][0], "UnitAmount": net, "LineAmount": net}
    line["TaxAmount"] = total - net
    return {"SubTotal": net, "TotalTax": total - net, "Total": total, "LineItems": [line]}


def _patterns(books: Books, party: JsonObject) -> dict[str, tuple[JsonObject, JsonObject]]:
    """Have the rules make one document of each type, in the own currency and in another."""
    base = books.organisation.base_currency
    currencies = sorted(
        row["number"].upper()
        for row in books.connection.execute(
            "SELECT number FROM records WHERE org=? AND kind='Currencies'",
            (books.organisation.org,),
        )
    )
    foreign = next((code for code in currencies if code != base), base)
    types = [
        (sort, kind, _account(books, _LINE_ACCOUNTS[kind.removesuffix("CREDIT")])["Code"])
        for sort in (INVOICE, CREDIT_NOTE)
        for kind in (sort.purchase_type, sort.sales_type)
    ]
    with forgotten(books.connection):
        return {
            kind: (
                _pattern(books, sort, kind, code, party, base),
                _pattern(books, sort, kind, code, party, foreign),
            )
            for sort, kind, code in types
        }


def _pattern(
    books: Books, sort: DocumentKind, kind: str, account: str, party: JsonObject, currency: str
) -> JsonObject:
    today = books.clock.today(books.organisation.zone).isoformat()
    line = {"Description": "Made up", "Quantity": 1, "UnitAmount": 100, "AccountCode": account}
    payload = {
        "Type": kind,
        "Contact": {"ContactID": party["ContactID"]},
        "Date": today,
        "DueDate": today,
        "Status": "AUTHORISED",
        "CurrencyCode": currency,
        "LineItems": [line],
    }
    return save_document(books, sort, payload, None, unit_places=2)


def _account(books: Books, kind: str) -> JsonObject:
    found = books.select(ACCOUNTS, "type=? AND status='ACTIVE'", [kind], "number", 1)
    if not found:
        raise SizeError(f"The organisation has no account of type {kind}.")
    return found[0]
