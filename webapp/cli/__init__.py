"""The command line: ``python -m webapp COMMAND``."""

from webapp.cli.root import main

__all__ = ["main"]
