"""Files and notes that follow documents to Xero

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 22:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up_queues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fin_co_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", webapp.db.UtcDateTime(), nullable=True),
        sa.Column("resume_at", webapp.db.UtcDateTime(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("waits_for_person", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("finished_at", webapp.db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fin_co_id"], ["fin_cos.id"], name=op.f("fk_follow_up_queues_fin_co_id_fin_cos")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_queues")),
        sa.UniqueConstraint(
            "fin_co_id", "tenant_id", name=op.f("uq_follow_up_queues_fin_co_id_tenant_id")
        ),
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("collection", sa.String(length=20), nullable=False),
        sa.Column("xero_id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("file", "note", name="followupkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sending",
                "uncertain",
                "sent",
                "failed",
                name="followupstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=128), nullable=False),
        sa.Column("first_sent_at", webapp.db.UtcDateTime(), nullable=True),
        sa.Column("sent_at", webapp.db.UtcDateTime(), nullable=True),
        sa.Column("planned_at", webapp.db.UtcDateTime(), nullable=False),
        sa.Column("settled_at", webapp.db.UtcDateTime(), nullable=True),
        sa.Column("xero_attachment_id", sa.String(length=36), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.id"],
            name=op.f("fk_follow_ups_attachment_id_attachments"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_follow_ups_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"],
            ["follow_up_queues.id"],
            name=op.f("fk_follow_ups_queue_id_follow_up_queues"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["export_runs.id"],
            name=op.f("fk_follow_ups_run_id_export_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_follow_ups_idempotency_key")),
        sa.UniqueConstraint(
            "tenant_id",
            "xero_id",
            "kind",
            "file_name",
            name=op.f("uq_follow_ups_tenant_id_xero_id_kind_file_name"),
        ),
    )
    op.create_index("ix_follow_ups_fate", "follow_ups", ["queue_id", "state"])
    op.create_index(op.f("ix_follow_ups_run_id"), "follow_ups", ["run_id"])
    op.create_index(op.f("ix_follow_ups_document_id"), "follow_ups", ["document_id"])


def downgrade() -> None:
    op.drop_table("follow_ups")
    op.drop_table("follow_up_queues")
