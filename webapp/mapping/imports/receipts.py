"""How much of a receipt is GST, and which receipts go beyond what an invoice comes to."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.money import ZERO, to_cents


@dataclass(frozen=True)
class InvoiceAmounts:
    """What an invoice comes to, in its own currency; ``total`` includes GST."""

    total: Decimal
    gst: Decimal


@dataclass(frozen=True)
class Received:
    """A receipt that counts. ``gst`` is the share it was stored with; None where it is new."""

    payment_id: str
    date: dt.date
    amount: Decimal
    gst: Decimal | None


@dataclass(frozen=True)
class _Place:
    """A receipt in its order among those of its invoice, and how the invoice stands then."""

    receipt: Received
    settled_before: bool
    settled: bool
    over: Decimal
    """By how much all receipts up to this one exceed the invoice; nothing where they do not."""


def split_gst(
    invoice: InvoiceAmounts, before: Iterable[Received], now: Iterable[Received]
) -> Mapping[str, Decimal]:
    """Give the GST in each receipt of an invoice (R56).

    A receipt's share is proportional to the invoice and rounded to the cent. In the order of
    their dates, the one that settles the invoice takes what the others left, so that the shares
    add up to the invoice's GST; what comes on top of a settled invoice holds none. The order is
    that of the dates, not of arrival, so it does not matter in which order they are read.

    A stored share is kept wherever the shares still add up, so that reversing one receipt leaves
    the others as they were reported; only what lay beyond the invoice is split anew.

    Args:
        invoice: what is paid.
        before: the receipts that counted until now, as they are stored.
        now: those that count from now on; new and changed ones without ``gst``.

    Returns:
        The GST by payment id, for all of ``now``.
    """
    keep = {
        place.receipt.payment_id: place.receipt.gst
        for place in _in_order(invoice, before)
        if not place.over
    }
    shares: dict[str, Decimal] = {}
    left = invoice.gst
    for place in _in_order(invoice, now):
        receipt = place.receipt
        kept = keep.get(receipt.payment_id) if receipt.gst is not None else None
        if place.settled_before:
            share = ZERO
        elif place.settled:
            share = left
        elif kept is not None:
            share = kept
        else:
            share = _proportional(receipt.amount, invoice)
        shares[receipt.payment_id] = share
        left -= share
    return shares


def beyond(invoice: InvoiceAmounts, receipts: Iterable[Received]) -> Mapping[str, Decimal]:
    """By how much an invoice is over-paid from each receipt on that goes beyond it (R54, Q23)."""
    return {
        place.receipt.payment_id: place.over for place in _in_order(invoice, receipts) if place.over
    }


def _in_order(invoice: InvoiceAmounts, receipts: Iterable[Received]) -> Iterator[_Place]:
    # A negative invoice is settled from the other side.
    sign = -1 if invoice.total < 0 else 1
    paid = ZERO
    settled = False
    for receipt in sorted(receipts, key=lambda one: (one.date, one.payment_id)):
        paid += receipt.amount
        over = max(ZERO, (paid - invoice.total) * sign)
        settled_before, settled = settled, settled or paid * sign >= invoice.total * sign
        yield _Place(receipt, settled_before, settled, over)


def _proportional(amount: Decimal, invoice: InvoiceAmounts) -> Decimal:
    if not invoice.total:
        return ZERO
    return to_cents(amount * invoice.gst / invoice.total)
