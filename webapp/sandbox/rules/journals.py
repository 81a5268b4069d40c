"""Manual journals: lines that balance, on accounts that take them (d.10)."""

from webapp.sandbox.books import Books, new_id
from webapp.sandbox.dates import parse_day, wire_day
from webapp.sandbox.errors import Problems
from webapp.sandbox.kinds import MANUAL_JOURNALS
from webapp.sandbox.money import ZERO, number, round_to
from webapp.sandbox.rules import header
from webapp.sandbox.rules.accounts import account_on_line
from webapp.sandbox.rules.refused import ElementRefused
from webapp.sandbox.rules.tax import rate_on_line, tax_of_line
from webapp.sandbox.rules.tracking import tracking_on_line
from webapp.sandbox.wire import JsonObject

_NEXT = {
    None: ("DRAFT", "POSTED"),
    "DRAFT": ("DRAFT", "POSTED", "DELETED"),
    "POSTED": ("POSTED", "VOIDED"),
}
_FEWEST_LINES = 2


def save_journal(books: Books, payload: JsonObject, existing: JsonObject | None) -> JsonObject:
    """Make, change, post, delete or void a journal.

    Raises:
        ElementRefused: it breaks a rule.
    """
    problems = Problems()
    before = existing["Status"] if existing else None
    own_id = existing["ManualJournalID"] if existing else None
    status = str(payload.get("Status") or before or "DRAFT").upper()
    if status not in _NEXT.get(before, ()):
        problems.add("Manual journal not of valid status for modification")
        raise ElementRefused(problems, own_id)
    journal = {**existing} if existing else _blank()
    _take_head(books, journal, payload, problems)
    if isinstance(payload.get("JournalLines"), list) or existing is None:
        sent = payload.get("JournalLines") or []
        journal["JournalLines"] = _lines(books, journal, sent, problems)
        _check_balance(journal, problems)
    if problems:
        raise ElementRefused(problems, own_id)
    journal["Status"] = status
    books.save(MANUAL_JOURNALS, journal)
    return journal


def _blank() -> JsonObject:
    return {
        "ManualJournalID": new_id(),
        "Narration": "",
        "Date": None,
        "LineAmountTypes": "NoTax",
        "Status": "DRAFT",
        "ShowOnCashBasisReports": True,
        "HasAttachments": False,
        "UpdatedDateUTC": "",
        "JournalLines": [],
    }


def _take_head(books: Books, journal: JsonObject, payload: JsonObject, problems: Problems) -> None:
    if payload.get("Narration") is not None:
        journal["Narration"] = str(payload["Narration"])
    if not journal["Narration"].strip():
        problems.add("Narration must be specified.")
    day = parse_day(payload.get("Date") or journal["Date"])
    if payload.get("Date") and day is None:
        problems.add("Date is not a valid date.")
    day = day or books.clock.today(books.organisation.zone)
    journal["Date"] = wire_day(day)
    header.check_lock_dates(books, day, problems)
    header.set_amount_types(journal, payload, problems)
    header.set_link(journal, payload, problems)
    if isinstance(payload.get("ShowOnCashBasisReports"), bool):
        journal["ShowOnCashBasisReports"] = payload["ShowOnCashBasisReports"]


def _lines(
    books: Books, journal: JsonObject, sent: list[JsonObject], problems: Problems
) -> list[JsonObject]:
    if len(sent) < _FEWEST_LINES:
        problems.add("A manual journal needs at least two lines.")
    return [
        _line(books, journal["LineAmountTypes"], line, position, problems)
        for position, line in enumerate(sent)
        if isinstance(line, dict)
    ]


def _line(
    books: Books, amount_types: str, sent: JsonObject, position: int, problems: Problems
) -> JsonObject:
    amount = number(sent.get("LineAmount"))
    if amount is None:
        problems.add_line(position, "LineAmount must be specified.")
        amount = ZERO
    line: JsonObject = {
        "Description": str(sent.get("Description") or ""),
        "TaxType": "NONE",
        "LineAmount": round_to(amount, 2),
        "TaxAmount": ZERO,
        "IsBlank": False,
    }
    if not sent.get("AccountCode") and not sent.get("AccountID"):
        problems.add_line(position, "Account code must be specified.")
    else:
        _ledger(books, amount_types, sent, line, problems)
    line["Tracking"], messages = tracking_on_line(books, sent.get("Tracking"))
    for message in messages:
        problems.add_line(position, message)
    return line


def _ledger(
    books: Books, amount_types: str, sent: JsonObject, line: JsonObject, problems: Problems
) -> None:
    account = account_on_line(books, sent, journal=True, problems=problems)
    if account is None:
        return
    line |= {"AccountID": account["AccountID"], "AccountCode": account["Code"]}
    no_tax = amount_types == "NoTax"
    tax_type = str(sent.get("TaxType") or ("NONE" if no_tax else account["TaxType"]))
    rate = rate_on_line(books, tax_type, account, problems)
    if rate is None:
        return
    line["TaxType"] = rate["TaxType"]
    stated = number(sent.get("TaxAmount"))
    if stated is not None and not no_tax:
        line["TaxAmount"] = round_to(stated, 2)
    else:
        line["TaxAmount"] = tax_of_line(line["LineAmount"], rate["EffectiveRate"], amount_types)


def _check_balance(journal: JsonObject, problems: Problems) -> None:
    """Debits are positive; with tax on top, the tax must balance as well."""
    exclusive = journal["LineAmountTypes"] == "Exclusive"
    amounts = [
        line["LineAmount"] + (line["TaxAmount"] if exclusive else ZERO)
        for line in journal["JournalLines"]
    ]
    debits = sum((amount for amount in amounts if amount > 0), ZERO)
    credited = sum((amount for amount in amounts if amount < 0), ZERO)
    if debits + credited != 0:
        problems.add(f"The total debits ({debits}) must equal total credits ({credited})")
