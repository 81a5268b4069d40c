"""Currencies and their rates."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.enquiries.currencies import (
    BY_CODE,
    SORTED_BY,
    CurrencyFilter,
    CurrencyRow,
    all_currencies,
    currencies,
    currency,
)
from webapp.queries.enquiries.statuses import ActiveFilter
from webapp.services.currencies import save_currency
from webapp.services.errors import ChangedMeanwhile, NotValid, ServiceError
from webapp.web.csv_files import csv_file
from webapp.web.enquiries import reading
from webapp.web.enquiries.forms import CurrencyForm
from webapp.web.exports.filters import page_number
from webapp.web.notices import CONFLICT, Notice, say
from webapp.web.security import requires, viewer

blueprint = Blueprint("currencies", __name__)

NOT_VALID = 422
HEADINGS = ("Code", "Symbol", "Description", "Conversion Rate", "Active")


@blueprint.get("/currencies")
@requires(Permission.VIEW)
def listing() -> ResponseReturnValue:
    """The currencies that match the filter of the address; by default the active ones."""
    asked = _asked(request.args)
    return render_template(
        "enquiries/currencies.html",
        asked=asked,
        args=_arguments(asked),
        statuses=list(ActiveFilter),
        listing=currencies(asked, page_number(request.args)),
    )


@blueprint.get("/currencies.csv")
@requires(Permission.VIEW)
def as_csv() -> Response:
    """Every currency that matches the filter, as a file."""
    rows = all_currencies(_asked(request.args))
    return csv_file(
        "currencies",
        HEADINGS,
        ((row.code, row.symbol, row.description, row.conversion_rate, row.active) for row in rows),
    )


@blueprint.get("/currencies/<code>")
@requires(Permission.VIEW)
def page(code: str) -> ResponseReturnValue:
    """One currency."""
    found = _currency(code)
    return _shown(found, CurrencyForm(obj=found))


@blueprint.post("/currencies/<code>")
@requires(Permission.EDIT_CURRENCIES)
def save(code: str) -> ResponseReturnValue:
    """Keep what was filled in, or show what is wrong with it beside the fields."""
    found = _currency(code)
    form = CurrencyForm(request.form)
    try:
        changed = save_currency(
            found.code,
            form.edit(),
            seen=form.seen.data or "",
            user_id=viewer().user_id,
            source=request.remote_addr or "unknown",
            now=current_deps().clock(),
        )
    except ChangedMeanwhile as error:
        return _shown(_currency(code), form, error), CONFLICT
    except NotValid as error:
        for name, message in error.fields.items():
            form[name].errors = (message,)
        return _shown(found, form, error), NOT_VALID
    say(
        Notice("success", f"{code} was saved.")
        if changed
        else Notice("info", f"Nothing was different, so {code} stays as it was.")
    )
    return redirect(url_for("currencies.listing"), 303)


def _shown(found: CurrencyRow, form: CurrencyForm, error: ServiceError | None = None) -> str:
    return render_template(
        "enquiries/currency.html",
        currency=found,
        form=form,
        problem=Notice.refused(error) if error else None,
        clash=isinstance(error, ChangedMeanwhile),
    )


def _currency(code: str) -> CurrencyRow:
    found = currency(code)
    if found is None:
        abort(404)
    return found


def _asked(args: MultiDict[str, str]) -> CurrencyFilter:
    return CurrencyFilter(
        text=reading.text(args, "q"),
        status=reading.choice(args, "status", ActiveFilter) or ActiveFilter.ACTIVE,
        sort=reading.sort(args, SORTED_BY, BY_CODE),
    )


def _arguments(asked: CurrencyFilter) -> dict[str, str]:
    return reading.told(
        {
            "q": asked.text,
            "status": asked.status if asked.status is not ActiveFilter.ACTIVE else None,
            "sort": asked.sort.value if asked.sort != BY_CODE else None,
        }
    )
