"""How use cases reach Xero: addresses, credentials, limits and tokens, put together once."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cryptography.fernet import Fernet, MultiFernet

from webapp.config import Config
from webapp.db import db
from webapp.models import XeroConnection
from webapp.services.errors import NotConnected
from webapp.services.tokens import DbTokenStore
from webapp.xero import connect
from webapp.xero.client import XeroClient
from webapp.xero.endpoints import Credentials, Endpoints
from webapp.xero.throttle import RedisGate
from webapp.xero.tokens import TokenStore

if TYPE_CHECKING:
    from redis import Redis


@dataclass(frozen=True)
class XeroAccess:
    """Xero as this installation reaches it. Never shows a secret in its repr.

    Attributes:
        endpoints: where Xero is.
        credentials: who we are to it.
        gate: the limits, shared by all processes.
        redirect_uri: where consent comes back to.
        link_url: the base of links that open a record in Xero for a person.
    """

    endpoints: Endpoints
    credentials: Credentials
    gate: RedisGate
    redirect_uri: str
    link_url: str
    redis: "Redis" = field(repr=False)
    cipher: MultiFernet = field(repr=False)

    @classmethod
    def build(cls, config: Config, redis: "Redis") -> Self:
        """Put it together. Tokens are encrypted with the first key and read with any (C14.1)."""
        return cls(
            endpoints=Endpoints(
                login_url=config.xero_login_url,
                identity_url=config.xero_identity_url,
                api_url=config.xero_api_url,
            ),
            credentials=Credentials(config.xero_client_id, config.xero_client_secret),
            gate=connect.gate(redis),
            redirect_uri=config.redirect_uri,
            link_url=config.xero_link_url,
            redis=redis,
            cipher=MultiFernet([Fernet(key) for key in config.token_encryption_keys]),
        )

    def client(self, connection: XeroConnection) -> XeroClient:
        """Give a client of the connected organisation, good for many threads.

        The database connection it needs for tokens is its own: it may be used where no
        application context is open, and must not be used inside an open transaction.

        Raises:
            NotConnected: the connection holds no tokens any more.
        """
        return self.client_for(connection.tenant_id, self.token_store(connection))

    def client_for(self, tenant_id: str, store: TokenStore) -> XeroClient:
        """Give a client of one organisation that uses these tokens."""
        return connect.client(self.endpoints, self.credentials, store, self.gate, tenant_id)

    def token_store(self, connection: XeroConnection) -> DbTokenStore:
        """Give the keeper of the tokens that a connection uses.

        Raises:
            NotConnected: the connection holds no tokens any more.
        """
        if connection.token_id is None:
            raise NotConnected(
                f"{connection.organisation_name} is disconnected.", "Connect to Xero again."
            )
        return self.token_store_by_id(connection.token_id)

    def token_store_by_id(self, token_id: int) -> DbTokenStore:
        """Give the keeper of one row of tokens."""
        return DbTokenStore(
            engine=db.engine, redis=self.redis, cipher=self.cipher, token_id=token_id
        )


def end_reading() -> None:
    """Give the database connection back before a foreign call, which may take minutes.

    Raises:
        RuntimeError: a transaction is open, and a rollback could not undo the call.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("no call to Xero while a transaction is open")
    session.commit()
