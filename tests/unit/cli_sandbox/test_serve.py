import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "webapp", "sandbox", "serve", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_options_of_serve_are_those_of_the_sandbox():
    told = run("--help")
    assert told.returncode == 0
    assert "--latency-per-document-ms" in told.stdout


def test_what_the_sandbox_refuses_is_refused():
    told = run("--fault", "earthquake", "--state", "s", "--client-id", "c", "--client-secret", "d")
    assert told.returncode == 2
    assert "earthquake" in told.stderr
