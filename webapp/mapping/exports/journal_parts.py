"""How a journal is cut into parts that Xero takes, each of which balances (R115).

The cut follows from the lines' values and texts alone, which nobody changes in a closed batch: not
from accounts or tracking, which may be mended between two exports of one batch. So a part that is
in Xero stays the part it was, and only the missing ones go again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.money import ZERO, to_cents, total

MAX_LINES = 500
"""Journal lines in one journal. Xero documents no maximum, only time and size; beyond 500 it is to
be expected slow (xero-api b.2, trap 39). Another number here cuts half-sent journals elsewhere: it
may change only while no batch of journals is partly in Xero."""

MAX_BYTES = 2_900_000
"""Bytes of one journal, so that it fits a request of 3 MB (xero-api b.2). Fixed as MAX_LINES is."""

LINE_OVERHEAD = 2_000
"""More bytes than all of a line but its text can take: names of members, account, codes, two
tracking categories and options of 100 characters each."""


@dataclass(frozen=True)
class Posting:
    """A line of a journal as the cut sees it. ``value`` is what its DR account is debited."""

    line_no: int
    value: Decimal
    text: str


@dataclass(frozen=True)
class Entry:
    """One line of a journal in Xero: debits above zero, credits below."""

    line_no: int
    amount: Decimal
    on_credit_account: bool
    """Whether it is the other side of the line, on the line's CR account."""


Part = tuple[Entry, ...]


def parts_of(postings: Iterable[Posting], *, one_sided: bool) -> tuple[Part, ...]:
    """Cut a journal's lines into parts within the limits; lines of zero post nothing.

    Args:
        postings: the lines in their order.
        one_sided: whether each line has a DR account only and the lines balance each other, as in
            Adjustment batches. Otherwise each line debits one account and credits another.

    Returns:
        The parts in order; each balances if the journal does. None where nothing is posted.
    """
    told = [posting for posting in postings if to_cents(posting.value)]
    weights = {one.line_no: _weight(one.text) for one in told}
    if not one_sided:
        return tuple(_filled(map(_both_sides, told), weights))
    whole = [(_debit(one.line_no, to_cents(one.value)),) for one in told]
    parts = list(_filled(whole, weights))
    if len(parts) > 1:
        parts = [_merged(part) for part in _filled(_transfers(told), weights)]
    return tuple(parts)


def value_of(part: Part) -> Decimal:
    """What a part posts, as the document counts it: the sum of its lines' values."""
    return total(entry.amount for entry in part if not entry.on_credit_account)


def _debit(line_no: int, amount: Decimal) -> Entry:
    return Entry(line_no, amount, on_credit_account=False)


def _both_sides(posting: Posting) -> Part:
    amount = to_cents(posting.value)
    return (
        _debit(posting.line_no, amount),
        Entry(posting.line_no, -amount, on_credit_account=True),
    )


@dataclass
class _Rest:
    """What of a one-sided line is not matched yet, without its sign."""

    line_no: int
    amount: Decimal


def _transfers(postings: Sequence[Posting]) -> Iterator[Part]:
    """Debits and credits matched in their order; a line is taken piece by piece where it must be.

    Each transfer balances in itself, so a cut between any two of them leaves balanced parts.
    """
    debits = (_Rest(one.line_no, to_cents(one.value)) for one in postings if one.value > 0)
    others = (_Rest(one.line_no, -to_cents(one.value)) for one in postings if one.value < 0)
    debit, credit = next(debits, None), next(others, None)
    while debit is not None and credit is not None:
        amount = min(debit.amount, credit.amount)
        yield _debit(debit.line_no, amount), _debit(credit.line_no, -amount)
        debit.amount -= amount
        credit.amount -= amount
        debit = debit if debit.amount else next(debits, None)
        credit = credit if credit.amount else next(others, None)


def _filled(units: Iterable[Part], weights: Mapping[int, int]) -> Iterator[Part]:
    """Put units that belong together into parts, each as full as it may be."""
    part: list[Entry] = []
    places: set[tuple[int, bool]] = set()
    weight = 0
    for unit in units:
        new = {(entry.line_no, entry.on_credit_account) for entry in unit} - places
        more = sum(weights[line_no] for line_no, _ in new)
        if part and (len(places) + len(new) > MAX_LINES or weight + more > MAX_BYTES):
            yield tuple(part)
            part, places, weight = [], set(), 0
            new = {(entry.line_no, entry.on_credit_account) for entry in unit}
            more = sum(weights[line_no] for line_no, _ in new)
        part += unit
        places |= new
        weight += more
    if part:
        yield tuple(part)


def _merged(part: Part) -> Part:
    """The pieces of a line inside one part as one entry, in the order of the lines."""
    sums: dict[int, Decimal] = {}
    for entry in part:
        sums[entry.line_no] = sums.get(entry.line_no, ZERO) + entry.amount
    return tuple(_debit(line_no, sums[line_no]) for line_no in sorted(sums))


def _weight(text: str) -> int:
    # In JSON no character takes more than twice the bytes it has in UTF-8.
    return 2 * len(text.encode()) + LINE_OVERHEAD
