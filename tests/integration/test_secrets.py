"""After a whole story, with a sign-in that Xero refuses at its end, no secret lies anywhere."""

import base64
import json
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup
from cryptography.fernet import Fernet
from flask import Flask

from webapp.config import Config, ConfigError
from webapp.db import db
from webapp.deps import current_deps
from webapp.factory import create_app
from webapp.models import User, XeroConnection, XeroToken
from webapp.services import connections
from webapp.services.access import XeroAccess
from webapp.services.errors import ServiceError
from webapp.xero.errors import XeroError

# Test folders are no packages; whole copies are run for the browser's tests too.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from running_copy import Copy, poll

TESTS = Path(__file__).resolve().parents[1]
SCREEN = "/administration/data-transfer/xero-integration"
AUDITOR = "auditor"
JWT = re.compile(r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.")
MOST_PAGES = 80


class Person:
    """Somebody with a browser without JavaScript."""

    def __init__(self, address: str) -> None:
        self.session = requests.Session()
        self.address = address

    def get(self, path: str) -> requests.Response:
        return self.session.get(urljoin(self.address, path), timeout=60)

    def post(self, path: str, page: str = "/", **fields: Any) -> requests.Response:
        soup = BeautifulSoup(self.get(page).text, "html.parser")
        token = soup.find("meta", attrs={"name": "csrf-token"})["content"]
        return self.session.post(
            urljoin(self.address, path), data={"csrf_token": token, **fields}, timeout=60
        )

    def sign_in(self, name: str, password: str) -> "Person":
        answer = self.post("/sign-in", "/sign-in", name=name, password=password)
        assert "Main menu" in answer.text
        return self

    def every_page(self) -> dict[str, str]:
        """All pages that links lead to, and what streams and panels show."""
        seen: dict[str, str] = {}
        waiting = ["/", SCREEN, "/export-control?status=any", "/readyz", "/healthz"]
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.pop(0)
            if path in seen:
                continue
            answer = self.get(path)
            seen[path] = f"{answer.headers}\n{answer.text}"
            for link in BeautifulSoup(answer.text, "html.parser").find_all("a", href=True):
                target = urlsplit(urljoin(answer.url, link["href"]))
                if target.netloc == urlsplit(self.address).netloc:
                    waiting.append(target._replace(scheme="", netloc="", fragment="").geturl())
        return seen


class Story:
    """What was secret in it, and every text it left, by where that lies."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}
        self.texts: dict[str, dict[str, str]] = {}

    def left(self, kind: str, name: str, text: str) -> None:
        self.texts.setdefault(kind, {})[name] = text

    def found(self, kind: str) -> list[str]:
        """Which secret lies where, never the secret itself."""
        return [
            f"{secret} in {name}"
            for name, text in self.texts[kind].items()
            for secret, value in self.secrets.items()
            if value in text
        ] + [f"a JWT in {name}" for name, text in self.texts[kind].items() if JWT.search(text)]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    story = Story()
    copy = Copy(tmp_path)
    copy.start()
    try:
        _live(copy, story)
    finally:
        copy.end()
    # The processes have ended: whatever they still had to say is in the files.
    for log in (copy.instance / "logs").iterdir():
        story.left("logs", log.name, log.read_text(errors="replace"))
    for file in copy.instance.glob("workbench.sqlite3*"):
        story.left("database", file.name, file.read_bytes().decode("latin-1"))
    return story


def _live(copy: Copy, story: Story) -> None:
    kept = json.loads((copy.instance / "secrets.json").read_text())["environment"]
    identifier = kept.pop("XERO_CLIENT_ID")
    basic = f"{identifier}:{kept['XERO_CLIENT_SECRET']}".encode()
    story.secrets |= kept | {"client in Basic": base64.b64encode(basic).decode()}
    copy.passwords[AUDITOR] = "what only the auditor knows"
    said = copy.command(
        *("user", "add", AUDITOR, "--role", "Read only", "--fin-co", "01", "--password-stdin"),
        input=f"{copy.passwords[AUDITOR]}\n",
    )
    story.left("commands", "user add", said)
    story.secrets |= {f"password of {name}": text for name, text in copy.passwords.items()}
    copy.seed()

    admin = Person(copy.address).sign_in("admin", copy.passwords["admin"])
    story.secrets["code of the consent"] = _connect(admin, copy)
    _collect_tokens(copy, story, "first")
    _import(admin)
    story.left("commands", "load", json.dumps(copy.load()))
    copy.close_all()
    story.left("commands", "export", copy.command("batches", "export", "--all", "--fin-co", "01"))
    assert "not connected" not in story.texts["commands"]["export"]

    copy.control("PUT", "faults", [{"kind": "expire_tokens"}])
    assert "Harbour Civil" in admin.post(f"{SCREEN}/01/test").text
    _collect_tokens(copy, story, "refreshed")
    assert story.secrets["first refresh token"] != story.secrets["refreshed refresh token"]
    copy.control("PUT", "faults", [{"kind": "expire_tokens"}, {"kind": "refuse_refresh"}])
    _see_reprs(copy, story)
    _see_errors(copy, story)
    story.left("pages", "the refused test", admin.post(f"{SCREEN}/01/test").text)
    story.left("pages", "the refused import", admin.post(f"{SCREEN}/01/import").text)
    story.left("commands", "import", copy.command("import", "--fin-co", "01", "--wait", status=2))
    assert "needs to be connected again" in admin.get(SCREEN).text.lower()

    for name, password in copy.passwords.items():
        person = Person(copy.address).sign_in(name, password)
        for path, page in person.every_page().items():
            story.left("pages", f"{path} of {name}", page)
        person.session.close()
    for path, page in (stranger := Person(copy.address)).every_page().items():
        story.left("pages", f"{path} of nobody", page)
    stranger.session.close()
    admin.session.close()


def _connect(admin: Person, copy: Copy) -> str:
    """Connect FinCo 01 through the screens; give the code that came back with the browser."""
    asked = admin.post(f"{SCREEN}/01/connect", SCREEN)
    form = {key: value[0] for key, value in parse_qs(urlsplit(asked.url).query).items()}
    organisation = copy.control("GET", "state")["organisations"][0]["tenant_id"]
    answer = admin.session.post(
        asked.url.partition("?")[0],
        data=form | {"decision": "allow", "tenant_id": organisation},
        allow_redirects=False,
        timeout=30,
    )
    back = answer.headers["Location"]
    assert "you chose <strong>Harbour Civil" in admin.session.get(back, timeout=60).text
    confirmed = admin.post(f"{SCREEN}/01/confirm", SCREEN, tenant_id=organisation)
    assert "is connected to Harbour Civil" in confirmed.text
    return parse_qs(urlsplit(back).query)["code"][0]


def _import(admin: Person) -> None:
    admin.post(f"{SCREEN}/01/import")
    poll(lambda: "Import completed" in admin.get(f"{SCREEN}?fin_co=01").text, "the import's end")


@contextmanager
def _inside(copy: Copy) -> Iterator[Flask]:
    """The application on the copy's own database, with the copy's own secrets."""
    app = create_app(Config.from_env(copy.environment))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
        current_deps().redis.close()


def _collect_tokens(copy: Copy, story: Story, which: str) -> None:
    with _inside(copy):
        row = db.session.query(XeroToken).one()
        tokens = current_deps().xero.token_store_by_id(row.id).load()
        story.secrets[f"{which} access token"] = tokens.access_token
        story.secrets[f"{which} refresh token"] = tokens.refresh_token


def _see_reprs(copy: Copy, story: Story) -> None:
    with _inside(copy) as app:
        deps = current_deps()
        row = db.session.query(XeroToken).one()
        connection = db.session.query(XeroConnection).one()
        store = deps.xero.token_store(connection)
        shown = {
            "Config": deps.config,
            "Deps": deps,
            "XeroAccess": deps.xero,
            "Credentials": deps.xero.credentials,
            "Tokens": store.load(),
            "token store": store,
            "XeroToken": row,
            "XeroConnection": connection,
            "XeroClient": deps.xero.client(connection),
            "User": db.session.query(User).first(),
            "Flask": app,
        }
        for name, thing in shown.items():
            story.left("reprs", name, f"{thing!r} {thing!s}")


def _see_errors(copy: Copy, story: Story) -> None:
    """Every way a secret can be wrong, as it would come out in a log."""
    with _inside(copy):
        deps = current_deps()
        fin_co_id = db.session.query(XeroConnection).one().fin_co_id
        code = story.secrets["code of the consent"]
        other_key = Fernet.generate_key().decode()
        other = XeroAccess.build(_config(copy, token_encryption_keys=(other_key,)), deps.redis)
        stranger = XeroAccess.build(_config(copy, xero_client_id="nobody"), deps.redis)
        story.secrets["another encryption key"] = other_key
        connection = db.session.query(XeroConnection).one()

        def connect(xero: XeroAccess) -> Callable[[], object]:
            return lambda: connections.complete_connect(
                xero, fin_co_id=fin_co_id, user_id=None, code=code, now=deps.clock()
            )

        ways: dict[str, Callable[[], object]] = {
            "a code used twice": connect(deps.xero),
            "a client unknown to Xero": connect(stranger),
            "tokens under another key": other.token_store(connection).load,
            "a refresh that is refused": deps.xero.client(connection).organisation,
        }
        for name, attempt in ways.items():
            with pytest.raises((ServiceError, XeroError)) as raised:
                attempt()
            story.left("errors", name, _told(raised.value))
    with pytest.raises(ConfigError) as raised:
        Config.from_env(
            copy.environment
            | {
                "SECRET_KEY": story.secrets["SECRET_KEY"][:20],
                "TOKEN_ENCRYPTION_KEYS": story.secrets["TOKEN_ENCRYPTION_KEYS"][:-2],
                "DATABASE_URL": "mysql://workbench:hunter-two-and-a-half@host/db",
            }
        )
    story.secrets["a malformed key"] = story.secrets["TOKEN_ENCRYPTION_KEYS"][:-2]
    story.secrets["the beginning of a key"] = story.secrets["SECRET_KEY"][:20]
    story.secrets["the password of a database"] = "hunter-two-and-a-half"
    story.left("errors", "a malformed configuration", _told(raised.value))


def _config(copy: Copy, **changed: Any) -> Config:
    given = Config.from_env(copy.environment)
    return Config(**{name: getattr(given, name) for name in given.__dataclass_fields__} | changed)


def _told(error: BaseException) -> str:
    return "\n".join([str(error), repr(error), *traceback.format_exception(error)])


def test_no_secret_lies_in_anything_the_story_left(story: Story):
    assert {kind: found for kind in story.texts if (found := story.found(kind))} == {}
    # A story that left nothing would prove nothing.
    assert set(story.texts) == {"logs", "pages", "commands", "reprs", "errors", "database"}
    assert {"redis.log", "sandbox.log", "scheduler.log", "web.log", "worker.log"} == set(
        story.texts["logs"]
    )
    assert "/xero/callback" in story.texts["logs"]["web.log"]
    assert "export" in story.texts["logs"]["worker.log"]
    for name in ("admin", "finance", AUDITOR, "nobody"):
        assert f"/ of {name}" in story.texts["pages"]
    assert any(path.startswith("/export-runs/") for path in story.texts["pages"])
    assert any(path.startswith("/documents/") for path in story.texts["pages"])
    assert "XeroToken" in story.texts["reprs"]["XeroToken"]
    assert len(story.texts["errors"]) == 5


@pytest.mark.parametrize("cassette", sorted((TESTS / "cassettes").glob("*.json")), ids=str)
def test_no_token_lies_in_a_cassette(cassette: Path):
    texts = list(_texts(json.loads(cassette.read_text(encoding="utf-8"))))

    assert len(texts) > 20
    assert [text[:20] for text in texts if JWT.search(text)] == []
    assert [text for text in texts if re.search(r"(Bearer|Basic) (?!<removed>)", text)] == []
    assert [text[:40] for text in texts if re.search(r"_token\W+[\w-]{16}", text)] == []
    assert [text[:40] for text in texts if re.search(r"(client_secret|code_verifier)=", text)] == []


def _texts(node: Any) -> Iterator[str]:
    """Every string of a recording, and what each says where it is base64."""
    match node:
        case dict():
            for key, value in node.items():
                yield from _texts(key)
                yield from _texts(value)
        case list():
            for value in node:
                yield from _texts(value)
        case str():
            yield node
            with suppress(ValueError):
                yield base64.b64decode(node, validate=True).decode()
