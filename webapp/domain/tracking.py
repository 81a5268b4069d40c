"""Whether the tracking categories a FinCo names are those its organisation has."""

from collections.abc import Mapping, Sequence

from webapp.domain.problems import Problem

ACTIVE = "ACTIVE"


def tracking_problems(named: Sequence[str | None], known: Mapping[str, str]) -> tuple[Problem, ...]:
    """What keeps named categories from reaching the ledger, which drops them without a word (R103).

    Args:
        named: the names of Tracking Category 1, 2 …; None where none is sent.
        known: the name of every category of the organisation with its status. Names are compared
            letter by letter; categories are never created (R104).
    """
    problems = []
    for place, name in enumerate(named, start=1):
        if name is None:
            continue
        record = f"Tracking Category {place}"
        if name in named[: place - 1]:
            problems.append(
                Problem(
                    code="tracking-category-twice",
                    record=record,
                    message=f"{record} is {name}, as another one is.",
                    way_out="Choose another for one of them, or leave it blank.",
                )
            )
        elif name not in known:
            problems.append(_unknown(record, name, known))
        elif known[name] != ACTIVE:
            problems.append(
                Problem(
                    code="tracking-category-archived",
                    record=record,
                    message=f"{record} is {name}, which is archived in Xero.",
                    way_out="Restore it in Xero, or choose another.",
                )
            )
    return tuple(problems)


def _unknown(record: str, name: str, known: Mapping[str, str]) -> Problem:
    alike = [there for there in known if there.casefold() == name.casefold()]
    if alike:
        way_out = f"Xero has {alike[0]}: write it so, with the same capitals."
    elif known:
        way_out = f"Xero has {', '.join(sorted(known))}. Choose one, or add {name} in Xero."
    else:
        way_out = f"Add {name} in Xero, then press Test."
    return Problem(
        code="tracking-category-unknown",
        record=record,
        message=f"{record} is {name}, and Xero has no category of that name.",
        way_out=way_out,
    )
