"""The one flow that must be right: plan, send, record, resolve, settle."""

from webapp.services.exports.plan import ExportPlan, plan_export
from webapp.services.exports.preflight import Preflight, preflight
from webapp.services.exports.retrying import retry_export
from webapp.services.exports.reversing import reverse_missing
from webapp.services.exports.run import due_exports, run_export
from webapp.services.exports.stopping import Asked, cancel_run, pause_run, resume_run

__all__ = [
    "Asked",
    "ExportPlan",
    "Preflight",
    "cancel_run",
    "due_exports",
    "pause_run",
    "plan_export",
    "preflight",
    "resume_run",
    "retry_export",
    "reverse_missing",
    "run_export",
]
