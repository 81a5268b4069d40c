"""Every route, of pages and of the API, and whom it answers."""

from typing import Any, NamedTuple

from webapp.domain.access import Permission

API = "/api/v1"
SCREEN = "/administration/data-transfer/xero-integration"
SET_UP = "/set-up"


def record_screen(
    place: str, key: str, *, sees: str = "ABRC", lists: str = "ABRC"
) -> list[tuple[str, str, str]]:
    """The routes of a list of set-up records and of the form of one of them."""
    path = f"{SET_UP}/{place}"
    return [
        ("GET", path, lists),
        ("GET", f"{path}.csv", lists),
        ("GET", f"{path}/{key}", sees),
        ("GET", f"{path}/{key}/suggest", sees),
        ("POST", f"{path}/{key}", "A"),
        ("POST", f"{path}/{key}/fields", "A"),
        ("POST", f"{path}/{key}/check", "A"),
    ]


# Method, address, and whom it answers: Alice (administrator), Bob (finance), Rita (read only),
# Charlie (finance of another FinCo). Wendy (read only of another FinCo) is answered where both
# Rita and Charlie are.
PAGES = [
    ("GET", "/", "ABRC"),
    ("GET", f"{SCREEN}?fin_co=01", "ABR"),
    ("GET", "/export-control", "ABRC"),
    ("GET", "/export-control?fin_co=01", "ABR"),
    ("GET", "/export-control.csv", "ABRC"),
    ("GET", "/export-control.csv?fin_co=01", "ABR"),
    ("GET", "/export-control/preview?batches={batch_id}", "AB"),
    ("GET", "/batches/{batch}", "ABR"),
    ("GET", "/batches/{batch}/lines", "ABR"),
    ("GET", "/batches/{batch}/gl-analysis", "ABR"),
    ("GET", "/batches/{batch}/tax-summary", "ABR"),
    ("GET", "/batches/{batch}/history", "ABR"),
    ("GET", "/batches/{batch}/print", "ABR"),
    ("GET", "/batches/{batch}/documents.csv", "ABR"),
    ("GET", "/batches/{batch}/lines.csv", "ABR"),
    ("GET", "/batches/{batch}/gl-analysis.csv", "ABR"),
    ("GET", "/batches/{batch}/tax-summary.csv", "ABR"),
    ("GET", "/documents/{document}", "ABR"),
    ("GET", "/batches", "ABRC"),
    ("GET", "/batches?fin_co=01", "ABR"),
    ("GET", "/batches.csv", "ABRC"),
    ("GET", "/batches/new", "ABC"),
    ("GET", "/batches/new/period", "ABC"),
    ("POST", "/batches/new", "ABC"),
    ("GET", "/batches/{batch}/documents/new", "AB"),
    ("POST", "/batches/{batch}/documents/new", "AB"),
    ("GET", "/batches/{batch}/documents/suggest?kind=AP+Invoice&name=company", "AB"),
    ("GET", "/batches/{batch}/approve", "AB"),
    ("POST", "/batches/{batch}/approve", "AB"),
    ("GET", "/documents/{document}/edit", "AB"),
    ("POST", "/documents/{document}/edit", "AB"),
    ("GET", "/documents/{document}/approve", "AB"),
    ("POST", "/documents/{document}/approve", "AB"),
    ("GET", "/documents/{document}/unapprove", "AB"),
    ("POST", "/documents/{document}/unapprove", "AB"),
    ("GET", "/documents/{document}/delete", "AB"),
    ("POST", "/documents/{document}/delete", "AB"),
    ("POST", "/documents/{document}/attachments", "AB"),
    ("GET", "/documents/{document}/attachments/{file}", "ABR"),
    ("GET", "/documents/{document}/attachments/{file}/remove", "AB"),
    ("POST", "/documents/{document}/attachments/{file}/remove", "AB"),
    ("GET", "/export-runs/{run}", "ABR"),
    ("GET", "/export-runs/{run}/panel", "ABR"),
    ("GET", "/export-runs/{run}/stream", "ABR"),
    ("GET", "/export-runs/{run}/documents.csv", "ABR"),
    ("POST", "/export-runs/{run}/pause", "AB"),
    ("POST", "/export-runs/{run}/resume", "AB"),
    ("GET", "/export-runs/{run}/cancel", "AB"),
    ("POST", "/export-runs/{run}/cancel", "AB"),
    ("POST", "/export-runs/{run}/retry", "AB"),
    ("GET", "/export-runs/{run}/follow-ups", "ABR"),
    ("POST", "/export-runs/{run}/follow-ups/send-again", "AB"),
    ("GET", "/documents/{document}/follow-ups", "ABR"),
    ("GET", "/export-log", "ABRC"),
    ("GET", "/export-log?fin_co=01", "ABR"),
    ("GET", "/export-log.csv", "ABRC"),
    ("POST", "/export-log/clear", "ABC"),
    ("GET", "/imports", "ABRC"),
    ("GET", "/imports?fin_co=01", "ABR"),
    ("GET", "/imports/left-out", "ABRC"),
    ("GET", "/imports/left-out?fin_co=01", "ABR"),
    ("GET", "/imports/left-out.csv?fin_co=01", "ABR"),
    ("GET", "/imports/{imported}", "ABR"),
    ("GET", "/imports/{imported}/panel", "ABR"),
    ("GET", "/imports/{imported}/stream", "ABR"),
    ("GET", "/loads", "ABRC"),
    ("GET", "/loads?fin_co=01", "ABR"),
    ("GET", "/loads.csv", "ABRC"),
    ("GET", "/loads/new", "ABC"),
    ("POST", "/loads/new", "ABC"),
    ("GET", "/loads/templates/ap-invoices.csv", "ABC"),
    ("GET", "/loads/{load}", "ABR"),
    ("GET", "/loads/{load}/panel", "ABR"),
    ("GET", "/loads/{load}/stream", "ABR"),
    ("GET", "/loads/{load}/bad-rows.csv", "ABR"),
    ("GET", "/loads/{load}/mapping", "AB"),
    ("POST", "/loads/{load}/mapping", "AB"),
    ("GET", "/loads/{load}/preview", "AB"),
    ("POST", "/loads/{load}/start", "AB"),
    ("POST", "/loads/{load}/discard", "AB"),
    ("GET", "/loads/{list}", "ABR"),
    ("GET", "/loads/{list}/mapping", "A"),
    ("GET", "/loads/{list}/preview", "A"),
    ("POST", "/loads/{list}/start", "A"),
    ("GET", "/administration/api-tokens", "A"),
    ("POST", "/administration/api-tokens", "A"),
    ("GET", "/administration/api-tokens/{token}/revoke", "A"),
    ("POST", "/administration/api-tokens/{token}/revoke", "A"),
    ("GET", "/administration/audit-log", "ABC"),
    ("GET", "/administration/audit-log?fin_co=01", "AB"),
    ("POST", f"{SCREEN}/01/connect", "A"),
    ("POST", f"{SCREEN}/01/confirm", "A"),
    ("POST", f"{SCREEN}/01/cancel", "A"),
    ("POST", f"{SCREEN}/01/disconnect", "A"),
    ("POST", f"{SCREEN}/01/save", "A"),
    ("POST", f"{SCREEN}/01/test", "AB"),
    ("POST", f"{SCREEN}/01/import", "AB"),
    ("POST", f"{SCREEN}/01/validate-accounts", "AB"),
    ("POST", f"{SCREEN}/01/accounts.csv", "AB"),
    ("POST", "/export-control/export", "ABC"),
    ("POST", "/export-control/confirm", "ABC"),
    ("POST", "/export-control/close", "ABC"),
    ("POST", "/export-control/not-for-export", "ABC"),
    ("POST", "/batches/{batch}/close", "AB"),
    ("POST", "/batches/{batch}/not-for-export", "AB"),
    ("GET", "/xero/callback", "A"),
    ("GET", f"{SET_UP}/financial-companies/01/suggest?field=template_company", "ABR"),
    ("GET", f"{SET_UP}/profit-centres?fin_co=01", "ABR"),
    ("GET", f"{SET_UP}/jobs.csv?fin_co=01", "ABR"),
    ("GET", f"{SET_UP}/activities/new", "A"),
    ("GET", f"{SET_UP}/gst-types", "ABRC"),
    ("GET", f"{SET_UP}/gst-types.csv", "ABRC"),
    ("GET", f"{SET_UP}/gl-accounts?fin_co=01", "ABR"),
    ("POST", f"{SET_UP}/financial-companies/01/check?field=description", "A"),
    ("POST", f"{SET_UP}/gl-accounts/{{account}}/delete", "A"),
    ("POST", f"{SET_UP}/activities/new", "A"),
    ("POST", f"{SET_UP}/gst-types", "A"),
    ("POST", f"{SET_UP}/gst-types/add", "A"),
    ("POST", f"{SET_UP}/gst-types/check", "A"),
    ("GET", "/companies", "ABRC"),
    ("GET", "/companies?fin_co=01", "ABR"),
    ("GET", "/companies.csv", "ABRC"),
    ("GET", "/companies/{company}", "ABR"),
    ("POST", "/companies/{company}", "AB"),
    ("GET", "/currencies", "ABRC"),
    ("GET", "/currencies.csv", "ABRC"),
    ("GET", "/currencies/NZD", "ABRC"),
    ("POST", "/currencies/NZD", "A"),
    ("GET", "/job-receipts", "ABRC"),
    ("GET", "/job-receipts?fin_co=01", "ABR"),
    ("GET", "/job-receipts.csv", "ABRC"),
    ("GET", "/ap-invoice-enquiry", "ABRC"),
    ("GET", "/ap-invoice-enquiry?fin_co=01", "ABR"),
    ("GET", "/ap-invoice-enquiry.csv", "ABRC"),
    ("POST", "/sign-out", "ABRC"),
    ("GET", "/password", "ABRC"),
    ("POST", "/password", "ABRC"),
    ("GET", f"{SCREEN}-v2", "ABRC"),
    ("GET", "/companies/new", "ABC"),
    ("POST", "/companies/new", "ABC"),
    ("GET", "/companies/{company}/contact", "AB"),
    ("POST", "/companies/{company}/contact", "AB"),
    ("POST", "/companies/{company}/contact/unlink", "AB"),
    ("GET", "/job-sales-invoices", "ABRC"),
    ("GET", "/job-sales-invoices?fin_co=01", "ABR"),
    ("GET", "/job-sales-invoices.csv", "ABRC"),
    ("GET", "/payments", "ABRC"),
    ("GET", "/payments?fin_co=01", "ABR"),
    ("GET", "/payments.csv", "ABRC"),
    ("POST", "/documents/{document}/ask-xero", "AB"),
    ("GET", f"{SET_UP}/period-ends", "ABRC"),
    ("GET", f"{SET_UP}/period-ends.csv", "ABRC"),
    ("POST", f"{SET_UP}/period-ends/2027", "A"),
    ("POST", f"{SET_UP}/period-ends/2027/all", "A"),
    ("POST", f"{SET_UP}/period-ends/create", "A"),
    ("GET", f"{SET_UP}/users/new", "A"),
    ("POST", f"{SET_UP}/users/new", "A"),
    ("POST", f"{SET_UP}/users/{{user}}/password", "A"),
    *record_screen("financial-companies", "01", sees="ABR"),
    *record_screen("profit-centres", "{centre}", sees="ABR"),
    *record_screen("jobs", "{job}", sees="ABR"),
    *record_screen("gl-accounts", "{account}", sees="ABR"),
    *record_screen("locations", "{location}"),
    *record_screen("job-types", "{job_type}"),
    *record_screen("job-groups", "{job_group}"),
    *record_screen("work-centres", "{work_centre}"),
    *record_screen("activities", "{activity}"),
    *record_screen("sales-codes", "{sales_code}"),
    *record_screen("users", "{user}", sees="A", lists="A"),
]


VIEW = Permission.VIEW
LOAD = Permission.LOAD_DOCUMENTS
CLOSE = Permission.CLOSE_BATCHES
EXPORT = Permission.EXPORT_BATCHES
IMPORT = Permission.RUN_IMPORT
EDIT = Permission.EDIT_COMPANIES
SET_UP = Permission.SET_UP

DOCUMENT = {
    "kind": "AP Invoice",
    "number": "P-1",
    "company_account": "S1",
    "document_date": "2026-11-10",
    "lines": [{"job": "1001", "activity": "MAT", "value_ex_gst": "10.00"}],
}
BATCH = {"fin_co": "01", "batch_type": "AP Invoice", "batch_date": "2026-11-12"}

JOB = {"fin_co": "01", "code": "1002", "description": "Pier", "profit_centre": "AK"}

# The same of other systems, whose tokens have what those people may do; then the one right each
# operation asks for, and what is sent.
OPERATIONS = [
    ("GET", "/batches", "ABRC", VIEW, None),
    ("GET", "/batches?fin_co=01", "ABR", VIEW, None),
    ("POST", "/batches", "AB", LOAD, BATCH),
    ("GET", "/batches/{batch}", "ABR", VIEW, None),
    ("GET", "/batches/{batch}/documents", "ABR", VIEW, None),
    ("POST", "/batches/{batch}/documents", "AB", LOAD, {"documents": [DOCUMENT]}),
    ("POST", "/batches/{batch}/close", "AB", CLOSE, None),
    ("PUT", "/batches/{batch}/not-for-export", "AB", CLOSE, {"not_for_export": True}),
    ("POST", "/batches/{batch}/preflight", "ABR", VIEW, None),
    ("POST", "/batches/{batch}/export", "AB", EXPORT, None),
    ("GET", "/documents/{document}", "ABR", VIEW, None),
    ("PUT", "/documents/{document}", "AB", LOAD, DOCUMENT),
    ("DELETE", "/documents/{document}", "AB", LOAD, None),
    ("POST", "/documents/{document}/approve", "AB", LOAD, None),
    ("POST", "/documents/{document}/unapprove", "AB", LOAD, None),
    ("GET", "/documents/{document}/attachments", "ABR", VIEW, None),
    ("PUT", "/documents/{document}/attachments/{file}", "AB", LOAD, b"%PDF"),
    ("GET", "/documents/{document}/attachments/{file}", "ABR", VIEW, None),
    ("DELETE", "/documents/{document}/attachments/{file}", "AB", LOAD, None),
    ("GET", "/export-runs", "ABRC", VIEW, None),
    ("GET", "/export-runs?fin_co=01", "ABR", VIEW, None),
    ("GET", "/export-runs/{run}", "ABR", VIEW, None),
    ("GET", "/export-runs/{run}/items", "ABR", VIEW, None),
    ("POST", "/export-runs/{run}/pause", "AB", EXPORT, None),
    ("POST", "/export-runs/{run}/resume", "AB", EXPORT, None),
    ("POST", "/export-runs/{run}/cancel", "AB", EXPORT, None),
    ("POST", "/imports", "AB", IMPORT, {"fin_co": "01"}),
    ("GET", "/imports", "ABRC", VIEW, None),
    ("GET", "/imports?fin_co=01", "ABR", VIEW, None),
    ("GET", "/imports/{imported}", "ABR", VIEW, None),
    ("GET", "/companies", "ABRC", VIEW, None),
    ("GET", "/companies?fin_co=01", "ABR", VIEW, None),
    ("POST", "/companies", "AB", EDIT, {"fin_co": "01", "name": "New Ltd", "is_client": True}),
    ("GET", "/companies/{company}", "ABR", VIEW, None),
    ("PATCH", "/companies/{company}", "AB", EDIT, {"phone": "09 555 0100"}),
    ("GET", "/jobs", "ABRC", VIEW, None),
    ("GET", "/jobs?fin_co=01", "ABR", VIEW, None),
    ("POST", "/jobs", "A", SET_UP, JOB),
    ("GET", "/jobs/{job}", "ABR", VIEW, None),
    ("PATCH", "/jobs/{job}", "A", SET_UP, {"description": "Bridge, north"}),
    ("GET", "/activities", "ABRC", VIEW, None),
    ("POST", "/activities", "A", SET_UP, {"code": "SAND", "description": "Sand"}),
    ("GET", "/activities/MAT", "ABRC", VIEW, None),
    ("PATCH", "/activities/MAT", "A", SET_UP, {"description": "Material"}),
    ("GET", "/sales-codes", "ABRC", VIEW, None),
    ("GET", "/sales-codes/CLAIM", "ABRC", VIEW, None),
    ("GET", "/gst-types", "ABRC", VIEW, None),
    ("GET", "/gst-types/G15", "ABRC", VIEW, None),
    ("GET", "/profit-centres", "ABRC", VIEW, None),
    ("GET", "/profit-centres/AK", "ABR", VIEW, None),
    ("GET", "/gl-accounts", "ABRC", VIEW, None),
    ("GET", "/gl-accounts/{account}", "ABR", VIEW, None),
    ("GET", "/currencies", "ABRC", VIEW, None),
    ("GET", "/currencies/AUD", "ABRC", VIEW, None),
    ("GET", "/periods", "ABRC", VIEW, None),
    ("GET", "/periods/2027/8", "ABRC", VIEW, None),
]


class Route(NamedTuple):
    """A route, and whom it answers: by the first letters of their names."""

    method: str
    address: str
    answered: str
    right: Permission | None = None
    """The one right that a token needs; None for a page."""
    body: Any = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.address}"

    @property
    def is_page(self) -> bool:
        return self.right is None


ROUTES = [
    *(Route(*row) for row in PAGES),
    *(Route(method, API + address, *rest) for method, address, *rest in OPERATIONS),
]
