"""``python -m webapp api-token``: what other systems prove themselves with."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

import click

from webapp.cli.context import CommandError, Exit, application, finish, json_option
from webapp.deps import current_deps
from webapp.domain.access import API_RIGHTS, Permission
from webapp.queries.api_tokens import TokenRow, api_tokens
from webapp.services.api_tokens import make_token, revoke_token
from webapp.services.audit import COMMAND_LINE
from webapp.services.errors import ServiceError


@click.group("api-token")
def api_token() -> None:
    """Make, list and revoke the tokens of other systems."""


@api_token.command()
@click.argument("name")
@click.option("--fin-co", "fin_cos", multiple=True, required=True, help="May be repeated.")
@click.option(
    "--right",
    "rights",
    multiple=True,
    required=True,
    type=click.Choice([right.value for right in API_RIGHTS]),
    help="What it may do; may be repeated.",
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Its last day, in UTC.")
@json_option
def add(
    name: str,
    fin_cos: Sequence[str],
    rights: Sequence[str],
    expires: dt.datetime | None,
    *,
    as_json: bool,
) -> None:
    """Make a token for the system NAME and print it: this once."""
    ends = dt.datetime.combine(expires, dt.time.max, dt.UTC) if expires else None
    with application():
        try:
            made = make_token(
                name=name,
                fin_co_codes=fin_cos,
                rights=[Permission(right) for right in rights],
                expires_at=ends,
                user_id=None,
                source=COMMAND_LINE,
                now=current_deps().clock(),
            )
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
    finish(
        {"id": made.token_id, "token": made.text}, text=made.text, as_json=as_json, status=Exit.DONE
    )


@api_token.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Show which tokens there are; their text is nowhere."""
    with application():
        found = api_tokens()
        now = current_deps().clock()
    finish(
        {"tokens": [{**asdict(token), "state": token.state(now)} for token in found]},
        text="\n".join(_line(token, now) for token in found) or "There is no token.",
        as_json=as_json,
        status=Exit.DONE,
    )


@api_token.command()
@click.argument("token_id", type=int)
def revoke(token_id: int) -> None:
    """End the token with the id TOKEN_ID at once."""
    with application():
        try:
            name = revoke_token(
                token_id, user_id=None, source=COMMAND_LINE, now=current_deps().clock()
            )
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
    click.echo(f"The token {name} is revoked.")


def _line(token: TokenRow, now: dt.datetime) -> str:
    fin_cos = ", ".join(token.fin_cos)
    return (
        f"{token.id:>4}  {token.prefix}…  {token.state(now):<8} {token.name} "
        f"(FinCo {fin_cos}: {', '.join(token.rights)})"
    )
