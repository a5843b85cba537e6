"""Access tokens, and the keys programs name their uploads by

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-22 14:36:20.082575
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('access_tokens',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('ending', sa.String(length=4), nullable=False),
    sa.Column('rights', sa.JSON(), nullable=False),
    sa.Column('role', sa.Enum('coordinator', 'officer', 'leader', 'administrator', name='role', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('times_used', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_because', sa.Enum('owner', 'administrator', 'password', 'role', 'suspended', 'second factor', name='tokenend', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_because IS NULL)', name=op.f('ck_access_tokens_ends_for_a_reason')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_access_tokens_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_access_tokens_token_hash'))
    )
    with op.batch_alter_table('access_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_tokens_user_id_id'), ['user_id', 'id'], unique=False)

    op.create_table('upload_keys',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('upload_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name=op.f('fk_upload_keys_upload_id_uploads')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_upload_keys_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload_keys')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_upload_keys_user_id_key'))
    )
    with op.batch_alter_table('upload_keys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_keys_made_at'), ['made_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_upload_keys_upload_id'), ['upload_id'], unique=False)



def downgrade():
    with op.batch_alter_table('upload_keys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_keys_upload_id'))
        batch_op.drop_index(batch_op.f('ix_upload_keys_made_at'))

    op.drop_table('upload_keys')
    with op.batch_alter_table('access_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_tokens_user_id_id'))

    op.drop_table('access_tokens')
