"""What an export would do, shown before it is done; what is confirmed is what is posted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.queue import enqueue_export
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.mapping.exports.differences import Difference
from webapp.queries import export_control
from webapp.queries.paging import PAGE_SIZE, Page
from webapp.services.errors import ChangedMeanwhile, ServiceError
from webapp.services.exports import plan_export
from webapp.services.exports.causes import Cause
from webapp.services.exports.preflight import DocumentPreflight, Preflight, preflight
from webapp.services.exports.previews import PreviewMemory
from webapp.web.exports.asked import asked_batches, say_refused
from webapp.web.exports.filters import page_number
from webapp.web.exports.mending import mend_link, refusal_links
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import requires, safe_next, viewer

blueprint = Blueprint("previews", __name__)

BETWEEN = "."
"""Between the ids of the batches in an address."""
FEW = 25
"""So many documents are listed unasked; of more the causes come first."""
FATES = {"sent": True, "held": False}
"""Words of the address for documents that would be sent and for those that would not."""
LONGEST_ADDRESS = 3_000
"""Bytes of ids; servers take some 4,000 in all."""

CHANGED = Notice(
    "warning",
    "Something changed since you looked, so nothing was sent.",
    "See what is different below, then press Export again if it is right.",
)
FORGOTTEN = "What you confirmed is not kept any more, so it cannot be said what is different."


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


def preview_address(batch_ids: Sequence[int], back: str) -> str:
    """The address of the preview of these batches."""
    ids = _joined(batch_ids)
    if len(ids) > LONGEST_ADDRESS:
        abort(422)
    return url_for("previews.page", batches=ids, back=back)


@blueprint.get("/export-control/preview")
@requires(Permission.EXPORT_BATCHES)
def page() -> ResponseReturnValue:
    """The causes first, and of the documents those that are asked for."""
    raw = request.args.get("batches", "").split(BETWEEN)
    if not all(value.isdecimal() for value in raw):
        abort(422)
    batch_ids = list(dict.fromkeys(map(int, raw)))
    if len(export_control.visible_batches(viewer(), batch_ids)) != len(batch_ids):
        abort(404)
    return _shown(_look(batch_ids), safe_next(request.args.get("back")), differences=None)


@blueprint.post("/export-control/confirm")
@requires(Permission.EXPORT_BATCHES)
def confirm() -> ResponseReturnValue:
    """Export what was shown, or show what is different and export nothing."""
    batch_ids = list(asked_batches("batch"))
    confirmation = request.form.get("confirmation", "")
    back = safe_next(request.form.get("back"))
    if not batch_ids or not confirmation:
        abort(422)
    deps = current_deps()
    try:
        plan = plan_export(
            batch_ids=batch_ids,
            user_id=viewer().user_id,
            now=deps.clock(),
            public_url=deps.config.public_url,
            after_commit=enqueue_export,
            confirmed=confirmation,
        )
    except ChangedMeanwhile:
        present = _look(batch_ids)
        if all(one.refused for one in present.batches):
            _say_all_refused(present)
            return redirect(back, 303)
        found = PreviewMemory(deps.redis).differences(confirmation, present)
        return _shown(present, back, differences=found or ()), CONFLICT
    except ServiceError as error:
        say(Notice.refused(error))
        return redirect(back, 303)
    say_refused(plan.refused)
    if len(plan.run_ids) == 1:
        return redirect(url_for("runs.page", run_id=plan.run_ids[0]), 303)
    for run_id in plan.run_ids:
        link = (url_for("runs.page", run_id=run_id), "Watch its progress")
        say(Notice("info", f"Export run {run_id} has begun.", link=link))
    return redirect(back, 303)


def _say_all_refused(found: Preflight) -> None:
    """Most often somebody was quicker: who is the news, not that nothing is left to send."""
    links = refusal_links(found.batches)
    say_refused(
        [one.refused for one in found.batches if one.refused],
        {f"Batch {number}": link for number, link in links.items()},
    )


def _joined(batch_ids: Iterable[int]) -> str:
    return BETWEEN.join(map(str, batch_ids))


def _look(batch_ids: Sequence[int]) -> Preflight:
    deps = current_deps()
    return preflight(batch_ids=batch_ids, public_url=deps.config.public_url)


def _shown(found: Preflight, back: str, *, differences: Sequence[Difference] | None) -> str:
    PreviewMemory(current_deps().redis).keep(found)
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
        batch_ids=[batch.batch_id for batch in found.batches],
        args={"batches": _joined(batch.batch_id for batch in found.batches), "back": back},
        joined=_joined,
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
