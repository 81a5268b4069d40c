"""Which record a problem is mended at, so that whoever is told of it can be led there."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from webapp.domain.entry.kinds import SALES
from webapp.domain.problems import Problem
from webapp.models import Document, DocumentLine


class Subject(NamedTuple):
    """A record by its kind and what the screens know it by."""

    kind: str
    key: str
    name: str


def subject_of(problem: Problem, document: Document) -> Subject:
    """Where the cause of a document's problem lies; the document itself where nowhere else."""
    line = next((line for line in document.lines if line.line_no == problem.line), None)
    if line is not None and problem.code in _OF_LINE:
        found = _OF_LINE[problem.code](problem, document, line)
    else:
        found = _OF_HEAD.get(problem.code, _document)(document)
    return found or _document(document)


def _document(document: Document) -> Subject:
    return Subject("document", document.uid, f"{document.kind.value} {document.number}")


def _company(document: Document) -> Subject | None:
    company = document.company
    return None if company is None else Subject("company", str(company.id), company.name)


def _integration(document: Document) -> Subject:
    return Subject("integration", document.batch.fin_co.code, "Xero Integration")


def _currency(document: Document) -> Subject:
    return Subject("currency", document.currency_code, document.currency_code)


def _account(problem: Problem, document: Document, line: DocumentLine) -> Subject | None:
    """Whatever names the line's account: the job before the code (R93)."""
    job = line.job or document.job
    sales = document.kind in SALES
    override = job and (job.cr_gl_account if sales else job.dr_gl_account)
    other_side = problem.code == "no-cr-gl-account"
    if job is not None and override and not line.is_retention and not other_side:
        return Subject("job", str(job.id), f"Job {job.code}")
    if line.sales_code is not None and (sales or other_side):
        return Subject("sales code", str(line.sales_code.id), f"Sales Code {line.sales_code.code}")
    activity = line.activity
    if activity is None:
        return None
    return Subject("activity", str(activity.id), f"Activity {activity.code}")


def _gst_type(_problem: Problem, _document: Document, line: DocumentLine) -> Subject | None:
    found = line.gst_type
    return None if found is None else Subject("gst type", found.code, f"GST Type {found.code}")


def _category(_problem: Problem, document: Document, _line: DocumentLine) -> Subject:
    return _integration(document)


def _option(problem: Problem, document: Document, line: DocumentLine) -> Subject | None:
    """The Profit Centre or the job, whichever of them the option comes from (R100, R101)."""
    job = line.job or document.job
    if job is None:
        return None
    centre = job.profit_centre
    if centre.export_code and f" option {centre.export_code} of " in problem.message:
        return Subject("profit centre", str(centre.id), f"Profit Centre {centre.code}")
    return Subject("job", str(job.id), f"Job {job.code}")


_OfLine = Callable[[Problem, Document, DocumentLine], Subject | None]

_OF_LINE: Mapping[str, _OfLine] = {
    "no-gl-account": _account,
    "no-cr-gl-account": _account,
    "account-missing": _account,
    "account-archived": _account,
    "account-not-valid": _account,
    "no-export-code": _gst_type,
    "tax-type-unknown": _gst_type,
    "tax-type-inactive": _gst_type,
    "tax-not-for-account": _account,
    "gst-percent-differs": _gst_type,
    "tracking-category-unknown": _category,
    "tracking-category-archived": _category,
    "tracking-option-unknown": _option,
    "tracking-option-archived": _option,
}

_OF_HEAD: Mapping[str, Callable[[Document], Subject | None]] = {
    "no-xero-id": _company,
    "contact-archived": _company,
    "contact-out-of-use": _company,
    "no-due-date": _company,
    "permission-withheld": _integration,
    "period-locked": _integration,
    "base-currency-differs": _integration,
    "currency-not-enabled": _integration,
    "no-rate": _currency,
}
"""Problems of the head that are mended elsewhere than in the document, which is closed."""
