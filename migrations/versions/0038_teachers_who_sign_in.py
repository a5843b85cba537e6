"""A teacher signs in, with an account that is her entry's in the register, and says whether she comes

Revision ID: 0038
Revises: 0037
Create Date: 2026-11-22 21:20:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

BEFORE = "'coordinator', 'officer', 'leader', 'administrator'"
NOW = "'coordinator', 'teacher', 'officer', 'leader', 'administrator'"
OF_A_PLACE = 'role_has_its_institution'


def _roles(batch_op, table, among):
    batch_op.drop_constraint(batch_op.f(f'ck_{table}_role'), type_='check')
    batch_op.create_check_constraint(batch_op.f(f'ck_{table}_role'), f'role IN ({among})')


def upgrade():
    with op.batch_alter_table('users') as batch_op:
        batch_op.add_column(sa.Column('person_id', sa.Integer(), nullable=True))
        _roles(batch_op, 'users', NOW)
        batch_op.drop_constraint(batch_op.f(f'ck_users_{OF_A_PLACE}'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f(f'ck_users_{OF_A_PLACE}'),
            "(role IN ('coordinator', 'teacher')) = (institution_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_users_role_has_its_person'), "(role = 'teacher') = (person_id IS NOT NULL)"
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_users_person_id_persons'), 'persons', ['person_id'], ['id']
        )
        batch_op.create_index(batch_op.f('ix_users_person_id'), ['person_id'])
    with op.batch_alter_table('access_tokens') as batch_op:
        _roles(batch_op, 'access_tokens', NOW)
    op.add_column(
        'training_applications', sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True)
    )


def downgrade():
    op.drop_column('training_applications', 'confirmed_at')
    with op.batch_alter_table('access_tokens') as batch_op:
        _roles(batch_op, 'access_tokens', BEFORE)
    with op.batch_alter_table('users') as batch_op:
        batch_op.drop_index(batch_op.f('ix_users_person_id'))
        batch_op.drop_constraint(batch_op.f('fk_users_person_id_persons'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_users_role_has_its_person'), type_='check')
        batch_op.drop_constraint(batch_op.f(f'ck_users_{OF_A_PLACE}'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f(f'ck_users_{OF_A_PLACE}'), "(role = 'coordinator') = (institution_id IS NOT NULL)"
        )
        _roles(batch_op, 'users', BEFORE)
        batch_op.drop_column('person_id')
