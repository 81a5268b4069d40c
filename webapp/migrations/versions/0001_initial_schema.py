"""initial schema

Revision ID: 0001
Revises: 
Create Date: 2026-11-22 16:35:47.327981
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('currencies',
    sa.Column('code', sa.String(length=3), nullable=False),
    sa.Column('symbol', sa.String(length=5), nullable=True),
    sa.Column('description', sa.String(length=100), nullable=False),
    sa.Column('conversion_rate', webapp.db.Exact(18, 8), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_currencies'))
    )
    op.create_table('gst_types',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('description', sa.String(length=80), nullable=False),
    sa.Column('export_code', sa.String(length=50), nullable=True),
    sa.Column('reciprocal_code', sa.String(length=10), nullable=True),
    sa.Column('percent', webapp.db.Exact(18, 8), nullable=False),
    sa.Column('use_for_ap', sa.Boolean(), nullable=False),
    sa.Column('use_for_ar', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gst_types')),
    sa.UniqueConstraint('code', name=op.f('uq_gst_types_code'))
    )
    op.create_table('job_groups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=100), nullable=False),
    sa.Column('value', sa.String(length=100), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_groups')),
    sa.UniqueConstraint('category', 'description', name=op.f('uq_job_groups_category_description'))
    )
    op.create_table('job_types',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('description', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_types')),
    sa.UniqueConstraint('code', name=op.f('uq_job_types_code'))
    )
    op.create_table('locations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('description', sa.String(length=100), nullable=False),
    sa.Column('batch_prefix', sa.String(length=4), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_locations')),
    sa.UniqueConstraint('code', name=op.f('uq_locations_code'))
    )
    op.create_table('periods',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('start_date', sa.Date(), nullable=False),
    sa.Column('end_date', sa.Date(), nullable=False),
    sa.Column('time_end_date', sa.Date(), nullable=True),
    sa.Column('is_current', sa.Boolean(), nullable=False),
    sa.Column('ap_closed', sa.Boolean(), nullable=False),
    sa.Column('ar_closed', sa.Boolean(), nullable=False),
    sa.Column('time_closed', sa.Boolean(), nullable=False),
    sa.Column('plant_closed', sa.Boolean(), nullable=False),
    sa.Column('stock_closed', sa.Boolean(), nullable=False),
    sa.Column('disbursement_closed', sa.Boolean(), nullable=False),
    sa.Column('adjustment_closed', sa.Boolean(), nullable=False),
    sa.Column('receipt_closed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_periods')),
    sa.UniqueConstraint('year', 'number', name=op.f('uq_periods_year_number'))
    )
    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('role', sa.Enum('Administrator', 'Finance', 'Read only', name='role', native_enum=False, length=32), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('session_key', sa.String(length=32), nullable=False),
    sa.Column('last_signed_in_at', webapp.db.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('name', name=op.f('uq_users_name'))
    )
    op.create_table('work_centres',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('description', sa.String(length=50), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_centres')),
    sa.UniqueConstraint('code', name=op.f('uq_work_centres_code'))
    )
    op.create_table('xero_tokens',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('xero_user_id', sa.String(length=36), nullable=False),
    sa.Column('access_token', sa.Text(), nullable=False),
    sa.Column('refresh_token', sa.Text(), nullable=False),
    sa.Column('expires_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('refreshed_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('refused_at', webapp.db.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_xero_tokens')),
    sa.UniqueConstraint('xero_user_id', name=op.f('uq_xero_tokens_xero_user_id'))
    )
    op.create_table('batch_sequences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('location_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('digit', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_batch_sequences_location_id_locations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_sequences')),
    sa.UniqueConstraint('location_id', 'year', 'digit', name=op.f('uq_batch_sequences_location_id_year_digit'))
    )
    op.create_table('fin_cos',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('description', sa.String(length=100), nullable=False),
    sa.Column('base_currency_code', sa.String(length=3), nullable=False),
    sa.Column('bank_account_no', sa.String(length=40), nullable=True),
    sa.Column('default_location_id', sa.Integer(), nullable=True),
    sa.Column('template_company_id', sa.Integer(), nullable=True),
    sa.Column('retention_job_id', sa.Integer(), nullable=True),
    sa.Column('inter_company_gl_account', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['default_location_id'], ['locations.id'], name=op.f('fk_fin_cos_default_location_id_locations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fin_cos')),
    sa.UniqueConstraint('code', name=op.f('uq_fin_cos_code'))
    )
    op.create_table('sales_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('description', sa.String(length=80), nullable=False),
    sa.Column('sales_type', sa.String(length=20), nullable=False),
    sa.Column('cr_gl_account', sa.String(length=20), nullable=True),
    sa.Column('gst_type_id', sa.Integer(), nullable=True),
    sa.Column('work_centre_id', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['gst_type_id'], ['gst_types.id'], name=op.f('fk_sales_codes_gst_type_id_gst_types')),
    sa.ForeignKeyConstraint(['work_centre_id'], ['work_centres.id'], name=op.f('fk_sales_codes_work_centre_id_work_centres')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_codes')),
    sa.UniqueConstraint('code', name=op.f('uq_sales_codes_code'))
    )
    op.create_table('activities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('description', sa.String(length=100), nullable=False),
    sa.Column('code_type', sa.String(length=12), nullable=False),
    sa.Column('sub_type', sa.String(length=10), nullable=True),
    sa.Column('cost_category', sa.String(length=20), nullable=True),
    sa.Column('dr_gl_account', sa.String(length=20), nullable=True),
    sa.Column('cr_gl_account', sa.String(length=20), nullable=True),
    sa.Column('gst_type_id', sa.Integer(), nullable=True),
    sa.Column('work_centre_id', sa.Integer(), nullable=True),
    sa.Column('sales_code_id', sa.Integer(), nullable=True),
    sa.Column('payroll_code', sa.String(length=100), nullable=True),
    sa.Column('include_in_payroll', sa.Boolean(), nullable=False),
    sa.Column('cost_rate', webapp.db.Exact(19, 4), nullable=True),
    sa.Column('unit', sa.String(length=10), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['gst_type_id'], ['gst_types.id'], name=op.f('fk_activities_gst_type_id_gst_types')),
    sa.ForeignKeyConstraint(['sales_code_id'], ['sales_codes.id'], name=op.f('fk_activities_sales_code_id_sales_codes')),
    sa.ForeignKeyConstraint(['work_centre_id'], ['work_centres.id'], name=op.f('fk_activities_work_centre_id_work_centres')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activities')),
    sa.UniqueConstraint('code', name=op.f('uq_activities_code'))
    )
    op.create_table('batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('batch_type', sa.Enum('AP Invoice', 'Sub Claim', 'AP Credit', 'AR Invoice', 'AR Credit', 'AR Receipt', 'AR Internal', 'AP Payment', 'Timesheet', 'Disbursement', 'Plant Issue', 'Stock Issue', 'Stock Return', 'Stock Adjust', 'Stock Qty', 'Stock Trf', 'Stock Value', 'Adjustment', 'Docket Accrual', 'PO Accrual', 'SCC Accrual', 'CCC Accrual', 'Inter-company', 'Payroll', name='batchtype', native_enum=False, length=32), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('location_id', sa.Integer(), nullable=False),
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('batch_date', sa.Date(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=True),
    sa.Column('notes', sa.String(length=1000), nullable=True),
    sa.Column('status', sa.Enum('open', 'closed', 'exporting', 'exported', name='batchstatus', native_enum=False, length=32), nullable=False),
    sa.Column('not_for_export', sa.Boolean(), nullable=False),
    sa.Column('is_system', sa.Boolean(), nullable=False),
    sa.Column('reversing', sa.Boolean(), nullable=False),
    sa.Column('source_batch_id', sa.Integer(), nullable=True),
    sa.Column('created_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('exported_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('exported_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("NOT (not_for_export AND status IN ('exporting', 'exported'))", name=op.f('ck_batches_export')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['users.id'], name=op.f('fk_batches_closed_by_id_users')),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_batches_created_by_id_users')),
    sa.ForeignKeyConstraint(['exported_by_id'], ['users.id'], name=op.f('fk_batches_exported_by_id_users')),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_batches_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_batches_location_id_locations')),
    sa.ForeignKeyConstraint(['period_id'], ['periods.id'], name=op.f('fk_batches_period_id_periods')),
    sa.ForeignKeyConstraint(['source_batch_id'], ['batches.id'], name=op.f('fk_batches_source_batch_id_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batches')),
    sa.UniqueConstraint('number', name=op.f('uq_batches_number'))
    )
    with op.batch_alter_table('batches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_batches_fin_co_id'), ['fin_co_id'], unique=False)
        batch_op.create_index('ix_batches_listing', ['period_id', 'status', 'batch_type'], unique=False)

    op.create_table('companies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('alpha_code', sa.String(length=20), nullable=True),
    sa.Column('ap_account', sa.String(length=50), nullable=True),
    sa.Column('ar_account', sa.String(length=50), nullable=True),
    sa.Column('is_client', sa.Boolean(), nullable=False),
    sa.Column('is_supplier', sa.Boolean(), nullable=False),
    sa.Column('is_subcontractor', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('company_type', sa.String(length=20), nullable=True),
    sa.Column('price_code', sa.String(length=20), nullable=True),
    sa.Column('location_id', sa.Integer(), nullable=True),
    sa.Column('branch', sa.String(length=20), nullable=True),
    sa.Column('other', sa.String(length=40), nullable=True),
    sa.Column('credit_status', sa.String(length=20), nullable=True),
    sa.Column('currency_code', sa.String(length=3), nullable=True),
    sa.Column('payment_terms_days', sa.Integer(), nullable=True),
    sa.Column('payment_terms_type', sa.String(length=30), nullable=True),
    sa.Column('use_gst', sa.Boolean(), nullable=False),
    sa.Column('tax_number', sa.String(length=50), nullable=True),
    sa.Column('email', sa.String(length=255), nullable=True),
    sa.Column('phone', sa.String(length=60), nullable=True),
    sa.Column('address', sa.String(length=1000), nullable=True),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_companies_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_companies_location_id_locations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_companies')),
    sa.UniqueConstraint('fin_co_id', 'ap_account', name=op.f('uq_companies_fin_co_id_ap_account')),
    sa.UniqueConstraint('fin_co_id', 'ar_account', name=op.f('uq_companies_fin_co_id_ar_account'))
    )
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_companies_fin_co_id'), ['fin_co_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_companies_name'), ['name'], unique=False)

    op.create_table('export_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('started_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('resume_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('pause_reason', sa.Text(), nullable=True),
    sa.Column('waits_for_person', sa.Boolean(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('finished_at', webapp.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_export_runs_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['started_by_id'], ['users.id'], name=op.f('fk_export_runs_started_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_runs'))
    )
    with op.batch_alter_table('export_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_runs_fin_co_id'), ['fin_co_id'], unique=False)

    op.create_table('gl_accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('sequence_no', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('description', sa.String(length=150), nullable=False),
    sa.Column('section', sa.String(length=40), nullable=False),
    sa.Column('subsection', sa.String(length=40), nullable=True),
    sa.Column('category', sa.String(length=20), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=True),
    sa.Column('xero_account_id', sa.String(length=36), nullable=True),
    sa.Column('xero_type', sa.String(length=20), nullable=True),
    sa.Column('xero_class', sa.String(length=20), nullable=True),
    sa.Column('xero_status', sa.String(length=20), nullable=True),
    sa.Column('xero_system_account', sa.String(length=40), nullable=True),
    sa.Column('xero_tax_type', sa.String(length=50), nullable=True),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_gl_accounts_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gl_accounts')),
    sa.UniqueConstraint('fin_co_id', 'code', name=op.f('uq_gl_accounts_fin_co_id_code'))
    )
    op.create_table('import_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('started_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('finished_at', webapp.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_import_runs_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['started_by_id'], ['users.id'], name=op.f('fk_import_runs_started_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_runs'))
    )
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.create_index('uq_import_runs_active', ['fin_co_id'], unique=True, sqlite_where=sa.text('finished_at IS NULL'), postgresql_where=sa.text('finished_at IS NULL'))

    op.create_table('profit_centres',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('description', sa.String(length=120), nullable=False),
    sa.Column('manager', sa.String(length=80), nullable=True),
    sa.Column('location_id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('export_code', sa.String(length=100), nullable=True),
    sa.Column('job_suffix', sa.String(length=10), nullable=True),
    sa.Column('gl_prefix', sa.String(length=10), nullable=True),
    sa.Column('gl_suffix', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_profit_centres_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_profit_centres_location_id_locations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_profit_centres')),
    sa.UniqueConstraint('code', name=op.f('uq_profit_centres_code'))
    )
    with op.batch_alter_table('profit_centres', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_profit_centres_fin_co_id'), ['fin_co_id'], unique=False)

    op.create_table('user_fin_cos',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_user_fin_cos_fin_co_id_fin_cos'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_fin_cos_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'fin_co_id', name=op.f('pk_user_fin_cos'))
    )
    op.create_table('xero_connections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('connection_id', sa.String(length=36), nullable=False),
    sa.Column('token_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('connected', 'reconnect needed', 'disconnected', name='connectionstate', native_enum=False, length=32), nullable=False),
    sa.Column('state_reason', sa.String(length=500), nullable=True),
    sa.Column('organisation_name', sa.String(length=255), nullable=False),
    sa.Column('short_code', sa.String(length=20), nullable=True),
    sa.Column('country_code', sa.String(length=2), nullable=True),
    sa.Column('base_currency_code', sa.String(length=3), nullable=True),
    sa.Column('is_demo_company', sa.Boolean(), nullable=False),
    sa.Column('period_lock_date', sa.Date(), nullable=True),
    sa.Column('end_of_year_lock_date', sa.Date(), nullable=True),
    sa.Column('connected_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('connected_by_id', sa.Integer(), nullable=True),
    sa.Column('checked_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('last_import_at', webapp.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['connected_by_id'], ['users.id'], name=op.f('fk_xero_connections_connected_by_id_users')),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_xero_connections_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['token_id'], ['xero_tokens.id'], name=op.f('fk_xero_connections_token_id_xero_tokens')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_xero_connections')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', name=op.f('uq_xero_connections_fin_co_id_tenant_id'))
    )
    op.create_table('xero_settings',
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tracking_category_1', sa.String(length=100), nullable=True),
    sa.Column('tracking_category_2', sa.String(length=100), nullable=True),
    sa.Column('tracking_source_2', sa.Enum('Export group', 'Job Code', 'Job Type', name='trackingsource', native_enum=False, length=32), nullable=False),
    sa.Column('sync_companies', sa.Boolean(), nullable=False),
    sa.Column('sync_job_receipts', sa.Boolean(), nullable=False),
    sa.Column('sync_payments', sa.Boolean(), nullable=False),
    sa.Column('sync_gl_accounts', sa.Boolean(), nullable=False),
    sa.Column('include_ap_attachments', sa.Boolean(), nullable=False),
    sa.Column('include_ar_attachments', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_xero_settings_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('fin_co_id', name=op.f('pk_xero_settings'))
    )
    op.create_table('xero_tax_rates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('tax_type', sa.String(length=50), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('effective_rate', webapp.db.Exact(18, 8), nullable=False),
    sa.Column('can_apply_to_assets', sa.Boolean(), nullable=False),
    sa.Column('can_apply_to_equity', sa.Boolean(), nullable=False),
    sa.Column('can_apply_to_expenses', sa.Boolean(), nullable=False),
    sa.Column('can_apply_to_liabilities', sa.Boolean(), nullable=False),
    sa.Column('can_apply_to_revenue', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_xero_tax_rates_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_xero_tax_rates')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'tax_type', name=op.f('uq_xero_tax_rates_fin_co_id_tenant_id_tax_type'))
    )
    op.create_table('export_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(length=6), nullable=False),
    sa.Column('collection', sa.String(length=20), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('body_sha256', sa.String(length=64), nullable=False),
    sa.Column('idempotency_key', sa.String(length=128), nullable=False),
    sa.Column('state', sa.Enum('pending', 'sending', 'uncertain', 'answered', name='requeststate', native_enum=False, length=32), nullable=False),
    sa.Column('first_sent_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('sent_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('answered_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('earlier_attempts', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.String(length=100), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['export_runs.id'], name=op.f('fk_export_requests_run_id_export_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_requests')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_export_requests_idempotency_key'))
    )
    with op.batch_alter_table('export_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_requests_run_id'), ['run_id'], unique=False)

    op.create_table('export_run_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_export_run_batches_batch_id_batches')),
    sa.ForeignKeyConstraint(['run_id'], ['export_runs.id'], name=op.f('fk_export_run_batches_run_id_export_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_run_batches')),
    sa.UniqueConstraint('run_id', 'batch_id', name=op.f('uq_export_run_batches_run_id_batch_id'))
    )
    with op.batch_alter_table('export_run_batches', schema=None) as batch_op:
        batch_op.create_index('uq_export_run_batches_active', ['batch_id'], unique=True, sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))

    op.create_table('import_run_kinds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('Companies', 'GL Accounts', 'Export Codes', 'Currencies', name='importkind', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('pending', 'running', 'done', 'failed', name='kindstate', native_enum=False, length=32), nullable=False),
    sa.Column('fetched', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('skipped', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('started_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('finished_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['run_id'], ['import_runs.id'], name=op.f('fk_import_run_kinds_run_id_import_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run_kinds')),
    sa.UniqueConstraint('run_id', 'kind', name=op.f('uq_import_run_kinds_run_id_kind'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('description', sa.String(length=120), nullable=False),
    sa.Column('profit_centre_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('job_type_id', sa.Integer(), nullable=True),
    sa.Column('client_id', sa.Integer(), nullable=True),
    sa.Column('dr_gl_account', sa.String(length=20), nullable=True),
    sa.Column('cr_gl_account', sa.String(length=20), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['client_id'], ['companies.id'], name=op.f('fk_jobs_client_id_companies')),
    sa.ForeignKeyConstraint(['job_type_id'], ['job_types.id'], name=op.f('fk_jobs_job_type_id_job_types')),
    sa.ForeignKeyConstraint(['parent_id'], ['jobs.id'], name=op.f('fk_jobs_parent_id_jobs')),
    sa.ForeignKeyConstraint(['profit_centre_id'], ['profit_centres.id'], name=op.f('fk_jobs_profit_centre_id_profit_centres')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('profit_centre_id', 'code', name=op.f('uq_jobs_profit_centre_id_code'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jobs_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_jobs_profit_centre_id'), ['profit_centre_id'], unique=False)

    op.create_table('xero_contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=500), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('seen_at', webapp.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_xero_contacts_company_id_companies'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_xero_contacts_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_xero_contacts')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'company_id', name=op.f('uq_xero_contacts_fin_co_id_tenant_id_company_id')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'contact_id', name=op.f('uq_xero_contacts_fin_co_id_tenant_id_contact_id'))
    )
    op.create_table('documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.Enum('AP Invoice', 'AP Credit', 'Subcontract Claim', 'Job Sales Invoice', 'Job Sales Credit', 'Contract Claim', 'Journal', name='documentkind', native_enum=False, length=32), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('company_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(length=255), nullable=False),
    sa.Column('reference', sa.String(length=255), nullable=True),
    sa.Column('document_date', sa.Date(), nullable=False),
    sa.Column('due_date', sa.Date(), nullable=True),
    sa.Column('currency_code', sa.String(length=3), nullable=False),
    sa.Column('currency_rate', webapp.db.Exact(18, 8), nullable=True),
    sa.Column('status', sa.Enum('Entered', 'Assigned', 'Approved', 'Updated', 'Cancelled', name='documentstatus', native_enum=False, length=32), nullable=False),
    sa.Column('claim_no', sa.Integer(), nullable=True),
    sa.Column('applies_to_id', sa.Integer(), nullable=True),
    sa.Column('value_ex_gst', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('gst', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('approved_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['applies_to_id'], ['documents.id'], name=op.f('fk_documents_applies_to_id_documents')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['users.id'], name=op.f('fk_documents_approved_by_id_users')),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_documents_batch_id_batches')),
    sa.ForeignKeyConstraint(['company_id'], ['companies.id'], name=op.f('fk_documents_company_id_companies')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_documents_job_id_jobs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('uid', name=op.f('uq_documents_uid'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('uq_documents_supplier_number', ['company_id', 'number'], unique=True, sqlite_where=sa.text("kind IN ('AP Invoice', 'AP Credit', 'Subcontract Claim')"), postgresql_where=sa.text("kind IN ('AP Invoice', 'AP Credit', 'Subcontract Claim')"))

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

    op.create_table('job_group_members',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('job_group_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_group_id'], ['job_groups.id'], name=op.f('fk_job_group_members_job_group_id_job_groups'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_job_group_members_job_id_jobs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('job_id', 'job_group_id', name=op.f('pk_job_group_members'))
    )
    op.create_table('attachments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_at', webapp.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_attachments_document_id_documents'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments')),
    sa.UniqueConstraint('document_id', 'file_name', name=op.f('uq_attachments_document_id_file_name'))
    )
    op.create_table('document_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('line_no', sa.Integer(), nullable=False),
    sa.Column('description', sa.String(length=4000), nullable=True),
    sa.Column('source_reference', sa.String(length=100), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('activity_id', sa.Integer(), nullable=True),
    sa.Column('sales_code_id', sa.Integer(), nullable=True),
    sa.Column('work_centre_id', sa.Integer(), nullable=True),
    sa.Column('gst_type_id', sa.Integer(), nullable=True),
    sa.Column('quantity', webapp.db.Exact(19, 4), nullable=True),
    sa.Column('value_ex_gst', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('gst', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('gst_overridden', sa.Boolean(), nullable=False),
    sa.Column('is_retention', sa.Boolean(), nullable=False),
    sa.Column('gl_account', sa.String(length=20), nullable=True),
    sa.Column('cr_gl_account', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_document_lines_activity_id_activities')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_lines_document_id_documents'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['gst_type_id'], ['gst_types.id'], name=op.f('fk_document_lines_gst_type_id_gst_types')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_document_lines_job_id_jobs')),
    sa.ForeignKeyConstraint(['sales_code_id'], ['sales_codes.id'], name=op.f('fk_document_lines_sales_code_id_sales_codes')),
    sa.ForeignKeyConstraint(['work_centre_id'], ['work_centres.id'], name=op.f('fk_document_lines_work_centre_id_work_centres')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_lines')),
    sa.UniqueConstraint('document_id', 'line_no', name=op.f('uq_document_lines_document_id_line_no'))
    )
    with op.batch_alter_table('document_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_lines_job_id'), ['job_id'], unique=False)

    op.create_table('export_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('total', webapp.db.Exact(19, 4), nullable=False),
    sa.Column('state', sa.Enum('pending', 'sending', 'uncertain', 'sent', 'rejected', 'blocked', name='itemstate', native_enum=False, length=32), nullable=False),
    sa.Column('xero_id', sa.String(length=36), nullable=True),
    sa.Column('xero_status', sa.String(length=20), nullable=True),
    sa.Column('xero_total', webapp.db.Exact(19, 4), nullable=True),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('settled_at', webapp.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_export_items_batch_id_batches')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_export_items_document_id_documents')),
    sa.ForeignKeyConstraint(['request_id'], ['export_requests.id'], name=op.f('fk_export_items_request_id_export_requests')),
    sa.ForeignKeyConstraint(['run_id'], ['export_runs.id'], name=op.f('fk_export_items_run_id_export_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_items')),
    sa.UniqueConstraint('run_id', 'document_id', name=op.f('uq_export_items_run_id_document_id'))
    )
    with op.batch_alter_table('export_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_items_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_items_document_id'), ['document_id'], unique=False)
        batch_op.create_index('ix_export_items_fate', ['run_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_items_request_id'), ['request_id'], unique=False)

    op.create_table('xero_documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('collection', sa.String(length=20), nullable=False),
    sa.Column('xero_type', sa.String(length=20), nullable=False),
    sa.Column('xero_id', sa.String(length=36), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=True),
    sa.Column('linked_at', webapp.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_xero_documents_document_id_documents')),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_xero_documents_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_xero_documents')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'document_id', name=op.f('uq_xero_documents_fin_co_id_tenant_id_document_id')),
    sa.UniqueConstraint('tenant_id', 'xero_id', name=op.f('uq_xero_documents_tenant_id_xero_id'))
    )
    with op.batch_alter_table('xero_documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_xero_documents_document_id'), ['document_id'], unique=False)

    # FinCos, companies and jobs refer to each other: these wait until all three are there.
    with op.batch_alter_table('fin_cos') as batch:
        batch.create_foreign_key(op.f('fk_fin_cos_retention_job_id_jobs'), 'jobs', ['retention_job_id'], ['id'])
        batch.create_foreign_key(op.f('fk_fin_cos_template_company_id_companies'), 'companies', ['template_company_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('fin_cos') as batch:
        batch.drop_constraint(op.f('fk_fin_cos_retention_job_id_jobs'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_fin_cos_template_company_id_companies'), type_='foreignkey')
    with op.batch_alter_table('xero_documents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_xero_documents_document_id'))

    op.drop_table('xero_documents')
    with op.batch_alter_table('export_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_export_items_request_id'))
        batch_op.drop_index('ix_export_items_fate')
        batch_op.drop_index(batch_op.f('ix_export_items_document_id'))
        batch_op.drop_index(batch_op.f('ix_export_items_batch_id'))

    op.drop_table('export_items')
    with op.batch_alter_table('document_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_lines_job_id'))

    op.drop_table('document_lines')
    op.drop_table('attachments')
    op.drop_table('job_group_members')
    with op.batch_alter_table('import_problems', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_problems_run_kind_id'))

    op.drop_table('import_problems')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_index('uq_documents_supplier_number', sqlite_where=sa.text("kind IN ('AP Invoice', 'AP Credit', 'Subcontract Claim')"), postgresql_where=sa.text("kind IN ('AP Invoice', 'AP Credit', 'Subcontract Claim')"))
        batch_op.drop_index(batch_op.f('ix_documents_batch_id'))

    op.drop_table('documents')
    op.drop_table('xero_contacts')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_jobs_profit_centre_id'))
        batch_op.drop_index(batch_op.f('ix_jobs_code'))

    op.drop_table('jobs')
    op.drop_table('import_run_kinds')
    with op.batch_alter_table('export_run_batches', schema=None) as batch_op:
        batch_op.drop_index('uq_export_run_batches_active', sqlite_where=sa.text('active'), postgresql_where=sa.text('active'))

    op.drop_table('export_run_batches')
    with op.batch_alter_table('export_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_export_requests_run_id'))

    op.drop_table('export_requests')
    op.drop_table('xero_tax_rates')
    op.drop_table('xero_settings')
    op.drop_table('xero_connections')
    op.drop_table('user_fin_cos')
    with op.batch_alter_table('profit_centres', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_profit_centres_fin_co_id'))

    op.drop_table('profit_centres')
    with op.batch_alter_table('import_runs', schema=None) as batch_op:
        batch_op.drop_index('uq_import_runs_active', sqlite_where=sa.text('finished_at IS NULL'), postgresql_where=sa.text('finished_at IS NULL'))

    op.drop_table('import_runs')
    op.drop_table('gl_accounts')
    with op.batch_alter_table('export_runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_export_runs_fin_co_id'))

    op.drop_table('export_runs')
    with op.batch_alter_table('companies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_companies_name'))
        batch_op.drop_index(batch_op.f('ix_companies_fin_co_id'))

    op.drop_table('companies')
    with op.batch_alter_table('batches', schema=None) as batch_op:
        batch_op.drop_index('ix_batches_listing')
        batch_op.drop_index(batch_op.f('ix_batches_fin_co_id'))

    op.drop_table('batches')
    op.drop_table('activities')
    op.drop_table('sales_codes')
    op.drop_table('fin_cos')
    op.drop_table('batch_sequences')
    op.drop_table('xero_tokens')
    op.drop_table('work_centres')
    op.drop_table('users')
    op.drop_table('periods')
    op.drop_table('locations')
    op.drop_table('job_types')
    op.drop_table('job_groups')
    op.drop_table('gst_types')
    op.drop_table('currencies')
