"""Closed years, targets and publications

What is published is an entry of the log like a certificate, but is none, so entries need no certificate any
more. Publications only grow, like the log.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22 11:27:44.147327
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


EVENTS_BEFORE = "event IN ('issued', 'revoked', 'replaced')"
EVENTS_NOW = "event IN ('issued', 'revoked', 'replaced', 'published')"
IS_ONE_THING = "(event = 'published') = (certificate_id IS NULL)"
COLUMNS = "position, certificate_id, event, leaf, id"


def change_entries(events, *, has_publications):
    """Change which events entries are of, and whether one may be about no certificate."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f('ck_log_leaves_event'), 'log_leaves', type_='check')
        op.create_check_constraint(op.f('ck_log_leaves_event'), 'log_leaves', events)
        op.alter_column('log_leaves', 'certificate_id', existing_type=sa.Integer(), nullable=has_publications)
        if has_publications:
            op.create_check_constraint(op.f('ck_log_leaves_is_about_one_thing'), 'log_leaves', IS_ONE_THING)
        else:
            op.drop_constraint(op.f('ck_log_leaves_is_about_one_thing'), 'log_leaves', type_='check')
        return
    copy_entries(events, has_publications=has_publications)


def copy_entries(events, *, has_publications):
    """SQLite changes no column: the entries go into a new table, which refuses changes like the old one."""
    more = [sa.CheckConstraint(IS_ONE_THING, name=op.f('ck_log_leaves_is_about_one_thing'))]
    op.create_table('log_leaves_new',
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=has_publications),
    sa.Column('event', sa.String(length=30), nullable=False),
    sa.Column('leaf', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint(events, name=op.f('ck_log_leaves_event')),
    sa.CheckConstraint('position >= 0', name=op.f('ck_log_leaves_positions_start_at_zero')),
    *(more if has_publications else []),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_log_leaves_certificate_id_certificates')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_leaves')),
    sa.UniqueConstraint('certificate_id', 'event', name=op.f('uq_log_leaves_certificate_id_event')),
    sa.UniqueConstraint('position', name=op.f('uq_log_leaves_position'))
    )
    op.execute(f"INSERT INTO log_leaves_new ({COLUMNS}) SELECT {COLUMNS} FROM log_leaves ORDER BY id")
    op.drop_table('log_leaves')
    op.rename_table('log_leaves_new', 'log_leaves')
    refuse_changes('log_leaves')


def refuse_changes(table):
    """Make the database itself refuse to change or delete what was written."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{deed.lower()} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        )


def upgrade():
    op.create_table('log_publications',
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('design', sa.String(length=60), nullable=False),
    sa.Column('file_key', sa.String(length=200), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('file_size', sa.Integer(), nullable=False),
    sa.Column('facts_key', sa.String(length=200), nullable=False),
    sa.Column('facts_sha256', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_publications')),
    sa.UniqueConstraint('number', name=op.f('uq_log_publications_number')),
    sa.UniqueConstraint('position', name=op.f('uq_log_publications_position'))
    )
    op.create_table('targets',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('teachers', sa.Integer(), nullable=True),
    sa.Column('students', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(level = 0) = (place_id = 0)', name=op.f('ck_targets_is_for_one_place')),
    sa.CheckConstraint('level IN (0, 2, 3)', name=op.f('ck_targets_is_for_a_known_level')),
    sa.CheckConstraint('teachers >= 0 AND students >= 0', name=op.f('ck_targets_is_not_negative')),
    sa.CheckConstraint('teachers IS NOT NULL OR students IS NOT NULL', name=op.f('ck_targets_says_something')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_targets')),
    sa.UniqueConstraint('year', 'level', 'place_id', name=op.f('uq_targets_year_level_place_id'))
    )
    op.create_table('closed_years',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by_name', sa.String(length=200), nullable=False),
    sa.Column('publication_id', sa.Integer(), nullable=False),
    sa.Column('job_state', sa.Enum('waiting', 'running', 'done', 'failed', name='jobstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('job_done', sa.Integer(), nullable=False),
    sa.Column('job_total', sa.Integer(), nullable=False),
    sa.Column('job_failure', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['publication_id'], ['log_publications.id'], name=op.f('fk_closed_years_publication_id_log_publications')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_years')),
    sa.UniqueConstraint('publication_id', name=op.f('uq_closed_years_publication_id')),
    sa.UniqueConstraint('year', name=op.f('uq_closed_years_year'))
    )
    op.create_table('closed_summaries',
    sa.Column('closed_year_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('place_code', sa.String(length=20), nullable=False),
    sa.Column('file_key', sa.String(length=200), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('file_size', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['closed_year_id'], ['closed_years.id'], name=op.f('fk_closed_summaries_closed_year_id_closed_years')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_summaries')),
    sa.UniqueConstraint('closed_year_id', 'level', 'place_code', name='uq_closed_summaries_place')
    )
    op.create_table('restatement_reasons',
    sa.Column('closed_year_id', sa.Integer(), nullable=False),
    sa.Column('measure', sa.String(length=40), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('place_code', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_restatement_reasons_says_something')),
    sa.ForeignKeyConstraint(['closed_year_id'], ['closed_years.id'], name=op.f('fk_restatement_reasons_closed_year_id_closed_years')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_restatement_reasons'))
    )
    with op.batch_alter_table('restatement_reasons', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_restatement_reasons_closed_year_id'), ['closed_year_id'], unique=False)

    op.create_table('season_months',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('teachers', sa.Integer(), nullable=False),
    sa.Column('students', sa.Integer(), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_season_months_is_a_month')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_season_months_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_season_months')),
    sa.UniqueConstraint('institution_id', 'year', 'month', name=op.f('uq_season_months_institution_id_year_month'))
    )
    change_entries(EVENTS_NOW, has_publications=True)
    refuse_changes('log_publications')



def downgrade():
    change_entries(EVENTS_BEFORE, has_publications=False)

    op.drop_table('season_months')
    with op.batch_alter_table('restatement_reasons', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_restatement_reasons_closed_year_id'))

    op.drop_table('restatement_reasons')
    op.drop_table('closed_summaries')
    op.drop_table('closed_years')
    op.drop_table('targets')
    op.drop_table('log_publications')
