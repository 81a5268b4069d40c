"""Saving the GST Types grid: all of its lines, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import TICKED, faults, number_of
from webapp.domain.setup.gst_types import FIELDS, more_faults
from webapp.domain.setup.tax_rates import Rate, misfit
from webapp.models import GstType
from webapp.queries.setup.gst_types import KeptLine, kept_lines
from webapp.services import audit
from webapp.services.errors import ChangedMeanwhile
from webapp.services.setup.saving import By, refuse


@dataclass(frozen=True)
class Line:
    """A line of the grid as it was sent.

    Attributes:
        key: names the line in the form.
        id: the GST Type's id; None for a line that was added.
        texts: its fields.
        mark: the fingerprint of what the person was shown.
        remove: whether it shall go.
    """

    key: str
    id: int | None
    texts: Mapping[str, str]
    mark: str
    remove: bool = False


@dataclass(frozen=True)
class SavedLines:
    """How many lines were added, changed and removed."""

    added: int
    changed: int
    removed: int


def line_faults(
    line: Line, kept: KeptLine | None, others: Sequence[str], rates: Sequence[Rate]
) -> dict[str, str]:
    """What is wrong with a line, field by field.

    Args:
        line: as it was filled in.
        kept: as it is kept; None where it was added.
        others: the codes of the lines that will be beside it.
        rates: Xero's tax rates, as far as they are known.
    """
    found = faults(FIELDS, line.texts, {"reciprocal_code": others})
    if not found:
        found = more_faults(line.texts, others)
    uses = ("export_code", "use_for_ap", "use_for_ar")
    untouched = kept is not None and all(line.texts[use] == kept.texts[use] for use in uses)
    if line.texts["export_code"] and not untouched and "export_code" not in found:
        refused = misfit(
            line.texts["export_code"],
            rates,
            for_ap=line.texts["use_for_ap"] == TICKED,
            for_ar=line.texts["use_for_ar"] == TICKED,
        )
        if refused:
            found["export_code"] = refused
    return found


def save_gst_types(lines: Sequence[Line], rates: Sequence[Rate], by: By) -> SavedLines:
    """Keep the whole grid.

    Args:
        lines: all lines that the person was shown or added.
        rates: Xero's tax rates, as far as they are known.
        by: who saves them.

    Raises:
        ChangedMeanwhile: somebody else saved one of the lines in between.
        NotValid: a line has a fault, or is in use and was to be removed; the names of its fields
            are those of the lines' keys and fields, joined by a hyphen.
    """
    with transaction():
        rows = {
            row.id: row
            for row in db.session.scalars(sa.select(GstType).order_by(GstType.id).with_for_update())
        }
        kept = {line.id: line for line in kept_lines()}
        refuse("The grid of GST Types", _faults(lines, kept, rates))
        _see_that_nobody_was_faster(lines, kept)
        done = SavedLines(0, 0, 0)
        for line in lines:
            before = kept[line.id] if line.id is not None else None
            if line.remove and line.id is not None:
                db.session.delete(rows[line.id])
                done = SavedLines(done.added, done.changed, done.removed + 1)
                _log("remove set-up", line, before, by)
            elif before is None:
                row = GstType(code=line.texts["code"])
                _assign(row, line.texts)
                db.session.add(row)
                done = SavedLines(done.added + 1, done.changed, done.removed)
                _log("add set-up", line, None, by)
            elif before.texts != line.texts:
                assert line.id is not None
                _assign(rows[line.id], line.texts)
                done = SavedLines(done.added, done.changed + 1, done.removed)
                _log("change set-up", line, before, by)
        return done


def _faults(
    lines: Sequence[Line], kept: Mapping[int, KeptLine], rates: Sequence[Rate]
) -> dict[str, str]:
    found = {}
    shown = {line.id for line in lines}
    elsewhere = [line.texts["code"] for id_, line in kept.items() if id_ not in shown]
    stay = [line for line in lines if not line.remove]
    for line in lines:
        before = kept.get(line.id) if line.id is not None else None
        if line.remove:
            if before is not None and before.used_by:
                used_by = " and ".join(before.used_by)
                found[f"{line.key}-remove"] = f"It is used by {used_by}, so it has to stay."
            continue
        others = [*elsewhere, *(other.texts["code"] for other in stay if other is not line)]
        for field, fault in line_faults(line, before, others, rates).items():
            found[f"{line.key}-{field}"] = fault
    return found


def _see_that_nobody_was_faster(lines: Sequence[Line], kept: Mapping[int, KeptLine]) -> None:
    for line in lines:
        if line.id is None:
            continue
        now = kept.get(line.id)
        if now is None:
            clash = True
        else:
            clash = now.mark != line.mark and (line.remove or now.texts != line.texts)
        if clash:
            raise ChangedMeanwhile(
                f"GST Type {line.texts['code']} was changed by somebody else while you had the "
                "grid open, so nothing was saved yet.",
                "What is kept now stands beside what you typed. Keep or correct yours, "
                "then press Save again.",
            )


def _assign(row: GstType, texts: Mapping[str, str]) -> None:
    percent = number_of(texts["percent"])
    assert percent is not None
    row.description = texts["description"]
    row.export_code = texts["export_code"] or None
    row.reciprocal_code = texts["reciprocal_code"] or None
    row.percent = percent
    row.use_for_ap = texts["use_for_ap"] == TICKED
    row.use_for_ar = texts["use_for_ar"] == TICKED


def _log(action: str, line: Line, before: KeptLine | None, by: By) -> None:
    after: Mapping[str, str | None]
    if line.remove and before is not None:
        after = {name: None for name, value in before.texts.items() if value}
    else:
        after = {name: value for name, value in line.texts.items() if value or before}
    audit.record(
        at=by.at,
        user_id=by.user_id,
        fin_co_id=None,
        action=action,
        source=by.source,
        detail={
            "record": f"GST Type {line.texts['code']}",
            **audit.changes(before.texts if before else {}, after),
        },
    )
