"""The figures of the demo: two small firms whose codes fit the two organisations of the sandbox."""

from dataclasses import dataclass
from decimal import Decimal

from webapp.domain.batches import BatchType


@dataclass(frozen=True)
class Line:
    """A purchase line: ex GST, in the FinCo's base currency; credits are negative."""

    job: str
    activity: str
    description: str
    value: Decimal


@dataclass(frozen=True)
class Doc:
    """A purchase document; due the given days after its date."""

    supplier: str
    number: str
    lines: tuple[Line, ...]
    due_days: int = 20


@dataclass(frozen=True)
class BatchOf:
    """A batch of FinCo 02, which keeps FinCo 01 free for a month of the firm's own."""

    kind: BatchType
    reference: str
    documents: tuple[Doc, ...]
    closed: bool = True
    not_for_export: bool = False


# code, description, percent, Export Code, reciprocal, AP, AR
GST_TYPES = (
    ("G15", "GST on purchases 15%", "15", "INPUT2", "S15", True, False),
    ("S15", "GST on sales 15%", "15", "OUTPUT2", "G15", False, True),
    ("ZR", "Zero rated", "0", "ZERORATED", None, False, True),
    ("NONE", "No GST", "0", "NONE", None, True, True),
    ("AG10", "Australia: GST on expenses 10%", "10", "INPUT", "AS10", True, False),
    ("AS10", "Australia: GST on income 10%", "10", "OUTPUT", "AG10", False, True),
    ("AFREE", "Australia: GST free expenses", "0", "EXEMPTEXPENSES", None, True, False),
)

CURRENCIES = (
    ("NZD", "$", "New Zealand Dollar", None),
    ("AUD", "A$", "Australian Dollar", "0.92"),
    ("USD", "US$", "United States Dollar", "0.59"),
)

WORK_CENTRES = (
    ("PREP", "Preliminary and general"),
    ("EARTH", "Earthworks"),
    ("STRUC", "Structures"),
    ("OFFICE", "Overheads"),
)

# code, description, revenue account, GST type, work centre, type
SALES_CODES = (
    ("CLAIM", "Contract claim", "200", "S15", "STRUC", "Revenue"),
    ("DAYWK", "Day works", "210", "S15", "EARTH", "Revenue"),
    ("RETN", "Retentions held by the client", "628", "NONE", "STRUC", "Retention"),
)

# code, description, type, account, work centre
ACTIVITIES = (
    ("MAT", "Materials", "Purchase", "300", "STRUC"),
    ("AGG", "Aggregates and fill", "Purchase", "310", "EARTH"),
    ("CONC", "Concrete", "Purchase", "300", "STRUC"),
    ("SUB", "Subcontractors", "Subcontract", "325", "STRUC"),
    ("HIRE", "Plant hire", "Purchase", "330", "EARTH"),
    ("TRAFF", "Traffic control", "Purchase", "429", "PREP"),
    ("FUEL", "Fuel and vehicles", "Purchase", "449", "EARTH"),
    ("REPAIR", "Repairs and maintenance", "Purchase", "473", "EARTH"),
    ("CONSULT", "Consultants", "Purchase", "412", "PREP"),
    ("INSUR", "Insurance", "Purchase", "433", "OFFICE"),
    ("OFFICE", "Office expenses", "Purchase", "453", "OFFICE"),
    ("RENT", "Rent of yard and office", "Purchase", "469", "OFFICE"),
    ("TRAVEL", "Travel", "Purchase", "493", "OFFICE"),
    ("LEASE", "Vehicle leases", "Purchase", "495", "OFFICE"),
)

# code, description, section, category
GL_ACCOUNTS = (
    ("200", "Contract Revenue", "Income", "Revenue"),
    ("210", "Day Works", "Income", "Revenue"),
    ("300", "Purchases", "Cost of Sales", "Job Cost"),
    ("310", "Cost of Goods Sold", "Cost of Sales", "Job Cost"),
    ("325", "Subcontractors", "Cost of Sales", "Job Cost"),
    ("330", "Plant Hire", "Cost of Sales", "Job Cost"),
    ("412", "Consulting & Accounting", "Expenses", "Other Cost"),
    ("429", "General Expenses", "Expenses", "Other Cost"),
    ("433", "Insurance", "Expenses", "Other Cost"),
    ("449", "Motor Vehicle Expenses", "Expenses", "Other Cost"),
    ("453", "Office Expenses", "Expenses", "Other Cost"),
    ("469", "Rent", "Expenses", "Other Cost"),
    ("473", "Repairs and Maintenance", "Expenses", "Other Cost"),
    ("493", "Travel", "Expenses", "Other Cost"),
    ("495", "Vehicle Leases (old)", "Expenses", "Other Cost"),
    ("628", "Retentions Receivable", "Assets", None),
    ("760", "Long-term Deposits", "Assets", None),
)
INTER_COMPANY_ACCOUNT = "760"

JOB_TYPES = (("CIVIL", "Civil works"), ("STEEL", "Structural steel"), ("OVHD", "Overhead"))
EXPORT_GROUPS = ("Roads", "Water", "Buildings")

# code, description, profit centre, type, export group
JOBS = (
    ("1001", "Harbour Bridge approaches", "AK.CIVIL", "CIVIL", "Roads"),
    ("1002", "Ridgeway reservoir", "AK.CIVIL", "CIVIL", "Water"),
    ("1003", "Northern bus station", "WN.BUILD", "STEEL", "Buildings"),
    ("1900", "Auckland office", "AK.CIVIL", "OVHD", None),
    ("2001", "Parramatta rail overpass", "SY.STEEL", "STEEL", "Roads"),
    ("2002", "Hunter pump station", "SY.STEEL", "CIVIL", "Water"),
    ("2900", "Sydney office", "SY.STEEL", "OVHD", None),
)

# FinCo, name, AP account, AR account
COMPANIES = (
    ("01", "Ridgeway Quarries", "RIDGE01", None),
    ("01", "Tasman Ready Mix", "TASMAN", None),
    ("01", "Old Mill Timber", "OLDMILL", None),
    ("01", "Northern District Council", None, "NDC01"),
    ("02", "Blue Gum Steel", "BLUEGUM", None),
    ("02", "Parramatta Cranes", "PCRANES", None),
    ("02", "Coral Coatings", "CORAL", None),
    ("02", "Hunter Valley Rail", None, "HVR01"),
)


def _line(job: str, activity: str, description: str, value: str) -> Line:
    return Line(job, activity, description, Decimal(value))


BATCHES = (
    BatchOf(
        BatchType.AP_INVOICE,
        "Steel and cranes",
        (
            Doc("BLUEGUM", "BG-20417", (_line("2001", "MAT", "Universal beams", "18450.00"),)),
            Doc(
                "BLUEGUM",
                "BG-20433",
                (
                    _line("2001", "MAT", "Plate, cut to size", "6213.45"),
                    _line("2002", "MAT", "Handrails", "1870.10"),
                ),
            ),
            Doc("PCRANES", "7781", (_line("2001", "HIRE", "100 t crane, 3 days", "9600.00"),)),
        ),
    ),
    BatchOf(
        BatchType.AP_INVOICE,
        "One account is archived",
        (
            Doc("PCRANES", "7790", (_line("2002", "HIRE", "Franna, 1 day", "1450.00"),)),
            Doc("PCRANES", "7791", (_line("2900", "LEASE", "Ute lease", "780.00"),)),
        ),
    ),
    BatchOf(
        BatchType.AP_CREDIT,
        "Beams returned",
        (Doc("BLUEGUM", "BG-CN-311", (_line("2001", "MAT", "Beams returned", "-2300.00"),)),),
    ),
    BatchOf(
        BatchType.AP_INVOICE,
        "Still being entered",
        (Doc("PCRANES", "7802", (_line("2001", "HIRE", "Franna, 2 days", "2900.00"),)),),
        closed=False,
    ),
    BatchOf(
        BatchType.AP_INVOICE,
        "Paid by card, kept out",
        (Doc("PCRANES", "7760", (_line("2900", "FUEL", "Fuel", "212.30"),)),),
        closed=False,
        not_for_export=True,
    ),
)
