"""What the addresses of Job Receipts and Payments ask for."""

from collections.abc import Collection

from werkzeug.datastructures import MultiDict

from webapp.queries.enquiries.moved import NEWEST_FIRST, MovedFilter, MovedStatus
from webapp.web.enquiries import reading
from webapp.web.security import fin_co_or_404


def asked_for(args: MultiDict[str, str], sorted_by: Collection[str]) -> MovedFilter:
    """Read the filter of an address; 404 for a FinCo the person does not see, 422 for nonsense."""
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    return MovedFilter(
        text=reading.text(args, "q"),
        fin_co=code,
        status=reading.choice(args, "status", MovedStatus) or MovedStatus.ANY,
        since=reading.day(args, "from"),
        until=reading.day(args, "to"),
        sort=reading.sort(args, sorted_by, NEWEST_FIRST),
    )


def arguments(asked: MovedFilter) -> dict[str, str]:
    """The address that asks for the same."""
    return reading.told(
        {
            "q": asked.text,
            "fin_co": asked.fin_co,
            "status": asked.status if asked.status is not MovedStatus.ANY else None,
            "from": asked.since.isoformat() if asked.since else None,
            "to": asked.until.isoformat() if asked.until else None,
            "sort": asked.sort.value if asked.sort != NEWEST_FIRST else None,
        }
    )
