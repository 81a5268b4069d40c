"""Every table, so that one import makes the whole schema known."""

from webapp.models.api import ApiToken, ApiWrite
from webapp.models.attachment_contents import AttachmentContent
from webapp.models.audit import AuditEvent
from webapp.models.batches import Batch, BatchSequence
from webapp.models.companies import Company, XeroContact
from webapp.models.costing import Activity, SalesCode, WorkCentre
from webapp.models.documents import Attachment, Document, DocumentLine
from webapp.models.exports import ExportItem, ExportRequest, ExportRun, ExportRunBatch
from webapp.models.fin_cos import FinCo, Location, ProfitCentre
from webapp.models.follow_ups import FollowUp, FollowUpQueue
from webapp.models.imports import ImportProblem, ImportRun, ImportRunKind, ImportWatermark
from webapp.models.jobs import Job, JobGroup, JobType
from webapp.models.ledger import Currency, GlAccount
from webapp.models.loading import LoadProblem, LoadRun, LoadSource
from webapp.models.payments import JobReceipt, Payment
from webapp.models.periods import Period
from webapp.models.tax import GstType, XeroTaxRate
from webapp.models.tracking import XeroTrackingCategory
from webapp.models.users import User
from webapp.models.xero import (
    PendingConnection,
    XeroConnection,
    XeroDocument,
    XeroSettings,
    XeroToken,
)

__all__ = [
    "Activity",
    "ApiToken",
    "ApiWrite",
    "Attachment",
    "AttachmentContent",
    "AuditEvent",
    "Batch",
    "BatchSequence",
    "Company",
    "Currency",
    "Document",
    "DocumentLine",
    "ExportItem",
    "ExportRequest",
    "ExportRun",
    "ExportRunBatch",
    "FinCo",
    "FollowUp",
    "FollowUpQueue",
    "GlAccount",
    "GstType",
    "ImportProblem",
    "ImportRun",
    "ImportRunKind",
    "ImportWatermark",
    "Job",
    "JobGroup",
    "JobReceipt",
    "JobType",
    "LoadProblem",
    "LoadRun",
    "LoadSource",
    "Location",
    "Payment",
    "PendingConnection",
    "Period",
    "ProfitCentre",
    "SalesCode",
    "User",
    "WorkCentre",
    "XeroConnection",
    "XeroContact",
    "XeroDocument",
    "XeroSettings",
    "XeroTaxRate",
    "XeroToken",
    "XeroTrackingCategory",
]
