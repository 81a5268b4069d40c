"""The command group and what hangs on it."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Workbench: job costing on one side, the accounting ledger on the other."""
