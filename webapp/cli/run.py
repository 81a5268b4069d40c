"""``python -m webapp run``: a whole copy on this machine."""

import click

from webapp.cli.context import CommandError
from webapp.config import instance_path, process_environment
from webapp.local.instance import CannotRun
from webapp.local.supervisor import Supervisor


@click.command()
def run() -> None:
    """Start everything on this machine; Ctrl-C ends it.

    The data lie in INSTANCE_PATH (default: instance/). PORT and SANDBOX_PORT choose the ports;
    where they are not set the next free ones are taken. With XERO_CLIENT_ID and
    XERO_CLIENT_SECRET set, Xero itself is used and no sandbox is started.
    """
    try:
        Supervisor(instance_path(), process_environment(), click.echo).run()
    except CannotRun as error:
        raise CommandError(str(error)) from None
