"""The problems of an export put together by their causes, with what each of them holds back."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.money import total
from webapp.domain.problems import Problem
from webapp.services.exports.subjects import Subject


@dataclass(frozen=True)
class CurrencyPreflight:
    """Documents in one currency. ``total`` includes GST."""

    currency: str
    documents: int
    total: Decimal


@dataclass(frozen=True)
class Finding:
    """A problem of a document, and the record at which it is mended."""

    problem: Problem
    subject: Subject


@dataclass(frozen=True)
class Affected:
    """A document with a problem. ``total`` includes GST, in ``currency``."""

    uid: str
    record: str
    currency: str
    total: Decimal
    finding: Finding


@dataclass(frozen=True)
class Cause:
    """One reason, and every document behind it."""

    key: str
    """Names it in an address; the same reason has the same key in every preview."""
    code: str
    message: str
    alike: int
    """How many other messages differ from this one only in the document they name."""
    way_out: str
    subjects: tuple[Subject, ...]
    """Where it is mended, each record once."""
    documents: tuple[str, ...]
    """The uids of the documents."""
    examples: tuple[str, ...]
    totals: tuple[CurrencyPreflight, ...]


EXAMPLES = 5


def causes_of(affected: Iterable[Affected]) -> tuple[Cause, ...]:
    """Each cause once, that behind the most documents first.

    Problems are alike when they say the same, or when they say the same of another document and
    have the same way out.
    """
    groups: defaultdict[tuple[str, str, str], list[Affected]] = defaultdict(list)
    for one in affected:
        groups[_cause(one.finding.problem)].append(one)
    causes = [_told(key, members) for key, members in groups.items()]
    return tuple(sorted(causes, key=lambda cause: -len(cause.documents)))


def sums(documents: Iterable[tuple[str, Decimal]]) -> tuple[CurrencyPreflight, ...]:
    """Count and add up documents by their currencies."""
    amounts: defaultdict[str, list[Decimal]] = defaultdict(list)
    for currency, amount in documents:
        amounts[currency].append(amount)
    return tuple(
        CurrencyPreflight(currency, len(amounts[currency]), total(amounts[currency]))
        for currency in sorted(amounts)
    )


def _cause(problem: Problem) -> tuple[str, str, str]:
    if problem.record in problem.message:
        return problem.code, "", problem.way_out
    return problem.code, problem.message, ""


def _told(key: tuple[str, str, str], members: Sequence[Affected]) -> Cause:
    problems = [one.finding.problem for one in members]
    messages = Counter(problem.message for problem in problems)
    documents = {one.uid: one for one in members}
    return Cause(
        key=hashlib.sha256("\n".join(key).encode()).hexdigest()[:12],
        code=problems[0].code,
        message=messages.most_common(1)[0][0],
        alike=len(messages) - 1,
        way_out=problems[0].way_out,
        subjects=tuple(dict.fromkeys(one.finding.subject for one in members)),
        documents=tuple(documents),
        examples=tuple(one.record for one in documents.values())[:EXAMPLES],
        totals=sums((one.currency, one.total) for one in documents.values()),
    )
