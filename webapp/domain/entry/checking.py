"""Decides whether a given document may be stored, and as what (R77-R82, R93-R106)."""

import datetime as dt
from decimal import Decimal

from webapp.domain.documents import DocumentKind
from webapp.domain.entry.findings import Finding, Findings, Path
from webapp.domain.entry.given import DocumentGiven
from webapp.domain.entry.kinds import PAYABLES, SALES, fits
from webapp.domain.entry.known import Books, JobKnown, Known, Party
from webapp.domain.entry.lines import LineCheck, find_job
from webapp.domain.entry.ready import ReadyDocument
from webapp.domain.money import ZERO, total
from webapp.domain.terms import TermsType, due_date

FARTHEST = dt.timedelta(days=3653)
"""A date ten years from the batch's is a slip of the finger."""
_TERMS = frozenset(TermsType)


class Check:
    """Checks documents that go into one batch.

    Args:
        books: the open batch.
        known: the records that the documents name.
    """

    def __init__(self, books: Books, known: Known) -> None:
        self._books = books
        self._known = known
        self._lines = LineCheck(books, known)

    def of(self, given: DocumentGiven, at: Path = ()) -> ReadyDocument | tuple[Finding, ...]:
        """The document as it can be stored, or all that keeps it from that, at its fields.

        Args:
            given: the document.
            at: where it stands in what was given, for the findings' paths.
        """
        books, known = self._books, self._known
        findings = Findings(given.record, at)
        if not fits(given.kind, books.batch_type):
            findings.add(
                ("kind",),
                "kind-does-not-fit",
                f"Batch {books.batch_number} is for {books.batch_type.value}, not for a "
                f"{given.kind.value}.",
                "Enter it in a batch of its own type.",
            )
        party = _party(given, books, known, findings)
        job = _job(given, known, findings)
        dates_stand = _dates(given, books, findings)
        currency, rate = _currency(given, party, books, known, findings)
        _belongings(given, findings)
        if not given.lines:
            findings.add(("lines",), "no-lines", f"{given.record} has no lines.", "Add its lines.")
        lines = tuple(self._lines.lines_of(given, findings))
        due = _due(given, party, books, findings) if dates_stand else None
        if len(lines) == len(given.lines) and given.kind.is_credit:
            _below_zero(given, sum((line.value + line.gst for line in lines), ZERO), findings)
        if findings.found:
            return tuple(findings.found)
        return ReadyDocument(
            given=given,
            company_id=party.id if party else None,
            job_id=job.id if job else None,
            due_date=due,
            currency=currency,
            currency_rate=rate,
            lines=lines,
            value=total([line.value for line in lines]),
            gst=total([line.gst for line in lines]),
        )


def _party(given: DocumentGiven, books: Books, known: Known, findings: Findings) -> Party | None:
    if given.kind is DocumentKind.JOURNAL:
        return None
    sells = given.kind in SALES
    role = "client" if sells else "supplier"
    field = "company_id" if given.company_id is not None else "company_account"
    if given.company_id is not None:
        party = known.parties.get(given.company_id)
        asked = f"company {given.company_id}"
    elif given.company_account is not None:
        accounts = known.clients if sells else known.suppliers
        party = accounts.get(given.company_account)
        asked = f"{role} with {'AR' if sells else 'AP'} Account {given.company_account}"
    else:
        findings.add(
            (field,),
            "no-company",
            f"{given.record} names no {role}.",
            f"Give the {role}'s id or its {'AR' if sells else 'AP'} Account.",
        )
        return None
    if party is None:
        findings.add(
            (field,),
            "unknown-company",
            f"There is no {asked} in FinCo {books.fin_co}.",
            f"Correct it, or make the {role} first.",
        )
        return None
    if not (party.is_client if sells else party.is_supplier):
        findings.add(
            (field,),
            "company-does-not-fit",
            f"{party.name} is not a {role}.",
            f"Choose another company, or tick {role.capitalize()} on this one.",
        )
    if not party.active:
        findings.add(
            (field,),
            "inactive-company",
            f"{party.name} is inactive.",
            "Choose another company, or make it active again.",
        )
    return party


def _job(given: DocumentGiven, known: Known, findings: Findings) -> JobKnown | None:
    if given.kind not in SALES:
        return None
    if given.job is None:
        findings.add(
            ("job",),
            "no-job",
            f"{given.record} names no job.",
            "Give the Job Code it is raised on.",
        )
        return None
    return find_job(given.job, given.profit_centre, ("job",), known, findings)


def _dates(given: DocumentGiven, books: Books, findings: Findings) -> bool:
    dates = {"document_date": given.date, "due_date": given.due_date}
    stand = True
    for name, date in dates.items():
        if date is not None and abs(date - books.batch_date) > FARTHEST:
            stand = False
            findings.add(
                (name,),
                "date-far-away",
                f"{date.isoformat()} is more than ten years from the batch's date, "
                f"{books.batch_date.isoformat()}.",
                "Correct the date.",
            )
    return stand


def _due(
    given: DocumentGiven, party: Party | None, books: Books, findings: Findings
) -> dt.date | None:
    """When it falls due: as given, else by the company's terms, else by the template's."""
    if party is None or given.due_date is not None:
        return given.due_date
    by_terms = due_by_terms(given.date, party, books)
    if by_terms is not None:
        return by_terms
    if given.kind is DocumentKind.AP_CREDIT:
        findings.add(
            ("due_date",),
            "no-due-date",
            f"{given.record} has no payment date.",
            f"Give its payment date, or set payment terms for {party.name} (R97).",
        )
    return given.date


def due_by_terms(date: dt.date, party: Party, books: Books) -> dt.date | None:
    """When a document of that date falls due by the company's terms, else by the template's."""
    for days, kind in (party.terms, books.template_terms):
        if days is not None and kind in _TERMS:
            return due_date(date, days, str(kind))
    return None


def _currency(
    given: DocumentGiven, party: Party | None, books: Books, known: Known, findings: Findings
) -> tuple[str, Decimal | None]:
    code = given.currency or (party.currency if party else None) or books.base_currency
    if code == books.base_currency:
        if given.currency_rate is not None:
            findings.add(
                ("currency_rate",),
                "rate-of-base-currency",
                f"{code} is the base currency of FinCo {books.fin_co}: it has no rate.",
                "Leave the rate out.",
            )
        return code, None
    rate = given.currency_rate or known.currencies.get(code)
    if code not in known.currencies:
        findings.add(
            ("currency",),
            "unknown-currency",
            f"There is no active currency {code}.",
            "Correct it, or add it in Currencies.",
        )
    elif rate is None:
        findings.add(
            ("currency_rate",),
            "no-currency-rate",
            f"There is no rate for {code}.",
            "Give the document's rate, or set one in Currencies (R106).",
        )
    return code, rate


def _belongings(given: DocumentGiven, findings: Findings) -> None:
    """Refuse what a document of this kind does not have, rather than forget it in silence."""
    for name in _FOREIGN_TO[given.kind]:
        if getattr(given, name) is not None:
            findings.add(
                (name,),
                "does-not-belong",
                f"A {given.kind.value} has no {name.replace('_', ' ')}.",
                "Leave it out.",
            )


def _foreign_to(kind: DocumentKind) -> tuple[str, ...]:
    names: list[str] = []
    if kind is DocumentKind.JOURNAL:
        names += ["company_id", "company_account", "due_date", "currency", "currency_rate"]
    if kind not in SALES:
        names.append("job")
    if kind not in {DocumentKind.SUB_CLAIM, DocumentKind.CONTRACT_CLAIM}:
        names.append("claim_no")
    if not kind.is_credit:
        names.append("applies_to")
    return tuple(names)


_FOREIGN_TO = {kind: _foreign_to(kind) for kind in DocumentKind}


def _below_zero(given: DocumentGiven, total: Decimal, findings: Findings) -> None:
    if total > 0:
        instead = "AP Invoice" if given.kind in PAYABLES else "Job Sales Invoice"
        findings.add(
            ("lines",),
            "credit-above-zero",
            f"{given.record} adds up to {total}, above zero.",
            f"A credit is entered with negative values. Enter it as {instead} instead.",
        )
