"""Runs that people stop, documents in parts, history notes

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 22:30:00.000000
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("export_runs") as batch:
        batch.add_column(sa.Column("paused_at", webapp.db.UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("paused_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("cancelled_at", webapp.db.UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("cancelled_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("preview_hash", sa.String(length=64), nullable=True))
        for column in ("paused_by_id", "cancelled_by_id"):
            batch.create_foreign_key(
                batch.f(f"fk_export_runs_{column}_users"), "users", [column], ["id"]
            )
    with op.batch_alter_table("export_items") as batch:
        batch.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("cleared_at", webapp.db.UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("cleared_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_export_items_cleared_by_id_users"), "users", ["cleared_by_id"], ["id"]
        )
        batch.drop_constraint(batch.f("uq_export_items_run_id_document_id"), type_="unique")
        batch.create_unique_constraint(
            batch.f("uq_export_items_run_id_document_id_part"), ["run_id", "document_id", "part"]
        )
    with op.batch_alter_table("xero_documents") as batch:
        batch.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        batch.drop_constraint(
            batch.f("uq_xero_documents_fin_co_id_tenant_id_document_id"), type_="unique"
        )
        batch.create_unique_constraint(
            batch.f("uq_xero_documents_fin_co_id_tenant_id_document_id_part"),
            ["fin_co_id", "tenant_id", "document_id", "part"],
        )
    with op.batch_alter_table("xero_settings") as batch:
        batch.add_column(
            sa.Column("add_history_notes", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("xero_settings") as batch:
        batch.drop_column("add_history_notes")
    with op.batch_alter_table("xero_documents") as batch:
        batch.drop_constraint(
            batch.f("uq_xero_documents_fin_co_id_tenant_id_document_id_part"), type_="unique"
        )
        batch.create_unique_constraint(
            batch.f("uq_xero_documents_fin_co_id_tenant_id_document_id"),
            ["fin_co_id", "tenant_id", "document_id"],
        )
        batch.drop_column("part")
    with op.batch_alter_table("export_items") as batch:
        batch.drop_constraint(batch.f("uq_export_items_run_id_document_id_part"), type_="unique")
        batch.create_unique_constraint(
            batch.f("uq_export_items_run_id_document_id"), ["run_id", "document_id"]
        )
        batch.drop_constraint(batch.f("fk_export_items_cleared_by_id_users"), type_="foreignkey")
        batch.drop_column("cleared_by_id")
        batch.drop_column("cleared_at")
        batch.drop_column("part")
    with op.batch_alter_table("export_runs") as batch:
        for column in ("paused_by_id", "cancelled_by_id"):
            batch.drop_constraint(batch.f(f"fk_export_runs_{column}_users"), type_="foreignkey")
        for column in (
            "preview_hash",
            "cancelled_by_id",
            "cancelled_at",
            "paused_by_id",
            "paused_at",
        ):
            batch.drop_column(column)
