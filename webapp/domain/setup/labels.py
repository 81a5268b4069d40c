"""What people call the fields of the set-up records."""

from webapp.domain.setup import (
    activities,
    fin_cos,
    gl_accounts,
    gst_types,
    job_kinds,
    jobs,
    locations,
    profit_centres,
    sales_codes,
    users,
    work_centres,
)

_FORMS = (
    activities.FIELDS,
    fin_cos.NEW_FIELDS,
    fin_cos.FIELDS,
    gl_accounts.FIELDS,
    gst_types.FIELDS,
    job_kinds.TYPE_FIELDS,
    job_kinds.GROUP_FIELDS,
    jobs.FIELDS,
    locations.FIELDS,
    profit_centres.FIELDS,
    sales_codes.FIELDS,
    users.FIELDS,
    work_centres.FIELDS,
)

LABELS: dict[str, str] = {field.name: field.label for form in _FORMS for field in form} | {
    "code": "Code"
}
"""By the names under which they stand in the audit log; a code is called alike on all screens."""
