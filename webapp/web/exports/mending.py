"""Where a person goes to mend what stands in the way of an export."""

from flask import url_for

from webapp.domain.problems import Problem
from webapp.queries.active_exports import holding_runs
from webapp.services.exports.preflight import BatchPreflight
from webapp.services.exports.subjects import Subject

Link = tuple[str, str]
"""Address and text."""

_RECORDS = {
    "activity": "activities.record",
    "job": "jobs.record",
    "profit centre": "profit_centres.record",
    "sales code": "sales_codes.record",
}
BEING_EXPORTED = "being-exported"
_AT_INTEGRATION = frozenset({"not-connected", "begun-elsewhere"})


def mend_link(subject: Subject) -> Link:
    """The screen of the record at which a cause is mended."""
    match subject.kind:
        case "company":
            address = url_for("companies.page", company_id=subject.key)
        case "currency":
            address = url_for("currencies.page", code=subject.key)
        case "document":
            address = url_for("batches.document", uid=subject.key)
        case "gst type":
            address = url_for("gst_types.listed")
        case "integration":
            address = url_for("integration.screen", fin_co=subject.key)
        case kind:
            address = url_for(_RECORDS[kind], key=subject.key)
    return address, subject.name


def refusal_links(batches: tuple[BatchPreflight, ...]) -> dict[str, Link]:
    """Where to mend, or watch, each batch that is refused as a whole, by its number."""
    refused = {batch.number: batch.refused for batch in batches if batch.refused is not None}
    held = [
        batch.batch_id
        for batch in batches
        if batch.refused is not None and batch.refused.code == BEING_EXPORTED
    ]
    runs = holding_runs(held) if held else {}
    fin_cos = {batch.number: batch.fin_co for batch in batches}
    return {
        number: _refusal_link(problem, number, fin_cos[number], runs.get(number))
        for number, problem in refused.items()
    }


def _refusal_link(problem: Problem, number: str, fin_co: str, run_id: int | None) -> Link:
    if run_id is not None:
        return url_for("runs.page", run_id=run_id), f"Watch export run {run_id}"
    if problem.code in _AT_INTEGRATION:
        return url_for("integration.screen", fin_co=fin_co), "Xero Integration"
    return url_for("batches.details", number=number), f"Batch {number}"
