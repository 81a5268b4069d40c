"""Readable pages: what each organisation holds, and the targets of links into Xero (d.14)."""

import sqlite3
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.sandbox.books import Books, Organisation
from webapp.sandbox.context import context_of
from webapp.sandbox.dates import parse_day
from webapp.sandbox.kinds import (
    ACCOUNTS,
    CONTACTS,
    CREDIT_NOTES,
    INVOICES,
    MANUAL_JOURNALS,
    PAYMENTS,
    Kind,
)
from webapp.sandbox.organisations import all_organisations, organisation_by
from webapp.sandbox.summary import summaries
from webapp.sandbox.wire import JsonObject

blueprint = Blueprint("pages", __name__)

_PAGE = 100
_SHOWN = {
    kind.plural.lower(): kind
    for kind in (INVOICES, CREDIT_NOTES, MANUAL_JOURNALS, PAYMENTS, CONTACTS, ACCOUNTS)
}
_LINK_IDS = {
    "invoiceid": (INVOICES, MANUAL_JOURNALS),
    "creditnoteid": (CREDIT_NOTES,),
    "banktransactionid": (PAYMENTS,),
}
_CHART = "/generalledger/chartofaccounts.aspx"
"""Xero shows all accounts there; one alone has no address."""


@blueprint.app_template_filter("day")
def day(value: object) -> str:
    """Show a wire date as a calendar day."""
    found = parse_day(value)
    return found.isoformat() if found else ""


@blueprint.get("/")
def overview() -> str:
    """Show the organisations and the faults in force."""
    context = context_of(current_app)
    with context.store.reading() as connection:
        organisations = summaries(connection)
    return render_template(
        "overview.html", organisations=organisations, faults=context.faults.all()
    )


@blueprint.get("/organisations/<tenant_id>/", defaults={"plural": "invoices"})
@blueprint.get("/organisations/<tenant_id>/<plural>")
def organisation(tenant_id: str, plural: str) -> str:
    """Show one organisation's records of one sort, a page at a time, newest change first."""
    kind = _SHOWN.get(plural.lower())
    page = max(request.args.get("page", 1, type=int), 1)
    context = context_of(current_app)
    with context.store.reading() as connection:
        books = _books(connection, tenant_id)
        if kind is None or books is None:
            abort(404)
        count = books.count(kind)
        records = books.select(
            kind, order="updated DESC, id", limit=_PAGE, offset=(page - 1) * _PAGE
        )
    return render_template(
        "records.html",
        organisation=books.organisation,
        kind=kind,
        kinds=_SHOWN.values(),
        records=records,
        count=count,
        page=page,
        pages=max(-(-count // _PAGE), 1),
    )


@blueprint.get("/organisations/<tenant_id>/<plural>/<record_id>")
def record(tenant_id: str, plural: str, record_id: str) -> str:
    """Show one record."""
    kind = _SHOWN.get(plural.lower())
    with context_of(current_app).store.reading() as connection:
        books = _books(connection, tenant_id)
        found = books.get(kind, record_id) if books and kind else None
    if books is None or kind is None or found is None:
        abort(404)
    return _record_page(books.organisation, kind, found)


@blueprint.get("/organisationlogin/default.aspx")
def deep_link() -> str | Response:
    """Show the record a link into Xero names, by the organisation's short code and an id."""
    target = urlsplit(request.args.get("redirecturl", ""))
    wanted = {key.lower(): values[0] for key, values in parse_qs(target.query).items()}
    with context_of(current_app).store.reading() as connection:
        organisation = next(
            (
                one
                for one in all_organisations(connection)
                if one.data["ShortCode"] == request.args.get("shortcode")
            ),
            None,
        )
        if organisation is None:
            abort(404)
        if target.path.lower() == _CHART:
            return redirect(
                url_for("pages.organisation", tenant_id=organisation.tenant_id, plural="accounts")
            )
        books = Books(connection, organisation, context_of(current_app).clock)
        for member, kinds in _LINK_IDS.items():
            for kind in kinds:
                found = books.get(kind, wanted.get(member))
                if found:
                    return _record_page(organisation, kind, found)
        found = books.get(CONTACTS, target.path.rstrip("/").rpartition("/")[2])
    if found is None:
        abort(404)
    return _record_page(organisation, CONTACTS, found)


def _record_page(organisation: Organisation, kind: Kind, found: JsonObject) -> str:
    return render_template("record.html", organisation=organisation, kind=kind, record=found)


def _books(connection: sqlite3.Connection, tenant_id: str) -> Books | None:
    organisation = organisation_by(connection, "tenant_id", tenant_id.lower())
    if organisation is None:
        return None
    return Books(connection, organisation, context_of(current_app).clock)
