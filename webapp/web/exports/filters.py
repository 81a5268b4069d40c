"""Export Control's filter as it stands in the address."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from webapp.domain.batches import BatchType
from webapp.queries.export_filter import BY_TYPE, CURRENT, SORTS, Filter, StatusFilter
from webapp.web.enquiries import reading
from webapp.web.formats import day

LONGEST_NUMBER = 20


@dataclass(frozen=True)
class Narrowing:
    """One thing that was asked for: its argument in the address, and how a person reads it."""

    name: str
    value: str
    words: str


def read_filter(args: MultiDict[str, str]) -> Filter:
    """What the address asks for; 422 where it asks for something there is none of."""
    return Filter(
        fin_co=args.get("fin_co") or None,
        status=reading.choice(args, "status", StatusFilter) or StatusFilter.NOT_EXPORTED,
        batch_type=reading.choice(args, "type", BatchType),
        period=args.get("period") or CURRENT,
        number=reading.text(args, "number"),
        since=reading.day(args, "from"),
        until=reading.day(args, "to"),
        sort=reading.sort(args, SORTS, BY_TYPE),
    )


def narrowings(asked: Filter) -> list[Narrowing]:
    """Everything that was asked for beyond what the list opens with."""
    standing = Filter()
    found = []
    if asked.status is not standing.status:
        found.append(Narrowing("status", asked.status.value, f"Status: {asked.status.value}"))
    if asked.period != standing.period:
        named = asked.period.replace("-", " / ")
        found.append(Narrowing("period", asked.period, f"Year / Period: {named}"))
    if asked.batch_type:
        kind = asked.batch_type.value
        found.append(Narrowing("type", kind, f"Batch Type: {kind}"))
    if asked.fin_co:
        found.append(Narrowing("fin_co", asked.fin_co, f"Fin Co: {asked.fin_co}"))
    if asked.number:
        found.append(Narrowing("number", asked.number, f"Batch No or reference: {asked.number}"))
    if asked.since:
        found.append(Narrowing("from", asked.since.isoformat(), f"From {day(asked.since)}"))
    if asked.until:
        found.append(Narrowing("to", asked.until.isoformat(), f"To {day(asked.until)}"))
    return found


def arguments(asked: Filter) -> dict[str, Any]:
    """The filter and the order as arguments of an address, without what is the default anyway."""
    told: dict[str, Any] = {narrowing.name: narrowing.value for narrowing in narrowings(asked)}
    if asked.sort != BY_TYPE:
        told["sort"] = asked.sort.value
    return told


def page_number(args: MultiDict[str, str]) -> int:
    """Which page is asked for; nonsense is the first."""
    asked = args.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < LONGEST_NUMBER else 1
