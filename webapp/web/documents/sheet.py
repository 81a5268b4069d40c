"""What was filled in on the form of a document, and the buttons that only change its lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from webapp.queries.documents.kept import KeptDocument
from webapp.web.documents.layout import Box

MOST_LINES = 500
_KEY = re.compile(r"[0-9]{1,6}")
_DOING = re.compile(r"(copy|remove)-([0-9]{1,6})")


@dataclass(frozen=True)
class SheetLine:
    """A line of the form; ``key`` names its boxes, whatever is added or removed around it."""

    key: str
    texts: Mapping[str, str]

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(self.texts.values())


@dataclass(frozen=True)
class Sheet:
    """The whole form.

    Attributes:
        header: the boxes above the lines.
        lines: in their order.
        mark: the fingerprint of the document as the person was shown it; empty for a new one.
        focus: the key of the line to go on in; None to go on at the top.
    """

    header: Mapping[str, str]
    lines: tuple[SheetLine, ...]
    mark: str = ""
    focus: str | None = None

    @property
    def filled(self) -> "Sheet":
        """The same without lines that were left empty."""
        return replace(self, lines=tuple(line for line in self.lines if not line.empty))


def blank(boxes: Sequence[Box], line: Sequence[Box], start: Mapping[str, str]) -> Sheet:
    """The form of a new document, with one line to begin with."""
    header = {box.name: start.get(box.name, "") for box in boxes}
    return Sheet(header, (_empty("1", line),))


def of_kept(document: KeptDocument, boxes: Sequence[Box], line: Sequence[Box]) -> Sheet:
    """The form of a document as it is kept."""
    return Sheet(
        {box.name: document.header[box.name] for box in boxes},
        tuple(
            SheetLine(str(number), {box.name: texts[box.name] for box in line})
            for number, texts in enumerate(document.lines, start=1)
        ),
        document.mark,
    )


def read(sent: MultiDict[str, str], boxes: Sequence[Box], line: Sequence[Box]) -> Sheet:
    """What a browser sent of the form."""
    keys = dict.fromkeys(key for key in sent.getlist("line") if _KEY.fullmatch(key))
    lines = tuple(
        SheetLine(key, {box.name: sent.get(f"{key}-{box.name}", "").strip() for box in line})
        for key in list(keys)[:MOST_LINES]
    )
    header = {box.name: sent.get(box.name, "").strip() for box in boxes}
    return Sheet(header, lines, sent.get("mark", ""))


def with_a_line(sheet: Sheet, line: Sequence[Box]) -> Sheet:
    """The same with one line to be filled in, where there is none."""
    return sheet if sheet.lines else replace(sheet, lines=(_empty("1", line),))


def worked(sheet: Sheet, doing: str, line: Sequence[Box]) -> Sheet:
    """The form after a button below or beside its lines was pressed; nothing typed is lost.

    Args:
        sheet: as it was filled in.
        doing: the button's value: add, copy-KEY or remove-KEY; any other changes nothing.
        line: the boxes of a line.
    """
    new = str(max((int(one.key) for one in sheet.lines), default=0) + 1)
    room = len(sheet.lines) < MOST_LINES
    if doing == "add" and room:
        return replace(sheet, lines=(*sheet.lines, _empty(new, line)), focus=new)
    asked = _DOING.fullmatch(doing)
    at = next((place for place, one in enumerate(sheet.lines) if asked and one.key == asked[2]), -1)
    if not asked or at < 0:
        return sheet
    before, after = sheet.lines[: at + 1], sheet.lines[at + 1 :]
    if asked[1] == "copy":
        if not room:
            return sheet
        copied = SheetLine(new, {**sheet.lines[at].texts, "source_reference": ""})
        return replace(sheet, lines=(*before, copied, *after), focus=new)
    left = (*before[:-1], *after) or (_empty(new, line),)
    return replace(sheet, lines=left, focus=left[min(at, len(left) - 1)].key)


def _empty(key: str, line: Sequence[Box]) -> SheetLine:
    return SheetLine(key, {box.name: "" for box in line})
