"""Drafts, reminders and terminations of agreements, and applications of institutions

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-22 14:55:18.742707
"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('institution_applications',
    sa.Column('link_key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('native_name', sa.String(length=200), nullable=True),
    sa.Column('kind', sa.Enum('university', 'college', 'training institution', 'government body', name='institutionkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('country_id', sa.Integer(), nullable=False),
    sa.Column('city', sa.String(length=100), nullable=False),
    sa.Column('website', sa.String(length=200), nullable=True),
    sa.Column('teaches', sa.Text(), nullable=False),
    sa.Column('teachers_a_year', sa.Integer(), nullable=False),
    sa.Column('students_a_year', sa.Integer(), nullable=False),
    sa.Column('module_titles', sa.JSON(), nullable=False),
    sa.Column('lead_name', sa.String(length=200), nullable=False),
    sa.Column('lead_duty', sa.String(length=200), nullable=False),
    sa.Column('lead_email', sa.String(length=254), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.Enum('received', 'asked', 'accepted', 'declined', 'withdrawn', name='applicationstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_name', sa.String(length=200), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'accepted') = (institution_id IS NOT NULL)", name=op.f('ck_institution_applications_accepted_as_institution')),
    sa.CheckConstraint("(state IN ('accepted', 'declined')) = (decided_by_name IS NOT NULL) AND (decided_by_name IS NULL) = (decided_at IS NULL)", name=op.f('ck_institution_applications_decided_by_somebody')),
    sa.CheckConstraint("state <> 'declined' OR reason IS NOT NULL", name=op.f('ck_institution_applications_declined_with_a_reason')),
    sa.ForeignKeyConstraint(['country_id'], ['countries.id'], name=op.f('fk_institution_applications_country_id_countries')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_institution_applications_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution_applications')),
    sa.UniqueConstraint('institution_id', name=op.f('uq_institution_applications_institution_id')),
    sa.UniqueConstraint('link_key', name=op.f('uq_institution_applications_link_key'))
    )
    with op.batch_alter_table('institution_applications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_institution_applications_country_id'), ['country_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_institution_applications_lead_email'), ['lead_email'], unique=False)
        batch_op.create_index(batch_op.f('ix_institution_applications_state_id'), ['state', 'id'], unique=False)

    op.create_table('agreement_drafts',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('memorandum', 'programme agreement', 'extension', name='agreementkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('extends_id', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('signs_for_partner', sa.String(length=200), nullable=True),
    sa.Column('own_clauses', sa.Text(), nullable=True),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drafted_by_name', sa.String(length=200), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_because', sa.String(length=400), nullable=True),
    sa.Column('agreement_id', sa.Integer(), nullable=True),
    sa.Column('teachers_target', sa.Integer(), nullable=False),
    sa.Column('students_target', sa.Integer(), nullable=False),
    sa.Column('targets_by_year', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'extension') = (extends_id IS NOT NULL)", name=op.f('ck_agreement_drafts_extension_extends')),
    sa.CheckConstraint('(withdrawn_at IS NULL) = (withdrawn_because IS NULL)', name=op.f('ck_agreement_drafts_withdrawn_with_a_reason')),
    sa.CheckConstraint('agreement_id IS NULL OR withdrawn_at IS NULL', name=op.f('ck_agreement_drafts_signed_or_withdrawn')),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_agreement_drafts_starts_before_it_ends')),
    sa.CheckConstraint('teachers_target >= 0 AND students_target >= 0', name=op.f('ck_agreement_drafts_targets_not_negative')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_agreement_drafts_agreement_id_agreements')),
    sa.ForeignKeyConstraint(['extends_id'], ['agreements.id'], name=op.f('fk_agreement_drafts_extends_id_agreements')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_agreement_drafts_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_drafts')),
    sa.UniqueConstraint('agreement_id', name=op.f('uq_agreement_drafts_agreement_id'))
    )
    with op.batch_alter_table('agreement_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_drafts_extends_id'), ['extends_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agreement_drafts_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index('uq_agreement_drafts_open', ['institution_id', 'kind'], unique=True, sqlite_where=sa.text('agreement_id IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('agreement_id IS NULL AND withdrawn_at IS NULL'))

    op.create_table('agreement_reminders',
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.Enum('office', 'institution', name='audience', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('due', 'sent', 'answered', 'not needed', name='reminderstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('answered', 'not needed')) = (settled_at IS NOT NULL)", name=op.f('ck_agreement_reminders_settled_at_a_moment')),
    sa.CheckConstraint("state NOT IN ('sent', 'answered') OR sent_at IS NOT NULL", name=op.f('ck_agreement_reminders_sent_at_a_moment')),
    sa.CheckConstraint('months IN (9, 6, 3, 1)', name=op.f('ck_agreement_reminders_at_set_times')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_agreement_reminders_agreement_id_agreements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_reminders')),
    sa.UniqueConstraint('agreement_id', 'audience', 'months', name=op.f('uq_agreement_reminders_agreement_id_audience_months'))
    )
    with op.batch_alter_table('agreement_reminders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_reminders_state_due_on'), ['state', 'due_on'], unique=False)

    op.create_table('application_checks',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.Enum('exists', 'lead', 'teachers', 'modules', 'privacy', name='checkitem', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_by_name', sa.String(length=200), nullable=False),
    sa.Column('found', sa.String(length=300), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['institution_applications.id'], name=op.f('fk_application_checks_application_id_institution_applications')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_checks')),
    sa.UniqueConstraint('application_id', 'item', name=op.f('uq_application_checks_application_id_item'))
    )
    op.create_table('application_notes',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('voice', sa.Enum('applicant', 'office', 'inside', name='voice', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['institution_applications.id'], name=op.f('fk_application_notes_application_id_institution_applications')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_notes'))
    )
    with op.batch_alter_table('application_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_notes_application_id'), ['application_id'], unique=False)

    # Not in batches: SQLite would make the table anew, which other tables point at.
    op.add_column('agreements', sa.Column('document_sha256', sa.String(length=64), nullable=True))
    op.add_column('agreements', sa.Column('agreed_until', sa.Date(), nullable=True))
    op.add_column('agreements', sa.Column('termination_reason', sa.String(length=400), nullable=True))
    op.add_column('agreements', sa.Column('targets_by_year', sa.JSON(none_as_null=True), nullable=True))
    # A document's key is agreements/<two digits>/<the hash>.pdf, so what was filed before is known by it.
    op.execute(
        "UPDATE agreements SET document_sha256 = substr(document_key, 15, 64) WHERE document_key IS NOT NULL"
    )


def downgrade():
    op.drop_column('agreements', 'targets_by_year')
    op.drop_column('agreements', 'termination_reason')
    op.drop_column('agreements', 'agreed_until')
    op.drop_column('agreements', 'document_sha256')

    with op.batch_alter_table('application_notes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_application_notes_application_id'))

    op.drop_table('application_notes')
    op.drop_table('application_checks')
    with op.batch_alter_table('agreement_reminders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_reminders_state_due_on'))

    op.drop_table('agreement_reminders')
    with op.batch_alter_table('agreement_drafts', schema=None) as batch_op:
        batch_op.drop_index('uq_agreement_drafts_open', sqlite_where=sa.text('agreement_id IS NULL AND withdrawn_at IS NULL'), postgresql_where=sa.text('agreement_id IS NULL AND withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_agreement_drafts_institution_id'))
        batch_op.drop_index(batch_op.f('ix_agreement_drafts_extends_id'))

    op.drop_table('agreement_drafts')
    with op.batch_alter_table('institution_applications', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_institution_applications_state_id'))
        batch_op.drop_index(batch_op.f('ix_institution_applications_lead_email'))
        batch_op.drop_index(batch_op.f('ix_institution_applications_country_id'))

    op.drop_table('institution_applications')
