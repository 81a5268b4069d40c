"""``sandbox serve | seed | connect | faults | show``: the Xero on this machine, for rehearsals."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from webapp.cli.context import CommandError, Exit, application, fin_co_by_code, finish, json_option
from webapp.cli.load import Bars, checked_mapping
from webapp.cli.rehearsal import Sandbox
from webapp.deps import current_deps
from webapp.domain.ingest.errors import FileRefused
from webapp.domain.matching import AP_GROUP
from webapp.services.audit import COMMAND_LINE, record
from webapp.services.connections import (
    authorization_address,
    complete_connect,
    current_connection,
)
from webapp.services.errors import ServiceError
from webapp.services.loading import OrganisationNeeds, organisation_needs

ACCOUNT_TYPE = "DIRECTCOSTS"
NO_TAX = "NONE"


@click.group()
def sandbox() -> None:
    """The sandbox: a Xero on this machine, for rehearsals."""


@contextmanager
def _opened() -> Iterator[Sandbox]:
    with application():
        yield Sandbox(current_deps().config)


@sandbox.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.pass_context
def serve(context: click.Context) -> None:
    """Run a sandbox in this process; all options are its own (try --help)."""
    # A sandbox shares no code with the application, so it is started, not imported.
    os.execv(sys.executable, [sys.executable, "-m", "webapp.sandbox", *context.args])  # noqa: S606 - our own interpreter, no shell


@sandbox.command()
@click.option(
    "--from", "file", required=True, type=click.Path(path_type=Path), help="File to be loaded."
)
@click.option(
    "--mapping", required=True, type=click.Path(path_type=Path), help="Its column mapping."
)
@click.option("--fin-co", default="01", show_default=True, help="FinCo that will load the file.")
@json_option
def seed(*, file: Path, mapping: Path, fin_co: str, as_json: bool) -> None:
    """Make the contacts, accounts and tracking options that the invoices of a file need.

    They are what a firm's Xero would already hold. They go into the organisation the FinCo is
    connected to, or else into the sandbox's first one. Doing it twice makes nothing twice.
    """
    with _opened() as there, Bars() as bars:
        fin_co_id = fin_co_by_code(fin_co).id
        try:
            needs = organisation_needs(
                file, fin_co_id=fin_co_id, mapping=checked_mapping(mapping), progress=bars
            )
        except FileRefused as refused:
            raise CommandError(f"{file}: {refused.message} {refused.way_out}") from None
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
        connection = current_connection(fin_co_id)
        tenant_id = (
            connection.tenant_id if connection else str(there.organisation(None)["tenant_id"])
        )
        made = there.control("POST", "seed", {"tenant_id": tenant_id, **_records(needs)})
    finish(
        made,
        text="\n".join(
            f"{kind}: {counts['made']:,} made, {counts['present']:,} there already"
            for kind, counts in made.items()
        ),
        as_json=as_json,
        status=Exit.DONE,
    )


def _records(needs: OrganisationNeeds) -> dict[str, Any]:
    return {
        "contacts": [
            {"name": name, "account_number": account, "group": AP_GROUP}
            for account, name in needs.suppliers.items()
        ],
        "accounts": [
            {
                "code": code,
                "name": name,
                "type": ACCOUNT_TYPE,
                "tax_type": needs.tax_type or NO_TAX,
            }
            for code, name in sorted(needs.accounts.items())
        ],
        "tracking": needs.tracking,
    }


@sandbox.command()
@click.option("--fin-co", required=True, help="Code of the FinCo to connect.")
@click.option("--organisation", help="Name of the organisation. Default: the sandbox's first.")
@json_option
def connect(*, fin_co: str, organisation: str | None, as_json: bool) -> None:
    """Connect a FinCo, doing what a person does on the consent page."""
    with _opened() as there:
        xero = current_deps().xero
        fin_co_id = fin_co_by_code(fin_co).id
        chosen = there.organisation(organisation)
        state = secrets.token_urlsafe(32)
        former = current_connection(fin_co_id)
        before = former.organisation_name if former else None
        try:
            code = there.consent(authorization_address(xero, state), chosen["tenant_id"], state)
            connection = complete_connect(
                xero, fin_co_id=fin_co_id, user_id=None, code=code, now=current_deps().clock()
            )
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
        record(
            at=current_deps().clock(),
            user_id=None,
            fin_co_id=fin_co_id,
            action="confirm",
            source=COMMAND_LINE,
            detail={"organisation": [before, connection.organisation_name]},
        )
        finish(
            {
                "fin_co": fin_co,
                "organisation": connection.organisation_name,
                "tenant_id": connection.tenant_id,
            },
            text=f"FinCo {fin_co} is connected to {connection.organisation_name}.",
            as_json=as_json,
            status=Exit.DONE,
        )


@sandbox.group(invoke_without_command=True)
@click.pass_context
def faults(context: click.Context) -> None:
    """Make the sandbox fail as the real service can. Without a command: list what is set."""
    if context.invoked_subcommand is None:
        context.invoke(list_faults, as_json=False)


@faults.command("list")
@json_option
def list_faults(*, as_json: bool) -> None:
    """List the faults in force."""
    with _opened() as there:
        _print_faults(there.control("GET", "faults"), as_json=as_json)


@faults.command("set")
@click.argument("kind")
@click.option("--times", type=click.IntRange(1), help="How often it strikes. Default: for ever.")
@click.option("--path", help="Only calls whose path begins so, as /Invoices.")
@click.option("--method", help="Only calls by this method, as POST.")
@click.option("--probability", help="How likely it strikes a call, as 0.25. Default: always.")
@click.option("--seconds", help="How long `slow` waits, or the Retry-After of a limit.")
@json_option
def set_fault(*, as_json: bool, **fault: Any) -> None:
    """Add a fault; one of the same kind and path is replaced. A wrong KIND lists the known ones."""
    with _opened() as there:
        given = {name: value for name, value in fault.items() if value is not None}
        others = [
            one
            for one in there.control("GET", "faults")["faults"]
            if (one["kind"], one["path"]) != (fault["kind"], fault["path"])
        ]
        _print_faults(there.control("PUT", "faults", [*others, given]), as_json=as_json)


@faults.command("clear")
@json_option
def clear_faults(*, as_json: bool) -> None:
    """Take all faults away."""
    with _opened() as there:
        _print_faults(there.control("DELETE", "faults"), as_json=as_json)


def _print_faults(answer: dict[str, Any], *, as_json: bool) -> None:
    lines = [
        ", ".join(f"{name} {value}" for name, value in fault.items() if value is not None)
        for fault in answer["faults"]
    ]
    text = "\n".join(lines) or "No faults are set."
    finish(answer, text=text, as_json=as_json, status=Exit.DONE)


@sandbox.command()
@json_option
def show(*, as_json: bool) -> None:
    """Show what each organisation holds."""
    with _opened() as there:
        organisations = there.organisations()
    lines = []
    for one in organisations:
        lines.append(
            f"{one['name']} ({one['tenant_id']}): {one['contacts']:,} contacts, "
            f"{one['payments']:,} payments, {one['manual_journals']:,} manual journals"
        )
        lines += [
            f"  {documents['type']:<14} {documents['status']:<11} {documents['count']:>7,}  "
            f"ex GST {documents['sub_total']:>16}  total {documents['total']:>16}"
            for documents in one["documents"]
        ]
    finish(
        {"organisations": organisations}, text="\n".join(lines), as_json=as_json, status=Exit.DONE
    )
