"""The set-up screens, one blueprint each."""

from flask import Blueprint

from webapp.web.setup.activities import blueprint as activities
from webapp.web.setup.fin_cos import blueprint as fin_cos
from webapp.web.setup.gl_accounts import blueprint as gl_accounts
from webapp.web.setup.gst_types import blueprint as gst_types
from webapp.web.setup.jobs import blueprint as jobs
from webapp.web.setup.profit_centres import blueprint as profit_centres
from webapp.web.setup.sales_codes import blueprint as sales_codes

BLUEPRINTS: tuple[Blueprint, ...] = (
    fin_cos,
    profit_centres,
    jobs,
    activities,
    sales_codes,
    gst_types,
    gl_accounts,
)
