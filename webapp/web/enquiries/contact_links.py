"""Which contact in Xero a company is, where a person says so."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.enquiries.company import CompanyDetails, company_details
from webapp.services.contact_links import (
    MOST_FOUND,
    ConfirmFirst,
    Found,
    Linker,
    find_contacts,
    link_contact,
    unlink_contact,
)
from webapp.services.errors import ServiceError
from webapp.web.enquiries import reading
from webapp.web.integration.recording import source
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import requires, viewer

blueprint = Blueprint("contact_links", __name__)

ACCOUNT = "account"


@blueprint.get("/companies/<int:company_id>/contact")
@requires(Permission.EDIT_COMPANIES)
def search(company_id: int) -> ResponseReturnValue:
    """Look for the contact in Xero; without a text nothing is asked there."""
    company = _company(company_id)
    text = reading.text(request.args, "q")
    by_account = request.args.get("by") == ACCOUNT
    if not text:
        return _page(company, q=company.name)
    deps = current_deps()
    try:
        found = find_contacts(
            deps.xero, company_id=company.id, text=text, by_account=by_account, now=deps.clock()
        )
    except ServiceError as error:
        return _page(company, q=text, by_account=by_account, error=error), CONFLICT
    return _page(company, q=text, by_account=by_account, found=found)


@blueprint.post("/companies/<int:company_id>/contact")
@requires(Permission.EDIT_COMPANIES)
def link(company_id: int) -> ResponseReturnValue:
    """Link the company to a contact; ask first where it is another one now."""
    company = _company(company_id)
    contact_id = request.form.get("contact_id", "")
    q = reading.text(request.form, "q")
    try:
        name = link_contact(
            current_deps().xero,
            company_id=company.id,
            contact_id=contact_id,
            seen=request.form.get("seen", ""),
            confirmed=request.form.get("confirmed") == "yes",
            by=_linker(),
        )
    except ConfirmFirst as error:
        return _page(company, q=q, asking=(contact_id, error.contact), error=error), CONFLICT
    except ServiceError as error:
        return _page(_company(company_id), q=q, error=error), CONFLICT
    say(
        Notice(
            "success",
            f"{company.name} is linked to the contact {name} in Xero.",
            "Its invoices go to that contact from now on.",
        )
    )
    return redirect(url_for("companies.page", company_id=company.id), 303)


@blueprint.post("/companies/<int:company_id>/contact/unlink")
@requires(Permission.EDIT_COMPANIES)
def unlink(company_id: int) -> ResponseReturnValue:
    """Say that the company is no contact; it stays as it is."""
    company = _company(company_id)
    try:
        name = unlink_contact(company.id, seen=request.form.get("seen", ""), by=_linker())
    except ServiceError as error:
        say(Notice.refused(error))
    else:
        say(
            Notice(
                "success",
                f"{company.name} is no longer linked to the contact {name}.",
                "An import links it again once the contact changes and both have the same "
                "Account Number.",
            )
        )
    return redirect(url_for("companies.page", company_id=company.id), 303)


def _page(
    company: CompanyDetails,
    *,
    q: str,
    by_account: bool = False,
    found: tuple[Found, ...] | None = None,
    asking: tuple[str, str] | None = None,
    error: ServiceError | None = None,
) -> str:
    kind = "warning" if asking else "danger"
    return render_template(
        "enquiries/contact_search.html",
        company=company,
        q=q,
        by=ACCOUNT if by_account else "name",
        found=found,
        most=MOST_FOUND,
        asking=asking,
        notice=Notice(kind, error.message, error.way_out) if error else None,
    )


def _company(company_id: int) -> CompanyDetails:
    found = company_details(viewer(), company_id)
    if found is None:
        abort(404)
    return found


def _linker() -> Linker:
    return Linker(user_id=viewer().user_id, source=source(), now=current_deps().clock())
