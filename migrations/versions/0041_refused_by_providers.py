"""Sign-ins refused because of what an institution's provider said

Revision ID: 0041
Revises: 0039
Create Date: 2026-11-22 21:15:00.000000
"""
import sqlalchemy as sa
from alembic import op

revision = '0041'
down_revision = '0039'
branch_labels = None
depends_on = None

REASONS = ('password', 'second step', 'passkey', 'throttled', 'suspended')
KEY = 'fk_refused_sign_ins_institution_id_institutions'


def upgrade():
    with op.batch_alter_table('refused_sign_ins') as batch_op:
        batch_op.add_column(sa.Column('institution_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f(KEY), 'institutions', ['institution_id'], ['id'], ondelete='CASCADE')
        _allow(batch_op, *REASONS, 'institution')


def downgrade():
    op.execute("DELETE FROM refused_sign_ins WHERE because = 'institution'")
    with op.batch_alter_table('refused_sign_ins') as batch_op:
        _allow(batch_op, *REASONS)
        batch_op.drop_constraint(batch_op.f(KEY), type_='foreignkey')
        batch_op.drop_column('institution_id')


def _allow(batch_op, *reasons):
    """For which reasons a try may be refused."""
    among = ', '.join(f"'{reason}'" for reason in reasons)
    batch_op.drop_constraint(batch_op.f('ck_refused_sign_ins_refusal'), type_='check')
    batch_op.create_check_constraint(batch_op.f('ck_refused_sign_ins_refusal'), f'because IN ({among})')
