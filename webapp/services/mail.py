"""Sending mail by whoever does that for this installation."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address

from webapp.config import MailServer

WITHIN_SECONDS = 15
"""How long the server may be silent: a task waits for it, and others wait for the task."""


class MailFailed(Exception):
    """The mail was not taken. ``str()`` says why, without address book or password."""


@dataclass(frozen=True)
class Mailer:
    """Hands mail in at one server, from one sender."""

    server: MailServer
    sender: str

    def send(self, recipients: Sequence[str], subject: str, text: str) -> None:
        """Send one plain text message to all recipients.

        Raises:
            MailFailed: nobody got it.
        """
        with self._session() as session:
            message = EmailMessage()
            message["From"] = self.sender
            message["To"] = ", ".join(recipients)
            message["Subject"] = " ".join(subject.split())
            message["Auto-Submitted"] = "auto-generated"  # no out-of-office answers (RFC 3834)
            message.set_content(text)
            session.send_message(message)

    def check(self) -> None:
        """See whether the server answers and knows us; nothing is sent.

        Raises:
            MailFailed: it does not.
        """
        with self._session() as session:
            session.noop()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        try:
            with self._connection() as session:
                self._introduce(session)
                yield session
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # Its own words may repeat addresses and what was sent.
            code = getattr(error, "smtp_code", None)
            said = f", code {code}" if code else ""
            raise MailFailed(
                f"the mail server does not take it ({type(error).__name__}{said})"
            ) from error

    def _connection(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        if self.server.tls:
            return smtplib.SMTP_SSL(
                host, port, timeout=WITHIN_SECONDS, context=ssl.create_default_context()
            )
        return smtplib.SMTP(host, port, timeout=WITHIN_SECONDS)

    def _introduce(self, session: smtplib.SMTP) -> None:
        session.ehlo_or_helo_if_needed()
        encrypted = self.server.tls
        if not encrypted and session.has_extn("starttls"):
            session.starttls(context=ssl.create_default_context())
            encrypted = True
        if self.server.user is None or self.server.password is None:
            return
        if not encrypted and not _is_this_machine(self.server.host):
            raise MailFailed(
                "the mail server offers no encryption, and the password is not sent without"
            )
        session.login(self.server.user, self.server.password)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
