"""The index of merged people holds them alone: few rows to write, and statistics that say it finds them

Revision ID: 0030
Revises: 0029
Create Date: 2026-11-22 18:17:40.602118
"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

NAME = 'ix_persons_merged_into_id'
MERGED = sa.text('merged_into_id IS NOT NULL')


def upgrade():
    op.drop_index(NAME, table_name='persons')
    op.create_index(NAME, 'persons', ['merged_into_id'], sqlite_where=MERGED, postgresql_where=MERGED)


def downgrade():
    op.drop_index(NAME, table_name='persons')
    op.create_index(NAME, 'persons', ['merged_into_id'])
