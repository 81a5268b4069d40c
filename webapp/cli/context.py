"""What commands share: the application they run in, and how they end."""

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import click
import structlog
from sqlalchemy import select

from webapp.config import Config, ConfigError
from webapp.db import db
from webapp.factory import create_app
from webapp.models import FinCo


class Exit(IntEnum):
    """What a command's exit status tells a script."""

    DONE = 0
    SOME_REFUSED = 1
    NOTHING_DONE = 2


class CommandError(click.ClickException):
    """Nothing was done, and this sentence says why."""

    exit_code = Exit.NOTHING_DONE


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@contextmanager
def application() -> Iterator[None]:
    """Open the application's context with the configuration of the running copy."""
    try:
        config = Config.from_env()
    except ConfigError as error:
        raise CommandError(
            "The configuration is not complete:\n"
            + "\n".join(f"  {problem}" for problem in error.problems)
            + "\nStart a local copy with `make run`, or set these variables."
        ) from None
    _keep_events_off_the_output()
    with create_app(config).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _keep_events_off_the_output() -> None:
    """What a command prints is for people and scripts; only trouble is logged, and apart."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        # Looked up at each event: whoever captures a command's output replaces the stream.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def fin_co_by_code(code: str) -> FinCo:
    """The FinCo of that code.

    Raises:
        CommandError: when there is none, with the codes there are.
    """
    fin_co = db.session.scalar(select(FinCo).where(FinCo.code == code))
    if fin_co is None:
        known = ", ".join(db.session.scalars(select(FinCo.code).order_by(FinCo.code)))
        raise CommandError(f"There is no FinCo {code}. Known: {known or 'none'}.")
    return fin_co


def finish(report: Mapping[str, Any], *, text: str, as_json: bool, status: Exit) -> NoReturn:
    """Print the result, as one JSON object or as text, and end with its exit status."""
    click.echo(json.dumps(report, ensure_ascii=False, default=str) if as_json else text)
    sys.exit(status)
