"""Find the export runs of a batch

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-22 23:00:00.000000
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_export_run_batches_batch_id", "export_run_batches", ["batch_id"])


def downgrade() -> None:
    op.drop_index("ix_export_run_batches_batch_id", "export_run_batches")
