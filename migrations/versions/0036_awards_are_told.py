"""When the people of a nomination were told what became of it

Revision ID: 0036
Revises: 0035
Create Date: 2026-11-22 18:35:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('award_nominations', sa.Column('told_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('award_nominations', 'told_at')
