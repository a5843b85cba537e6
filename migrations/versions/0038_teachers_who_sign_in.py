"""A teacher signs in, with an account that is her entry's in the register, and says whether she comes

Revision ID: 0038
Revises: 0041
Create Date: 2026-11-22 21:20:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0041'
branch_labels = None
depends_on = None

BEFORE = "'coordinator', 'officer', 'leader', 'administrator'"
NOW = "'coordinator', 'teacher', 'officer', 'leader', 'administrator'"
OF_A_PLACE = 'role_has_its_institution'

# What the database knows of a teacher, as gdt/row_policies.py said it when this was made.
PLACES = "CREATE OR REPLACE FUNCTION gdt_places() RETURNS integer[] STABLE LANGUAGE sql AS $$SELECT CASE WHEN current_setting('gdt.sees', true) LIKE 'place:%' THEN ARRAY[split_part(current_setting('gdt.sees', true), ':', 2)::integer]{teacher} WHEN current_setting('gdt.sees', true) LIKE 'regions:%' THEN ARRAY(SELECT i.id FROM institutions i JOIN countries c ON c.id = i.country_id WHERE c.region_id = ANY (string_to_array(split_part(current_setting('gdt.sees', true), ':', 2), ',')::integer[])) ELSE '{{}}' END$$"
OF_A_TEACHER = " WHEN current_setting('gdt.sees', true) LIKE 'teacher:%' THEN ARRAY[split_part(current_setting('gdt.sees', true), ':', 3)::integer]"
COHORTS_OF = "CREATE FUNCTION gdt_cohorts_of(person integer) RETURNS integer[] STABLE LANGUAGE sql SET gdt.sees TO 'all' AS $$SELECT ARRAY(SELECT cohort_id FROM cohort_teachers WHERE person_id = person)$$"
TAUGHT = "CREATE FUNCTION gdt_taught() RETURNS integer[] STABLE LANGUAGE sql AS $$SELECT CASE WHEN current_setting('gdt.sees', true) LIKE 'teacher:%' THEN gdt_cohorts_of(split_part(current_setting('gdt.sees', true), ':', 2)::integer) END$$"
OF_THE_PLACE = "cohorts.institution_id = ANY ((SELECT gdt_places())::integer[])"
OF_THE_TEACHER = f"({OF_THE_PLACE} AND ((SELECT gdt_taught()) IS NULL OR cohorts.id = ANY ((SELECT gdt_taught())::integer[])))"
COHORTS = "CREATE POLICY cohorts_of_the_viewer ON cohorts USING ((SELECT gdt_sees('all')) OR {home} OR (SELECT gdt_sees('stranger')))"


def _lock(*statements):
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements:
            op.execute(statement)


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
    _lock(
        PLACES.format(teacher=OF_A_TEACHER),
        COHORTS_OF,
        TAUGHT,
        "DROP POLICY cohorts_of_the_viewer ON cohorts",
        COHORTS.format(home=OF_THE_TEACHER),
    )


def downgrade():
    _lock(
        "DROP POLICY cohorts_of_the_viewer ON cohorts",
        COHORTS.format(home=OF_THE_PLACE),
        "DROP FUNCTION gdt_taught()",
        "DROP FUNCTION gdt_cohorts_of(integer)",
        PLACES.format(teacher=""),
    )
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
