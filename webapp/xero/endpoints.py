"""Where Xero is, who we are to it, and how long we wait for it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Endpoints:
    """The three hosts of Xero (xero-api a.1); another Xero differs by these addresses only."""

    login_url: str
    identity_url: str
    api_url: str

    @property
    def authorize_url(self) -> str:
        """Where a person consents."""
        return f"{self.login_url.rstrip('/')}/identity/connect/authorize"

    @property
    def token_url(self) -> str:
        """Where codes and refresh tokens are swapped."""
        return f"{self.identity_url.rstrip('/')}/connect/token"

    @property
    def revocation_url(self) -> str:
        """Where a refresh token, and with it every connection of that user, is given up."""
        return f"{self.identity_url.rstrip('/')}/connect/revocation"

    @property
    def connections_url(self) -> str:
        """The organisations a token reaches."""
        return f"{self.api_url.rstrip('/')}/connections"

    @property
    def accounting_url(self) -> str:
        """The base of the accounting API."""
        return f"{self.api_url.rstrip('/')}/api.xro/2.0"


@dataclass(frozen=True)
class Credentials:
    """The app's own id and secret at Xero."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Timeouts:
    """Seconds to connect, and to wait for an answer: Xero may take 100 (xero-api h 39)."""

    connect: float = 5
    read: float = 100
