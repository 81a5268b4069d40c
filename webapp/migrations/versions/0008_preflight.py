"""What a preflight compares with: an organisation's currencies, and when it was last read

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22 22:50:00.000000
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("xero_connections") as batch:
        batch.add_column(sa.Column("currency_codes", sa.Text(), nullable=True))
        batch.add_column(sa.Column("organisation_read_at", webapp.db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("xero_connections") as batch:
        batch.drop_column("organisation_read_at")
        batch.drop_column("currency_codes")
