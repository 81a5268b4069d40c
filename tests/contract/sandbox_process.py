"""A really running sandbox, and the ways a client meets it."""

import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "xero-openapi"
CLIENT_ID = "contract-tests"
CLIENT_SECRET = "not-a-secret"
REDIRECT = "http://localhost:5999/callback"
SCOPES = (
    "openid profile email offline_access accounting.settings accounting.contacts"
    " accounting.invoices accounting.payments accounting.manualjournals accounting.attachments"
)
STARTED_WITHIN = 30


@dataclass
class SandboxProcess:
    """One process: its address, and what the control endpoint does."""

    state: Path
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""
    process: subprocess.Popen | None = None
    output: list[str] = field(default_factory=list)
    clients: list["Api"] = field(default_factory=list)

    def start(self, port: int = 0) -> None:
        clean = {key: value for key, value in os.environ.items() if "XERO" not in key}
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "webapp.sandbox", "--port", str(port),
                "--state", str(self.state), "--client-id", CLIENT_ID,
                "--client-secret", CLIENT_SECRET, *self.options,
            ],
            cwd=ROOT, env=clean | self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        ready, _, _ = select.select([self.process.stdout], [], [], STARTED_WITHIN)
        line = self.process.stdout.readline() if ready else ""
        if "listening on" not in line:
            self.kill()
            pytest.fail(f"the sandbox did not start: {line}")
        self.output.append(line)
        self.url = line.split()[-1]

    @property
    def port(self) -> int:
        return urlsplit(self.url).port

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        code = self.process.wait(timeout=20)
        self.output.append(self.process.stdout.read())
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.hang_up()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=20)
        if self.process:
            self.process.stdout.close()

    def control(self, method: str, path: str, json: Any = None) -> Any:
        answer = requests.request(method, f"{self.url}/_sandbox/{path}", json=json, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def faults(self, *faults: dict) -> None:
        self.control("PUT", "faults", list(faults))

    def log(self, since: int = 0) -> list[dict]:
        return self.control("GET", f"requests?since={since}")["requests"]

    def tenant(self, position: int = 0) -> str:
        return self.control("GET", "state")["organisations"][position]["tenant_id"]

    def authorize_fields(self, **changed: str) -> dict[str, str]:
        return {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT,
            "scope": SCOPES,
            "state": "abc",
        } | changed

    def consent(self, position: int = 0, **changed: str) -> requests.Response:
        chosen = {"decision": "allow", "tenant_id": self.tenant(position)}
        return requests.post(
            f"{self.url}/identity/connect/authorize",
            data=self.authorize_fields(**chosen) | changed,
            allow_redirects=False,
            timeout=30,
        )

    def code(self, position: int = 0, **changed: str) -> str:
        target = self.consent(position, **changed).headers["Location"]
        return parse_qs(urlsplit(target).query)["code"][0]

    def token_call(self, secret: str = CLIENT_SECRET, **fields: str) -> requests.Response:
        return requests.post(
            f"{self.url}/connect/token", auth=(CLIENT_ID, secret), data=fields, timeout=30
        )

    def tokens(self, position: int = 0, **changed: str) -> dict[str, Any]:
        answer = self.token_call(
            grant_type="authorization_code",
            code=self.code(position, **changed),
            redirect_uri=changed.get("redirect_uri", REDIRECT),
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def connect(self, position: int = 0, **changed: str) -> "Api":
        tokens = self.tokens(position, **changed)
        self.clients.append(Api(self, tokens, self.tenant(position)))
        return self.clients[-1]

    def hang_up(self) -> None:
        while self.clients:
            self.clients.pop().session.close()


class Api:
    """A plain client of one organisation; every answer is kept for whoever wants to check it."""

    def __init__(self, sandbox: SandboxProcess, tokens: dict[str, Any], tenant_id: str) -> None:
        self.sandbox = sandbox
        self.tokens = tokens
        self.tenant_id = tenant_id
        self.answers: list[requests.Response] = []
        self.session = requests.Session()
        self.session.headers.update(
            {
                "Authorization": f"Bearer {tokens['access_token']}",
                "xero-tenant-id": tenant_id,
                "Accept": "application/json",
            }
        )

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        url = f"{self.sandbox.url}/api.xro/2.0/{path}"
        answer = self.session.request(method, url, timeout=60, **options)
        self.answers.append(answer)
        return answer

    def get(self, path: str, **params: Any) -> Any:
        answer = self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: Any, **options: Any) -> Any:
        answer = self.call(method, path, json=body, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: Any, **options: Any) -> list[str]:
        """Give all messages of a 400, wherever in the elements they stand."""
        answer = self.call(method, path, json=body, **options)
        assert answer.status_code == 400, answer.text
        return messages(answer.json()["Elements"])

    def contact_id(self, name: str | None = None) -> str:
        for contact in self.get("Contacts", includeArchived="true")["Contacts"]:
            if contact["Name"] == name or (name is None and contact["ContactStatus"] == "ACTIVE"):
                return contact["ContactID"]
        raise LookupError(name)

    def bill(self, **changed: Any) -> dict[str, Any]:
        return {
            "Type": "ACCPAY",
            "Contact": {"ContactID": self.contact_id()},
            "Date": "2026-11-02",
            "DueDate": "2026-11-20",
            "InvoiceNumber": "B-1001",
            "Status": "AUTHORISED",
            "LineItems": [line()],
        } | changed

    def make(self, path: str = "Invoices", **changed: Any) -> dict[str, Any]:
        return self.send("PUT", path, {path: [self.bill(**changed)]})[path][0]


def line(**changed: Any) -> dict[str, Any]:
    return {
        "Description": "Gravel",
        "Quantity": 1,
        "UnitAmount": 100,
        "AccountCode": "300",
    } | changed


def messages(node: Any) -> list[str]:
    found: list[str] = []
    if isinstance(node, list):
        for item in node:
            found += messages(item)
    elif isinstance(node, dict):
        found += [entry["Message"] for entry in node.get("ValidationErrors") or []]
        for key, item in node.items():
            if key != "ValidationErrors":
                found += messages(item)
    return found
