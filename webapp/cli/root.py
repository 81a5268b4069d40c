"""The command group and what hangs on it."""

import click
import structlog

from webapp.cli.api_tokens import api_token
from webapp.cli.batches import batches
from webapp.cli.check_config import check_config
from webapp.cli.database import database
from webapp.cli.imports import import_
from webapp.cli.load import load
from webapp.cli.run import run
from webapp.cli.runs import runs
from webapp.cli.sandbox import sandbox
from webapp.cli.tokens import token
from webapp.cli.users import user


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Workbench: job costing on one side, the accounting ledger on the other."""
    # What goes to standard output is the result and nothing else: a script may be reading it.
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


main.add_command(api_token)
main.add_command(batches)
main.add_command(import_)
main.add_command(runs)
main.add_command(check_config)
main.add_command(database)
main.add_command(load)
main.add_command(run)
main.add_command(sandbox)
main.add_command(token)
main.add_command(user)
