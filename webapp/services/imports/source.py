"""Where an import run reads from."""

import datetime as dt
from dataclasses import dataclass

from webapp.xero.client import XeroClient


@dataclass(frozen=True)
class Source:
    """The organisation of one FinCo, in plain values: no row is held over a call.

    Attributes:
        client: of the organisation.
        fin_co_id: whose organisation it is.
        tenant_id: which one.
        connection_id: by which connection.
        organisation_name: what people know it by.
        modified_since: the feed asks only for what changed since; None where it reads everything.
    """

    client: XeroClient
    fin_co_id: int
    tenant_id: str
    connection_id: int
    organisation_name: str
    modified_since: dt.datetime | None
