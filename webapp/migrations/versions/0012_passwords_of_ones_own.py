"""Whose password somebody else knows

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-23 02:10:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch, which would put another table in the place of one that others refer to.
    op.add_column(
        "users",
        sa.Column("password_given", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("users", "password_given")
