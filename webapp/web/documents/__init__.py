"""Entering documents in the browser: batches, their documents, approval and files."""

from flask import Blueprint

from webapp.web.documents.attachments import blueprint as attachments
from webapp.web.documents.batches import blueprint as batches
from webapp.web.documents.deciding import blueprint as deciding
from webapp.web.documents.forms import blueprint as forms
from webapp.web.documents.suggesting import blueprint as suggesting

BLUEPRINTS: tuple[Blueprint, ...] = (batches, forms, suggesting, deciding, attachments)
