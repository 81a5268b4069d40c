"""Payments: the money that went out on AP invoices and subcontract claims (R58 to R63)."""

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from webapp.domain.documents import DocumentKind
from webapp.models import Company, Document, GlAccount, Payment
from webapp.queries.enquiries.moved import MovedList, MovedRow


@dataclass(frozen=True, kw_only=True)
class PaymentRow(MovedRow):
    """One payment; its company is the supplier. ``bank_amount`` is in the account's currency."""

    bank_amount: Decimal | None
    account_code: str | None
    account_name: str | None
    batch_payment_id: str | None
    kind: DocumentKind
    company_id: int | None


PAYMENTS = MovedList(
    table=Payment,
    row=PaymentRow,
    columns=(
        Payment.bank_amount,
        Payment.account_code,
        GlAccount.description.label("account_name"),
        Payment.batch_payment_id,
        Document.kind,
        Document.company_id,
    ),
    sought=(),
    own_sorting={"supplier": Company.name, "account": Payment.account_code},
    joins=lambda select: select.outerjoin(
        GlAccount,
        sa.and_(GlAccount.fin_co_id == Payment.fin_co_id, GlAccount.code == Payment.account_code),
    ),
)
