"""API tokens, remembered writes, contents of attachments

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22 19:25:00.000000
"""

import sqlalchemy as sa
from alembic import op

import webapp.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_tokens',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('prefix', sa.String(length=12), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('rights', sa.JSON(), nullable=False),
    sa.Column('created_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('last_used_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('revoked_at', webapp.db.UtcDateTime(), nullable=True),
    sa.Column('revoked_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_api_tokens_created_by_id_users')),
    sa.ForeignKeyConstraint(['revoked_by_id'], ['users.id'], name=op.f('fk_api_tokens_revoked_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_tokens_token_hash'))
    )
    op.create_table('api_token_fin_cos',
    sa.Column('token_id', sa.Integer(), nullable=False),
    sa.Column('fin_co_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['fin_co_id'], ['fin_cos.id'], name=op.f('fk_api_token_fin_cos_fin_co_id_fin_cos'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['token_id'], ['api_tokens.id'], name=op.f('fk_api_token_fin_cos_token_id_api_tokens'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_id', 'fin_co_id', name=op.f('pk_api_token_fin_cos'))
    )
    op.create_table('api_writes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', webapp.db.UtcDateTime(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('headers', sa.JSON(), nullable=True),
    sa.Column('body', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['token_id'], ['api_tokens.id'], name=op.f('fk_api_writes_token_id_api_tokens'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_writes')),
    sa.UniqueConstraint('token_id', 'key', name=op.f('uq_api_writes_token_id_key'))
    )
    with op.batch_alter_table('api_writes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_writes_created_at'), ['created_at'], unique=False)

    op.create_table('attachment_contents',
    sa.Column('attachment_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachments.id'], name=op.f('fk_attachment_contents_attachment_id_attachments'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('attachment_id', name=op.f('pk_attachment_contents'))
    )


def downgrade() -> None:
    op.drop_table('attachment_contents')
    with op.batch_alter_table('api_writes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_api_writes_created_at'))

    op.drop_table('api_writes')
    op.drop_table('api_token_fin_cos')
    op.drop_table('api_tokens')
