"""Bringing files in: what they hold, how they read, what they would do, what they did."""

from webapp.web.loading.mapping import blueprint as mapping
from webapp.web.loading.preview import blueprint as preview
from webapp.web.loading.runs import blueprint as runs
from webapp.web.loading.upload import blueprint as upload

BLUEPRINTS = (upload, mapping, preview, runs)
