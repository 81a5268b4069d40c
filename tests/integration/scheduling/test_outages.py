import datetime as dt
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from jobs import tasks
from webapp.config import MailServer
from webapp.db import db
from webapp.domain.access import Role
from webapp.domain.runs import KindState
from webapp.models import User
from webapp.services import connections, outages
from webapp.services.mail import Mailer, MailFailed

HALF_HOUR = dt.timedelta(minutes=30)


@dataclass
class Mailbox:
    """What a mail server of our own was handed, and how it answers."""

    port: int = 0
    refuses: set[str] = field(default_factory=set)
    """Commands that it turns down."""
    offers: str = "8BITMIME"
    said: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)


class _Session(socketserver.StreamRequestHandler):
    """Just enough SMTP (RFC 5321) for one client to hand in mail."""

    ANSWERS = {  # noqa: RUF012 - never changed
        "AUTH": "235 welcome",
        "QUIT": "221 bye",
        "DATA": "354 go on",
    }

    def handle(self) -> None:
        mailbox: Mailbox = self.server.mailbox
        self._answer("220 mail.test")
        while line := self.rfile.readline():
            text = line.decode(errors="replace").strip()
            mailbox.said.append(text)
            word = text.partition(" ")[0].upper()
            if word in mailbox.refuses:
                self._answer("451 not now")
                continue
            if word == "EHLO":
                self._answer(f"250-mail.test\r\n250-AUTH PLAIN\r\n250 {mailbox.offers}")
                continue
            self._answer(self.ANSWERS.get(word, "250 fine"))
            if word == "DATA":
                self._take(mailbox)
            if word == "QUIT":
                return

    def _take(self, mailbox: Mailbox) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        body = b"".join(line.removeprefix(b".") for line in lines)
        mailbox.messages.append(message_from_bytes(body, policy=policy.default))
        self._answer("250 taken")

    def _answer(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.mailbox = mailbox
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield mailbox
        server.shutdown()
        thread.join()


@pytest.fixture
def upkeep(mailbox: Mailbox, configured) -> Callable[[], None]:
    """Do what the schedule has done about outages every minute, with mail set up."""
    server = MailServer(host="127.0.0.1", port=mailbox.port, tls=False)
    configured(smtp=server, mail_from="workbench@builder.test")
    return tasks.outages_task


@pytest.fixture
def administrators(house) -> None:
    db.session.get_one(User, house.alice_id).email = "alice@builder.test"
    common = {"password_hash": "none", "session_key": "x"}
    db.session.add_all(
        [
            User(name="Adam", role=Role.ADMINISTRATOR, email="adam@builder.test", **common),
            User(name="Anna", role=Role.ADMINISTRATOR, **common),
            User(
                name="Gone",
                role=Role.ADMINISTRATOR,
                email="gone@builder.test",
                active=False,
                **common,
            ),
            User(name="Fay", role=Role.FINANCE, email="fay@builder.test", **common),
        ]
    )
    db.session.commit()


def text_of(message: EmailMessage) -> str:
    return message.get_content().replace("\r\n", "\n")


def test_R33_a_failing_schedule_is_noted_and_ends_with_the_next_success(
    connect, sandbox, house, pass_time, connection_of, states
):
    since = connect().connected_at
    sandbox.fault("html", path="/Accounts")

    (run,) = pass_time(since, 30)

    noted = connection_of(house.fin_co_id)
    assert states(run) == {KindState.DONE, KindState.FAILED}
    assert noted.outage_since == run.started_at
    assert "Xero did not answer" in noted.outage_reason

    sandbox.no_faults()
    pass_time(run.started_at, 30)

    healed = connection_of(house.fin_co_id)
    assert (healed.outage_since, healed.outage_reason, healed.outage_mailed_at) == (None,) * 3


def test_R33_an_outage_keeps_its_beginning_and_its_reason(connect, house, deps, connection_of):
    connection_id, first = connect().id, deps.clock()
    outages.begin(connection_id, "Xero did not answer.", first)

    outages.begin(connection_id, "Something else.", first + HALF_HOUR)

    noted = connection_of(house.fin_co_id)
    assert (noted.outage_since, noted.outage_reason) == (first, "Xero did not answer.")


@pytest.mark.usefixtures("administrators")
def test_R33_an_outage_is_mailed_once_to_the_administrators_who_have_an_address(
    connect, sandbox, house, pass_time, upkeep, mailbox
):
    since = connect().connected_at
    sandbox.control("POST", "disconnect", {"tenant_id": sandbox.tenant()})
    (run,) = pass_time(since, 30)

    for _ in range(3):
        upkeep()
    pass_time(run.started_at, 60)
    upkeep()

    (message,) = mailbox.messages
    assert message["To"] == "alice@builder.test, adam@builder.test"
    assert message["From"] == "workbench@builder.test"
    name = sandbox.organisation()["name"]
    assert message["Subject"] == f"Workbench gets nothing from {name} (FinCo 01)"
    text = text_of(message)
    assert "disconnected inside Xero, reset, or its trial ended" in text
    assert f"Since: {run.started_at:%d %b %Y at %H:%M} UTC" in text
    assert text.count("press Connect to Xero on the Xero Integration screen") == 1
    screen = "/administration/data-transfer/xero-integration?fin_co=01"
    assert f"http://localhost:5000{screen}" in text


@pytest.mark.usefixtures("administrators")
def test_R33_the_next_outage_is_mailed_again(connect, house, deps, upkeep, mailbox):
    connection_id = connect().id
    outages.begin(connection_id, "Xero did not answer.", deps.clock())
    upkeep()
    outages.end(connection_id)
    upkeep()

    outages.begin(connection_id, "Xero did not answer again.", deps.clock())
    upkeep()

    first, second = map(text_of, mailbox.messages)
    assert "What happened: Xero did not answer.\n" in first
    assert "What to do: Nothing for now" in first
    assert "did not answer again" in second


@pytest.mark.usefixtures("administrators")
@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_R33_what_a_failing_mail_server_did_not_take_is_sent_later_and_once(
    connect, deps, upkeep, mailbox, command
):
    outages.begin(connect().id, "Xero did not answer.", deps.clock())
    mailbox.refuses = {command, "HELO"}
    upkeep()
    assert mailbox.messages == []

    mailbox.refuses.clear()
    upkeep()
    upkeep()

    assert len(mailbox.messages) == 1


@pytest.mark.usefixtures("administrators")
def test_R33_a_mail_server_that_is_not_there_fails_nothing(connect, deps, configured, mailbox):
    outages.begin(connect().id, "Xero did not answer.", deps.clock())
    nobody = MailServer(host="127.0.0.1", port=1, tls=False)
    configured(smtp=nobody, mail_from="workbench@builder.test")

    tasks.outages_task()


@pytest.mark.usefixtures("administrators")
def test_R33_what_an_export_or_a_check_found_broken_is_mailed_too(
    connect, house, deps, upkeep, mailbox, connection_of
):
    connection_id = connect().id
    connections.mark_reconnect_needed(connection_id, "It was cut off.", deps.clock())

    upkeep()

    (message,) = mailbox.messages
    assert "What happened: It was cut off." in text_of(message)
    assert connection_of(house.fin_co_id).outage_reason == "It was cut off."


@pytest.mark.usefixtures("administrators")
def test_R29_a_disconnected_fin_co_is_no_outage(connect, house, deps, upkeep, mailbox):
    outages.begin(connect().id, "Xero did not answer.", deps.clock())
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=deps.clock())

    upkeep()

    assert mailbox.messages == []


def test_nobody_with_an_address_means_no_mail_yet(connect, house, deps, upkeep, mailbox):
    outages.begin(connect().id, "Xero did not answer.", deps.clock())
    upkeep()
    assert mailbox.said == []

    db.session.get_one(User, house.alice_id).email = "alice@builder.test"
    db.session.commit()
    upkeep()

    assert [message["To"] for message in mailbox.messages] == ["alice@builder.test"]


def test_without_a_mail_server_outages_are_noted_all_the_same(connect, house, deps, connection_of):
    connections.mark_reconnect_needed(connect().id, "It was cut off.", deps.clock())

    tasks.outages_task()

    assert connection_of(house.fin_co_id).outage_since is not None


@pytest.mark.usefixtures("administrators")
def test_two_processes_at_once_send_one_mail(app, connect, deps, upkeep, mailbox):
    outages.begin(connect().id, "Xero did not answer.", deps.clock())
    together = threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            together.wait()
            upkeep()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mailbox.messages) == 1


def test_a_password_is_given_on_this_machine_and_nowhere_else_without_encryption(mailbox):
    mine = MailServer(host="127.0.0.1", port=mailbox.port, tls=False, user="me", password="mine")
    Mailer(mine, "workbench@builder.test").check()
    assert any(line.startswith("AUTH PLAIN") for line in mailbox.said)
    assert "mine" not in repr(mine)


def test_a_server_that_turns_us_down_says_so_without_our_secrets(mailbox):
    mailbox.refuses = {"AUTH"}
    mine = MailServer(host="127.0.0.1", port=mailbox.port, tls=False, user="me", password="mine")

    with pytest.raises(MailFailed, match="SMTPAuthenticationError, code 451") as refused:
        Mailer(mine, "workbench@builder.test").check()

    assert "mine" not in str(refused.value)


@pytest.mark.parametrize("tls", [True, False])
def test_encryption_that_does_not_come_about_is_not_done_without(mailbox, tls):
    mailbox.offers, mailbox.refuses = "STARTTLS", {"STARTTLS"}
    mine = MailServer(host="127.0.0.1", port=mailbox.port, tls=tls, user="me", password="mine")

    with pytest.raises(MailFailed):
        Mailer(mine, "workbench@builder.test").check()

    assert not any("AUTH" in line for line in mailbox.said)
