"""The batches that a form of Export Control names, and what is said of those refused."""

from collections.abc import Mapping, Sequence

from flask import abort, request

from webapp.domain.problems import Problem
from webapp.queries import export_control
from webapp.web.notices import Notice, say
from webapp.web.security import viewer

MOST_NOTICES = 5
"""More than a person reads at once; the session's cookie would not hold them either."""


def asked_batches(field: str) -> dict[int, str]:
    """The batches a form names, by id; 404 where one is not this person's to see."""
    raw = request.form.getlist(field)
    if not all(value.isdecimal() for value in raw):
        abort(422)
    asked = [int(value) for value in dict.fromkeys(raw)]
    found = export_control.visible_batches(viewer(), asked)
    if len(found) != len(asked):
        abort(404)
    return found


def say_refused(
    problems: Sequence[Problem], links: Mapping[str, tuple[str, str]] | None = None
) -> None:
    """Say why batches were refused, each with where to go on, by the record it names."""
    for problem in problems[:MOST_NOTICES]:
        link = (links or {}).get(problem.record)
        say(Notice("danger", problem.message, problem.way_out, link=link))
    more = len(problems) - MOST_NOTICES
    if more > 0:
        refused = "1 more batch was" if more == 1 else f"{more} more batches were"
        say(Notice("danger", f"{refused} refused.", "Mend these first."))
