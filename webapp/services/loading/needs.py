"""What an organisation must hold before the invoices of a file can be sent there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.ingest.grouping import Grouped
from webapp.domain.ingest.lines import Line
from webapp.domain.ingest.mapping import ColumnMapping
from webapp.models import FinCo, XeroSettings
from webapp.services.loading.ap_invoices import gst_type_of
from webapp.services.loading.coding import Coding
from webapp.services.loading.files import read_file
from webapp.services.loading.report import Progress
from webapp.services.loading.suppliers import Suppliers

DEPARTMENT = "Department"
JOB = "Job"
"""The tracking categories of a FinCo that has not chosen its own."""


@dataclass(frozen=True)
class OrganisationNeeds:
    """Suppliers by AP Account, accounts by code with their names, tracking options by category."""

    suppliers: dict[str, str]
    accounts: dict[str, str]
    tax_type: str | None
    """The Export Code of the GST Type of the mapping."""
    tracking: dict[str, list[str]]


def organisation_needs(
    path: Path, *, fin_co_id: int, mapping: ColumnMapping, progress: Progress
) -> OrganisationNeeds:
    """Read a file as a load would, and say what its invoices will ask for. Writes nothing.

    Raises:
        FileRefused: nothing of the file can be taken.
        NotFound: the mapping names a GST Type that is not there.
    """
    grouped = read_file(path, mapping, progress)
    fin_co = db.session.get_one(FinCo, fin_co_id)
    settings = db.session.scalar(sa.select(XeroSettings).where(XeroSettings.fin_co_id == fin_co_id))
    gst_type = gst_type_of(mapping)
    suppliers = Suppliers(fin_co, mapping, grouped.drafts)
    coding = Coding(fin_co, gst_type, mapping, grouped.drafts)
    asked = [coding.needs(line) for line in _lines(grouped) if coding.reason(line) is None]
    departments = (settings and settings.tracking_category_1) or DEPARTMENT
    jobs = (settings and settings.tracking_category_2) or JOB
    return OrganisationNeeds(
        suppliers={
            draft.supplier_account: suppliers.name_of(draft.supplier_account)
            for draft in grouped.drafts
        },
        accounts={one.account: one.account_name for one in reversed(asked) if one.account},
        tax_type=gst_type.export_code,
        tracking={
            departments: sorted({one.department for one in asked if one.department}),
            jobs: sorted({one.job for one in asked}),
        },
    )


def _lines(grouped: Grouped) -> Iterator[Line]:
    return (line for draft in grouped.drafts for line in draft.lines)
