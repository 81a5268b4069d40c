"""What an export would do, shown before it is done; what is confirmed is what is posted."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.mapping.exports.differences import Difference
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.services.errors import NotAllowedNow, ServiceError
from webapp.services.exports.causes import Cause
from webapp.services.exports.confirming import FORGOTTEN, NotAsConfirmed, as_confirmed
from webapp.services.exports.preflight import DocumentPreflight, Preflight
from webapp.services.exports.previews import PreviewMemory
from webapp.web.exports.asked import say_refused
from webapp.web.exports.beginning import begin, begun
from webapp.web.exports.filters import page_number
from webapp.web.exports.meant import Meant, joined, meant_by
from webapp.web.exports.mending import mend_link, refusal_links
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import requires, safe_next

blueprint = Blueprint("previews", __name__)

FEW = 25
"""So many documents are listed unasked; of more the causes come first."""
FATES = {"sent": True, "held": False}
"""Words of the address for documents that would be sent and for those that would not."""

CHANGED = Notice(
    "warning",
    "Something changed since you looked, so nothing was sent.",
    "See what is different below, then press Export again if it is right.",
)


@dataclass(frozen=True)
class Asked:
    """Which of the documents are to be listed, as the address asks."""

    cause: str | None
    batch: str | None
    fate: str | None
    page: int

    @property
    def arguments(self) -> dict[str, str]:
        """The same as arguments of an address, but for the page."""
        named = {"cause": self.cause, "batch": self.batch, "fate": self.fate}
        return {name: value for name, value in named.items() if value}


@blueprint.get("/export-control/preview")
@requires(Permission.EXPORT_BATCHES)
def page() -> ResponseReturnValue:
    """The causes first, and of the documents those that are asked for."""
    back = safe_next(request.args.get("back"))
    try:
        meant = meant_by(request.args)
    except NotAllowedNow as error:
        say(Notice("warning", error.message, error.way_out))
        return redirect(back, 303)
    found = meant.look()
    PreviewMemory(current_deps().redis).keep(found)
    return _shown(meant, found, back, differences=None)


@blueprint.post("/export-control/confirm")
@requires(Permission.EXPORT_BATCHES)
def confirm() -> ResponseReturnValue:
    """Export what was shown, or show what is different and export nothing."""
    confirmation = request.form.get("confirmation", "")
    back = safe_next(request.form.get("back"))
    try:
        meant = meant_by(request.form)
        if not confirmation:
            abort(422)
        with as_confirmed(PreviewMemory(current_deps().redis), confirmation, meant.look):
            plan = begin(meant, confirmation)
    except NotAsConfirmed as changed:
        if all(one.refused for one in changed.present.batches):
            _say_all_refused(changed.present)
            return redirect(back, 303)
        return _shown(meant, changed.present, back, differences=changed.differences), CONFLICT
    except ServiceError as error:
        say(Notice.refused(error))
        return redirect(back, 303)
    return begun(plan, back)


def _say_all_refused(found: Preflight) -> None:
    """Most often somebody was quicker: who is the news, not that nothing is left to send."""
    links = refusal_links(found.batches)
    say_refused(
        [one.refused for one in found.batches if one.refused],
        {f"Batch {number}": link for number, link in links.items()},
    )


def _shown(
    meant: Meant, found: Preflight, back: str, *, differences: Sequence[Difference] | None
) -> str:
    asked = Asked(
        request.args.get("cause"),
        request.args.get("batch"),
        request.args.get("fate"),
        page_number(request.args),
    )
    everything = list(found.documents)
    causes, warnings = found.causes, found.warnings
    listed = None
    if asked.arguments or len(everything) <= FEW:
        listed = _listed(found, asked, (*causes, *warnings))
    shown = Page(asked.page, len(listed or ()))
    return render_template(
        "exports/preview.html",
        found=found,
        asked=asked,
        documents=(listed or [])[shown.offset : shown.offset + PAGE_SIZE],
        page=shown,
        is_listed=listed is not None,
        total=len(everything),
        going=sum(one.sent for one in everything),
        causes=causes,
        warnings=warnings,
        mend_link=mend_link,
        refusal_links=refusal_links(found.batches),
        meant=meant,
        batch_ids=[batch.batch_id for batch in found.batches],
        args={**meant.arguments, "back": back},
        joined=joined,
        back=back,
        differences=differences,
        notice=None if differences is None else CHANGED,
        forgotten=FORGOTTEN,
    )


def _listed(found: Preflight, asked: Asked, causes: Sequence[Cause]) -> list[DocumentPreflight]:
    behind = {uid for cause in causes if cause.key == asked.cause for uid in cause.documents}
    return [
        document
        for batch in found.batches
        for document in batch.documents
        if (not asked.batch or batch.number == asked.batch)
        and (not asked.cause or document.document in behind)
        and (asked.fate not in FATES or document.sent is FATES[asked.fate])
    ]
