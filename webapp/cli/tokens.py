"""``python -m webapp token``: the stored sign-ins, never their secrets."""

from dataclasses import asdict

import click

from webapp.cli.context import CommandError, Exit, application, finish, json_option
from webapp.deps import current_deps
from webapp.services.connections import SignIn, reencrypt_tokens, sign_ins
from webapp.services.failures import explain
from webapp.xero.errors import XeroError


@click.group()
def token() -> None:
    """Look after the stored sign-ins to Xero."""


@token.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Show which sign-ins there are, what uses them and when they end."""
    with application():
        found = sign_ins(current_deps().xero)
    finish(
        {"sign_ins": [asdict(one) for one in found]},
        text="\n".join(_line(one) for one in found) or "There is no stored sign-in.",
        as_json=as_json,
        status=Exit.DONE,
    )


@token.command()
@json_option
def reencrypt(*, as_json: bool) -> None:
    """Store every sign-in under the first of TOKEN_ENCRYPTION_KEYS.

    To change the key: put the new one in front of the old one, restart every process, run this,
    then take the old one out and restart again.
    """
    with application():
        xero = current_deps().xero
        try:
            done = reencrypt_tokens(xero)
        except XeroError as error:
            reason = explain(error, "Xero")
            raise CommandError(f"{reason.message} {reason.way_out}") from None
        lost = [one for one in sign_ins(xero) if not one.readable]
    lines = [f"{_counted(done)} under the first key now."]
    lines += [f"No key reads this one, so connect again: {_line(one)}" for one in lost]
    finish(
        {"reencrypted": done, "unreadable": [one.xero_user_id for one in lost]},
        text="\n".join(lines),
        as_json=as_json,
        status=Exit.SOME_REFUSED if lost else Exit.DONE,
    )


def _counted(number: int) -> str:
    return "1 sign-in is" if number == 1 else f"{number} sign-ins are"


def _line(one: SignIn) -> str:
    state = "works"
    if one.refused:
        state = "refused by Xero"
    elif not one.readable:
        state = "unreadable with TOKEN_ENCRYPTION_KEYS"
    uses = "; ".join(one.used_for) or "nothing"
    return (
        f"{one.xero_user_id}  {state}  last used {one.refreshed_at:%d %b %Y}, "
        f"ends {one.lapses_on:%d %b %Y}  for {uses}"
    )
