"""Bringing companies, receipts, payments, accounts, Export Codes and currencies in from Xero.

A run is rows: which kinds it brings in, how far each has come, and who works on it. Whoever holds
its lease may carry it on, from the beginning of the kind that was not finished.
"""

from webapp.services.imports.runner import run_import
from webapp.services.imports.scheduling import start_scheduled_imports
from webapp.services.imports.start import due_imports, start_import

__all__ = ["due_imports", "run_import", "start_import", "start_scheduled_imports"]
