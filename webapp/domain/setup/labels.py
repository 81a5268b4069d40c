"""What people call the fields of the set-up records."""

from webapp.domain.setup import (
    activities,
    fin_cos,
    gst_types,
    jobs,
    profit_centres,
    sales_codes,
)

_SCREENS = (activities, fin_cos, gst_types, jobs, profit_centres, sales_codes)

LABELS: dict[str, str] = {
    field.name: field.label for screen in _SCREENS for field in screen.FIELDS
} | {"code": "Code"}
"""By the names under which they stand in the audit log; a code is called alike on all screens."""
