import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_state_survives_however_the_process_ends(start_sandbox, how):
    sandbox = start_sandbox()
    api = sandbox.connect()
    made = api.make()
    key = {"Idempotency-Key": "before-the-end"}
    contact = api.call("PUT", "Contacts", json={"Contacts": [{"Name": "Kept"}]}, headers=key)
    port = sandbox.port
    sandbox.stop(how)
    again = start_sandbox(state=sandbox.state, port=port)
    found = api.get(f"Invoices/{made['InvoiceID']}")["Invoices"][0]
    assert found["Total"] == made["Total"]
    replay = api.call("PUT", "Contacts", json={"Contacts": [{"Name": "Kept"}]}, headers=key)
    assert replay.content == contact.content
    refreshed = again.token_call(
        grant_type="refresh_token", refresh_token=api.tokens["refresh_token"]
    )
    assert refreshed.status_code == 200


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_quietly(start_sandbox, how):
    sandbox = start_sandbox()
    sandbox.connect().get("Organisation")
    assert sandbox.stop(how) == 0
    assert sandbox.output == [f"Xero sandbox listening on {sandbox.url}\n", ""]


def run(tmp_path, *options, **environment):
    return subprocess.run(
        [
            sys.executable, "-m", "webapp.sandbox", "--state", str(tmp_path / "state.db"),
            "--client-id", "a", "--client-secret", "b", *options,
        ],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "environment",
    [
        {"XERO_CLIENT_ID": "live"},
        {"XERO_CLIENT_ID": "live", "XERO_API_URL": "https://api.xero.com"},
        {"XERO_CLIENT_ID": "live", "XERO_API_URL": "http://localhost.example.com"},
    ],
)
def test_it_does_not_start_beside_live_credentials(tmp_path, environment):
    ended = run(tmp_path, **environment)
    assert ended.returncode == 2
    assert "live Xero credentials" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "state.db").exists()


def test_a_port_that_is_taken_is_one_sentence(tmp_path, sandbox_process):
    ended = run(tmp_path, "--port", str(sandbox_process.port))
    assert ended.returncode == 2
    assert f"Port {sandbox_process.port} on 127.0.0.1 is taken" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_options_come_from_the_environment_as_well(tmp_path, start_sandbox):
    ended = run(tmp_path, SANDBOX_FAULT="meteor")
    assert ended.returncode == 2
    assert "Unknown fault 'meteor'" in ended.stderr
