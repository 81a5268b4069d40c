"""Reading lock dates anew before an export is shown: one call for each organisation."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.models import Batch, XeroConnection
from webapp.models.xero import ConnectionState
from webapp.services.access import XeroAccess, end_reading
from webapp.services.connections import current_connection, note_failure
from webapp.services.connections.state import note_organisation
from webapp.services.failures import Explanation, explain
from webapp.xero.errors import XeroError


def read_lock_dates(
    xero: XeroAccess, *, batch_ids: Sequence[int], now: dt.datetime
) -> tuple[Explanation, ...]:
    """Ask the organisation of each of the batches who it is: that tells its lock dates (d.1).

    Returns:
        Why an organisation did not answer; what it said before still stands then.
    """
    unanswered = []
    fin_co_ids = db.session.scalars(
        sa.select(Batch.fin_co_id).where(Batch.id.in_(batch_ids)).distinct()
    ).all()
    for fin_co_id in fin_co_ids:
        connection = current_connection(fin_co_id)
        if connection is None or connection.state is not ConnectionState.CONNECTED:
            continue
        connection_id, name = connection.id, connection.organisation_name
        client = xero.client(connection)
        end_reading()
        try:
            organisation = client.organisation()
        except XeroError as error:
            note_failure(connection_id, error, now)
            unanswered.append(explain(error, name))
            continue
        with transaction():
            note_organisation(db.session.get_one(XeroConnection, connection_id), organisation, now)
    return tuple(unanswered)
