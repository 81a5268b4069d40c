"""The command group and what hangs on it."""

import click

from webapp.cli.batches import batches
from webapp.cli.imports import import_
from webapp.cli.runs import runs


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Workbench: job costing on one side, the accounting ledger on the other."""


main.add_command(batches)
main.add_command(import_)
main.add_command(runs)
