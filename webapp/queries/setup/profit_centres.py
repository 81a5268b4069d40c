"""The Profit Centres: their list, and one of them in its form."""

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.setup.fields import text_of
from webapp.domain.setup.profit_centres import FIELDS
from webapp.models import FinCo, Location, ProfitCentre
from webapp.queries.setup.listing import Column, Table
from webapp.queries.setup.records import Record
from webapp.queries.viewers import Viewer


def table(viewer: Viewer) -> Table:
    """The Profit Centres of the FinCos a person sees (workbench 2.9)."""
    return Table(
        columns={
            "code": Column("Code", ProfitCentre.code, searched=True),
            "description": Column("Description", ProfitCentre.description, searched=True),
            "manager": Column("Manager", ProfitCentre.manager, searched=True),
            "location": Column("Location", Location.code),
            "fin_co": Column("Fin Co", FinCo.code),
            "export_code": Column("Export Code", ProfitCentre.export_code, searched=True),
            "job_suffix": Column("Job Suffix", ProfitCentre.job_suffix),
            "gl_prefix": Column("GL Prefix", ProfitCentre.gl_prefix, searched=True),
            "gl_suffix": Column("GL Suffix", ProfitCentre.gl_suffix, searched=True),
        },
        rows=sa.select(ProfitCentre.id)
        .join(FinCo, FinCo.id == ProfitCentre.fin_co_id)
        .join(Location, Location.id == ProfitCentre.location_id)
        .where(viewer.scope(FinCo.id)),
        key=ProfitCentre.id,
        fin_co=FinCo.code,
    )


def record(viewer: Viewer, centre_id: int) -> Record | None:
    """A Profit Centre in its form; None where this person may not see it."""
    centre = db.session.get(ProfitCentre, centre_id)
    return told(centre) if centre and viewer.sees(centre.fin_co_id) else None


def told(centre: ProfitCentre) -> Record:
    """The same of a row at hand."""
    return Record(
        f"Profit Centre {centre.code}",
        {field.name: text_of(getattr(centre, field.name)) for field in FIELDS},
        {"Description": centre.description, "Fin Co": centre.fin_co.code},
        centre.fin_co_id,
    )
