"""Where an import run reads from."""

from dataclasses import dataclass

from webapp.xero.client import XeroClient


@dataclass(frozen=True)
class Source:
    """The organisation of one FinCo, in plain values: no row is held over a call."""

    client: XeroClient
    fin_co_id: int
    tenant_id: str
    connection_id: int
    organisation_name: str
