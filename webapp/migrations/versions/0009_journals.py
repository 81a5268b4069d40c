"""What journals need: the Stock Control Job, tracking by choice, one reversal a batch

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22 22:55:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ADJUSTMENTS = sa.text("batch_type = 'Adjustment'")


def upgrade() -> None:
    # In place: SQLite rebuilds a table to alter it, and other rows point at these.
    op.execute(
        "ALTER TABLE fin_cos ADD COLUMN stock_control_job_id INTEGER "
        "CONSTRAINT fk_fin_cos_stock_control_job_id_jobs REFERENCES jobs (id)"
    )
    with op.batch_alter_table("xero_settings") as batch:
        batch.add_column(
            sa.Column("track_journals", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_index(
        "uq_batches_reversal",
        "batches",
        ["source_batch_id"],
        unique=True,
        sqlite_where=ADJUSTMENTS,
        postgresql_where=ADJUSTMENTS,
    )


def downgrade() -> None:
    op.drop_index("uq_batches_reversal", "batches")
    with op.batch_alter_table("xero_settings") as batch:
        batch.drop_column("track_journals")
    op.execute("ALTER TABLE fin_cos DROP COLUMN stock_control_job_id")
