"""``load FILE --target NAME``."""

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from webapp.cli.context import CommandError, Exit, application, fin_co_by_code, finish
from webapp.config import loads_path
from webapp.db import db
from webapp.deps import current_deps, lease_owner
from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.settings import LoadMapping
from webapp.domain.ingest.states import LoadMode, LoadState
from webapp.models import LoadProblem, LoadRun
from webapp.services import audit, loading
from webapp.services.errors import ServiceError

_SHOWN = 20


def load_target(
    file: Path,
    *,
    target: str,
    fin_co: str | None,
    mapping: Path | None,
    source: str | None,
    batch_date: dt.date | None,
    dry_run: bool,
    good_rows: bool,
    as_json: bool,
) -> None:
    """Load a file as any target, or say what would be done.

    Raises:
        CommandError: nothing of it can be taken, or it does not tell how it reads.
    """
    with application():
        try:
            run_id = _received(file, target, _fin_co_id(target, fin_co))
            told = _told(run_id, mapping, source)
            if batch_date is not None:
                told = replace(told, options={**told.options, "batch_date": str(batch_date)})
            loading.set_mapping(run_id, told, now=current_deps().clock())
            if dry_run:
                report = _previewed(run_id)
            else:
                report = _loaded(run_id, LoadMode.GOOD_ROWS if good_rows else LoadMode.WHOLE)
        except FileRefused as refused:
            raise CommandError(f"{file}: {refused.message} {refused.way_out}") from None
        except MappingRefused as refused:
            raise CommandError(
                "The file cannot be read by this mapping:\n"
                + "\n".join(f"  {problem}" for problem in refused.problems)
            ) from None
        except ServiceError as error:
            raise CommandError(f"{error.message} {error.way_out}") from None
    finish(report, text=_as_text(report), as_json=as_json, status=_status(report))


def _fin_co_id(target: str, code: str | None) -> int | None:
    if code is not None:
        return fin_co_by_code(code).id
    shape = loading.target_of(target)
    if shape.per_fin_co:
        raise CommandError(f"Say with --fin-co whose {shape.label} they are.")
    return None


def _received(file: Path, target: str, fin_co_id: int | None) -> int:
    try:
        with file.open("rb") as stream:
            return loading.receive(
                stream,
                file.name,
                target=target,
                fin_co_id=fin_co_id,
                folder=loads_path(),
                user_id=None,
                now=current_deps().clock(),
            )
    except OSError as error:
        raise CommandError(f"{file} cannot be opened: {error.strerror}.") from None


def _told(run_id: int, path: Path | None, source: str | None) -> LoadMapping:
    if path is not None:
        try:
            return LoadMapping.from_json(tomllib.loads(path.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise CommandError(f"The mapping {path} cannot be read: {error}.") from None
    if source is None:
        return loading.suggested(run_id, loading.look(run_id))
    run = db.session.get_one(LoadRun, run_id)
    known = {one.name: one for one in loading.sources(run.target, run.fin_co_id)}
    if source not in known:
        names = ", ".join(known) or "none"
        raise CommandError(f"No mapping {source} is remembered for {run.target}. Known: {names}.")
    return loading.mapping_of(known[source])


def _previewed(run_id: int) -> dict[str, Any]:
    found = loading.preview(run_id, now=current_deps().clock())
    loading.discard(run_id)
    return {
        "stored": False,
        "rows": found.rows,
        "records": found.records,
        "created": found.created,
        "updated": found.updated,
        "unchanged": found.unchanged,
        "bad": found.bad,
        "value_ex_gst": None if found.value_ex_gst is None else str(found.value_ex_gst),
        "gst": None if found.gst is None else str(found.gst),
        "batches": [],
        "problems": [[one.row, one.column, one.reason] for one in found.problems],
        "warnings": [[one.row, one.reason] for one in found.warnings],
        "bad_rows_file": None,
        "error": None,
    }


def _loaded(run_id: int, mode: LoadMode) -> dict[str, Any]:
    deps = current_deps()
    loading.start_load(
        run_id,
        mode=mode,
        user_id=None,
        source=audit.COMMAND_LINE,
        now=deps.clock(),
        after_commit=lambda _: None,
    )
    loading.run_load(
        deps.progress,
        run_id=run_id,
        owner=lease_owner(),
        clock=deps.clock,
        lease_seconds=deps.config.export_lease_seconds,
    )
    run = db.session.get_one(LoadRun, run_id, populate_existing=True)
    result = run.result or {}
    problems = db.session.query(LoadProblem).filter_by(run_id=run_id).order_by(LoadProblem.id)
    bad_rows = loading.bad_rows_file(run_id)
    return {
        "stored": run.state is LoadState.DONE,
        "rows": run.rows,
        "records": run.records,
        "created": run.created,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "bad": run.bad,
        "value_ex_gst": result.get("value_ex_gst"),
        "gst": result.get("gst"),
        "batches": result.get("batches", []),
        "problems": [[one.row_number, one.column, one.reason] for one in problems],
        "bad_rows_file": None if bad_rows is None else str(bad_rows),
        "error": run.error,
    }


def _status(report: dict[str, Any]) -> Exit:
    if report["error"] or not report["records"] or report["bad"] == report["records"]:
        return Exit.NOTHING_DONE
    return Exit.SOME_REFUSED if report["bad"] else Exit.DONE


def _as_text(report: dict[str, Any]) -> str:
    fates = ", ".join(
        f"{report[name]:,} {word}"
        for name, word in (
            ("created", "new"), ("updated", "changed"), ("unchanged", "unchanged"), ("bad", "bad")
        )
    )  # fmt: skip
    lines = [f"{report['rows']:,} rows make {report['records']:,} records: {fates}."]
    if report["value_ex_gst"] is not None:
        lines.append(f"New documents: {report['value_ex_gst']} ex GST, {report['gst']} GST.")
    lines += [
        f"  row {row}{f', {column}' if column else ''}: {reason}"
        for row, column, reason in report["problems"][:_SHOWN]
    ]
    lines += [f"  row {row}, to look at: {told}" for row, told in report.get("warnings", ())]
    if report["bad_rows_file"]:
        lines.append(
            f"The bad rows with their reasons lie in {report['bad_rows_file']} for "
            f"{loading.BAD_ROWS_KEPT.days} days."
        )
    if report["batches"]:
        lines.append(f"Open batches: {' '.join(report['batches'])}.")
    if not report["stored"]:
        lines.append(report["error"] or "Nothing was stored: this only said what would be done.")
    return "\n".join(lines)
