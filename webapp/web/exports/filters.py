"""Export Control's filter as it stands in the address."""

from collections.abc import Mapping

from flask import abort
from werkzeug.datastructures import MultiDict

from webapp.domain.batches import BatchType
from webapp.queries.export_control import CURRENT, Filter, StatusFilter

LONGEST_NUMBER = 20


def read_filter(args: MultiDict[str, str]) -> Filter:
    """What the address asks for; 422 where it asks for a status or type there is none of."""
    kind = args.get("type")
    try:
        return Filter(
            fin_co=args.get("fin_co") or None,
            status=StatusFilter(args.get("status") or StatusFilter.NOT_EXPORTED),
            batch_type=BatchType(kind) if kind else None,
            period=args.get("period") or CURRENT,
            number=args.get("number", "").strip()[:LONGEST_NUMBER],
        )
    except ValueError:
        abort(422)


def arguments(asked: Filter) -> Mapping[str, str]:
    """The filter as arguments of an address, without what is the default anyway."""
    standing = Filter()
    known = {
        "fin_co": asked.fin_co,
        "status": asked.status.value if asked.status is not standing.status else None,
        "type": asked.batch_type.value if asked.batch_type else None,
        "period": asked.period if asked.period != standing.period else None,
        "number": asked.number or None,
    }
    return {name: value for name, value in known.items() if value}


def page_number(args: MultiDict[str, str]) -> int:
    """Which page is asked for; nonsense is the first."""
    asked = args.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < LONGEST_NUMBER else 1
