"""Checks and resolves one line of a document."""

from decimal import Decimal
from typing import NamedTuple

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.findings import Findings, Path
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.domain.entry.kinds import PAYABLES, SALES
from webapp.domain.entry.known import Books, CodeKnown, GstKnown, JobKnown, Known
from webapp.domain.entry.ready import ReadyLine
from webapp.domain.money import ZERO, gst_of, to_cents

AMOUNTS_BELOW = Decimal(10) ** 10
"""Beyond it an amount is a slip of the finger, and sums of many would leave the columns."""
_REMEMBERED = 10_000


class Coding(NamedTuple):
    """What the codes of a line stand for."""

    gst_type: GstKnown | None
    job_id: int | None
    code: CodeKnown | None
    work_centre_id: int | None


class LineCheck:
    """Checks and resolves the lines of documents of one batch.

    What a set of codes stands for is found out once: the lines of a file name the same few
    hundred sets again and again.
    """

    def __init__(self, books: Books, known: Known) -> None:
        self._books = books
        self._known = known
        self._codings: dict[tuple[object, ...], Coding] = {}

    def lines_of(self, given: DocumentGiven, findings: Findings) -> list[ReadyLine]:
        """The lines as they can be stored; those that cannot are left out, and it is told why."""
        sells = given.kind in SALES
        ready = []
        for position, line in enumerate(given.lines):
            before = len(findings.found)
            _amounts(line, position, findings)
            gst_type, job_id, code, work_centre_id = self._coding(given, line, position, findings)
            if len(findings.found) > before:
                continue
            code_id = code.id if code else None
            gst = line.gst
            if gst is None:
                gst = gst_of(line.value, gst_type.percent) if gst_type else ZERO
            ready.append(
                ReadyLine(
                    value=line.value,
                    gst=gst,
                    gst_overridden=line.gst is not None and gst_type is not None,
                    gst_type_id=gst_type.id if gst_type else None,
                    job_id=job_id,
                    activity_id=None if sells else code_id,
                    sales_code_id=code_id if sells else None,
                    work_centre_id=work_centre_id,
                    is_retention=code is not None and code.is_retention,
                )
            )
        return ready

    def _coding(
        self, given: DocumentGiven, line: LineGiven, position: int, findings: Findings
    ) -> Coding:
        key = (
            str(given.kind), given.job, given.profit_centre, line.job, line.profit_centre,
            line.activity, line.sales_code, line.gst_type, line.work_centre, line.dr_account,
            line.cr_account, not line.gst,
        )  # fmt: skip
        found = self._codings.get(key)
        if found is None:
            before, at, known = len(findings.found), ("lines", position), self._known
            job = _job(given, line, at, known, findings)
            code = _code(given, line, at, known, findings)
            gst_type = _gst_type(given, line, code, at, known, findings)
            work_centre_id = _work_centre(line, code, at, known, findings)
            _accounts(given, line, self._books, at, findings)
            found = Coding(gst_type, job.id if job else None, code, work_centre_id)
            if len(findings.found) == before and len(self._codings) < _REMEMBERED:
                self._codings[key] = found
        return found


def find_job(
    code: str, profit_centre: str | None, at: Path, known: Known, findings: Findings
) -> JobKnown | None:
    """The active job of that code, in that profit centre where one is named."""
    jobs = [job for job in known.jobs.get(code, ()) if profit_centre in {None, job.profit_centre}]
    where = f" in Profit Centre {profit_centre}" if profit_centre else ""
    if not jobs:
        findings.add(
            at,
            "unknown-job",
            f"There is no job {code}{where} in this FinCo.",
            "Correct the Job Code, or make the job first.",
        )
    elif len(jobs) > 1:
        centres = ", ".join(sorted(job.profit_centre for job in jobs))
        findings.add(
            at,
            "ambiguous-job",
            f"Several profit centres have a job {code}: {centres}.",
            "Say which one is meant by its Profit Centre.",
        )
    elif not jobs[0].active:
        findings.add(
            at,
            "inactive-job",
            f"Job {code} is inactive.",
            "Choose another job, or make it active again.",
        )
    return jobs[0] if len(jobs) == 1 else None


def _amounts(line: LineGiven, position: int, findings: Findings) -> None:
    for name, amount in (("value_ex_gst", line.value), ("gst", line.gst)):
        if amount is None:
            continue
        at = "lines", position
        if abs(amount) >= AMOUNTS_BELOW:
            findings.add(
                (*at, name),
                "amount-too-large",
                f"{amount} is too large.",
                f"Amounts are below {AMOUNTS_BELOW:,}.",
            )
        elif amount != to_cents(amount):
            findings.add(
                (*at, name),
                "more-than-cents",
                f"{amount} has more than two decimal places.",
                "Round it to cents: lines must sum to their document (R99).",
            )


def _job(
    given: DocumentGiven, line: LineGiven, at: Path, known: Known, findings: Findings
) -> JobKnown | None:
    if line.job is not None:
        return find_job(line.job, line.profit_centre, (*at, "job"), known, findings)
    if given.kind in PAYABLES:
        findings.add(
            (*at, "job"),
            "no-job",
            "The line names no job.",
            "Give the Job Code its cost belongs to.",
        )
    if given.kind in SALES and given.job is not None:
        # Whatever is wrong with the document's own job is told there.
        return find_job(given.job, given.profit_centre, at, known, Findings(given.record))
    return None


def _code(
    given: DocumentGiven, line: LineGiven, at: Path, known: Known, findings: Findings
) -> CodeKnown | None:
    sells = given.kind in SALES
    name, word = ("sales_code", "sales code") if sells else ("activity", "activity")
    other = "activity" if sells else "sales_code"
    asked = line.sales_code if sells else line.activity
    if (line.activity if sells else line.sales_code) is not None:
        findings.add(
            (*at, other),
            "does-not-belong",
            f"A line of a {given.kind.value} takes no {other.replace('_', ' ')}.",
            f"Leave it out; the line is coded by its {word}.",
        )
    if asked is None:
        if given.kind is not DocumentKind.JOURNAL or line.dr_account is None:
            findings.add(
                (*at, name),
                f"no-{name.replace('_', '-')}",
                f"The line names no {word}.",
                f"Give its {word}: the GL account follows from it.",
            )
        return None
    code = (known.sales_codes if sells else known.activities).get(asked)
    if code is None:
        findings.add(
            (*at, name),
            f"unknown-{name.replace('_', '-')}",
            f"There is no {word} {asked}.",
            f"Correct the {word}, or make it first.",
        )
    elif not code.active:
        findings.add(
            (*at, name),
            f"inactive-{name.replace('_', '-')}",
            f"{word.capitalize()} {asked} is inactive.",
            f"Choose another {word}, or make it active again.",
        )
    return code


def _gst_type(
    given: DocumentGiven,
    line: LineGiven,
    code: CodeKnown | None,
    at: Path,
    known: Known,
    findings: Findings,
) -> GstKnown | None:
    if given.kind is DocumentKind.JOURNAL:
        if line.gst_type is not None or line.gst:
            findings.add(
                (*at, "gst_type"),
                "no-gst-on-journals",
                "Journals carry no GST.",
                "Leave GST and GST Type out (Q17).",
            )
        return None
    asked = line.gst_type or (code.gst_type if code else None)
    if asked is None:
        if code is not None:
            findings.add(
                (*at, "gst_type"),
                "no-gst-type",
                f"The line names no GST Type, and {code.code} has none of its own.",
                "Give the GST Type of the line.",
            )
        return None
    gst_type = known.gst_types.get(asked)
    fits = gst_type is not None and (
        gst_type.use_for_ar if given.kind in SALES else gst_type.use_for_ap
    )
    if gst_type is None:
        findings.add(
            (*at, "gst_type"),
            "unknown-gst-type",
            f"There is no GST Type {asked}.",
            "Correct the GST Type, or add it in GST Types.",
        )
    elif not fits:
        side = "sales" if given.kind in SALES else "purchases"
        findings.add(
            (*at, "gst_type"),
            "gst-type-does-not-fit",
            f"GST Type {asked} is not for {side}.",
            f"Choose one that is used for {'AR' if given.kind in SALES else 'AP'}.",
        )
    return gst_type


def _work_centre(
    line: LineGiven, code: CodeKnown | None, at: Path, known: Known, findings: Findings
) -> int | None:
    if line.work_centre is None:
        return code.work_centre_id if code else None
    found = known.work_centres.get(line.work_centre)
    if found is None:
        findings.add(
            (*at, "work_centre"),
            "unknown-work-centre",
            f"There is no work centre {line.work_centre}.",
            "Correct the work centre, or leave it out.",
        )
    return found


def _accounts(
    given: DocumentGiven, line: LineGiven, books: Books, at: Path, findings: Findings
) -> None:
    for name, account in (("dr_account", line.dr_account), ("cr_account", line.cr_account)):
        if account is not None and given.kind is not DocumentKind.JOURNAL:
            findings.add(
                (*at, name),
                "does-not-belong",
                f"A line of a {given.kind.value} names no GL account of its own.",
                "Leave it out: it follows from job and code (R93).",
            )
    if line.cr_account is not None and books.batch_type is BatchType.ADJUSTMENT:
        findings.add(
            (*at, "cr_account"),
            "does-not-belong",
            "A line of an adjustment has one side only.",
            "Enter the other side as a line of its own with the opposite sign (R81).",
        )
