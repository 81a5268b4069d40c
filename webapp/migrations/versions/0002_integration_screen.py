"""integration screen

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 17:14:33.040134
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

APPEND_ONLY = {
    'sqlite': (
        """CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END""",
        """CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END""",
        """CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
        WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END""",
    ),
    'postgresql': (
        """CREATE OR REPLACE FUNCTION audit_events_append_only() RETURNS trigger
        LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit_events is append-only'; END $$""",
        """CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_append_only()""",
        """CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()""",
    ),
}


def upgrade() -> None:
    op.create_table('audit_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('user_name', sa.String(length=80), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_audit_events_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_audit_events_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_events'))
    )
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_events_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_events_fin_co_id'), ['fin_co_id'], unique=False)

    op.create_table('pending_connections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('connection_id', sa.String(length=36), nullable=False),
    sa.Column('token_id', sa.Integer(), nullable=False),
    sa.Column('organisation_name', sa.String(length=255), nullable=False),
    sa.Column('created_at', webapp.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_pending_connections_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['token_id'], ['xero_tokens.id'], name=op.f('fk_pending_connections_token_id_xero_tokens')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_pending_connections_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pending_connections')),
    sa.UniqueConstraint('fin_co_id', name=op.f('uq_pending_connections_fin_co_id'))
    )
    op.create_table('xero_tracking_categories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('category_id', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_xero_tracking_categories_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_xero_tracking_categories')),
    sa.UniqueConstraint('fin_co_id', 'tenant_id', 'category_id', name=op.f('uq_xero_tracking_categories_fin_co_id_tenant_id_category_id'))
    )
    # Every import so far was asked for by a person or, where none is named, by a command.
    op.add_column('import_runs', sa.Column('origin', sa.Enum('person', 'schedule', 'command', name='runorigin', native_enum=False, length=32), server_default='person', nullable=False))
    op.execute("UPDATE import_runs SET origin = 'command' WHERE started_by_id IS NULL")

    op.add_column('xero_connections', sa.Column('tracking_read_at', webapp.db.UtcDateTime(), nullable=True))
    op.add_column('xero_connections', sa.Column('outage_since', webapp.db.UtcDateTime(), nullable=True))
    op.add_column('xero_connections', sa.Column('outage_reason', sa.String(length=500), nullable=True))
    op.add_column('xero_connections', sa.Column('outage_mailed_at', webapp.db.UtcDateTime(), nullable=True))
    op.add_column('xero_settings', sa.Column('accounts_validated_at', webapp.db.UtcDateTime(), nullable=True))
    op.add_column('xero_settings', sa.Column('accounts_with_problems', sa.Integer(), nullable=True))

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    # Not in batches: SQLite would make the tables anew, and what points at their rows would go.
    op.drop_column('xero_settings', 'accounts_with_problems')
    op.drop_column('xero_settings', 'accounts_validated_at')
    op.drop_column('xero_connections', 'outage_mailed_at')
    op.drop_column('xero_connections', 'outage_reason')
    op.drop_column('xero_connections', 'outage_since')
    op.drop_column('xero_connections', 'tracking_read_at')
    op.drop_column('import_runs', 'origin')

    op.drop_table('xero_tracking_categories')
    op.drop_table('pending_connections')
    op.drop_table('audit_events')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP FUNCTION audit_events_append_only()")
