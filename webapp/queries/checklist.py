"""Getting started: what a FinCo still lacks before its first export can go well."""

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.matching import AP_GROUP, AR_GROUP
from webapp.models import FinCo, GstType, XeroConnection, XeroSettings
from webapp.models.xero import ConnectionState

SCREEN = "integration.screen"
FIN_CO = "financial_companies.record"
GST_TYPES = "gst_types.listed"
MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to be done once.

    Attributes:
        key: stable name of the step.
        title: what is to be done.
        done: whether it is.
        why: what goes wrong without it.
        detail: what exactly is missing, where that can be said.
        endpoint: the page that fixes it.
        parameter: what that page calls the FinCo's code; None where it is the same for all.
        anchor: the place on that page.
    """

    key: str
    title: str
    done: bool
    why: str
    detail: str | None = None
    endpoint: str = SCREEN
    parameter: str | None = "fin_co"
    anchor: str


def getting_started(fin_co_id: int) -> tuple[Step, ...]:
    """The steps in the order they are taken, done or not."""
    fin_co = db.session.get_one(FinCo, fin_co_id)
    settings = db.session.get(XeroSettings, fin_co_id)
    connection = db.session.scalar(
        sa.select(XeroConnection).where(
            XeroConnection.fin_co_id == fin_co_id,
            XeroConnection.state != ConnectionState.DISCONNECTED,
        )
    )
    return (
        Step(
            key="connected",
            title="Connect to Xero",
            done=connection is not None and connection.state is ConnectionState.CONNECTED,
            why="Without a connection nothing is imported or exported.",
            detail=connection.state_reason if connection else None,
            anchor="connection",
        ),
        Step(
            key="contact-groups",
            title="Have the two contact groups in Xero",
            # Connecting makes them where they are not there, and does not succeed without them.
            done=connection is not None,
            why=(
                f"Contacts are imported from {AP_GROUP} and {AR_GROUP}. "
                "Connecting makes the groups; put your contacts into them in Xero."
            ),
            anchor="connection",
        ),
        Step(
            key="template-company",
            title="Choose a Template Company",
            done=fin_co.template_company_id is not None,
            why="New companies take from it what a contact in Xero does not have.",
            endpoint=FIN_CO,
            parameter="key",
            anchor="r-template_company",
        ),
        _export_codes(),
        _accounts(connection, settings),
        Step(
            key="first-import",
            title="Import for the first time",
            done=connection is not None and connection.last_import_at is not None,
            why="A document can be exported once its company is known from Xero.",
            anchor="import",
        ),
    )


def _export_codes() -> Step:
    types = db.session.execute(
        sa.select(GstType.code, GstType.export_code)
        .where(sa.or_(GstType.use_for_ap, GstType.use_for_ar))
        .order_by(GstType.code)
    ).all()
    lacking = [row.code for row in types if not row.export_code]
    detail = None
    if lacking:
        more = f" and {len(lacking) - MOST_NAMED} more" if len(lacking) > MOST_NAMED else ""
        detail = f"Missing on {', '.join(lacking[:MOST_NAMED])}{more}."
    elif not types:
        detail = "There are no GST Types yet."
    return Step(
        key="export-codes",
        title="Give every GST Type its Export Code",
        done=detail is None,
        why="The Export Code says which tax rate a line has in Xero; lines without it stay here.",
        detail=detail,
        endpoint=GST_TYPES,
        parameter=None,
        anchor="export-codes",
    )


def _accounts(connection: XeroConnection | None, settings: XeroSettings | None) -> Step:
    count = settings.accounts_with_problems if connection and settings else None
    detail = None
    if count:
        detail = "1 account does not fit." if count == 1 else f"{count} accounts do not fit."
    return Step(
        key="accounts",
        title="Validate the accounts",
        done=count == 0,
        why="Xero refuses documents with an account it does not have or that takes no lines.",
        detail=detail,
        anchor="accounts",
    )
