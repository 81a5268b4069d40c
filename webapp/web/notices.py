"""What a button did, said below the buttons: at once with HTMX, after the redirect without."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from flask import flash, get_flashed_messages, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.services.errors import ServiceError

CONFLICT = 409


@dataclass(frozen=True)
class Notice:
    """One outcome in words. ``kind`` is success, info, warning or danger."""

    kind: str
    message: str
    way_out: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    link: tuple[str, str] | None = None
    """Where to go on: address and text."""

    @classmethod
    def refused(cls, error: ServiceError, link: tuple[str, str] | None = None) -> "Notice":
        """A use case said no."""
        return cls("danger", error.message, error.way_out, link=link)


def say(notice: Notice) -> None:
    """Keep a notice for the next page this person sees."""
    flash(json.dumps(asdict(notice)))


def said() -> list[dict[str, Any]]:
    """The notices kept for this page."""
    return [json.loads(str(message)) for message in get_flashed_messages()]


def answer(notice: Notice, back: str, status: int = 200) -> ResponseReturnValue:
    """Say it in place for HTMX; for a plain form go back to the page and say it there."""
    if is_htmx():
        return render_template("_notice.html", notice=notice), status
    say(notice)
    return redirect(back, 303)


def refuse(error: ServiceError, back: str) -> ResponseReturnValue:
    """Answer with the refusal of a use case."""
    return answer(Notice.refused(error), back, CONFLICT)


def is_htmx() -> bool:
    """Whether a part of a page was asked for, not a page."""
    return bool(request.headers.get("HX-Request") == "true")
