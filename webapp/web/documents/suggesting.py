"""What is offered while somebody types into a box of a document."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.domain.access import Permission
from webapp.domain.documents import DocumentKind
from webapp.queries.documents import choices
from webapp.queries.documents.batches import EntryBatch, entry_batch
from webapp.queries.setup.fin_cos import companies_called
from webapp.queries.setup.gl_accounts import accounts_to_pick
from webapp.queries.setup.records import Choice
from webapp.web.security import requires, viewer

LONGEST = 100

blueprint = Blueprint("document_choices", __name__)


@blueprint.get("/batches/<number>/documents/suggest")
@requires(Permission.LOAD_DOCUMENTS)
def suggest(number: str) -> ResponseReturnValue:
    """The options below a box, for what stands in it."""
    batch = entry_batch(viewer(), number=number)
    if batch is None:
        abort(404)
    name = request.args.get("name", "")[:LONGEST]
    try:
        kind = DocumentKind(request.args.get("kind", ""))
    except ValueError:
        abort(422)
    found = _found(batch, kind, name.rpartition("-")[2], request.args.get(name, "")[:LONGEST])
    return render_template("setup/_suggestions.html", name=name, suggestions=found)


def _found(batch: EntryBatch, kind: DocumentKind, box: str, typed: str) -> tuple[Choice, ...]:
    match box:
        case "company":
            return choices.parties(batch.fin_co_id, kind, typed)
        case "job":
            return choices.jobs(batch.fin_co_id, typed)
        case "activity" | "sales_code":
            return choices.codes(kind, typed)
        case "dr_account" | "cr_account":
            offers = accounts_to_pick({batch.fin_co_id: batch.fin_co}, typed)
            return tuple(Choice(offer.code, offer.name) for offer in offers)
    if box != "applies_to":
        abort(422)
    companies = companies_called(batch.fin_co_id, request.args.get("company", ""))
    company_id = companies[0].id if len(companies) == 1 else None
    return choices.invoices(batch.fin_co_id, kind, company_id, typed)
