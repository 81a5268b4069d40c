"""payments and watermarks

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22 19:08:15.793860
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_watermarks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.Enum('Companies', 'Job Receipts', 'Payments', 'GL Accounts', 'Export Codes', 'Currencies', name='importkind', native_enum=False, length=32), nullable=False),
    sa.Column('modified_since', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('full_at', webapp.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_import_watermarks_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_watermarks')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'kind', name=op.f('uq_import_watermarks_fin_co_id_tenant_id_kind'))
    )
    op.create_table('job_receipts',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('gst', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('payment_id', sa.String(length=36), nullable=False),
    sa.Column('batch_payment_id', sa.String(length=36), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('payment_date', sa.Date(), nullable=False),
    sa.Column('reference', sa.String(length=255), nullable=True),
    sa.Column('amount', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('currency_code', sa.String(length=3), nullable=False),
    sa.Column('currency_rate', webapp.db.Exact(18, 8), nullable=True),
    sa.Column('bank_amount', webapp.db.Exact(19, 4), nullable=True),
    sa.Column('account_code', sa.String(length=20), nullable=True),
    sa.Column('reversed_at', webapp.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_job_receipts_batch_id_batches')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_job_receipts_document_id_documents')),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_job_receipts_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_receipts')),
    sa.UniqueConstraint('fin_co_id', 'number', name=op.f('uq_job_receipts_fin_co_id_number')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'payment_id', name=op.f('uq_job_receipts_fin_co_id_tenant_id_payment_id'))
    )
    with op.batch_alter_table('job_receipts', schema=None) as batch_op:
        batch_op.create_index('ix_job_receipts_batch', ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_receipts_document_id'), ['document_id'], unique=False)

    op.create_table('payments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('payment_id', sa.String(length=36), nullable=False),
    sa.Column('batch_payment_id', sa.String(length=36), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('payment_date', sa.Date(), nullable=False),
    sa.Column('reference', sa.String(length=255), nullable=True),
    sa.Column('amount', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('currency_code', sa.String(length=3), nullable=False),
    sa.Column('currency_rate', webapp.db.Exact(18, 8), nullable=True),
    sa.Column('bank_amount', webapp.db.Exact(19, 4), nullable=True),
    sa.Column('account_code', sa.String(length=20), nullable=True),
    sa.Column('reversed_at', webapp.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_payments_document_id_documents')),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_payments_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payments')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'payment_id', name=op.f('uq_payments_fin_co_id_tenant_id_payment_id'))
    )
    with op.batch_alter_table('payments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payments_document_id'), ['document_id'], unique=False)

    # What stood outside is told again by the first import after this one, which reads everything.
    op.drop_table('import_problems')
    op.create_table('import_problems',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.Enum('Companies', 'Job Receipts', 'Payments', 'GL Accounts', 'Export Codes', 'Currencies', name='importkind', native_enum=False, length=32), nullable=False),
    sa.Column('record_key', sa.String(length=100), nullable=False),
    sa.Column('run_kind_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=500), nullable=False),
    sa.Column('xero_id', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('since', webapp.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_import_problems_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['run_kind_id'], ['import_run_kinds.id'], name=op.f('fk_import_problems_run_kind_id_import_run_kinds'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_problems')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'kind', 'record_key', name=op.f('uq_import_problems_fin_co_id_tenant_id_kind_record_key'))
    )
    with op.batch_alter_table('import_problems', schema=None) as batch_op:
        batch_op.create_index('ix_import_problems_run_kind', ['run_kind_id'], unique=False)

    op.create_index('ix_documents_number', 'documents', ['number'], unique=False)
    op.add_column('import_run_kinds', sa.Column('calls', sa.Integer(), server_default='0', nullable=False))
    op.add_column('import_run_kinds', sa.Column('modified_since', webapp.db.UtcDateTime(), nullable=True))
    op.add_column('import_runs', sa.Column('full', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('import_runs', sa.Column('calls_left', sa.Integer(), nullable=True))


def downgrade() -> None:
    # Not in batches: SQLite would make the tables anew, and what points at their rows would go.
    op.drop_column('import_runs', 'calls_left')
    op.drop_column('import_runs', 'full')
    op.drop_column('import_run_kinds', 'modified_since')
    op.drop_column('import_run_kinds', 'calls')
    op.drop_index('ix_documents_number', table_name='documents')

    op.drop_table('import_problems')
    op.create_table('import_problems',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_kind_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=500), nullable=False),
    sa.Column('xero_id', sa.String(length=36), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['run_kind_id'], ['import_run_kinds.id'], name=op.f('fk_import_problems_run_kind_id_import_run_kinds'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_problems'))
    )
    with op.batch_alter_table('import_problems', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_problems_run_kind_id'), ['run_kind_id'], unique=False)

    op.drop_table('payments')
    op.drop_table('job_receipts')
    op.drop_table('import_watermarks')
