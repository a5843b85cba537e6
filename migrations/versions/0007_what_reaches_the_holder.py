"""What reaches the holder and the stranger: outbox, deliveries, holders' pages, corrections

Revision ID: 0007
Revises: 0003
Create Date: 2026-11-22 04:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0003'
branch_labels = None
depends_on = None

JOB_COLUMNS = ('job_state', 'job_done', 'job_total', 'job_failure')


def upgrade():
    op.create_index(op.f('ix_certificates_file_sha256'), 'certificates', ['file_sha256'], unique=False)
    _make_the_outbox()
    op.create_table('holder_choices',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('shows_others', sa.Boolean(), nullable=False),
    sa.Column('profile_url', sa.String(length=200), nullable=True),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_holder_choices_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holder_choices')),
    sa.UniqueConstraint('person_id', name=op.f('uq_holder_choices_person_id'))
    )
    op.create_table('certificate_deliveries',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=True),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.Column('is_latest', sa.Boolean(), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(recipient IS NULL) = (mail_id IS NULL)', name=op.f('ck_certificate_deliveries_mailed_to_an_address')),
    sa.CheckConstraint('round >= 1', name=op.f('ck_certificate_deliveries_rounds_start_at_one')),
    sa.ForeignKeyConstraint(['batch_id'], ['certificate_batches.id'], name=op.f('fk_certificate_deliveries_batch_id_certificate_batches')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_deliveries_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_certificate_deliveries_institution_id_institutions')),
    sa.ForeignKeyConstraint(['mail_id'], ['outgoing_mails.id'], name=op.f('fk_certificate_deliveries_mail_id_outgoing_mails')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_deliveries')),
    sa.UniqueConstraint('certificate_id', 'round', name=op.f('uq_certificate_deliveries_certificate_id_round')),
    sa.UniqueConstraint('mail_id', name=op.f('uq_certificate_deliveries_mail_id'))
    )
    with op.batch_alter_table('certificate_deliveries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_deliveries_batch_id_is_latest_id'), ['batch_id', 'is_latest', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_deliveries_institution_id'), ['institution_id'], unique=False)

    op.create_table('correction_requests',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('fact', sa.String(length=30), nullable=False),
    sa.Column('printed', sa.Text(), nullable=True),
    sa.Column('wanted', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('contact', sa.String(length=254), nullable=True),
    sa.Column('evidence_key', sa.String(length=200), nullable=True),
    sa.Column('evidence_name', sa.String(length=200), nullable=True),
    sa.Column('came_by', sa.Enum('link', 'code', name='cameby', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('open', 'asked', 'replaced', 'refused', name='requeststate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('replaced', 'refused')) = (answered_at IS NOT NULL)", name=op.f('ck_correction_requests_answered_at_a_moment')),
    sa.CheckConstraint('(evidence_key IS NULL) = (evidence_name IS NULL)', name=op.f('ck_correction_requests_evidence_has_a_name')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['users.id'], name=op.f('fk_correction_requests_answered_by_id_users')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_correction_requests_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_correction_requests_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction_requests'))
    )
    with op.batch_alter_table('correction_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_requests_certificate_id'), ['certificate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_requests_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_requests_state_id'), ['state', 'id'], unique=False)
        batch_op.create_index('uq_correction_requests_waiting', ['certificate_id', 'fact'], unique=True, sqlite_where=sa.text("state IN ('open', 'asked')"), postgresql_where=sa.text("state IN ('open', 'asked')"))

    op.create_table('holder_links',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_holder_links_certificate_id_certificates')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holder_links')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_holder_links_token_sha256'))
    )
    with op.batch_alter_table('holder_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_holder_links_certificate_id'), ['certificate_id'], unique=False)

    op.create_table('mailed_batches',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['certificate_batches.id'], name=op.f('fk_mailed_batches_batch_id_certificate_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailed_batches')),
    sa.UniqueConstraint('batch_id', name=op.f('uq_mailed_batches_batch_id'))
    )
    op.create_table('correction_notes',
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('voice', sa.Enum('holder', 'office', 'inside', name='voice', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('author_name', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['correction_requests.id'], name=op.f('fk_correction_notes_request_id_correction_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction_notes'))
    )
    with op.batch_alter_table('correction_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_notes_request_id'), ['request_id'], unique=False)


def downgrade():
    with op.batch_alter_table('correction_notes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_notes_request_id'))

    op.drop_table('correction_notes')
    op.drop_table('mailed_batches')
    with op.batch_alter_table('holder_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_holder_links_certificate_id'))

    op.drop_table('holder_links')
    with op.batch_alter_table('correction_requests', schema=None) as batch_op:
        batch_op.drop_index('uq_correction_requests_waiting', sqlite_where=sa.text("state IN ('open', 'asked')"), postgresql_where=sa.text("state IN ('open', 'asked')"))
        batch_op.drop_index(batch_op.f('ix_correction_requests_state_id'))
        batch_op.drop_index(batch_op.f('ix_correction_requests_institution_id'))
        batch_op.drop_index(batch_op.f('ix_correction_requests_certificate_id'))

    op.drop_table('correction_requests')
    with op.batch_alter_table('certificate_deliveries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_deliveries_institution_id'))
        batch_op.drop_index(batch_op.f('ix_certificate_deliveries_batch_id_is_latest_id'))

    op.drop_table('certificate_deliveries')
    op.drop_table('holder_choices')
    op.drop_index(op.f('ix_certificates_file_sha256'), 'certificates')
    _take_the_outbox_back()


def _make_the_outbox():
    with op.batch_alter_table('outgoing_mails', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_outgoing_mails_jobstate'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_outgoing_mails_deliverystate'), type_='check')
        for name in JOB_COLUMNS:
            batch_op.drop_column(name)
        batch_op.add_column(sa.Column('key', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('message_id', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('has_html', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('tries', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE outgoing_mails SET key = 'before:' || id, message_id = '<before-' || id || '@gdt.invalid>',"
        " has_html = false, tries = 0, next_try_at = queued_at"
    )
    with op.batch_alter_table('outgoing_mails', schema=None) as batch_op:
        for name, kind in (
            ('key', sa.String(length=120)),
            ('message_id', sa.String(length=200)),
            ('has_html', sa.Boolean()),
            ('tries', sa.Integer()),
            ('next_try_at', sa.DateTime(timezone=True)),
        ):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_check_constraint(
            batch_op.f('ck_outgoing_mails_deliverystate'),
            "state IN ('queued', 'sending', 'sent', 'refused', 'bounced', 'unclear')",
        )
        batch_op.create_unique_constraint(batch_op.f('uq_outgoing_mails_key'), ['key'])
        batch_op.create_unique_constraint(batch_op.f('uq_outgoing_mails_message_id'), ['message_id'])
        batch_op.create_index(
            batch_op.f('ix_outgoing_mails_state_next_try_at_id'), ['state', 'next_try_at', 'id'], unique=False
        )


def _take_the_outbox_back():
    """What is nearly the same word before takes its place."""
    op.execute("UPDATE outgoing_mails SET state = 'refused' WHERE state IN ('bounced', 'unclear')")
    op.execute("UPDATE outgoing_mails SET state = 'queued' WHERE state = 'sending'")
    with op.batch_alter_table('outgoing_mails', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outgoing_mails_state_next_try_at_id'))
        batch_op.drop_constraint(batch_op.f('uq_outgoing_mails_message_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_outgoing_mails_key'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_outgoing_mails_deliverystate'), type_='check')
        for name in ('key', 'message_id', 'has_html', 'tries', 'next_try_at', 'claimed_at'):
            batch_op.drop_column(name)
        batch_op.add_column(sa.Column('job_state', sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column('job_done', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('job_total', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('job_failure', sa.String(), nullable=True))
    op.execute(
        "UPDATE outgoing_mails SET job_done = 0, job_total = 0,"
        " job_state = CASE WHEN state = 'queued' THEN 'waiting' ELSE 'done' END"
    )
    with op.batch_alter_table('outgoing_mails', schema=None) as batch_op:
        for name, kind in (('job_state', sa.String(length=30)), ('job_done', sa.Integer()), ('job_total', sa.Integer())):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_check_constraint(
            batch_op.f('ck_outgoing_mails_deliverystate'), "state IN ('queued', 'sent', 'refused')"
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_outgoing_mails_jobstate'), "job_state IN ('waiting', 'running', 'done', 'failed')"
        )
