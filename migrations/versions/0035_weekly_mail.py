"""The weekly mail: who wants it, and the address in a mail by which a mail program stops it

Revision ID: 0035
Revises: 0034
Create Date: 2026-11-22 18:20:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'digest_subscriptions',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_week', sa.String(length=8), nullable=True),
        sa.Column('last_sent_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['user_id'], ['users.id'], name=op.f('fk_digest_subscriptions_user_id_users'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_subscriptions')),
        sa.UniqueConstraint('user_id', name=op.f('uq_digest_subscriptions_user_id')),
    )
    op.add_column('outgoing_mails', sa.Column('unsubscribe', sa.String(length=300), nullable=True))


def downgrade():
    op.drop_column('outgoing_mails', 'unsubscribe')
    op.drop_table('digest_subscriptions')
