"""Comparing the accounts that Workbench names with the organisation's (R22 to R24, C7.2)."""

from webapp.services.accounts_validation.report import AccountsReport, csv_rows
from webapp.services.accounts_validation.validate import validate_accounts

__all__ = ["AccountsReport", "csv_rows", "validate_accounts"]
