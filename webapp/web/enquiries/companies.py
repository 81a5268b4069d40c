"""Companies: the directory that imports fill, and the little of it that people set."""

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries import viewers
from webapp.queries.enquiries.companies import (
    BY_NAME,
    SORTED_BY,
    CompanyFilter,
    LinkFilter,
    RoleFilter,
    all_companies,
    companies,
)
from webapp.queries.enquiries.company import CompanyDetails, company_details
from webapp.queries.enquiries.statuses import ActiveFilter
from webapp.services.companies import save_company
from webapp.services.errors import ChangedMeanwhile, NotValid, ServiceError
from webapp.services.new_company import create_company
from webapp.web.csv_files import csv_file
from webapp.web.enquiries import reading
from webapp.web.enquiries.forms import CompanyForm, NewCompanyForm
from webapp.web.exports.filters import page_number
from webapp.web.links import contact_address
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import fin_co_or_404, requires, viewer

blueprint = Blueprint("companies", __name__)

NOT_VALID = 422
HEADINGS = (
    "Company Id",
    "Name",
    "Alpha Code",
    "AP Account",
    "AR Account",
    "Client",
    "Supplier",
    "Subcontractor",
    "Fin Co",
    "Active",
    "Currency",
    "Terms",
    "Terms Type",
    "Terms Days",
    "Xero contact",
)


@blueprint.get("/companies")
@requires(Permission.VIEW)
def listing() -> ResponseReturnValue:
    """The companies that match the filter of the address; by default the active ones."""
    asked = _asked(request.args)
    return render_template(
        "enquiries/companies.html",
        asked=asked,
        args=_arguments(asked),
        roles=list(RoleFilter),
        statuses=list(ActiveFilter),
        fin_cos=viewers.visible_fin_cos(viewer()),
        listing=companies(viewer(), asked, page_number(request.args)),
        contact_address=contact_address,
    )


@blueprint.get("/companies.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every company that matches the filter, as a file."""
    rows = all_companies(viewer(), _asked(request.args))
    return csv_file(
        "companies",
        HEADINGS,
        (
            (
                row.id,
                row.name,
                row.alpha_code,
                row.ap_account,
                row.ar_account,
                row.is_client,
                row.is_supplier,
                row.is_subcontractor,
                row.fin_co,
                row.active,
                row.currency_code,
                row.terms,
                row.payment_terms_type,
                row.payment_terms_days,
                row.contact_id,
            )
            for row in rows
        ),
    )


@blueprint.get("/companies/new")
@requires(Permission.EDIT_COMPANIES)
def new() -> ResponseReturnValue:
    """The form of a new company."""
    return _new(_new_form(NewCompanyForm()))


@blueprint.post("/companies/new")
@requires(Permission.EDIT_COMPANIES)
def create() -> ResponseReturnValue:
    """Make a company, or show what is wrong with it beside the fields."""
    form = _new_form(NewCompanyForm(request.form))
    if not form.fin_co.data:
        abort(NOT_VALID)
    fin_co = fin_co_or_404(form.fin_co.data)
    try:
        company_id = create_company(
            fin_co.id,
            form.given(),
            user_id=viewer().user_id,
            source=request.remote_addr or "unknown",
            now=current_deps().clock(),
        )
    except NotValid as error:
        for name, message in error.fields.items():
            form[name].errors = (message,)
        return _new(form, error), NOT_VALID
    say(
        Notice(
            "success",
            f"{_company(company_id).name} is there now.",
            "Link it to its contact in Xero, or import: one with the same Account Number in a "
            "Workbench group is found by itself.",
        )
    )
    return redirect(url_for("companies.page", company_id=company_id), 303)


@blueprint.get("/companies/<int:company_id>")
@requires(Permission.VIEW)
def page(company_id: int) -> ResponseReturnValue:
    """One company."""
    company = _company(company_id)
    return _shown(company, CompanyForm(obj=company))


@blueprint.post("/companies/<int:company_id>")
@requires(Permission.EDIT_COMPANIES)
def save(company_id: int) -> ResponseReturnValue:
    """Keep what was filled in, or show what is wrong with it beside the fields."""
    company = _company(company_id)
    form = CompanyForm(request.form)
    edit = form.edit()
    if company.led_by_xero and "ap_account" not in request.form:
        # The page offers neither where Xero leads: both stay as they are.
        edit = replace(edit, is_supplier=company.is_supplier, ap_account=company.ap_account or "")
    try:
        changed = save_company(
            company.id,
            edit,
            seen=form.seen.data or "",
            user_id=viewer().user_id,
            source=request.remote_addr or "unknown",
            now=current_deps().clock(),
        )
    except ChangedMeanwhile as error:
        return _shown(_company(company_id), form, error), CONFLICT
    except NotValid as error:
        for name, message in error.fields.items():
            form[name].errors = (message,)
        return _shown(company, form, error), NOT_VALID
    say(
        Notice("success", f"{company.name} was saved.")
        if changed
        else Notice("info", f"Nothing was different, so {company.name} stays as it was.")
    )
    return redirect(url_for("companies.page", company_id=company_id), 303)


def _shown(company: CompanyDetails, form: CompanyForm, error: ServiceError | None = None) -> str:
    return render_template(
        "enquiries/company.html",
        company=company,
        form=form,
        problem=Notice.refused(error) if error else None,
        clash=isinstance(error, ChangedMeanwhile),
        contact_address=contact_address,
    )


def _new_form(form: NewCompanyForm) -> NewCompanyForm:
    form.fin_co.choices = [
        (one.code, f"{one.code} \N{EN DASH} {one.description}")
        for one in viewers.visible_fin_cos(viewer())
    ]
    return form


def _new(form: NewCompanyForm, error: ServiceError | None = None) -> str:
    return render_template(
        "enquiries/company_new.html", form=form, problem=Notice.refused(error) if error else None
    )


def _company(company_id: int) -> CompanyDetails:
    found = company_details(viewer(), company_id)
    if found is None:
        abort(404)
    return found


def _asked(args: MultiDict[str, str]) -> CompanyFilter:
    code = args.get("fin_co") or None
    if code:
        fin_co_or_404(code)
    return CompanyFilter(
        text=reading.text(args, "q"),
        fin_co=code,
        role=reading.choice(args, "role", RoleFilter),
        status=reading.choice(args, "status", ActiveFilter) or ActiveFilter.ACTIVE,
        linked=reading.choice(args, "linked", LinkFilter),
        sort=reading.sort(args, SORTED_BY, BY_NAME),
    )


def _arguments(asked: CompanyFilter) -> dict[str, str]:
    return reading.told(
        {
            "q": asked.text,
            "fin_co": asked.fin_co,
            "role": asked.role,
            "status": asked.status if asked.status is not ActiveFilter.ACTIVE else None,
            "linked": asked.linked,
            "sort": asked.sort.value if asked.sort != BY_NAME else None,
        }
    )
