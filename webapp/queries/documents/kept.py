"""A document as it stands in its form."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.db import db
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.fingerprints import fingerprint
from webapp.domain.money import CENT, ZERO, gst_of
from webapp.models import Document, DocumentLine, Job, ProfitCentre
from webapp.queries.setup.fin_cos import company_told

JOINED = " · "
"""Between a Job Code and the Profit Centre that tells it from another job of that code."""


@dataclass(frozen=True)
class KeptDocument:
    """A document's fields and those of its lines, as texts; what is empty is the empty text."""

    id: int
    uid: str
    kind: DocumentKind
    status: DocumentStatus
    header: Mapping[str, str]
    lines: tuple[Mapping[str, str], ...]

    @property
    def mark(self) -> str:
        """The fingerprint that a form carries of it."""
        return fingerprint({"status": self.status, **self.header, "lines": self.lines})

    @property
    def approved(self) -> bool:
        """Whether it cannot be changed until its approval is taken back."""
        return self.status is DocumentStatus.APPROVED


def kept(uid: str) -> KeptDocument:
    """The document of that mark. The caller checked that there is one, and the scope."""
    document = db.session.scalars(
        sa.select(Document)
        .where(Document.uid == uid)
        .options(
            joinedload(Document.company),
            joinedload(Document.job).joinedload(Job.profit_centre),
            selectinload(Document.lines).options(
                joinedload(DocumentLine.job).joinedload(Job.profit_centre),
                joinedload(DocumentLine.activity),
                joinedload(DocumentLine.sales_code),
                joinedload(DocumentLine.work_centre),
                joinedload(DocumentLine.gst_type),
            ),
        )
        .execution_options(populate_existing=True)
    ).one()
    jobs = [document.job, *(line.job for line in document.lines)]
    twice = _in_several_centres(document.batch.fin_co_id, {job.code for job in jobs if job})
    applied = db.session.get(Document, document.applies_to_id) if document.applies_to_id else None
    header = {
        "number": document.number,
        "company": company_told(document.company) if document.company else "",
        "job": job_told(document.job, twice),
        "date": document.document_date.isoformat(),
        "reference": document.reference or "",
        "due_date": document.due_date.isoformat() if document.due_date else "",
        "currency": document.currency_code,
        "currency_rate": number_told(document.currency_rate),
        "claim_no": str(document.claim_no or ""),
        "applies_to": applied.number if applied else "",
    }
    return KeptDocument(
        document.id,
        document.uid,
        document.kind,
        document.status,
        header,
        tuple(_line(line, twice) for line in document.lines),
    )


def job_told(job: Job | None, twice: set[str]) -> str:
    """A job by its code, and by its Profit Centre too where others have a job of that code."""
    if job is None:
        return ""
    return f"{job.code}{JOINED}{job.profit_centre.code}" if job.code in twice else job.code


def number_told(number: Decimal | None) -> str:
    """A number with the places that say something."""
    if number is None:
        return ""
    whole, _, places = f"{number:f}".partition(".")
    return f"{whole}.{places}".rstrip("0").rstrip(".") if places else whole


def _amount(amount: Decimal) -> str:
    cents = amount.quantize(CENT)
    return str(cents) if cents == amount else number_told(amount)


def _line(line: DocumentLine, twice: set[str]) -> dict[str, str]:
    computed = gst_of(line.value_ex_gst, line.gst_type.percent) if line.gst_type else ZERO
    given = line.gst_overridden or line.gst != computed
    return {
        "description": line.description or "",
        "job": job_told(line.job, twice),
        "activity": line.activity.code if line.activity else "",
        "sales_code": line.sales_code.code if line.sales_code else "",
        "work_centre": line.work_centre.code if line.work_centre else "",
        "dr_account": line.gl_account or "",
        "cr_account": line.cr_gl_account or "",
        "quantity": number_told(line.quantity),
        "value": _amount(line.value_ex_gst),
        "gst_type": line.gst_type.code if line.gst_type else "",
        "gst": _amount(line.gst) if given else "",
        "source_reference": line.source_reference or "",
    }


def _in_several_centres(fin_co_id: int, codes: set[str]) -> set[str]:
    ordered: Sequence[str] = sorted(codes)
    found = db.session.scalars(
        sa.select(Job.code)
        .join(ProfitCentre, ProfitCentre.id == Job.profit_centre_id)
        .where(ProfitCentre.fin_co_id == fin_co_id, Job.code.in_(ordered))
    )
    return {code for code, count in Counter(found).items() if count > 1}
