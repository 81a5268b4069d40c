"""Files that are brought in: remembered mappings, runs, problems

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-22 20:30:00.000000
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('load_sources',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('target', sa.String(length=40), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=True),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('saved_at', webapp.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_load_sources_fin_co_id_fin_cos')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_load_sources')),
    sa.UniqueConstraint('name', 'target', 'fin_co_id', name=op.f('uq_load_sources_name_target_fin_co_id'))
    )
    with op.batch_alter_table('load_sources', schema=None) as batch_op:
        batch_op.create_index('uq_load_sources_shared', ['name', 'target'], unique=True, sqlite_where=sa.text('fin_co_id IS NULL'), postgresql_where=sa.text('fin_co_id IS NULL'))

    op.create_table('load_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('target', sa.String(length=40), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('stored_path', sa.String(length=1000), nullable=False),
    sa.Column('state', sa.Enum('uploaded', 'mapped', 'previewed', 'queued', 'running', 'done', 'refused', name='loadstate', native_enum=False, length=32), nullable=False),
    sa.Column('mode', sa.Enum('whole file or nothing', 'good rows now', name='loadmode', native_enum=False, length=32), nullable=True),
    sa.Column('settings', sa.JSON(), nullable=True),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('records', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('bad', sa.Integer(), nullable=False),
    sa.Column('bad_rows', sa.Integer(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('lease_owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('started_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('finished_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_load_runs_fin_co_id_fin_cos')),
    sa.ForeignKeyConstraint(['source_id'], ['load_sources.id'], name=op.f('fk_load_runs_source_id_load_sources')),
    sa.ForeignKeyConstraint(['started_by_id'], ['users.id'], name=op.f('fk_load_runs_started_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_load_runs'))
    )
    with op.batch_alter_table('load_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_load_runs_fin_co_id'), ['fin_co_id'], unique=False)

    op.create_table('load_problems',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('row_number', sa.Integer(), nullable=False),
    sa.Column('column_name', sa.String(length=200), nullable=True),
    sa.Column('value', sa.String(length=200), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['load_runs.id'], name=op.f('fk_load_problems_run_id_load_runs'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_load_problems'))
    )
    with op.batch_alter_table('load_problems', schema=None) as batch_op:
        batch_op.create_index('ix_load_problems_run_row', ['run_id', 'row_number'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('load_problems', schema=None) as batch_op:
        batch_op.drop_index('ix_load_problems_run_row')

    op.drop_table('load_problems')
    with op.batch_alter_table('load_runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_load_runs_fin_co_id'))

    op.drop_table('load_runs')
    with op.batch_alter_table('load_sources', schema=None) as batch_op:
        batch_op.drop_index('uq_load_sources_shared', sqlite_where=sa.text('fin_co_id IS NULL'), postgresql_where=sa.text('fin_co_id IS NULL'))

    op.drop_table('load_sources')
