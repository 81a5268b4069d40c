"""Job Receipts: the money that came on job sales invoices and contract claims (R51 to R57)."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.models import Batch, Company, Document, JobReceipt
from webapp.queries.enquiries.moved import MovedList, MovedRow


@dataclass(frozen=True, kw_only=True)
class ReceiptRow(MovedRow):
    """One receipt; its company is the client."""

    number: int
    gst: Decimal
    claim_no: int | None
    batch_number: str

    @property
    def ex_gst(self) -> Decimal:
        """The receipt without its GST."""
        return self.amount - self.gst


RECEIPTS = MovedList(
    table=JobReceipt,
    row=ReceiptRow,
    columns=(
        JobReceipt.number,
        JobReceipt.gst,
        Document.claim_no,
        Batch.number.label("batch_number"),
    ),
    sought=(sa.cast(JobReceipt.number, sa.String),),
    own_sorting={"number": JobReceipt.number, "client": Company.name},
    joins=lambda select: select.join(Batch, Batch.id == JobReceipt.batch_id),
)
