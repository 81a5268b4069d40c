"""Changing set-up records."""
