"""Shows what a load would do, without storing anything."""

import datetime as dt
from pathlib import Path

from webapp.db import db, transaction
from webapp.domain.ingest.states import LoadState
from webapp.services.loading.engine import Tally, engine
from webapp.services.loading.found import Preview, PreviewRow, RowProblem
from webapp.services.loading.judging import Outcome
from webapp.services.loading.loaders import loader_of, target_of
from webapp.services.loading.receiving import editable, mapping_of, spool_of

_FIRST = 50
_PROBLEMS = 200


def preview(run_id: int, *, now: dt.datetime) -> Preview:
    """Judge all records of a file as its load would.

    Raises:
        FileRefused: nothing of the file can be taken.
        ServiceError: the run was started, or its target can take nothing now.
    """
    run = editable(run_id)
    target, mapping = target_of(run.target), mapping_of(run)
    loader = loader_of(target, run.fin_co_id, mapping, user_id=None, source="preview", now=now)
    tally = Tally()
    first: list[PreviewRow] = []
    warnings: list[RowProblem] = []
    with engine(Path(run.stored_path), spool_of(run), target, mapping, loader) as work:
        rows, records = work.read(lambda _: None)
        work.spool.forget_bad(0)
        position = 0
        while verdicts := work.judged(position):
            tally.add(verdicts)
            first += [
                PreviewRow(tuple(row for row, _ in one.record.rows), one.outcome, dict(one.shown()))
                for one in verdicts[: _FIRST - len(first)]
            ]
            warnings += [
                RowProblem(one.record.rows[0][0], None, None, warning)
                for one in verdicts
                for warning in one.warnings
            ][: _PROBLEMS - len(warnings)]
            position = verdicts[-1].record.position
        problems, bad_rows = work.spool.problems(_PROBLEMS), work.spool.bad_rows()
    db.session.rollback()
    with transaction():
        editable(run_id).state = LoadState.PREVIEWED
    return Preview(
        rows=rows,
        records=records,
        created=tally.outcomes[Outcome.CREATED],
        updated=tally.outcomes[Outcome.UPDATED],
        unchanged=tally.outcomes[Outcome.UNCHANGED],
        bad=tally.outcomes[Outcome.BAD],
        bad_rows=bad_rows,
        problems=tuple(problems),
        warnings=tuple(warnings),
        first=tuple(first),
        value_ex_gst=tally.value if target.is_documents else None,
        gst=tally.gst if target.is_documents else None,
    )
