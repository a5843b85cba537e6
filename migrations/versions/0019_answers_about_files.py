"""What somebody said of an uploaded file beside its columns

Revision ID: 0019
Revises: 0017
Create Date: 2026-11-22 14:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answers', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.alter_column('answers', server_default=None)


def downgrade():
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.drop_column('answers')
