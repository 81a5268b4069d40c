"""The lists that can be loaded: what each takes, and what its records are recognised by."""

from webapp.domain.ingest.target import Kind, Target, TargetField
from webapp.domain.setup.activities import CODE_TYPES, SUB_TYPES
from webapp.domain.setup.sales_codes import SALES_TYPES
from webapp.domain.terms import TermsType

F = TargetField
_ACTIVE = F(
    name="active",
    label="Active",
    kind=Kind.YES_NO,
    example="yes",
    meaning="yes or no; where it is empty it stays as it is, and new records are active.",
)
_DR = F(name="dr_gl_account", label="DR GL Account", kind=Kind.ACCOUNT, longest=20, example="5100")
_CR = F(name="cr_gl_account", label="CR GL Account", kind=Kind.ACCOUNT, longest=20, example="4100")
_GST = F(name="gst_type", label="GST Type", refers="gst-types", longest=10, example="G15")
_CENTRE = F(
    name="work_centre", label="Work Centre", refers="work-centres", longest=10, example="SITE"
)


def _code(label: str, longest: int, example: str, *also: str) -> TargetField:
    return F(
        name="code",
        label=label,
        key=True,
        required=True,
        longest=longest,
        example=example,
        meaning="What the record is recognised by.",
        also=("code", *also),
        column_only=True,
    )


def _description(longest: int, example: str) -> TargetField:
    return F(
        name="description",
        label="Description",
        required=True,
        longest=longest,
        example=example,
        also=("name", "title"),
    )


COMPANIES = Target(
    name="companies",
    label="Companies",
    meaning="Suppliers, subcontractors and clients of one Financial Company. A company is "
    "recognised by its AP Account, else by its AR Account, else by its name.",
    fields=(
        F(
            name="name",
            label="Name",
            key=True,
            required=True,
            longest=255,
            example="Hirepool Ltd",
            also=("company", "company name", "supplier", "supplier name", "contact name"),
            column_only=True,
        ),
        F(
            name="ap_account",
            label="AP Account",
            longest=50,
            example="HIRE01",
            meaning="The Account Number of the supplier's contact in Xero.",
            also=("supplier account", "supplier id", "supplier code", "account number"),
            column_only=True,
        ),
        F(
            name="ar_account",
            label="AR Account",
            longest=50,
            example="C0042",
            meaning="The same for a client.",
            also=("client account", "client code", "customer code"),
            column_only=True,
        ),
        F(name="alpha_code", label="Alpha Code", longest=20, example="HIREPOOL"),
        F(name="is_client", label="Client", kind=Kind.YES_NO, example="no"),
        F(name="is_supplier", label="Supplier", kind=Kind.YES_NO, example="yes"),
        F(name="is_subcontractor", label="Subcontractor", kind=Kind.YES_NO, example="no"),
        F(name="company_type", label="Company Type", longest=20, example="Trade"),
        F(name="price_code", label="Price Code", longest=20, example="A"),
        F(name="location", label="Location", refers="locations", longest=10, example="AK"),
        F(name="branch", label="Branch", longest=20, example="Main"),
        F(name="credit_status", label="Credit Status", longest=20, example="OK"),
        F(
            name="currency",
            label="Currency",
            refers="currencies",
            longest=3,
            example="NZD",
            also=("currency code",),
        ),
        F(
            name="payment_terms_days",
            label="Payment Terms Days",
            kind=Kind.WHOLE,
            example="20",
            also=("terms days", "terms"),
        ),
        F(
            name="payment_terms_type",
            label="Payment Terms Type",
            kind=Kind.CHOICE,
            choices=tuple(TermsType),
            example="OFFOLLOWINGMONTH",
            meaning="Xero's word for what the days count from.",
        ),
        F(name="use_gst", label="Uses GST", kind=Kind.YES_NO, example="yes"),
        F(name="tax_number", label="Tax Number", longest=50, example="123-456-789"),
        F(name="email", label="Email", longest=255, example="office@example.test"),
        F(name="phone", label="Phone", longest=60, example="09 555 0100"),
        F(name="address", label="Address", longest=1000, example="1 Queen Street, Auckland"),
        _ACTIVE,
    ),
)
JOBS = Target(
    name="jobs",
    label="Jobs",
    meaning="Projects that are costed. A job is recognised by its Profit Centre and Job Code.",
    fields=(
        F(
            name="profit_centre",
            label="Profit Centre",
            key=True,
            required=True,
            refers="profit-centres",
            longest=20,
            example="CIVIL",
        ),
        _code("Job Code", 20, "J1042", "job", "job no", "job number"),
        _description(120, "Harbour Road upgrade"),
        F(name="job_type", label="Job Type", refers="job-types", longest=20, example="ROAD"),
        F(
            name="client",
            label="Client",
            refers="clients",
            longest=50,
            example="C0042",
            meaning="The AR Account of the client.",
        ),
        _DR,
        _CR,
        _ACTIVE,
    ),
)
PROFIT_CENTRES = Target(
    name="profit-centres",
    label="Profit Centres",
    meaning="What jobs belong to. Their codes are unique in all Financial Companies.",
    fields=(
        _code("Profit Centre", 20, "CIVIL", "profit centre code"),
        _description(120, "Civil works"),
        F(
            name="location",
            label="Location",
            required=True,
            refers="locations",
            longest=10,
            example="AK",
        ),
        F(name="manager", label="Manager", longest=80, example="Aroha Ngata"),
        F(
            name="export_code",
            label="Export Code",
            longest=100,
            example="Civil",
            meaning="The option of Tracking Category 1 in Xero, letter by letter.",
        ),
        F(name="job_suffix", label="Job Suffix", longest=10),
        F(name="gl_prefix", label="GL Prefix", longest=10, example="AK.01."),
        F(name="gl_suffix", label="GL Suffix", longest=10),
    ),
)
LOCATIONS = Target(
    name="locations",
    label="Locations",
    meaning="Sit above Profit Centres and give batch numbers their prefix.",
    per_fin_co=False,
    fields=(
        _code("Location", 10, "AK", "location code"),
        _description(100, "Auckland"),
        F(name="batch_prefix", label="Batch Prefix", longest=4, example="A"),
    ),
)
ACTIVITIES = Target(
    name="activities",
    label="Activities",
    meaning="The cost codes.",
    per_fin_co=False,
    fields=(
        _code("Activity Code", 10, "CONC", "activity", "cost code"),
        _description(50, "Concrete"),
        F(
            name="code_type",
            label="Code Type",
            kind=Kind.CHOICE,
            required=True,
            choices=CODE_TYPES,
            example="Purchase",
        ),
        F(name="sub_type", label="Sub Type", kind=Kind.CHOICE, choices=SUB_TYPES),
        F(name="cost_category", label="Cost Category", longest=20),
        F(name="cost_rate", label="Cost Rate", kind=Kind.NUMBER, longest=4, example="45.50"),
        F(name="unit", label="Unit", longest=10, example="h"),
        F(name="payroll_code", label="Payroll Code", longest=100),
        F(name="include_in_payroll", label="Include in Payroll", kind=Kind.YES_NO),
        _GST,
        _CENTRE,
        F(name="sales_code", label="Sales Code", refers="sales-codes", longest=10),
        _DR,
        _CR,
        _ACTIVE,
    ),
)
SALES_CODES = Target(
    name="sales-codes",
    label="Sales Codes",
    meaning="What sales lines are for.",
    per_fin_co=False,
    fields=(
        _code("Sales Code", 10, "CLAIM"),
        _description(80, "Progress claim"),
        F(
            name="sales_type",
            label="Sales Type",
            kind=Kind.CHOICE,
            required=True,
            choices=SALES_TYPES,
            example="Revenue",
        ),
        _CR,
        _GST,
        _CENTRE,
        _ACTIVE,
    ),
)
WORK_CENTRES = Target(
    name="work-centres",
    label="Work Centres",
    meaning="Stages or phases that group activities and sales codes.",
    per_fin_co=False,
    fields=(_code("Work Centre", 10, "SITE"), _description(50, "On site")),
)
GST_TYPES = Target(
    name="gst-types",
    label="GST Types",
    meaning="Tax codes; the Export Code of each is the tax type of Xero it becomes.",
    per_fin_co=False,
    fields=(
        _code("GST Type", 10, "G15"),
        _description(80, "GST 15%"),
        F(
            name="percent",
            label="Percent",
            kind=Kind.NUMBER,
            required=True,
            longest=8,
            example="15",
            also=("rate", "gst rate"),
        ),
        F(name="export_code", label="Export Code", longest=50, example="INPUT2"),
        F(name="reciprocal_code", label="Reciprocal Code", longest=10),
        F(name="use_for_ap", label="Use for AP", kind=Kind.YES_NO, example="yes"),
        F(name="use_for_ar", label="Use for AR", kind=Kind.YES_NO, example="yes"),
    ),
)
GL_ACCOUNTS = Target(
    name="gl-accounts",
    label="GL Accounts",
    meaning="The chart of accounts of one Financial Company.",
    fields=(
        _code("GL Account", 20, "5100", "account", "account code"),
        _description(150, "Concrete purchases"),
        F(name="section", label="Section", required=True, longest=40, example="Expenses"),
        F(name="subsection", label="Subsection", longest=40),
        F(
            name="category",
            label="Category",
            kind=Kind.CHOICE,
            choices=("Revenue", "Job Cost", "Other Cost"),
            example="Job Cost",
        ),
        F(name="sequence_no", label="Sequence No", kind=Kind.WHOLE, example="120"),
        _ACTIVE,
    ),
)
CURRENCIES = Target(
    name="currencies",
    label="Currencies",
    meaning="Currencies and their rates.",
    per_fin_co=False,
    fields=(
        _code("Currency", 3, "AUD", "currency code", "iso code"),
        _description(100, "Australian Dollar"),
        F(name="symbol", label="Symbol", longest=5, example="A$"),
        F(
            name="conversion_rate",
            label="Conversion Rate",
            kind=Kind.NUMBER,
            longest=8,
            example="0.92",
            meaning="Foreign units per one unit of the local currency.",
        ),
        _ACTIVE,
    ),
)
PERIODS = Target(
    name="periods",
    label="Period Ends",
    meaning="Financial periods, recognised by year and number. Which one is current, and what "
    "is closed, is set in Period End Maintenance.",
    per_fin_co=False,
    fields=(
        F(
            name="year",
            label="Year",
            kind=Kind.WHOLE,
            key=True,
            required=True,
            example="2027",
            meaning="The financial year, named after the calendar year it ends in.",
            also=("financial year",),
        ),
        F(
            name="number",
            label="Period",
            kind=Kind.WHOLE,
            key=True,
            required=True,
            example="8",
            also=("number", "period no", "period number", "month"),
            column_only=True,
        ),
        F(
            name="start_date",
            label="Start Date",
            kind=Kind.DATE,
            required=True,
            example="2026-11-01",
            also=("start", "from"),
            column_only=True,
        ),
        F(
            name="end_date",
            label="End Date",
            kind=Kind.DATE,
            required=True,
            example="2026-11-30",
            also=("end", "to"),
            column_only=True,
        ),
        F(name="time_end_date", label="Time End Date", kind=Kind.DATE, column_only=True),
    ),
)

MASTERS = (
    COMPANIES,
    JOBS,
    PROFIT_CENTRES,
    LOCATIONS,
    ACTIVITIES,
    SALES_CODES,
    WORK_CENTRES,
    GST_TYPES,
    GL_ACCOUNTS,
    CURRENCIES,
    PERIODS,
)
