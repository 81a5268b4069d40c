"""The form of a document as the page shows it: each box with what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.domain.entry.findings import Finding
from webapp.queries.documents import choices
from webapp.queries.documents.kept import KeptDocument
from webapp.queries.setup.choices import work_centres
from webapp.queries.setup.records import Choice
from webapp.services.documents.trying import LineReckoned
from webapp.web.documents.layout import Box, header_boxes, line_boxes
from webapp.web.documents.sheet import Sheet

_BOX_OF = {
    "company_id": "company",
    "company_account": "company",
    "document_date": "date",
    "value_ex_gst": "value",
    "profit_centre": "job",
}


@dataclass(frozen=True)
class ShownBox:
    """A box.

    Attributes:
        box: which one.
        name: its name in the form.
        value: what it holds.
        fault: what is wrong with that.
        now: what is kept now, where somebody else changed it meanwhile.
        options: what it can be chosen from.
    """

    box: Box
    name: str
    value: str
    fault: str | None
    now: str | None
    options: tuple[Choice, ...]


@dataclass(frozen=True)
class ShownLine:
    """A line with what its GST comes to; ``reckoned`` is None where it was left empty."""

    key: str
    boxes: tuple[ShownBox, ...]
    reckoned: LineReckoned | None


@dataclass(frozen=True)
class Fault:
    """One thing wrong, for the list above the form; ``name`` is the box it leads to."""

    name: str | None
    where: str
    text: str


def by_box(findings: Iterable[Finding], sheet: Sheet) -> dict[str, str]:
    """What is wrong, by the names of the form's boxes; what is about none is under ''."""
    found: dict[str, str] = {}
    for finding in findings:
        name = _name(finding, sheet)
        text = f"{finding.problem.message} {finding.problem.way_out}"
        found[name] = f"{found[name]} {text}" if name in found else text
    return found


def _name(finding: Finding, sheet: Sheet) -> str:
    path = finding.path[2:] if finding.path[:1] == ("documents",) else finding.path
    match path:
        case ("lines", int(position), str(member)):
            return f"{sheet.lines[position].key}-{_BOX_OF.get(member, member)}"
        case (str(member),) if _BOX_OF.get(member, member) in sheet.header:
            return _BOX_OF.get(member, member)
    return ""


class Form:
    """The boxes of a kind of document, and what they can be chosen from."""

    def __init__(self, kind: DocumentKind, batch_type: BatchType) -> None:
        self.header = header_boxes(kind)
        self.line = line_boxes(kind, batch_type)
        self._kind = kind
        self._options: dict[str, tuple[Choice, ...]] | None = None

    def head(
        self, sheet: Sheet, faults: Mapping[str, str], clashing: KeptDocument | None
    ) -> tuple[ShownBox, ...]:
        """The boxes above the lines."""
        now = clashing.header if clashing else {}
        return tuple(
            self._shown(box, box.name, value, faults, now.get(box.name, value))
            for box in self.header
            for value in (sheet.header[box.name],)
        )

    def lines(
        self,
        sheet: Sheet,
        faults: Mapping[str, str],
        reckoned: Mapping[str, LineReckoned],
    ) -> tuple[ShownLine, ...]:
        """The lines."""
        return tuple(
            ShownLine(
                line.key,
                tuple(
                    self._shown(box, f"{line.key}-{box.name}", value, faults, value)
                    for box in self.line
                    for value in (line.texts[box.name],)
                ),
                reckoned.get(line.key),
            )
            for line in sheet.lines
        )

    def faults_in_order(self, sheet: Sheet, faults: Mapping[str, str]) -> tuple[Fault, ...]:
        """Everything that is wrong, from the top of the form to its end."""
        found = [Fault(None, "", faults[""])] if "" in faults else []
        found += [
            Fault(box.name, box.label, faults[box.name])
            for box in self.header
            if box.name in faults
        ]
        for place, line in enumerate(sheet.lines, start=1):
            found += _of_line(place, line.key, self.line, faults)
        return tuple(found)

    def _shown(
        self, box: Box, name: str, value: str, faults: Mapping[str, str], now: str
    ) -> ShownBox:
        return ShownBox(
            box,
            name,
            value,
            faults.get(name),
            now if now != value else None,
            self._choices().get(box.name, ()),
        )

    def _choices(self) -> dict[str, tuple[Choice, ...]]:
        if self._options is None:
            self._options = {
                "currency": choices.currencies(),
                "gst_type": choices.gst_types(self._kind),
                "work_centre": work_centres(),
            }
        return self._options


def _of_line(
    place: int, key: str, boxes: Sequence[Box], faults: Mapping[str, str]
) -> Iterable[Fault]:
    for box in boxes:
        name = f"{key}-{box.name}"
        if name in faults:
            yield Fault(name, f"Line {place}, {box.label}", faults[name])
