"""The lists of the firm as a whole that can be loaded: its parts, its kinds of work, its time."""

from webapp.domain.ingest.master_fields import ACTIVE, F, code, description
from webapp.domain.ingest.target import Kind, Target

FIN_COS = Target(
    name="financial-companies",
    label="Financial Companies",
    meaning="The legal entities, each with an organisation of its own in Xero.",
    per_fin_co=False,
    fields=(
        code("Code", 10, "01", "fin co", "finco", "company code"),
        description(100, "Harbour Civil Ltd"),
        F(
            name="base_currency",
            label="Base currency",
            required=True,
            longest=3,
            example="NZD",
            meaning="Three letters, as that of its organisation in Xero. It stays as it is.",
            also=("currency", "currency code"),
        ),
        F(
            name="bank_account_no",
            label="Bank Account No",
            longest=40,
            example="12-3456-7890123-00",
            also=("bank account", "bank account number"),
            column_only=True,
        ),
        F(
            name="default_location",
            label="Default Location",
            refers="locations",
            longest=10,
            example="AK",
            also=("location",),
        ),
        F(
            name="template_company",
            label="Template Company",
            refers="companies",
            longest=255,
            meaning="Its name or its account. A new one has no companies yet: leave it empty.",
            column_only=True,
        ),
        F(
            name="retention_job",
            label="Retention Job",
            refers="jobs",
            longest=50,
            meaning="The code of the job that retentions are kept on; empty on a new one.",
            column_only=True,
        ),
        F(
            name="inter_company_gl_account",
            label="Inter-Company GL Account",
            kind=Kind.ACCOUNT,
            longest=20,
            example="2650",
            also=("inter company gl account", "inter-company account"),
        ),
        F(
            name="stock_control_job",
            label="Stock Control Job",
            refers="jobs",
            longest=50,
            meaning="The code of the job whose DR GL Account stock comes out of; empty on a new "
            "one.",
            column_only=True,
        ),
    ),
)
LOCATIONS = Target(
    name="locations",
    label="Locations",
    meaning="Sit above Profit Centres and give batch numbers their prefix.",
    per_fin_co=False,
    fields=(
        code("Location", 10, "AK", "location code"),
        description(100, "Auckland"),
        F(name="batch_prefix", label="Batch Prefix", longest=4, example="A"),
    ),
)
PROFIT_CENTRES = Target(
    name="profit-centres",
    label="Profit Centres",
    meaning="What jobs belong to. Their codes are unique in all Financial Companies.",
    fields=(
        code("Profit Centre", 20, "CIVIL", "profit centre code"),
        description(120, "Civil works"),
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
JOB_TYPES = Target(
    name="job-types",
    label="Job Types",
    meaning="Kinds of jobs. They may fill Tracking Category 2 in Xero.",
    per_fin_co=False,
    fields=(code("Job Type", 20, "ROAD", "type"), description(100, "Roads")),
)
JOB_GROUPS = Target(
    name="job-groups",
    label="Job Groups",
    meaning="Groups of jobs, recognised by category and description. Those of the category Export "
    "may fill Tracking Category 2 in Xero.",
    per_fin_co=False,
    fields=(
        F(
            name="category",
            label="Category",
            key=True,
            required=True,
            longest=40,
            example="Export",
        ),
        F(
            name="description",
            label="Description",
            key=True,
            required=True,
            longest=100,
            example="Northern region",
            also=("group", "job group", "name"),
            column_only=True,
        ),
        F(
            name="value",
            label="Value",
            longest=100,
            example="North",
            meaning="Sent to Xero in place of the description, where filled in.",
        ),
    ),
)
WORK_CENTRES = Target(
    name="work-centres",
    label="Work Centres",
    meaning="Stages or phases that group activities and sales codes.",
    per_fin_co=False,
    fields=(code("Work Centre", 10, "SITE"), description(50, "On site")),
)
CURRENCIES = Target(
    name="currencies",
    label="Currencies",
    meaning="Currencies and their rates.",
    per_fin_co=False,
    fields=(
        code("Currency", 3, "AUD", "currency code", "iso code"),
        description(100, "Australian Dollar"),
        F(name="symbol", label="Symbol", longest=5, example="A$"),
        F(
            name="conversion_rate",
            label="Conversion Rate",
            kind=Kind.NUMBER,
            longest=8,
            example="0.92",
            meaning="Foreign units per one unit of the local currency.",
        ),
        ACTIVE,
    ),
)
PERIODS = Target(
    name="periods",
    label="Period Ends",
    meaning="Financial periods, recognised by year and number. They join without a gap, and the "
    "days of one that is there stay. Which one is current, and what is closed, is set in Period "
    "Ends.",
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
            also=("end", "to", "period end"),
            column_only=True,
        ),
        F(
            name="time_end_date",
            label="Time End Date",
            kind=Kind.DATE,
            also=("time end",),
            column_only=True,
        ),
    ),
)
