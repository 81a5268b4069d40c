"""The least an import could take: the same calls, each answer parsed as JSON, nothing done."""

import time
from urllib.parse import parse_qs, urlsplit

import requests

REDIRECT = "http://localhost:1/callback"
SCOPES = "openid accounting.contacts accounting.settings accounting.payments"


def timed(api_url: str, client: tuple[str, str], tenant_id: str, calls: list[dict]) -> float:
    """Make the calls again, one after the other over one connection; give the seconds it took."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {_token(api_url, client, tenant_id)}"
        session.headers["xero-tenant-id"] = tenant_id
        session.headers["Accept"] = "application/json"
        began = time.perf_counter()
        for call in calls:
            answer = session.get(f"{api_url}{call['path']}?{call['query']}", timeout=60)
            answer.raise_for_status()
            answer.json()
        return time.perf_counter() - began


def _token(api_url: str, client: tuple[str, str], tenant_id: str) -> str:
    fields = {
        "response_type": "code",
        "client_id": client[0],
        "redirect_uri": REDIRECT,
        "scope": SCOPES,
        "decision": "allow",
        "tenant_id": tenant_id,
    }
    allowed = requests.post(
        f"{api_url}/identity/connect/authorize", data=fields, allow_redirects=False, timeout=60
    )
    code = parse_qs(urlsplit(allowed.headers["Location"]).query)["code"][0]
    answer = requests.post(
        f"{api_url}/connect/token",
        auth=client,
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT},
        timeout=60,
    )
    answer.raise_for_status()
    return str(answer.json()["access_token"])
