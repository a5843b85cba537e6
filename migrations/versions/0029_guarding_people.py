"""Refused sign-ins, guardians row by row, marks of the forgotten, accounts that are forgotten

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-22 18:00:00.000000
"""
from alembic import op
import sqlalchemy as sa

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

KINDS = ('sign-ins', 'password resets', 'mail addresses', 'uploaded files', 'people')


def upgrade():
    op.create_table('refused_sign_ins',
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('because', sa.Enum('password', 'second step', 'passkey', 'throttled', 'suspended', name='refusal', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.Column('browser', sa.String(length=80), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hour_key', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('tries > 0', name=op.f('ck_refused_sign_ins_was_tried')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_refused_sign_ins_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refused_sign_ins')),
    sa.UniqueConstraint('hour_key', name=op.f('uq_refused_sign_ins_hour_key'))
    )
    op.create_index(op.f('ix_refused_sign_ins_user_id'), 'refused_sign_ins', ['user_id'])
    op.create_index(op.f('ix_refused_sign_ins_last_at'), 'refused_sign_ins', ['last_at'])
    op.create_table('forgotten_marks',
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('forgotten_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forgotten_marks')),
    sa.UniqueConstraint('mark', name=op.f('uq_forgotten_marks_mark'))
    )
    op.create_index(op.f('ix_forgotten_marks_forgotten_at'), 'forgotten_marks', ['forgotten_at'])
    # Said as SQL: to add the column another way SQLite would write the table anew and lose its triggers.
    op.execute(
        "ALTER TABLE enrolments ADD COLUMN guardian VARCHAR(30)"
        " CONSTRAINT ck_enrolments_guardianword CHECK (guardian IN ('agreed', 'of age'))"
    )
    op.add_column('users', sa.Column('forgotten_at', sa.DateTime(timezone=True), nullable=True))
    _allow(*KINDS, 'marks of the forgotten')


def downgrade():
    op.execute("DELETE FROM retention_runs WHERE kind = 'marks of the forgotten'")
    _allow(*KINDS)
    op.execute("ALTER TABLE users DROP COLUMN forgotten_at")
    op.execute("ALTER TABLE enrolments DROP COLUMN guardian")
    op.drop_table('forgotten_marks')
    op.drop_table('refused_sign_ins')


def _allow(*kinds):
    """Which kinds a run of retention may be of."""
    among = ', '.join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table('retention_runs') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_retention_runs_retentionkind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_retention_runs_retentionkind'), f'kind IN ({among})')
