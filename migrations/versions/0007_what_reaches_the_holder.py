"""What reaches the holder and the stranger: an outbox with tries, files found by their hash

No other table points to `outgoing_mails` yet, so it is made anew and its rows are put back: a changed check
would otherwise copy it on SQLite, too.

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


def upgrade():
    op.create_index(op.f('ix_certificates_file_sha256'), 'certificates', ['file_sha256'], unique=False)
    op.execute("CREATE TABLE outgoing_mails_kept AS SELECT * FROM outgoing_mails")
    op.drop_table('outgoing_mails')
    op.create_table('outgoing_mails',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('has_html', sa.Boolean(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('queued', 'sending', 'sent', 'refused', 'bounced', 'unclear', name='deliverystate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('server_answer', sa.Text(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mails')),
    sa.UniqueConstraint('key', name=op.f('uq_outgoing_mails_key')),
    sa.UniqueConstraint('message_id', name=op.f('uq_outgoing_mails_message_id'))
    )
    op.create_index(op.f('ix_outgoing_mails_state_next_try_at_id'), 'outgoing_mails', ['state', 'next_try_at', 'id'], unique=False)
    op.execute(
        "INSERT INTO outgoing_mails (id, key, message_id, recipient, subject, body, has_html, queued_at, state,"
        " tries, next_try_at, settled_at, server_answer)"
        " SELECT id, 'before:' || id, '<before-' || id || '@gdt.invalid>', recipient, subject, body, false,"
        " queued_at, state, 0, queued_at, settled_at, server_answer FROM outgoing_mails_kept"
    )
    _go_on_counting()


def downgrade():
    op.execute("CREATE TABLE outgoing_mails_kept AS SELECT * FROM outgoing_mails")
    op.drop_table('outgoing_mails')
    op.create_table('outgoing_mails',
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('queued', 'sent', 'refused', name='deliverystate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('server_answer', sa.Text(), nullable=True),
    sa.Column('job_state', sa.Enum('waiting', 'running', 'done', 'failed', name='jobstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('job_done', sa.Integer(), nullable=False),
    sa.Column('job_total', sa.Integer(), nullable=False),
    sa.Column('job_failure', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mails'))
    )
    op.execute(
        "INSERT INTO outgoing_mails (id, recipient, subject, body, queued_at, state, settled_at, server_answer,"
        " job_state, job_done, job_total)"
        " SELECT id, recipient, subject, body, queued_at,"
        " CASE WHEN state IN ('bounced', 'unclear') THEN 'refused' WHEN state = 'sending' THEN 'queued' ELSE state END,"
        " settled_at, server_answer,"
        " CASE WHEN state IN ('queued', 'sending') THEN 'waiting' ELSE 'done' END, 0, 0 FROM outgoing_mails_kept"
    )
    _go_on_counting()
    op.drop_index(op.f('ix_certificates_file_sha256'), 'certificates')


def _go_on_counting():
    """Ids go on behind the rows that were put back."""
    op.drop_table('outgoing_mails_kept')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "SELECT setval(pg_get_serial_sequence('outgoing_mails', 'id'),"
            " (SELECT coalesce(max(id), 0) + 1 FROM outgoing_mails), false)"
        )
