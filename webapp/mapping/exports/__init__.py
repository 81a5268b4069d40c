"""Workbench documents as Xero records, and Xero's answers as our words. Pure: looks nothing up."""
