"""Batches over many cohorts, checked before they are issued, approved by a second person; one switch halts all

A row knows its course, its cohort and the thing earned, so that one batch may span cohorts; for what stands, they
are filled in from the batch. On SQLite a changed table is copied and dropped, which would take the rows that point
to it along: `env.py` runs migrations with foreign keys off there, and checks them afterwards.

Revision ID: 0005
Revises: 0006
Create Date: 2026-11-22 05:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0006'
branch_labels = None
depends_on = None

STAGES = ('preparing', 'checked', 'awaiting approval', 'issuing', 'paused', 'issued', 'declined', 'cancelled')
RULES = ('person', 'already', 'completed', 'exam', 'qualified', 'agreement', 'teacher', 'name', 'gone', 'print')
ROW_STATES = ('waiting', 'issued', 'already', 'refused')
ISSUED = sa.text("state = 'issued'")

BATCH_CHECKS = {
    'only_students_come_in_cohorts': "kind = 'student' OR cohort_id IS NULL",
    'teachers_are_of_a_course': "kind = 'student' OR course_id IS NOT NULL",
    'decided_by_another': "decided_by_id <> ordered_by_id",
    'decided_by_somebody': "(approval IN ('given', 'declined')) = (decided_by_id IS NOT NULL)"
    " AND (decided_by_id IS NULL) = (decided_at IS NULL)"
    " AND (decided_by_id IS NULL) = (decided_by_name IS NULL)",
    'issued_when_approved': "approval IN ('not needed', 'given') OR stage NOT IN ('issuing', 'paused', 'issued')",
    'declined_with_a_reason': "approval <> 'declined' OR decided_reason IS NOT NULL",
}
OLD_BATCH_CHECK = ('students_come_in_a_cohort', "(kind = 'student') = (cohort_id IS NOT NULL)")
SETTLED = "(state IN ('issued', 'already')) = (certificate_id IS NOT NULL)"
ONE_SUBJECT = "(cohort_id IS NULL) <> (batch_id IS NULL)"


def choice(name, *words):
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade():
    _make_the_switch()
    _change_batches()
    _change_rows()
    _make_the_selection()
    _change_archives()


def _make_the_switch():
    op.create_table('issuing_switches',
    sa.Column('is_halted', sa.Boolean(), nullable=False),
    sa.Column('turned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('turned_by_id', sa.Integer(), nullable=True),
    sa.Column('turned_by_name', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('NOT is_halted OR reason IS NOT NULL', name=op.f('ck_issuing_switches_halted_with_a_reason')),
    sa.CheckConstraint('id = 1', name=op.f('ck_issuing_switches_there_is_one')),
    sa.ForeignKeyConstraint(['turned_by_id'], ['users.id'], name=op.f('fk_issuing_switches_turned_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issuing_switches'))
    )


def _change_batches():
    with op.batch_alter_table('certificate_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stage', choice('batchstage', *STAGES), nullable=False, server_default='issuing'))
        batch_op.add_column(sa.Column('title', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('job_run', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('run_began_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('run_began_done', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('approval', choice('approval', 'not needed', 'asked', 'given', 'declined'), nullable=False, server_default='not needed'))
        batch_op.add_column(sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('decided_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('decided_by_name', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('decided_reason', sa.Text(), nullable=True))
        batch_op.alter_column('course_id', existing_type=sa.Integer(), nullable=True)
        batch_op.drop_constraint(batch_op.f(f'ck_certificate_batches_{OLD_BATCH_CHECK[0]}'), type_='check')
        for name, condition in BATCH_CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f'ck_certificate_batches_{name}'), condition)
        batch_op.create_index(batch_op.f('ix_certificate_batches_stage'), ['stage'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_certificate_batches_decided_by_id_users'), 'users', ['decided_by_id'], ['id'])
    op.execute("UPDATE certificate_batches SET stage = 'issued' WHERE job_state = 'done'")
    with op.batch_alter_table('certificate_batches', schema=None) as batch_op:
        for name in ('stage', 'job_run', 'run_began_done', 'approval'):
            batch_op.alter_column(name, server_default=None)


def _change_rows():
    op.execute("UPDATE certificate_batch_rows SET certificate_id = NULL WHERE state NOT IN ('issued', 'already')")
    with op.batch_alter_table('certificate_batch_rows', schema=None) as batch_op:
        batch_op.add_column(sa.Column('course_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('cohort_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('thing_earned', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('rule', choice('rule', *RULES), nullable=True))
    op.execute(
        "UPDATE certificate_batch_rows SET"
        " course_id = (SELECT course_id FROM certificate_batches b WHERE b.id = batch_id),"
        " cohort_id = (SELECT cohort_id FROM certificate_batches b WHERE b.id = batch_id),"
        " thing_earned = 'earlier:' || person_id"
    )
    with op.batch_alter_table('certificate_batch_rows', schema=None) as batch_op:
        batch_op.alter_column('course_id', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('thing_earned', existing_type=sa.String(length=120), nullable=False)
        _replace_row_states(batch_op, *ROW_STATES, 'cancelled')
        batch_op.drop_constraint(batch_op.f('uq_certificate_batch_rows_batch_id_person_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_certificate_batch_rows_batch_id_thing_earned'), ['batch_id', 'thing_earned'])
        batch_op.create_check_constraint(batch_op.f('ck_certificate_batch_rows_settled_by_a_certificate'), SETTLED)
        batch_op.create_index('uq_certificate_batch_rows_issued', ['certificate_id'], unique=True, sqlite_where=ISSUED, postgresql_where=ISSUED)
        batch_op.create_foreign_key(batch_op.f('fk_certificate_batch_rows_course_id_courses'), 'courses', ['course_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_certificate_batch_rows_cohort_id_cohorts'), 'cohorts', ['cohort_id'], ['id'])


def _replace_row_states(batch_op, *words):
    batch_op.drop_constraint(batch_op.f('ck_certificate_batch_rows_batchrowstate'), type_='check')
    among = ', '.join(f"'{word}'" for word in words)
    batch_op.create_check_constraint(batch_op.f('ck_certificate_batch_rows_batchrowstate'), f'state IN ({among})')


def _make_the_selection():
    op.create_table('certificate_batch_cohorts',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_checked', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['certificate_batches.id'], name=op.f('fk_certificate_batch_cohorts_batch_id_certificate_batches')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_certificate_batch_cohorts_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_batch_cohorts')),
    sa.UniqueConstraint('batch_id', 'cohort_id', name=op.f('uq_certificate_batch_cohorts_batch_id_cohort_id')),
    sa.UniqueConstraint('batch_id', 'position', name=op.f('uq_certificate_batch_cohorts_batch_id_position'))
    )
    with op.batch_alter_table('certificate_batch_cohorts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_batch_cohorts_batch_id_is_checked_position'), ['batch_id', 'is_checked', 'position'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_batch_cohorts_cohort_id'), ['cohort_id'], unique=False)


def _change_archives():
    with op.batch_alter_table('certificate_archives', schema=None) as batch_op:
        batch_op.add_column(sa.Column('form', choice('archiveform', 'zip', 'print'), nullable=False, server_default='zip'))
        batch_op.add_column(sa.Column('batch_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('left_out', sa.Integer(), nullable=False, server_default='0'))
        batch_op.alter_column('cohort_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(batch_op.f('ck_certificate_archives_of_a_cohort_or_a_batch'), ONE_SUBJECT)
        batch_op.create_index(batch_op.f('ix_certificate_archives_batch_id'), ['batch_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_certificate_archives_batch_id_certificate_batches'), 'certificate_batches', ['batch_id'], ['id'])
    with op.batch_alter_table('certificate_archives', schema=None) as batch_op:
        for name in ('form', 'left_out'):
            batch_op.alter_column(name, server_default=None)


def downgrade():
    _change_archives_back()
    op.drop_table('certificate_batch_cohorts')
    _forget_what_cannot_be_kept()
    _change_rows_back()
    _change_batches_back()
    op.drop_table('issuing_switches')


def _forget_what_cannot_be_kept():
    """Orders over many cohorts go, with their rows; the certificates they issued stay."""
    spanning = "SELECT id FROM certificate_batches WHERE kind = 'student' AND cohort_id IS NULL"
    op.execute(f"DELETE FROM certificate_batch_rows WHERE batch_id IN ({spanning}) OR state = 'cancelled'")
    op.execute("DELETE FROM certificate_batches WHERE kind = 'student' AND cohort_id IS NULL")
    op.execute("UPDATE certificate_batches SET job_state = 'failed' WHERE stage NOT IN ('issuing', 'issued')")


def _change_archives_back():
    op.execute("DELETE FROM certificate_archives WHERE cohort_id IS NULL OR form <> 'zip'")
    with op.batch_alter_table('certificate_archives', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_certificate_archives_batch_id_certificate_batches'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('ck_certificate_archives_of_a_cohort_or_a_batch'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_certificate_archives_archiveform'), type_='check')
        batch_op.drop_index(batch_op.f('ix_certificate_archives_batch_id'))
        batch_op.alter_column('cohort_id', existing_type=sa.Integer(), nullable=False)
        for name in ('left_out', 'batch_id', 'form'):
            batch_op.drop_column(name)


def _change_rows_back():
    with op.batch_alter_table('certificate_batch_rows', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_certificate_batch_rows_cohort_id_cohorts'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_certificate_batch_rows_course_id_courses'), type_='foreignkey')
        batch_op.drop_index('uq_certificate_batch_rows_issued')
        batch_op.drop_constraint(batch_op.f('ck_certificate_batch_rows_settled_by_a_certificate'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_certificate_batch_rows_rule'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_certificate_batch_rows_batch_id_thing_earned'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_certificate_batch_rows_batch_id_person_id'), ['batch_id', 'person_id'])
        _replace_row_states(batch_op, *ROW_STATES)
        for name in ('rule', 'thing_earned', 'cohort_id', 'course_id'):
            batch_op.drop_column(name)


def _change_batches_back():
    with op.batch_alter_table('certificate_batches', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_certificate_batches_decided_by_id_users'), type_='foreignkey')
        for name in (*BATCH_CHECKS, 'batchstage', 'approval'):
            batch_op.drop_constraint(batch_op.f(f'ck_certificate_batches_{name}'), type_='check')
        batch_op.create_check_constraint(batch_op.f(f'ck_certificate_batches_{OLD_BATCH_CHECK[0]}'), OLD_BATCH_CHECK[1])
        batch_op.drop_index(batch_op.f('ix_certificate_batches_stage'))
        batch_op.alter_column('course_id', existing_type=sa.Integer(), nullable=False)
        for name in ('decided_reason', 'decided_by_name', 'decided_by_id', 'decided_at', 'approval', 'run_began_done', 'run_began_at', 'job_run', 'title', 'stage'):
            batch_op.drop_column(name)
