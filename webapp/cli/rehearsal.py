"""Talks to the sandbox over HTTP, as a person's browser and as its own switches do."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from webapp.cli.context import CommandError
from webapp.config import Config

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
TIMEOUT = (5, 120)
"""Seconds to connect and to wait: seeding a large month takes a while."""


class Sandbox:
    """The sandbox that the configuration points at; nothing but a loopback address is spoken to."""

    def __init__(self, config: Config) -> None:
        addresses = (config.xero_api_url, config.xero_login_url, config.xero_identity_url)
        for address in addresses:
            if urlsplit(address).hostname not in LOOPBACK:
                raise CommandError(
                    f"The configuration points at {address}, which is not a sandbox on this "
                    "machine. These commands only work with one: start it with `make run`, or "
                    "with `python -m webapp sandbox serve` and XERO_API_URL, XERO_LOGIN_URL and "
                    "XERO_IDENTITY_URL set to its address."
                )
        self._address = config.xero_api_url
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands between this machine and itself

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Call the sandbox's control endpoint and give its answer.

        Raises:
            CommandError: it does not answer, or refuses; with its reason.
        """
        answer = self._send(method, f"{self._address}/_sandbox/{path}", json=body)
        try:
            content = answer.json()
        except ValueError:
            raise CommandError(
                f"What answers at {self._address} is not the sandbox (status {answer.status_code})."
            ) from None
        if not answer.ok:
            raise CommandError(f"The sandbox refused: {content.get('error', content)}")
        return content

    def organisations(self) -> list[dict[str, Any]]:
        """What each organisation holds."""
        return list(self.control("GET", "state")["organisations"])

    def organisation(self, name: str | None) -> dict[str, Any]:
        """The organisation of that name; the first one where none is named.

        Raises:
            CommandError: there is none, with the names there are.
        """
        known = self.organisations()
        for organisation in known:
            if name in {None, organisation["name"]}:
                return organisation
        names = ", ".join(organisation["name"] for organisation in known)
        raise CommandError(f"The sandbox has no organisation {name}. It has: {names or 'none'}.")

    def consent(self, address: str, tenant_id: str, state: str) -> str:
        """Press Allow access on the consent page, as a person would, and give the code.

        The redirect back to the application is read, not followed: the code works only once.

        Raises:
            CommandError: the page does not offer it, or does not send a code back.
        """
        page = self._send("GET", address)
        form = _Form()
        form.feed(page.text)
        if not page.ok or "state" not in form.fields:
            raise CommandError(
                f"The sandbox's consent page refused this app (status {page.status_code}). It "
                "knows one client id, the one it was started with: see XERO_CLIENT_ID."
            )
        fields = {**form.fields, "tenant_id": tenant_id, "decision": "allow"}
        answer = self._send("POST", page.url, data=fields, allow_redirects=False)
        back = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
        if back.get("state") != [state] or not back.get("code"):
            reason = back.get("error", [f"status {answer.status_code}"])[0]
            raise CommandError(f"The sandbox did not allow access: {reason}.")
        return back["code"][0]

    def _send(self, method: str, address: str, **content: Any) -> requests.Response:
        try:
            return self._session.request(method, address, timeout=TIMEOUT, **content)
        except requests.RequestException:
            raise CommandError(
                f"No sandbox answers at {self._address}. Start it with `make run`."
            ) from None


class _Form(HTMLParser):
    """The fields a browser would send: hidden ones, and the choices that stand ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an input's value."""
        found = dict(attrs)
        name, kind = found.get("name"), found.get("type")
        ticked = kind != "radio" or "checked" in found
        if tag == "input" and name and ticked:
            self.fields[name] = found.get("value") or ""
