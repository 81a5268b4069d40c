"""The documents that can be loaded: one line a row, and what makes several rows one document."""

from webapp.domain.documents import DocumentKind
from webapp.domain.entry.kinds import JOURNAL_TYPES, PAYABLES, SALES
from webapp.domain.ingest.lines import AS_WRITTEN
from webapp.domain.ingest.mapping import COLUMN_ONLY, OPTIONAL, Field, Unknown
from webapp.domain.ingest.target import Kind, Target, TargetField, TargetOption

F = TargetField
SPEND = "ap-spend"

_BATCH_DATE = TargetOption(
    name="batch_date",
    label="Batch Date",
    kind=Kind.DATE,
    meaning="Decides the period of the new batch, as 2026-11-30. Today where it is empty.",
)
_APPROVED = TargetOption(
    name="approved",
    label="Approved",
    kind=Kind.YES_NO,
    default="no",
    meaning="Whether the documents come in approved.",
)
_BATCH_TYPE = TargetOption(
    name="batch_type",
    label="Batch Type",
    kind=Kind.CHOICE,
    default="Adjustment",
    choices=tuple(sorted(JOURNAL_TYPES)),
    meaning="What the journals are.",
)
KIND_OF = {
    "ap-invoices": DocumentKind.AP_INVOICE,
    "ap-credits": DocumentKind.AP_CREDIT,
    "sub-claims": DocumentKind.SUB_CLAIM,
    "sales-invoices": DocumentKind.SALES_INVOICE,
    "sales-credits": DocumentKind.SALES_CREDIT,
    "contract-claims": DocumentKind.CONTRACT_CLAIM,
    "journals": DocumentKind.JOURNAL,
}
_CLAIMS = frozenset({DocumentKind.SUB_CLAIM, DocumentKind.CONTRACT_CLAIM})


def _head(kind: DocumentKind) -> list[TargetField]:
    sells, pays = kind in SALES, kind in PAYABLES
    found = []
    if sells or pays:
        found.append(
            F(
                name="company_account",
                label="AR Account" if sells else "AP Account",
                key=True,
                required=True,
                longest=50,
                as_written=True,
                example="C0042" if sells else "HIRE01",
                meaning=f"The account of the {'client' if sells else 'supplier'}.",
                also=(
                    ("client", "client account", "customer", "customer code")
                    if sells
                    else ("supplier", "supplier account", "supplier id", "supplier code", "vendor")
                ),
                column_only=True,
            )
        )
    found += [
        F(
            name="number",
            label="Number",
            key=True,
            required=True,
            longest=255,
            as_written=True,
            example="INV-1042",
            meaning="Rows of one account and number are one document."
            if sells or pays
            else "Rows of one number are one journal.",
            also=("invoice number", "invoice no", "invoice", "document number", "credit number",
                  "claim number", "journal number", "journal"),
            column_only=True,
        ),
        F(
            name="date",
            label="Date",
            kind=Kind.DATE,
            required=True,
            example="2026-11-30",
            also=("invoice date", "document date"),
        ),
        F(name="reference", label="Reference", longest=255, example="PO 881"),
    ]  # fmt: skip
    if sells or pays:
        found += [
            F(
                name="due_date",
                label="Payment Date" if kind is DocumentKind.AP_CREDIT else "Due Date",
                kind=Kind.DATE,
                example="2026-12-20",
                meaning="By the company's payment terms where it is empty.",
            ),
            F(name="currency", label="Currency", longest=3, example="NZD"),
            F(
                name="currency_rate",
                label="Currency Rate",
                kind=Kind.NUMBER,
                longest=8,
                example="0.92",
            ),
        ]
    if sells:
        found.append(
            F(
                name="document_job",
                label="Job",
                required=True,
                longest=20,
                example="J1042",
                meaning="The job the document is raised on.",
                also=("job", "job code"),
            )
        )
    if kind in _CLAIMS:
        found.append(F(name="claim_no", label="Claim No", kind=Kind.WHOLE, example="3"))
    if kind.is_credit:
        found.append(
            F(
                name="applies_to",
                label="Applies To",
                longest=255,
                as_written=True,
                example="INV-1001",
                meaning="Number of the invoice it is for.",
            )
        )
    return found


def _line(kind: DocumentKind) -> list[TargetField]:
    sells, pays = kind in SALES, kind in PAYABLES
    journal = kind is DocumentKind.JOURNAL
    found = [
        F(
            name="value",
            label="Value",
            kind=Kind.MONEY,
            required=True,
            longest=2,
            example="-115.20" if kind.is_credit else "115.20",
            meaning="Of the line, ex GST"
            + ("; below zero on a credit." if kind.is_credit else "."),
            also=("amount", "net amount", "value ex gst", "net", "amount ex gst", "line amount"),
            column_only=True,
        ),
        F(
            name="job",
            label="Line's Job" if sells else "Job",
            required=pays,
            longest=20,
            example="J1042",
            also=("line job",) if sells else ("job code", "job no"),
        ),
        F(
            name="profit_centre",
            label="Profit Centre",
            longest=20,
            example="CIVIL",
            meaning="Only where several Profit Centres have a job of that code.",
        ),
        F(
            name="sales_code" if sells else "activity",
            label="Sales Code" if sells else "Activity",
            required=not journal,
            longest=10,
            example="CLAIM" if sells else "CONC",
            also=() if sells else ("activity code", "cost code"),
        ),
        F(name="work_centre", label="Work Centre", longest=10),
        F(
            name="quantity",
            label="Quantity",
            kind=Kind.NUMBER,
            longest=4,
            example="2",
            also=("qty",),
            column_only=True,
        ),
        F(
            name="description",
            label="Description",
            longest=4000,
            example="Concrete 25 MPa",
            also=("details", "narration", "line description"),
        ),
        F(
            name="line_reference",
            label="Line Reference",
            longest=100,
            as_written=True,
            column_only=True,
        ),
    ]
    if journal:
        account = F(name="dr_account", label="DR Account", longest=20, example="5100")
        other = F(name="cr_account", label="CR Account", longest=20, example="2100")
        return [*found, account, other]
    return [
        *found,
        F(
            name="gst_type",
            label="GST Type",
            longest=10,
            example="G15",
            meaning="That of the code where it is empty.",
            also=("tax type", "tax code"),
        ),
        F(
            name="gst",
            label="GST",
            kind=Kind.MONEY,
            longest=2,
            example="17.28",
            meaning="Of the line; computed where it is empty.",
            also=("gst amount", "tax", "tax amount"),
            column_only=True,
        ),
    ]


def _target(name: str, kind: DocumentKind) -> Target:
    journal = kind is DocumentKind.JOURNAL
    return Target(
        name=name,
        label=f"{kind.value}s",
        meaning="One line a row, in Workbench's own codes.",
        fields=(*_head(kind), *_line(kind)),
        options=(_BATCH_DATE, _APPROVED, *([_BATCH_TYPE] if journal else [])),
        is_documents=True,
    )


_SPEND_FIELDS: dict[Field, tuple[str, Kind, int, str, tuple[str, ...]]] = {
    Field.SUPPLIER_ACCOUNT: ("Supplier Account", Kind.TEXT, 50, "HIRE01",
        ("ap account", "supplier id", "supplier code", "vendor id")),
    Field.SUPPLIER_NAME: ("Supplier Name", Kind.TEXT, 255, "Hirepool Ltd",
        ("supplier", "vendor", "payee", "beneficiary")),
    Field.INVOICE_NUMBER: ("Invoice Number", Kind.TEXT, 255, "INV-1042",
        ("invoice no", "invoice", "number")),
    Field.LINE_REFERENCE: ("Line Reference", Kind.TEXT, 100, "778101",
        ("internal ref number", "transaction number", "reference")),
    Field.INVOICE_DATE: ("Invoice Date", Kind.DATE, 0, "2026-11-30", ("date", "payment date")),
    Field.VALUE: ("Value", Kind.MONEY, 2, "115.20", ("amount", "net amount", "net")),
    Field.ACTIVITY: ("Activity", Kind.TEXT, 100, "Concrete", ("category", "expense type")),
    Field.PROFIT_CENTRE: ("Profit Centre", Kind.TEXT, 100, "Civil works",
        ("expense area", "department", "area")),
    Field.JOB: ("Job", Kind.TEXT, 20, "J1042", ("expense code", "job code", "cost centre")),
    Field.DESCRIPTION: ("Description", Kind.TEXT, 3700, "Concrete 25 MPa",
        ("purpose", "purpose of spend (summary)", "details")),
}  # fmt: skip


def _yes_no(name: str, label: str) -> TargetOption:
    return TargetOption(
        name=name, label=label, kind=Kind.YES_NO, default="no", meaning="no: such rows are bad."
    )


SPEND_TARGET = Target(
    name=SPEND,
    label="AP Invoices and Credits by names",
    meaning="Purchase invoices of another system, whose activities and profit centres are names. "
    "An invoice whose lines add up to less than zero becomes a credit. All come in approved.",
    is_documents=True,
    fields=tuple(
        F(
            name=field.value,
            label=label,
            kind=kind,
            longest=longest,
            example=example,
            also=also,
            key=field in COLUMN_ONLY,
            required=field not in OPTIONAL,
            column_only=field in COLUMN_ONLY,
            as_written=field in AS_WRITTEN,
        )
        for field, (label, kind, longest, example, also) in _SPEND_FIELDS.items()
    ),
    options=(
        TargetOption(
            name="gst_type",
            label="GST Type",
            kind=Kind.TEXT,
            meaning="Of every line; its percent makes the GST.",
        ),
        TargetOption(
            name="currency",
            label="Currency",
            kind=Kind.TEXT,
            meaning="Of the amounts, where it is not the FinCo's own.",
        ),
        _BATCH_DATE,
        _yes_no("create_suppliers", "Make suppliers that are missing"),
        _yes_no("create_activities", "Make activities that are missing"),
        _yes_no("create_profit_centres", "Make profit centres that are missing"),
        _yes_no("create_jobs", "Make jobs that are missing"),
        TargetOption(
            name="names",
            label="Names of activities and profit centres",
            kind=Kind.CHOICE,
            default=Unknown.FROM_NAME,
            choices=tuple(Unknown),
            meaning="from-name: each gets a code made from its name, always the same one.",
        ),
        TargetOption(
            name="account",
            label="GL Account of made activities",
            kind=Kind.TEXT,
            meaning="Where it is empty, the activity's code is its account.",
        ),
    ),
)

DOCUMENTS = (*(_target(name, kind) for name, kind in KIND_OF.items()), SPEND_TARGET)
