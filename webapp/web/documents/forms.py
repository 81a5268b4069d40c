"""The form of a document: opened, worked on, and saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.findings import Finding
from webapp.domain.entry.kinds import PAYABLES, SALES, kinds_of
from webapp.queries.documents import choices
from webapp.queries.documents.batches import EntryBatch, batch_of, entry_batch, next_journal
from webapp.queries.documents.kept import KeptDocument, kept, number_told
from webapp.services import documents as services
from webapp.services.documents import Refused
from webapp.services.errors import ChangedMeanwhile, ServiceError
from webapp.web.documents.reading import Meant, Reader
from webapp.web.documents.sheet import (
    MOST_LINES,
    Sheet,
    blank,
    of_kept,
    read,
    with_a_line,
    worked,
)
from webapp.web.documents.showing import Form, by_box
from webapp.web.integration.recording import trail
from webapp.web.notices import CONFLICT, Notice, is_htmx, say
from webapp.web.security import requires, viewer

UNPROCESSABLE = 422
RECKON = "reckon"
SAVES = frozenset({"save", "another"})

blueprint = Blueprint("documents", __name__)


@dataclass(frozen=True)
class Desk:
    """What is entered, and where.

    Attributes:
        batch: the batch it is in.
        kind: what it is.
        kept: the document as it is kept; None for a new one.
        form: its boxes.
        address: what its form is sent to.
    """

    batch: EntryBatch
    kind: DocumentKind
    kept: KeptDocument | None
    form: Form
    address: str

    @property
    def name(self) -> str:
        """What is entered, as the heading says it."""
        return f"{self.kind.value} {self.kept.header['number']}" if self.kept else self.kind.value


@blueprint.get("/batches/<number>/documents/new")
@requires(Permission.LOAD_DOCUMENTS)
def new(number: str) -> ResponseReturnValue:
    """The form of a new document."""
    desk = _new_desk(number)
    refused = services.refusal(desk.batch.id)
    if refused:
        return _turned_away(refused, _batch_address(desk))
    return _page(desk, _start(desk))


@blueprint.post("/batches/<number>/documents/new")
@requires(Permission.LOAD_DOCUMENTS)
def enter(number: str) -> ResponseReturnValue:
    """The form after a button was pressed; Save enters the document."""
    return _pressed(_new_desk(number))


@blueprint.get("/documents/<uid>/edit")
@requires(Permission.LOAD_DOCUMENTS)
def edit(uid: str) -> ResponseReturnValue:
    """The form of a document that is there."""
    desk = _kept_desk(uid)
    back = url_for("batches.document", uid=uid)
    refused = services.refusal(desk.batch.id)
    if refused:
        return _turned_away(refused, back)
    if desk.kept and desk.kept.approved:
        say(Notice("warning", f"{desk.name} is approved.", "Take the approval back to change it."))
        return redirect(back, 303)
    if desk.kept and len(desk.kept.lines) > MOST_LINES:
        say(
            Notice(
                "warning",
                f"{desk.name} has more than {MOST_LINES} lines, too many for a form.",
                "Delete it and load it again from its file, or change it through the API.",
            )
        )
        return redirect(back, 303)
    return _page(desk, _start(desk))


@blueprint.post("/documents/<uid>/edit")
@requires(Permission.LOAD_DOCUMENTS)
def change(uid: str) -> ResponseReturnValue:
    """The form after a button was pressed; Save changes the document."""
    return _pressed(_kept_desk(uid))


def _new_desk(number: str) -> Desk:
    batch = entry_batch(viewer(), number=number)
    if batch is None:
        abort(404)
    kinds = kinds_of(batch.batch_type)
    asked = request.args.get("kind")
    kind = next((one for one in kinds if asked in {None, one.value}), None)
    if kind is None:
        abort(UNPROCESSABLE if asked else 404)
    address = url_for("documents.enter", number=number, kind=kind.value)
    return Desk(batch, kind, None, Form(kind, batch.batch_type), address)


def _kept_desk(uid: str) -> Desk:
    batch = batch_of(viewer(), uid)
    if batch is None:
        abort(404)
    document = kept(uid)
    form = Form(document.kind, batch.batch_type)
    return Desk(batch, document.kind, document, form, url_for("documents.change", uid=uid))


def _start(desk: Desk) -> Sheet:
    if desk.kept:
        return of_kept(desk.kept, desk.form.header, desk.form.line)
    start = {"date": current_deps().clock().date().isoformat()}
    if desk.kind is DocumentKind.JOURNAL:
        start["number"] = next_journal(desk.batch)
    return blank(desk.form.header, desk.form.line, start)


def _pressed(desk: Desk) -> ResponseReturnValue:
    doing = request.form.get("do", "save")
    sheet = read(request.form, desk.form.header, desk.form.line)
    if doing in SAVES:
        return _save(desk, sheet, another=doing == "another")
    if doing == RECKON and is_htmx():
        return render_template("documents/_reckoned.html", **_shown(desk, sheet))
    return _page(desk, worked(sheet, doing, desk.form.line))


def _save(desk: Desk, typed: Sheet, *, another: bool) -> ResponseReturnValue:
    sheet = typed.filled
    meant = _meant(desk, sheet)
    if meant.faults:
        but = desk.kept.id if desk.kept else None
        found = services.findings_of(desk.batch.id, meant.given, but=but)
        return _refused(desk, sheet, meant, found)
    try:
        uid = _store(desk, meant, sheet.mark)
    except Refused as error:
        return _refused(desk, sheet, meant, error.findings)
    except ChangedMeanwhile as error:
        notice = Notice("warning", error.message, error.way_out)
        standing = _kept_desk(desk.kept.uid) if desk.kept else desk
        mark = standing.kept.mark if standing.kept else ""
        return _page(standing, replace(sheet, mark=mark), notice=notice, clash=True), CONFLICT
    except ServiceError as error:
        return _page(desk, sheet, notice=Notice.refused(error)), CONFLICT
    name = f"{desk.kind.value} {kept(uid).header['number']}"
    say(Notice("success", f"{name} is saved.", link=_onward(desk)))
    target = (
        url_for("documents.new", number=desk.batch.number, kind=desk.kind.value)
        if another
        else url_for("batches.document", uid=uid)
    )
    return Response(headers={"HX-Redirect": target}) if is_htmx() else redirect(target, 303)


def _store(desk: Desk, meant: Meant, seen: str) -> str:
    if desk.kept:
        services.edit_document(desk.kept.uid, meant.given, seen=seen, trail=trail())
        return desk.kept.uid
    entered = services.enter_documents(
        desk.batch.id,
        [meant.given],
        user_id=viewer().user_id,
        now=current_deps().clock(),
        trail=trail(),
    )
    return entered.document_uids[0]


def _onward(desk: Desk) -> tuple[str, str] | None:
    if desk.kept:
        return None
    address = url_for("documents.new", number=desk.batch.number, kind=desk.kind.value)
    return address, f"Enter another {desk.kind.value} in batch {desk.batch.number}"


def _meant(desk: Desk, sheet: Sheet) -> Meant:
    today = current_deps().clock().date()
    return Reader(sheet, desk.kind, desk.batch.fin_co_id, today).read(
        desk.form.header, desk.form.line
    )


def _refused(
    desk: Desk, sheet: Sheet, meant: Meant, findings: tuple[Finding, ...]
) -> ResponseReturnValue:
    found = by_box(findings, sheet)
    if any("-" in name for name in meant.faults):
        found.pop("", None)  # what the lines add up to is not known yet
    other = None
    if any(finding.problem.code == "number-in-use" for finding in findings):
        sells = meant.given.kind in SALES
        other = choices.uid_of(
            desk.batch.fin_co_id,
            SALES if sells else PAYABLES,
            meant.given.number,
            None if sells else meant.given.company_id,
        )
    return _page(desk, sheet, faults={**found, **meant.faults}, other=other), UNPROCESSABLE


def _shown(
    desk: Desk, sheet: Sheet, faults: Mapping[str, str] | None = None, *, clash: bool = False
) -> dict[str, object]:
    filled = sheet.filled
    meant = _meant(desk, filled)
    reckoned = services.reckon(desk.batch.id, meant.given)
    by_key = {line.key: one for line, one in zip(filled.lines, reckoned.lines, strict=True)}
    faults = faults or {}
    sheet = with_a_line(sheet, desk.form.line)
    return {
        "desk": desk,
        "sheet": sheet,
        "head": desk.form.head(sheet, faults, desk.kept if clash else None),
        "lines": desk.form.lines(sheet, faults, by_key),
        "faults": desk.form.faults_in_order(sheet, faults),
        "reckoned": reckoned,
        "unread": meant.faults,
        "clashing": desk.kept if clash else None,
        "number_told": number_told,
    }


def _page(
    desk: Desk,
    sheet: Sheet,
    *,
    faults: Mapping[str, str] | None = None,
    notice: Notice | None = None,
    other: tuple[str, str] | None = None,
    clash: bool = False,
) -> str:
    part = is_htmx()
    batch = desk.batch
    return render_template(
        "documents/_sheet.html" if part else "documents/form.html",
        **_shown(desk, sheet, faults, clash=clash),
        notice=notice,
        other=other,
        offered={}
        if part
        else {
            "company": choices.parties(batch.fin_co_id, desk.kind, "", choices.MOST_LISTED),
            "job": choices.jobs(batch.fin_co_id, "", choices.MOST_LISTED),
            "sales_code" if desk.kind in SALES else "activity": choices.codes(
                desk.kind, "", choices.MOST_LISTED
            ),
        },
    )


def _batch_address(desk: Desk) -> str:
    return url_for("batches.details", number=desk.batch.number)


def _turned_away(error: ServiceError, address: str) -> ResponseReturnValue:
    say(Notice("warning", error.message, error.way_out))
    return redirect(address, 303)
