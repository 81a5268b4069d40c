"""Makes of what was typed the document it means, and says which boxes mean nothing."""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

from webapp.domain.documents import DocumentKind
from webapp.domain.entry.given import DocumentGiven, LineGiven
from webapp.domain.entry.kinds import SALES
from webapp.queries.documents.kept import JOINED
from webapp.queries.setup.fin_cos import companies_called
from webapp.web.documents.layout import Box, BoxKind
from webapp.web.documents.sheet import Sheet, SheetLine

_AMOUNT = re.compile(r"-?([0-9]{1,10}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,4})?")
_RATE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_CLAIM_NO = re.compile(r"[1-9][0-9]{0,5}")


@dataclass
class Meant:
    """The document that the boxes mean; what means nothing is told in ``faults`` by its box.

    A box with a fault stands in ``given`` as if it were empty, so that everything else can be
    checked and told at once.
    """

    given: DocumentGiven
    faults: dict[str, str] = field(default_factory=dict)


class Reader:
    """Reads the boxes of one form."""

    def __init__(self, sheet: Sheet, kind: DocumentKind, fin_co_id: int, instead: dt.date) -> None:
        """Make a reader.

        Args:
            sheet: what was typed, without lines left empty.
            kind: what is entered.
            fin_co_id: whose companies are meant.
            instead: the day taken for a date that is none, until it is corrected.
        """
        self._sheet = sheet
        self._kind = kind
        self._fin_co_id = fin_co_id
        self._instead = instead
        self.faults: dict[str, str] = {}

    def read(self, boxes: tuple[Box, ...], line_boxes: tuple[Box, ...]) -> Meant:
        """The document, and what is wrong with its boxes."""
        texts = self._sheet.header
        for box in boxes:
            self._plain(box, box.name, texts[box.name])
        for line in self._sheet.lines:
            for box in line_boxes:
                self._plain(box, f"{line.key}-{box.name}", line.texts[box.name])
        job, centre = _job(texts.get("job", ""))
        given = DocumentGiven(
            kind=self._kind,
            number=texts["number"],
            date=self._day("date") or self._instead,
            lines=tuple(self._line(line) for line in self._sheet.lines),
            company_id=self._company(),
            job=job,
            profit_centre=centre,
            reference=texts["reference"] or None,
            due_date=self._day("due_date"),
            currency=texts.get("currency") or None,
            currency_rate=self._rate(),
            claim_no=self._claim_no(),
            applies_to=texts.get("applies_to") or None,
        )
        return Meant(given, self.faults)

    def _plain(self, box: Box, name: str, text: str) -> None:
        if box.required and not text:
            self.faults[name] = f"{box.label} is missing."
        elif box.kind is not BoxKind.NUMBER and len(text) > box.longest:
            self.faults[name] = f"{box.label} has up to {box.longest} characters."
        elif not all(character.isprintable() or character in "\r\n\t" for character in text):
            self.faults[name] = f"{box.label} holds characters that cannot be kept."

    def _company(self) -> int | None:
        text = self._sheet.header.get("company", "")
        if not text or "company" in self.faults:
            return None
        role = "client" if self._kind in SALES else "supplier"
        found = companies_called(self._fin_co_id, text)
        if len(found) == 1:
            return found[0].id
        self.faults["company"] = (
            f"Several companies are called {text}. Pick the one you mean from the list."
            if found
            else f"There is no active company {text}. Pick a {role} from the list, by its name or "
            "account."
        )
        return None

    def _line(self, line: SheetLine) -> LineGiven:
        texts = line.texts
        job, centre = _job(texts["job"])
        value = self._number(f"{line.key}-value", texts["value"], _AMOUNT, "An amount")
        if not texts["value"]:
            self.faults[f"{line.key}-value"] = "The amount is missing."
        quantity = self._number(f"{line.key}-quantity", texts["quantity"], _QUANTITY, "A quantity")
        return LineGiven(
            value=value or Decimal("0.00"),
            gst=self._number(f"{line.key}-gst", texts.get("gst", ""), _AMOUNT, "An amount"),
            gst_type=texts.get("gst_type") or None,
            description=texts["description"] or None,
            source_reference=texts["source_reference"] or None,
            job=job,
            profit_centre=centre,
            activity=texts.get("activity") or None,
            sales_code=texts.get("sales_code") or None,
            work_centre=texts["work_centre"] or None,
            quantity=quantity,
            dr_account=texts.get("dr_account") or None,
            cr_account=texts.get("cr_account") or None,
        )

    def _number(self, name: str, text: str, pattern: re.Pattern[str], what: str) -> Decimal | None:
        plain = text.replace("\u2212", "-").replace(" ", "").replace("\u00a0", "")
        if not plain:
            return None
        if not pattern.fullmatch(plain):
            places = 2 if pattern is _AMOUNT else 4
            self.faults[name] = (
                f"{text} cannot be read. {what} is written like 1234.50, with up to {places} "
                "places after a point."
            )
            return None
        return Decimal(plain.replace(",", ""))

    def _day(self, name: str) -> dt.date | None:
        text = self._sheet.header.get(name, "")
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self.faults[name] = f"{text} is no day. Write it like 2026-11-30."
            return None

    def _rate(self) -> Decimal | None:
        text = self._sheet.header.get("currency_rate", "")
        if not text:
            return None
        if not _RATE.fullmatch(text) or not Decimal(text):
            self.faults["currency_rate"] = (
                "A rate is above zero, written like 0.92, with up to 6 places after a point."
            )
            return None
        return Decimal(text)

    def _claim_no(self) -> int | None:
        text = self._sheet.header.get("claim_no", "")
        if not text:
            return None
        if not _CLAIM_NO.fullmatch(text):
            self.faults["claim_no"] = "A Claim No is a whole number from 1."
            return None
        return int(text)


def _job(text: str) -> tuple[str | None, str | None]:
    """A Job Code, and the Profit Centre where one is named with it."""
    code, joined, centre = text.rpartition(JOINED)
    return (code, centre) if joined else (text or None, None)
