"""Configuration as one frozen value, read once and complete or refused.

The only module of the application that looks at the process environment. Where the embedded
default is running (``python -m webapp run``) its addresses and locally made secrets lie in the
instance directory; what the environment says always wins over them.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography.fernet import Fernet

PROJECT_ROOT = Path(__file__).resolve().parent.parent
RUN_FILE = "run.json"
SECRETS_FILE = "secrets.json"
MIN_SECRET_LENGTH = 32
MINUTES_OF_A_DAY = 24 * 60
SMTP_PORTS = {"smtp": 587, "smtps": 465}
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,189}")
"""Bare, without a name beside it; whether anybody reads it there is not for us to say."""


class ConfigError(Exception):
    """The configuration is incomplete or malformed; ``problems`` names everything at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in.

    With ``tls`` the connection is encrypted from its first byte (smtps); without, as soon as the
    server offers it (STARTTLS).
    """

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def _text(raw: str) -> str:
    return raw


def _address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an http(s) address")
    return raw.rstrip("/")


def _public_address(raw: str) -> str:
    address = _address(raw)
    if "xero" in address.lower():
        # Xero refuses a document whose Url contains its name (xero-api d.7.2).
        raise ValueError("must not contain the word xero: the links it makes would be refused")
    return address


def _database(raw: str) -> str:
    # Heroku-style platforms hand out postgres://, which SQLAlchemy no longer knows.
    for prefix in ("postgres://", "postgresql://"):
        if raw.startswith(prefix):
            return "postgresql+psycopg://" + raw.removeprefix(prefix)
    if not raw.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise ValueError("must start with postgresql:// or sqlite:///")
    return raw


def _redis(raw: str) -> str:
    if not raw.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis://, rediss:// or unix://")
    return raw


def _secret(raw: str) -> str:
    if len(raw) < MIN_SECRET_LENGTH:
        raise ValueError(f"is shorter than {MIN_SECRET_LENGTH} characters")
    return raw


def _fernet_keys(raw: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in raw.split(",") if key.strip())
    if not keys:
        raise ValueError("holds no key")
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ValueError(
                "holds a key that is not 32 url-safe base64 bytes; make one with "
                "python -m webapp check-config --new-key"
            ) from None
    return keys


def _seconds(raw: str) -> int:
    if not raw.isdigit() or int(raw) < 1:
        raise ValueError("is not a whole number of seconds")
    return int(raw)


def _minutes(raw: str) -> int:
    if not raw.isdigit() or not 1 <= int(raw) <= MINUTES_OF_A_DAY:
        raise ValueError(f"is not a whole number of minutes from 1 to {MINUTES_OF_A_DAY}")
    return int(raw)


def _count(raw: str) -> int:
    if not raw.isdigit() or int(raw) < 1:
        raise ValueError("is not a whole number from 1")
    return int(raw)


def _mail_server(raw: str) -> MailServer | None:
    if not raw:
        return None
    parts = urlsplit(raw)
    try:
        port = parts.port or SMTP_PORTS.get(parts.scheme)
    except ValueError:
        port = None  # its own words may hold a piece of a password that was not quoted
    if (
        port is None
        or parts.scheme not in SMTP_PORTS
        or not parts.hostname
        or parts.path.strip("/")
    ):
        raise ValueError(
            "must be smtp://user:password@host:port or smtps://…, with special characters of the "
            "password written as %XX"
        )
    if (parts.username is None) is not (parts.password is None):
        raise ValueError("has a user without a password, or a password without a user")
    return MailServer(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "smtps",
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _mail_address(raw: str) -> str | None:
    if raw and not MAIL_ADDRESS.fullmatch(raw):
        raise ValueError("is not a plain e-mail address")
    return raw or None


def _key_or_none(raw: str) -> str | None:
    return raw or None


@dataclass(frozen=True)
class _Setting:
    """One environment variable: how it is read, what stands in for it, whether it is a secret."""

    name: str
    read: Callable[[str], object]
    default: str | None = None


def _env(
    name: str, read: Callable[[str], object], default: str | None = None, *, secret: bool = False
) -> Any:
    given = MISSING if default is None else read(default)
    return field(
        default=given, metadata={"setting": _Setting(name, read, default)}, repr=not secret
    )


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything the processes are told from outside. Secrets never show in its repr."""

    secret_key: str = _env("SECRET_KEY", _secret, secret=True)
    token_encryption_keys: tuple[str, ...] = _env(
        "TOKEN_ENCRYPTION_KEYS", _fernet_keys, secret=True
    )
    database_url: str = _env("DATABASE_URL", _database, secret=True)
    redis_url: str = _env("REDIS_URL", _redis, secret=True)
    public_url: str = _env("PUBLIC_URL", _public_address)
    xero_client_id: str = _env("XERO_CLIENT_ID", _text)
    xero_client_secret: str = _env("XERO_CLIENT_SECRET", _text, secret=True)
    xero_login_url: str = _env("XERO_LOGIN_URL", _address, "https://login.xero.com")
    xero_identity_url: str = _env("XERO_IDENTITY_URL", _address, "https://identity.xero.com")
    xero_api_url: str = _env("XERO_API_URL", _address, "https://api.xero.com")
    xero_link_url: str = _env("XERO_LINK_URL", _address, "https://go.xero.com")
    export_lease_seconds: int = _env("EXPORT_LEASE_SECONDS", _seconds, "20")
    sweep_seconds: int = _env("SWEEP_SECONDS", _seconds, "10")
    import_interval_minutes: int = _env("IMPORT_INTERVAL_MINUTES", _minutes, "30")
    api_calls_a_minute: int = _env("API_CALLS_A_MINUTE", _count, "600")
    smtp: MailServer | None = _env("SMTP_URL", _mail_server, "")  # noqa: RUF009 - it is frozen
    mail_from: str | None = _env("MAIL_FROM", _mail_address, "")
    xero_webhook_key: str | None = _env("XERO_WEBHOOK_KEY", _key_or_none, "", secret=True)

    @property
    def redirect_uri(self) -> str:
        """Where Xero sends the browser back to after consent (xero-api a.2: exact match)."""
        return f"{self.public_url}/xero/callback"

    @property
    def secure_cookies(self) -> bool:
        """Cookies carry ``Secure`` exactly where the site is served over TLS (C14.1)."""
        return self.public_url.startswith("https://")

    @property
    def uses_sandbox(self) -> bool:
        """Whether the connected Xero is one on this machine; shown as a banner, nothing else."""
        return urlsplit(self.xero_api_url).hostname in {"localhost", "127.0.0.1", "::1"}

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the environment, with the instance directory's files beneath it.

        Raises:
            ConfigError: naming every missing or malformed variable, not just the first.
        """
        env = os.environ if environ is None else environ
        known = {**_local_settings(instance_path(env)), **{k: v for k, v in env.items() if v}}
        values: dict[str, object] = {}
        problems: list[str] = []
        for item in fields(cls):
            setting: _Setting = item.metadata["setting"]
            raw = known.get(setting.name, setting.default)
            if raw is None:
                problems.append(f"{setting.name} is not set")
                continue
            try:
                values[item.name] = setting.read(raw)
            except ValueError as error:
                problems.append(f"{setting.name} {error}")
        if values.get("smtp") and "mail_from" in values and not values["mail_from"]:
            problems.append("MAIL_FROM is not set, and SMTP_URL is: mail needs a sender")
        if problems:
            raise ConfigError(problems)
        return cls(**values)  # type: ignore[arg-type]


def instance_path(environ: Mapping[str, str] | None = None) -> Path:
    """Where this copy keeps its data: ``INSTANCE_PATH``, or ``instance/`` beside the code."""
    env = os.environ if environ is None else environ
    return Path(env.get("INSTANCE_PATH") or PROJECT_ROOT / "instance").resolve()


def loads_path() -> Path:
    """Where files that are handed in are kept until they are loaded, and their bad rows after."""
    return instance_path() / "loads"


def process_environment() -> dict[str, str]:
    """A copy of this process's environment, for handing on to the processes it starts."""
    return dict(os.environ)


def _local_settings(directory: Path) -> dict[str, str]:
    settings: dict[str, str] = {}
    for name in (SECRETS_FILE, RUN_FILE):
        try:
            content = json.loads((directory / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        settings |= content["environment"]
    return settings
