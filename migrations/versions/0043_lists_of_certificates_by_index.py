"""Lists of certificates walk an index in their order, and who is certified in a cohort is read from one

Revision ID: 0043
Revises: 0042
Create Date: 2026-11-23 05:45:00.000000
"""
import sqlalchemy as sa
from alembic import op

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None

NEWEST = 'ix_certificates_issued_on_id'
OF_A_KIND, OF_A_KIND_BEFORE = 'ix_certificates_kind_issued_on_id', 'ix_certificates_kind_issued_on'
OF_A_COHORT, OF_A_COHORT_BEFORE = 'ix_certificates_cohort_id_person_id', 'ix_certificates_cohort_id'
REPLACING = 'ix_certificates_replacing'
REPLACE = sa.text('replaces_id IS NOT NULL')


def upgrade():
    op.create_index(NEWEST, 'certificates', ['issued_on', 'id'])
    op.create_index(OF_A_KIND, 'certificates', ['kind', 'issued_on', 'id'])
    op.drop_index(OF_A_KIND_BEFORE, table_name='certificates')
    op.create_index(OF_A_COHORT, 'certificates', ['cohort_id', 'person_id'])
    op.drop_index(OF_A_COHORT_BEFORE, table_name='certificates')
    op.create_index(REPLACING, 'certificates', ['replaces_id'], sqlite_where=REPLACE, postgresql_where=REPLACE)


def downgrade():
    op.drop_index(REPLACING, table_name='certificates', sqlite_where=REPLACE, postgresql_where=REPLACE)
    op.create_index(OF_A_COHORT_BEFORE, 'certificates', ['cohort_id'])
    op.drop_index(OF_A_COHORT, table_name='certificates')
    op.create_index(OF_A_KIND_BEFORE, 'certificates', ['kind', 'issued_on'])
    op.drop_index(OF_A_KIND, table_name='certificates')
    op.drop_index(NEWEST, table_name='certificates')
