"""``python -m webapp check-config``: is everything there that the processes need."""

import click
import sqlalchemy as sa
from cryptography.fernet import Fernet
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from webapp.cli.context import CommandError
from webapp.config import Config, ConfigError
from webapp.services.mail import Mailer, MailFailed

ANSWER_WITHIN_SECONDS = 5


@click.command("check-config")
@click.option("--new-key", is_flag=True, help="Print a new key for TOKEN_ENCRYPTION_KEYS.")
def check_config(*, new_key: bool) -> None:
    """Name everything that is missing, malformed or out of reach, all at once."""
    if new_key:
        click.echo(Fernet.generate_key().decode())
        return
    try:
        config = Config.from_env()
    except ConfigError as error:
        raise _incomplete(error.problems) from None
    problems = [
        *_database_problems(config.database_url),
        *_redis_problems(config.redis_url),
        *_mail_problems(config),
    ]
    if problems:
        raise _incomplete(problems)
    click.echo(f"The configuration is complete. Xero is {config.xero_api_url}.")


def _incomplete(problems: list[str]) -> CommandError:
    return CommandError(
        "The configuration cannot be used:\n" + "\n".join(f"  {problem}" for problem in problems)
    )


def _database_problems(url: str) -> list[str]:
    # Neither driver's message is shown: it may hold the address with its password.
    arguments = {} if url.startswith("sqlite") else {"connect_timeout": ANSWER_WITHIN_SECONDS}
    try:
        engine = sa.create_engine(url, connect_args=arguments)
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except (SQLAlchemyError, ValueError) as error:
        return [f"DATABASE_URL: the database does not answer ({type(error).__name__})"]
    engine.dispose()
    return []


def _redis_problems(url: str) -> list[str]:
    try:
        with Redis.from_url(url, socket_connect_timeout=ANSWER_WITHIN_SECONDS) as redis:
            redis.ping()
    except (RedisError, ValueError) as error:
        return [f"REDIS_URL: Redis does not answer ({type(error).__name__})"]
    return []


def _mail_problems(config: Config) -> list[str]:
    if config.smtp is None or config.mail_from is None:
        return []
    try:
        Mailer(config.smtp, config.mail_from).check()
    except MailFailed as error:
        return [f"SMTP_URL: {error}"]
    return []
