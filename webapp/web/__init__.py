"""The pages people use: server-rendered, complete without JavaScript, quicker with it."""

from pathlib import Path

import js_lib_htmx
from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5
from htmx_flask import Htmx

from webapp.web import errors, formats, health, security
from webapp.web.audit.routes import blueprint as audit
from webapp.web.auth.routes import blueprint as auth
from webapp.web.batches.files import blueprint as batch_files
from webapp.web.batches.reports import blueprint as batch_reports
from webapp.web.batches.routes import blueprint as batches
from webapp.web.documents import BLUEPRINTS as DOCUMENTS
from webapp.web.enquiries.asking import blueprint as asking_document
from webapp.web.enquiries.companies import blueprint as companies
from webapp.web.enquiries.contact_links import blueprint as contact_links
from webapp.web.enquiries.currencies import blueprint as currencies
from webapp.web.enquiries.invoices import ap_invoices, sales_invoices
from webapp.web.enquiries.payments import blueprint as payments
from webapp.web.enquiries.receipts import blueprint as receipts
from webapp.web.exports.follow_ups import blueprint as follow_ups
from webapp.web.exports.log import blueprint as export_log
from webapp.web.exports.marking import blueprint as batch_marks
from webapp.web.exports.preview import blueprint as previews
from webapp.web.exports.routes import blueprint as exports
from webapp.web.exports.run_actions import blueprint as run_actions
from webapp.web.exports.runs import blueprint as runs
from webapp.web.home.routes import blueprint as home
from webapp.web.imports.routes import blueprint as imports
from webapp.web.integration.asking import blueprint as asking
from webapp.web.integration.connecting import blueprint as connecting
from webapp.web.integration.routes import blueprint as integration
from webapp.web.loading import BLUEPRINTS as LOADING
from webapp.web.setup import BLUEPRINTS as SETUP
from webapp.web.tokens.routes import blueprint as tokens
from webapp.web.webhooks.routes import blueprint as webhooks

MAX_FORM_BYTES = 1_000_000
"""No form here comes near it; what takes files asks for more room, for itself alone."""


def init_app(app: Flask) -> None:
    """Hang every page, its protection and its error pages on the application."""
    app.config.update(
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
    )
    Bootstrap5(app)
    Htmx(app)
    app.register_blueprint(_htmx_files())
    security.init_app(app)
    errors.init_app(app)
    formats.init_app(app)
    for blueprint in (
        health.blueprint,
        auth,
        home,
        integration,
        asking,
        connecting,
        imports,
        *LOADING,
        exports,
        previews,
        batch_marks,
        runs,
        run_actions,
        follow_ups,
        export_log,
        *DOCUMENTS,
        batches,
        batch_reports,
        batch_files,
        audit,
        *SETUP,
        companies,
        contact_links,
        currencies,
        receipts,
        ap_invoices,
        sales_invoices,
        payments,
        asking_document,
        tokens,
        webhooks,
    ):
        app.register_blueprint(blueprint)
    app.extensions["csrf"].exempt(webhooks)  # its callers sign what they send


def _htmx_files() -> Blueprint:
    folder = Path(js_lib_htmx.__file__).parent / "static" / "htmx"
    return Blueprint("htmx", __name__, static_folder=folder, static_url_path="/htmx")
