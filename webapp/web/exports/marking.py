"""The ticked open batches of Export Control: closing them, or keeping them from being exported."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.problems import Problem
from webapp.services.batches import close_batch, set_not_for_export
from webapp.services.errors import ServiceError
from webapp.web.exports.asked import asked_batches, say_refused
from webapp.web.integration.recording import trail
from webapp.web.notices import Notice, say
from webapp.web.security import requires, safe_next, viewer

blueprint = Blueprint("batch_marks", __name__)

NOTHING_TICKED = Notice(
    "warning",
    "Nothing was changed: no open batch is ticked.",
    "Tick open batches in the Status column, then press the button again.",
)
MARKED = {"yes": True, "no": False}
"""What a form asks for: the mark put on, or taken off."""


@blueprint.post("/export-control/close")
@requires(Permission.CLOSE_BATCHES)
def close() -> ResponseReturnValue:
    """Close the ticked open batches; those that cannot be closed yet say why (R78, R81)."""
    closing = partial(
        close_batch, user_id=viewer().user_id, now=current_deps().clock(), trail=trail()
    )
    return _change(_ticked("closable"), closing, _closed)


@blueprint.post("/export-control/not-for-export")
@requires(Permission.CLOSE_BATCHES)
def mark() -> ResponseReturnValue:
    """Put the mark on the ticked open batches, or take it off (R79)."""
    marked = request.form.get("marked", "")
    if marked not in MARKED:
        abort(422)
    on = MARKED[marked]
    marking = partial(set_not_for_export, marked=on, trail=trail())
    return _change(_ticked("shown"), marking, partial(_marked, on))


def _ticked(shown: str) -> dict[int, str]:
    """The open batches that are ticked; without scripts "all shown" cannot set their ticks."""
    return asked_batches(shown if request.form.get("all_open") else "open")


def _change(
    asked: Mapping[int, str],
    change: Callable[[int], object],
    told: Callable[[Sequence[str]], Notice],
) -> ResponseReturnValue:
    done: list[str] = []
    refused: list[Problem] = []
    for batch_id, number in asked.items():
        try:
            change(batch_id)
        except ServiceError as error:
            refused.append(
                Problem(
                    code="not-changed",
                    record=f"Batch {number}",
                    message=error.message,
                    way_out=error.way_out,
                )
            )
        else:
            done.append(number)
    if done:
        say(told(done))
    if not asked:
        say(NOTHING_TICKED)
    say_refused(
        refused,
        {
            f"Batch {number}": (
                url_for("batches.details", number=number, _anchor="needs"),
                f"Go to batch {number}",
            )
            for number in asked.values()
        },
    )
    return redirect(safe_next(request.form.get("back")), 303)


def _closed(numbers: Sequence[str]) -> Notice:
    if len(numbers) == 1:
        return Notice("success", f"Batch {numbers[0]} is closed.", "It can be exported now.")
    return Notice("success", f"{len(numbers)} batches are closed.", "They can be exported now.")


def _marked(on: bool, numbers: Sequence[str]) -> Notice:  # noqa: FBT001 - bound by its place
    named = f"Batch {numbers[0]} is" if len(numbers) == 1 else f"{len(numbers)} batches are"
    if on:
        return Notice("success", f"{named} marked Not For Export.", "Nothing of it is sent.")
    return Notice("success", f"{named} no longer marked Not For Export.")
