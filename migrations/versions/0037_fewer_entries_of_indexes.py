"""Enrolments stand in the index of completed ones once they are, and in none by the file they came from

Revision ID: 0037
Revises: 0036
Create Date: 2026-11-22 18:20:00.000000
"""
import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

COMPLETED = 'ix_enrolments_completed_on_cohort_id_person_id'
COLUMNS = ['completed_on', 'cohort_id', 'person_id']
ARE_COMPLETED = sa.text('completed_on IS NOT NULL')


def upgrade():
    op.drop_index('ix_enrolments_upload_id', table_name='enrolments')
    op.drop_index(COMPLETED, table_name='enrolments')
    op.create_index(COMPLETED, 'enrolments', COLUMNS, sqlite_where=ARE_COMPLETED, postgresql_where=ARE_COMPLETED)


def downgrade():
    op.drop_index(COMPLETED, table_name='enrolments')
    op.create_index(COMPLETED, 'enrolments', COLUMNS)
    op.create_index('ix_enrolments_upload_id', 'enrolments', ['upload_id'])
