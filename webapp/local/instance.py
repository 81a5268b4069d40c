"""The folder of one running copy: its lock, its secrets, and the file others find it by."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import Fernet

from webapp.config import RUN_FILE, SECRETS_FILE


class CannotRun(Exception):
    """The copy cannot run here; the message says why and what to do."""


class Instance:
    """The instance directory, made readable for its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self._lock: IO[str] | None = None

    def prepare(self) -> None:
        """Make the directory and take its lock; a killed copy's lock is free by itself.

        Raises:
            CannotRun: when the folder cannot be written, or another copy runs on it.
        """
        try:
            for folder in (self.path, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)
            self._lock = (self.path / "lock").open("a")
        except OSError as error:
            raise CannotRun(
                f"Cannot write to {self.path} ({error.strerror}). "
                "Give INSTANCE_PATH a folder of your own."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            where = self.last_run().get("web", "starting")
            raise CannotRun(
                f"Another copy already runs on {self.path} ({where}). "
                "Stop it, or set INSTANCE_PATH to another folder to run a second one."
            ) from None

    def secrets(self) -> dict[str, str]:
        """The secrets of this copy, made at its first start and kept from then on."""
        file = self.path / SECRETS_FILE
        with suppress(FileNotFoundError):
            kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))["environment"]
            return kept
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "XERO_CLIENT_ID": secrets.token_hex(16).upper(),
            "XERO_CLIENT_SECRET": secrets.token_urlsafe(36),
        }
        _write(file, {"environment": made})
        return made

    def last_run(self) -> dict[str, Any]:
        """What the copy that runs, or one that was killed, wrote of itself; empty without one."""
        try:
            content = json.loads((self.path / RUN_FILE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def announce(self, run: Mapping[str, Any]) -> None:
        """Let other commands find this copy."""
        _write(self.path / RUN_FILE, run)

    def withdraw(self) -> None:
        """Say that no copy runs here any more, and give the lock back."""
        (self.path / RUN_FILE).unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Replace a file whole, so that no reader ever sees half of it."""
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        json.dump(content, opened, indent=2)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
