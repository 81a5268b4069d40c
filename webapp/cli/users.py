"""``python -m webapp user``: who may sign in."""

import sys
from collections.abc import Sequence

import click

from webapp.cli.context import CommandError, application
from webapp.domain.access import Role
from webapp.services import users
from webapp.services.errors import ServiceError


@click.group()
def user() -> None:
    """Make users, give them passwords, say where mail reaches them."""


_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of input."
)


@user.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role], case_sensitive=False),
    required=True,
    help="What they may do.",
)
@click.option("--fin-co", "fin_cos", multiple=True, help="A FinCo they see; may be repeated.")
@_stdin
def add(name: str, role: str, fin_cos: Sequence[str], *, password_stdin: bool) -> None:
    """Make a user who signs in as NAME."""
    password = _password(from_stdin=password_stdin)
    with application():
        try:
            users.add(name=name, role=Role(role), password=password, fin_co_codes=fin_cos)
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
    click.echo(f"{name} can sign in ({Role(role).value}).")


@user.command()
@click.argument("name")
@_stdin
def password(name: str, *, password_stdin: bool) -> None:
    """Set a new password for NAME and sign them out everywhere."""
    new = _password(from_stdin=password_stdin)
    with application():
        try:
            users.set_password(name, new)
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
    click.echo(f"{name} has a new password and is signed out everywhere.")


@user.command()
@click.argument("name")
@click.argument("address")
def email(name: str, address: str) -> None:
    """Say that mail reaches NAME at ADDRESS; an empty ADDRESS ends it.

    Administrators with an address are written to when a connection to Xero does not work.
    """
    with application():
        try:
            users.set_email(name, address)
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
    click.echo(f"{name} gets mail at {address}." if address else f"{name} gets no mail.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise CommandError("There is nobody to ask for a password. Give it with --password-stdin.")
    answer: str = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    return answer
