"""The right to be forgotten, the notice people are given, consents taken back, what retention took away

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-22 14:34:45.852751
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

def upgrade():

    op.create_table('privacy_notices',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(text) > 0', name=op.f('ck_privacy_notices_says_something')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_notices')),
    sa.UniqueConstraint('version', name=op.f('uq_privacy_notices_version'))
    )
    op.create_table('retention_runs',
    sa.Column('kind', sa.Enum('sign-ins', 'password resets', 'mail addresses', 'uploaded files', 'people', name='retentionkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('went_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('went', sa.Integer(), nullable=False),
    sa.Column('confirmed_by_name', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'people') = (confirmed_by_name IS NOT NULL)", name=op.f('ck_retention_runs_people_are_confirmed')),
    sa.CheckConstraint('went > 0', name=op.f('ck_retention_runs_something_went')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_runs'))
    )
    with op.batch_alter_table('retention_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retention_runs_went_at'), ['went_at'], unique=False)

    op.create_table('consent_withdrawals',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_consent_withdrawals_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_withdrawals'))
    )
    with op.batch_alter_table('consent_withdrawals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_withdrawals_person_id'), ['person_id'], unique=False)

    op.create_table('erasure_requests',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('asked_by', sa.Enum('holder', 'institution', 'office', 'retention', 'restore', name='askedby', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('asked_by_name', sa.String(length=200), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('open', 'erasing', 'erased', 'declined', name='requeststate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('outcome', sa.Enum('number', 'nothing', name='outcome', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('job_run', sa.Integer(), nullable=False),
    sa.Column('stage', sa.Enum('uploads', 'records', 'files', 'traces', name='stage', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('seen_upload_id', sa.Integer(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('went', sa.JSON(), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('job_state', sa.Enum('waiting', 'running', 'done', 'failed', name='jobstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('job_done', sa.Integer(), nullable=False),
    sa.Column('job_total', sa.Integer(), nullable=False),
    sa.Column('job_failure', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_erasure_requests_decided_at_a_moment')),
    sa.CheckConstraint("(state IN ('erasing', 'erased')) = (outcome IS NOT NULL)", name=op.f('ck_erasure_requests_erased_with_a_choice')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by_name IS NULL)', name=op.f('ck_erasure_requests_decided_by_someone')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_erasure_requests_decided_by_id_users')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_erasure_requests_institution_id_institutions')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_erasure_requests_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure_requests'))
    )
    with op.batch_alter_table('erasure_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_requests_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_erasure_requests_state_id'), ['state', 'id'], unique=False)
        batch_op.create_index('uq_erasure_requests_waiting', ['person_id'], unique=True, sqlite_where=sa.text("state IN ('open', 'erasing')"), postgresql_where=sa.text("state IN ('open', 'erasing')"))

    op.create_table('notices_given',
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('upload_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('asked_age', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_notices_given_institution_id_institutions')),
    sa.ForeignKeyConstraint(['notice_id'], ['privacy_notices.id'], name=op.f('fk_notices_given_notice_id_privacy_notices')),
    sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name=op.f('fk_notices_given_upload_id_uploads')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices_given')),
    sa.UniqueConstraint('upload_id', name=op.f('uq_notices_given_upload_id'))
    )
    with op.batch_alter_table('notices_given', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_given_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_given_notice_id'), ['notice_id'], unique=False)

def downgrade():

    with op.batch_alter_table('notices_given', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notices_given_notice_id'))
        batch_op.drop_index(batch_op.f('ix_notices_given_institution_id'))

    op.drop_table('notices_given')
    with op.batch_alter_table('erasure_requests', schema=None) as batch_op:
        batch_op.drop_index('uq_erasure_requests_waiting', sqlite_where=sa.text("state IN ('open', 'erasing')"), postgresql_where=sa.text("state IN ('open', 'erasing')"))
        batch_op.drop_index(batch_op.f('ix_erasure_requests_state_id'))
        batch_op.drop_index(batch_op.f('ix_erasure_requests_institution_id'))

    op.drop_table('erasure_requests')
    with op.batch_alter_table('consent_withdrawals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_withdrawals_person_id'))

    op.drop_table('consent_withdrawals')
    with op.batch_alter_table('retention_runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_retention_runs_went_at'))

    op.drop_table('retention_runs')
    op.drop_table('privacy_notices')

