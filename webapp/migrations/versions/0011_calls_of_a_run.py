"""All the calls to Xero that an export run made, its look-ups too

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-23 01:55:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("export_runs") as batch:
        batch.add_column(sa.Column("calls", sa.Integer(), nullable=False, server_default="0"))
    # Of earlier runs the look-ups are not known any more.
    op.execute(
        "UPDATE export_runs SET calls = coalesce((SELECT sum(export_requests.attempts)"
        " FROM export_requests WHERE export_requests.run_id = export_runs.id), 0)"
    )


def downgrade() -> None:
    with op.batch_alter_table("export_runs") as batch:
        batch.drop_column("calls")
