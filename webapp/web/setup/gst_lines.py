"""The lines of the GST Types grid as they are sent and as they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from webapp.domain.setup.fields import TICKED, filled_in
from webapp.domain.setup.gst_types import FIELDS
from webapp.domain.setup.tax_rates import ACTIVE, Offer, Rate, offers, warnings
from webapp.queries.setup.gst_types import KeptLine
from webapp.services.setup.gst_types import Line

NEW = "new"
MOST_LINES = 500
LONGEST_ID = 9


@dataclass(frozen=True)
class ShownLine:
    """A line as the page shows it.

    Attributes:
        key: names it in the form.
        kept: as it is kept; None where it was added.
        texts: what its fields hold.
        mark: the fingerprint that the form carries.
        remove: whether its Bin is ticked.
        faults: what is wrong, by field.
        now: what is kept now, by field, where somebody else changed it meanwhile.
        offers: the Export Codes to pick from; empty where none are known.
        warnings: what somebody should look at.
    """

    key: str
    kept: KeptLine | None
    texts: Mapping[str, str]
    mark: str
    remove: bool
    faults: Mapping[str, str]
    now: Mapping[str, str]
    offers: tuple[Offer, ...]
    warnings: tuple[str, ...]


def read_lines(sent: MultiDict[str, str], kept: Mapping[int, KeptLine]) -> list[Line]:
    """The lines of the form, in its order; lines that were added and left empty are left out."""
    found = []
    for key in sent.getlist("line")[:MOST_LINES]:
        given = {field.name: sent.get(f"{key}-{field.name}", "") for field in FIELDS}
        texts = filled_in(FIELDS, given)
        id_ = int(key) if key.isdecimal() and len(key) <= LONGEST_ID else None
        if id_ is not None and id_ in kept:
            texts["code"] = kept[id_].texts["code"]
        typed = {name: value for name, value in texts.items() if not name.startswith("use_for")}
        if id_ is None and not any(typed.values()):
            continue
        remove = bool(sent.get(f"{key}-remove"))
        found.append(Line(key, id_, texts, sent.get(f"{key}-mark", ""), remove))
    return found


def blank(number: int) -> Line:
    """A line to be filled in."""
    texts = {**filled_in(FIELDS, {}), "use_for_ap": TICKED, "use_for_ar": TICKED}
    return Line(f"{NEW}-{number}", None, texts, "")


def without_removed(lines: Sequence[Line], kept: Mapping[int, KeptLine]) -> list[Line]:
    """The lines; one that somebody else removed meanwhile as one that would be added anew."""
    return [
        replace(line, key=f"{NEW}-of-{line.id}", id=None, mark="")
        if line.id is not None and line.id not in kept
        else line
        for line in lines
    ]


def standing(kept: KeptLine) -> Line:
    """A line as it is kept."""
    return Line(str(kept.id), kept.id, kept.texts, kept.mark)


def show_line(
    line: Line,
    kept: KeptLine | None,
    rates: Sequence[Rate],
    *,
    faults: Mapping[str, str] | None = None,
    clash: bool = False,
) -> ShownLine:
    """A line with its picker and what there is to say of it.

    Args:
        line: as it was filled in.
        kept: as it is kept now.
        rates: Xero's tax rates, as far as they are known.
        faults: by the line's key and field, joined by a hyphen.
        clash: whether the grid was changed by somebody else meanwhile.
    """
    texts = line.texts
    mine = {
        name.removeprefix(f"{line.key}-"): fault
        for name, fault in (faults or {}).items()
        if name.startswith(f"{line.key}-")
    }
    changed = clash and kept is not None and kept.mark != line.mark
    return ShownLine(
        key=line.key,
        kept=kept,
        texts=texts,
        mark=kept.mark if clash and kept else line.mark,
        remove=line.remove,
        faults=mine,
        now={name: text for name, text in kept.texts.items() if text != texts[name]}
        if changed and kept
        else {},
        offers=_offers(texts, rates),
        warnings=warnings(texts["export_code"], Decimal(texts["percent"]), rates)
        if texts["percent"] and "percent" not in mine
        else (),
    )


def _offers(texts: Mapping[str, str], rates: Sequence[Rate]) -> tuple[Offer, ...]:
    found = offers(
        rates,
        for_ap=texts["use_for_ap"] == TICKED,
        for_ar=texts["use_for_ar"] == TICKED,
    )
    kept = texts["export_code"]
    if not rates or not kept or kept in {offer.tax_type for offer in found}:
        return found
    known = [rate for rate in rates if rate.tax_type == kept]
    why = "not in a connected organisation"
    if known:
        active = any(rate.status == ACTIVE for rate in known)
        why = "not for this use" if active else "not active in Xero"
    return (*found, Offer(kept, f"{kept} ({why})"))
