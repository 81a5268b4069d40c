"""``python -m webapp.sandbox``: a Xero on this machine."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import click

from webapp.sandbox.app import create_app
from webapp.sandbox.faults import fault_from_option
from webapp.sandbox.serve import PortTakenError, listen, serve
from webapp.sandbox.settings import Settings


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Refusal(click.ClickException):
    exit_code = 2


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, envvar="SANDBOX_PORT",
              help="Port on 127.0.0.1; 0 takes a free one.")  # fmt: skip
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), required=True,
              envvar="SANDBOX_STATE", help="File that keeps the state.")  # fmt: skip
@click.option("--client-id", required=True, envvar="SANDBOX_CLIENT_ID",
              help="Client id of the one app that may connect.")  # fmt: skip
@click.option("--client-secret", required=True, envvar="SANDBOX_CLIENT_SECRET",
              help="Its secret.")  # fmt: skip
@click.option("--daily-limit", type=click.IntRange(1), default=5000, show_default=True,
              envvar="SANDBOX_DAILY_LIMIT", help="Calls a day and organisation.")  # fmt: skip
@click.option("--minute-limit", type=click.IntRange(1), default=60, show_default=True,
              envvar="SANDBOX_MINUTE_LIMIT", help="Calls a minute and organisation.")  # fmt: skip
@click.option("--concurrent-limit", type=click.IntRange(1), default=5, show_default=True,
              envvar="SANDBOX_CONCURRENT_LIMIT", help="Calls at the same time.")  # fmt: skip
@click.option("--token-seconds", type=click.IntRange(1), default=1800, show_default=True,
              envvar="SANDBOX_TOKEN_SECONDS", help="Life of an access token.")  # fmt: skip
@click.option("--latency-ms", type=click.IntRange(0), default=0, envvar="SANDBOX_LATENCY_MS",
              help="Time every call takes, milliseconds.")  # fmt: skip
@click.option("--latency-per-document-ms", type=click.IntRange(0), default=0,
              envvar="SANDBOX_LATENCY_PER_DOCUMENT_MS",
              help="Time every document of a write takes on top.")  # fmt: skip
@click.option("--fault", "faults", multiple=True, envvar="SANDBOX_FAULT",
              help="kind[:times[:path]], e.g. 503_after:2:/Invoices; repeatable.")  # fmt: skip
@click.option("--live-client-id", envvar="XERO_CLIENT_ID", hidden=True, default="")
@click.option("--live-api-url", envvar="XERO_API_URL", hidden=True, default="")
def main(
    port: int,
    state: Path,
    client_id: str,
    client_secret: str,
    daily_limit: int,
    minute_limit: int,
    concurrent_limit: int,
    token_seconds: int,
    latency_ms: int,
    latency_per_document_ms: int,
    faults: tuple[str, ...],
    live_client_id: str,
    live_api_url: str,
) -> None:
    """Run a Xero on this machine, for rehearsals and tests."""
    if live_client_id and not _is_loopback(live_api_url):
        raise _Refusal(
            "The sandbox does not start where live Xero credentials are configured:"
            " unset XERO_CLIENT_ID, or set XERO_API_URL to a loopback address."
        )
    try:
        read_faults = tuple(fault_from_option(text) for text in faults)
    except ValueError as error:
        raise _Refusal(str(error)) from error
    try:
        listener = listen(port)
    except PortTakenError as error:
        raise _Refusal(f"Port {port} on 127.0.0.1 is taken; choose another with --port.") from error
    settings = Settings(
        state=state,
        client_id=client_id,
        client_secret=client_secret,
        minute_limit=minute_limit,
        daily_limit=daily_limit,
        concurrent_limit=concurrent_limit,
        token_seconds=token_seconds,
        latency_ms=latency_ms,
        latency_per_document_ms=latency_per_document_ms,
        faults=read_faults,
    )
    app = create_app(settings)
    taken = listener.getsockname()[1]
    click.echo(f"Xero sandbox listening on http://localhost:{taken}")
    serve(app, listener)


if __name__ == "__main__":
    main()
