"""Files read as durable work, and what the marks of a file are out of

Revision ID: 0014
Revises: 0010
Create Date: 2026-11-22 11:30:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0010'
branch_labels = None
depends_on = None

BEFORE = ('asking', 'checked', 'keeping', 'kept', 'discarded', 'undoing', 'undone')
NOW = ('reading', *BEFORE)


def _states(batch_op, words):
    batch_op.drop_constraint(batch_op.f('ck_uploads_uploadstate'), type_='check')
    among = ', '.join(repr(word) for word in words)
    batch_op.create_check_constraint(batch_op.f('ck_uploads_uploadstate'), f'state IN ({among})')


def upgrade():
    with op.batch_alter_table('uploads') as batch_op:
        batch_op.add_column(sa.Column('scale', sa.JSON(), nullable=False, server_default='{}'))
        _states(batch_op, NOW)
    with op.batch_alter_table('uploads') as batch_op:
        batch_op.alter_column('scale', server_default=None)


def downgrade():
    op.execute("UPDATE uploads SET state = 'discarded', job_state = 'done' WHERE state = 'reading'")
    with op.batch_alter_table('uploads') as batch_op:
        _states(batch_op, BEFORE)
        batch_op.drop_column('scale')
