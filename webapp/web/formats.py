"""How values look on a page."""

import datetime as dt
import math
import re
from decimal import Decimal

from flask import Flask
from markupsafe import Markup, escape

from webapp.deps import current_deps

MINUTE = 60
HOUR = 60 * MINUTE
_CODE = re.compile(r"`{1,2}([^`]+)`{1,2}")
XERO_WORDS = {
    "DRAFT": "Draft",
    "SUBMITTED": "Awaiting approval",
    "AUTHORISED": "Awaiting payment",
    "PAID": "Paid",
    "VOIDED": "Voided",
    "DELETED": "Deleted",
    "POSTED": "Posted",
}
"""Xero's statuses by the names people know them by from its screens."""


def init_app(app: Flask) -> None:
    """Give the templates their filters and the banner its fact."""
    app.jinja_env.filters.update(
        money=money,
        day=day,
        instant=instant,
        duration=duration,
        roughly=roughly,
        xero_status=xero_status,
        with_code=with_code,
    )
    app.jinja_env.globals["nothing"] = Markup(
        '<span class="nothing" aria-label="none">&ndash;</span>'
    )
    app.context_processor(lambda: {"uses_sandbox": current_deps().config.uses_sandbox})


def with_code(text: str) -> Markup:
    """A text with what stands between backticks as code, and everything in it escaped."""
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(_CODE.split(text))
    )


def money(amount: Decimal) -> str:
    """An amount with thousands and two places; a minus sign that lines up with digits."""
    return f"{amount:,.2f}".replace("-", "\u2212")


def day(date: dt.date) -> str:
    """A calendar day; never shifted by a zone."""
    return f"{date.day} {date:%b %Y}"


def instant(moment: dt.datetime) -> Markup:
    """An instant in UTC, which the browser turns into the reader's own time."""
    utc = moment.astimezone(dt.UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        utc.isoformat(timespec="seconds"), escape(f"{utc.day} {utc:%b %Y %H:%M} UTC")
    )


def xero_status(status: str) -> str:
    """Xero's status in Xero's screen words; one it added since stays as it is."""
    return XERO_WORDS.get(status, status)


def duration(seconds: int) -> str:
    """A length of time a person can take in."""
    if not seconds:
        return "under 1 s"
    if seconds < MINUTE:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, MINUTE)
    return f"{minutes} min {rest} s"


def roughly(length: dt.timedelta) -> str:
    """A length of time that is only a guess, no finer than the guess is."""
    seconds = length.total_seconds()
    if seconds < MINUTE:
        return "less than a minute"
    unit, name = (MINUTE, "minute") if seconds < 2 * HOUR else (HOUR, "hour")
    count = math.ceil(seconds / unit)
    return f"about {count} {name}{'' if count == 1 else 's'}"
