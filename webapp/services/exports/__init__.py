"""The one flow that must be right: plan, send, record, resolve, settle."""

from webapp.services.exports.plan import ExportPlan, plan_export
from webapp.services.exports.preflight import Preflight, preflight
from webapp.services.exports.run import due_exports, run_export

__all__ = [
    "ExportPlan",
    "Preflight",
    "due_exports",
    "plan_export",
    "preflight",
    "run_export",
]
