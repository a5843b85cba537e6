"""What reaches the holder and the stranger: files found by their hash

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 04:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(op.f('ix_certificates_file_sha256'), 'certificates', ['file_sha256'], unique=False)


def downgrade():
    op.drop_index(op.f('ix_certificates_file_sha256'), 'certificates')
