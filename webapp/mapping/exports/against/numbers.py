"""Numbers of sales documents, which Xero keeps unique (xero-api d.7.2, d.8)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from webapp.domain.entry.kinds import SALES
from webapp.domain.problems import Problem
from webapp.mapping.exports.against.facts import Facts, SalesNumber, folded
from webapp.mapping.exports.outgoing import OutgoingDocument

LONGEST = 255

Numbers = Mapping[SalesNumber, Sequence[str]]
"""The documents of an export that would go under each sales number."""


def numbers_in(documents: Iterable[OutgoingDocument]) -> Numbers:
    """Which documents of an export would go under each sales number."""
    found: defaultdict[SalesNumber, list[str]] = defaultdict(list)
    for document in documents:
        if document.kind in SALES:
            found[sales_number(document)].append(document.record)
    return found


def sales_number(document: OutgoingDocument) -> SalesNumber:
    """The number as Xero compares it."""
    return SalesNumber(document.goes_as_credit, folded(document.number))


def number_problems(
    document: OutgoingDocument, facts: Facts, together: Numbers, beside: Numbers
) -> Iterator[Problem]:
    """What is wrong with a document's number, by itself or beside the others.

    Args:
        document: the document.
        facts: what is known of its organisation.
        together: the numbers of the whole export of its FinCo (`numbers_in`).
        beside: those that go with it to the same organisation from other FinCos, which the
            documents are named with.
    """
    for code, message, way_out in _of_number(document, facts, together, beside):
        yield Problem(code=code, record=document.record, message=message, way_out=way_out)


def _of_number(
    document: OutgoingDocument, facts: Facts, together: Numbers, beside: Numbers
) -> Iterator[tuple[str, str, str]]:
    record = document.record
    if not document.number.strip():
        yield "no-number", f"{record} has no number.", "Give it a number."
    elif len(document.number) > LONGEST:
        yield (
            "number-too-long",
            f"The number of {record} is longer than the {LONGEST} characters Xero takes.",
            "Give it a shorter number.",
        )
    elif document.kind in SALES:
        number = sales_number(document)
        there = facts.numbers_in_xero.get(number)
        if there is not None:
            yield (
                "number-taken",
                f"{record} has the number of {there}, which is in Xero already.",
                "Give it another number: Xero keeps the numbers of sales documents unique.",
            )
        elif len(together[number]) > 1:
            yield _twice(f"{record} shares its number with another document of this export.")
        elif number in beside:
            yield _twice(
                f"{record} shares its number with {beside[number][0]}, which would go to "
                f"{facts.organisation} in this export too."
            )


def _twice(message: str) -> tuple[str, str, str]:
    return (
        "number-twice",
        message,
        "Give one of them another number: Xero keeps the numbers of sales documents unique.",
    )
