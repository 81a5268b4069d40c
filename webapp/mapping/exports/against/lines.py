"""The lines of a document beside its organisation: account, tax, tracking (C6.1, C8.3, C10.1)."""

from collections.abc import Iterator
from decimal import Decimal

from webapp.domain.accounts import AccountFault
from webapp.domain.documents import DocumentKind
from webapp.domain.money import to_cents
from webapp.domain.problems import Problem
from webapp.mapping.exports.against.facts import Facts, folded
from webapp.mapping.exports.against.head import IMPORT
from webapp.mapping.exports.outgoing import OutgoingDocument, OutgoingLine, Tag

ACTIVE = "ACTIVE"
LARGEST = Decimal("9999999999.99")
"""What Xero takes on one line (xero-api d.7.2)."""

OUT_OF_DATE = "The mapping is out of date."
AFTERWARDS = f"If you mend it in Xero, {IMPORT} afterwards."

CODES = {
    AccountFault.MISSING: "account-missing",
    AccountFault.ARCHIVED: "account-archived",
    AccountFault.WRONG_TYPE: "account-not-valid",
    AccountFault.SYSTEM_ACCOUNT: "account-not-valid",
}
_CLASSES = {
    "ASSET": "an asset",
    "EQUITY": "an equity",
    "EXPENSE": "an expense",
    "LIABILITY": "a liability",
    "REVENUE": "a revenue",
}


def line_problems(document: OutgoingDocument, facts: Facts) -> Iterator[Problem]:
    """Why the organisation would take nothing of the document because of one of its lines."""
    journal = document.kind is DocumentKind.JOURNAL
    for line in document.lines:
        found = _of_posting(line, facts) if journal else _of_line(line, facts)
        for code, message, way_out in found:
            yield Problem(
                code=code,
                record=document.record,
                line=line.line_no,
                message=message,
                way_out=way_out,
            )


def line_warnings(document: OutgoingDocument) -> Iterator[Problem]:
    """Lines that Xero takes, and shows as an adjustment of its own arithmetic (R69)."""
    if document.kind is DocumentKind.JOURNAL:
        return
    for line in document.lines:
        theirs = line.xero_percent
        if theirs is not None and theirs != line.gst_percent:
            yield Problem(
                code="gst-percent-differs",
                record=document.record,
                line=line.line_no,
                message=(
                    f"GST Type {line.gst_code} is {line.gst_percent.normalize():f} %, and "
                    f"{line.export_code} in Xero {theirs.normalize():f} %."
                ),
                way_out="The GST is sent as it stands here. Correct whichever of the two is wrong.",
            )


def _of_line(line: OutgoingLine, facts: Facts) -> Iterator[tuple[str, str, str]]:
    if abs(line.value) > LARGEST:
        yield (
            "amount-too-large",
            f"A line is of {line.value:,.2f}; Xero takes {LARGEST:,.2f} at most.",
            "Split the line.",
        )
    yield from _account(line.account_code, facts, journal=False)
    if line.export_code is not None:
        yield from _tax(line, line.export_code, facts)
    for tag in line.tags:
        yield from _tracking(tag, facts)


def _of_posting(line: OutgoingLine, facts: Facts) -> Iterator[tuple[str, str, str]]:
    """A line of a journal, which carries no tax (Q17); one of zero posts nothing."""
    if not to_cents(line.value):
        return
    yield from _account(line.account_code, facts, journal=True)
    yield from _account(line.credit_account_code, facts, journal=True)
    for tag in line.tags:
        yield from _tracking(tag, facts)


def _account(code: str | None, facts: Facts, *, journal: bool) -> Iterator[tuple[str, str, str]]:
    if facts.chart is None or code is None:
        return
    fault = facts.chart.fault(code, journal=journal)
    if fault is not None:
        yield CODES[fault.kind], fault.explanation, f"{OUT_OF_DATE} {fault.way_out} {AFTERWARDS}"


def _tax(line: OutgoingLine, tax_type: str, facts: Facts) -> Iterator[tuple[str, str, str]]:
    if facts.tax_rates is None:
        return
    choose = f"Choose another Export Code for GST Type {line.gst_code}"
    rate = facts.tax_rates.get(tax_type)
    if rate is None:
        yield (
            "tax-type-unknown",
            f"Xero has no tax rate {tax_type}, the Export Code of GST Type {line.gst_code}.",
            f"{OUT_OF_DATE} {choose}. {AFTERWARDS}",
        )
    elif rate.status != ACTIVE:
        yield (
            "tax-type-inactive",
            f"Tax rate {tax_type} {rate.name} is {rate.status.lower()} in Xero.",
            f"{OUT_OF_DATE} {choose}, or restore the rate in Xero. {AFTERWARDS}",
        )
    else:
        account_class = facts.account_classes.get(line.account_code or "")
        if account_class is not None and account_class not in rate.account_classes:
            yield (
                "tax-not-for-account",
                (
                    f"Tax rate {tax_type} {rate.name} may not be used with account "
                    f"{line.account_code}, {_CLASSES.get(account_class, account_class)} account."
                ),
                "Choose another GST Type on the line, or name an account that takes this tax.",
            )


def _tracking(tag: Tag, facts: Facts) -> Iterator[tuple[str, str, str]]:
    if facts.categories is None:
        return
    known = facts.categories.get(tag.category)
    if known is None:
        # Xero drops what it does not know without a word; capitals count (R103, R104).
        alike = [name for name in facts.categories if folded(name) == folded(tag.category)]
        told = f" It has {alike[0]}: capitals count." if alike else ""
        yield (
            "tracking-category-unknown",
            f"Xero has no tracking category {tag.category}.{told}",
            (
                f"{OUT_OF_DATE} Name a category of the organisation on the Xero Integration "
                "screen, or add it in Xero (Accounting > Advanced > Tracking categories). "
                f"{AFTERWARDS}"
            ),
        )
    elif known.status != ACTIVE:
        yield (
            "tracking-category-archived",
            f"Tracking category {tag.category} is archived in Xero.",
            (
                f"{OUT_OF_DATE} Restore it in Xero, or name another on the Xero Integration "
                f"screen. {AFTERWARDS}"
            ),
        )
    elif (status := known.options.get(folded(tag.option))) != ACTIVE:
        what = "does not have" if status is None else "has archived"
        yield (
            "tracking-option-unknown" if status is None else "tracking-option-archived",
            f"Xero {what} the option {tag.option} of tracking category {tag.category}.",
            (
                f"{OUT_OF_DATE} Add or restore the option in Xero, or correct where it comes from. "
                f"{AFTERWARDS}"
            ),
        )
