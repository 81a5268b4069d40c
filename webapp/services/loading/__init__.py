"""Bringing files in: purchase invoices by a mapping file, and anything by a mapping made here.

In the browser and with ``load --target``, in this order:

- ``targets()``: everything a file can become, each with its fields and options.
- ``receive(stream, file_name, target=…, fin_co_id=…, folder=…, user_id=…, now=…) -> int``: keeps
  the file and gives the id of its ``LoadRun``. Raises FileRefused (empty, too large, no table).
- ``look(run_id, mapping=None) -> Look``: what the file is. Each ``Guess`` of it that is not
  ``certain`` has to be asked of the person. Raises FileRefused.
- ``suggested(run_id, look) -> LoadMapping``: a mapping from the guesses, to be corrected.
- ``sources(target, fin_co_id) -> list[LoadSource]``: the remembered mappings, each read with
  ``mapping_of(source)``; ``mapping_of(run)`` is that of a run.
- ``set_mapping(run_id, mapping, remember_as=…, now=…)``: raises MappingRefused with everything
  that is wrong or has still to be told, and FileRefused.
- ``preview(run_id, now=…) -> Preview``: the whole load, nothing stored. Raises FileRefused,
  ServiceError.
- ``start_load(run_id, mode=…, user_id=…, source=…, now=…, after_commit=…)``: queues it.
- ``run_load(progress, run_id=…, owner=…, clock=…, lease_seconds=…)``: the background task. Who
  watches listens to ``progress.topic("load", run_id)`` and reads the LoadRun: rows, records,
  position, created, updated, unchanged, bad, bad_rows, result, error.
- ``due_loads(now)``: queued or left behind by a killed worker.
- ``bad_rows_file(run_id) -> Path | None``: the bad rows as a CSV file with a reason column; the
  first of them are ``LoadProblem`` rows. ``discard(run_id)`` forgets a file that is not wanted.
- ``clear_away(folder, now) -> int``: removes files that were never loaded after a day, and bad
  rows after thirty.

The caller sees to it that the person may use the run's FinCo; ``targets`` says which have none.
"""

from webapp.domain.ingest.recognise import Guess
from webapp.domain.ingest.settings import LoadMapping
from webapp.services.loading.ap_invoices import load_ap_invoices
from webapp.services.loading.files import read_mapping
from webapp.services.loading.found import ColumnLook, Look, Preview, PreviewRow, RowProblem
from webapp.services.loading.housekeeping import ABANDONED_AFTER, BAD_ROWS_KEPT, clear_away
from webapp.services.loading.loaders import target_of, targets
from webapp.services.loading.looking import look, suggested
from webapp.services.loading.needs import OrganisationNeeds, organisation_needs
from webapp.services.loading.previewing import preview
from webapp.services.loading.receiving import discard, mapping_of, receive, set_mapping, sources
from webapp.services.loading.report import BatchMade, LoadReport, Stage
from webapp.services.loading.running import bad_rows_file, due_loads, run_load, start_load

__all__ = [
    "ABANDONED_AFTER",
    "BAD_ROWS_KEPT",
    "BatchMade",
    "ColumnLook",
    "Guess",
    "LoadMapping",
    "LoadReport",
    "Look",
    "OrganisationNeeds",
    "Preview",
    "PreviewRow",
    "RowProblem",
    "Stage",
    "bad_rows_file",
    "clear_away",
    "discard",
    "due_loads",
    "load_ap_invoices",
    "look",
    "mapping_of",
    "organisation_needs",
    "preview",
    "read_mapping",
    "receive",
    "run_load",
    "set_mapping",
    "sources",
    "start_load",
    "suggested",
    "target_of",
    "targets",
]
