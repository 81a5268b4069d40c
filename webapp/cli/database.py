"""``python -m webapp database``: the schema."""

import click
import flask_migrate

from webapp.cli.context import application


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Bring the schema to the newest version; nothing happens where it is there already."""
    with application():
        flask_migrate.upgrade()
    click.echo("The database has the newest schema.")
