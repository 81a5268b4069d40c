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
    with op.batch_alter_table("fin_cos") as batch:
        batch.add_column(sa.Column("stock_control_job_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_fin_cos_stock_control_job_id_jobs"),
            "jobs",
            ["stock_control_job_id"],
            ["id"],
            use_alter=True,
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
    with op.batch_alter_table("fin_cos") as batch:
        batch.drop_constraint(batch.f("fk_fin_cos_stock_control_job_id_jobs"), type_="foreignkey")
        batch.drop_column("stock_control_job_id")
