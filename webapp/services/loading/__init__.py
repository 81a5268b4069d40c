"""Loading documents of other systems from files.

``load_ap_invoices`` enters them; ``organisation_needs`` says what they will ask of Xero.
"""

from webapp.services.loading.ap_invoices import load_ap_invoices
from webapp.services.loading.files import read_mapping
from webapp.services.loading.needs import OrganisationNeeds, organisation_needs
from webapp.services.loading.report import BatchMade, LoadReport, Stage

__all__ = [
    "BatchMade",
    "LoadReport",
    "OrganisationNeeds",
    "Stage",
    "load_ap_invoices",
    "organisation_needs",
    "read_mapping",
]
