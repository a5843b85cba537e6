"""Life after issue: replacements, revocations of many, renewals, reminders

Only new tables and one index; `certificates` keeps its shape. Teachers certified for one term after the other
before this have their certificates chained here, as issuing does from now on.

Revision ID: 0006
Revises: 0007
Create Date: 2026-11-22 04:50:54
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0007'
branch_labels = None
depends_on = None

CHAIN = """
INSERT INTO certificate_renewals (certificate_id, renews_id)
SELECT id, earlier_id FROM (
    SELECT id, lag(id) OVER (PARTITION BY person_id, course_id ORDER BY valid_until, id) AS earlier_id
    FROM certificates WHERE kind = 'teacher' AND edition = 1 AND valid_until IS NOT NULL
) AS terms WHERE earlier_id IS NOT NULL
"""


def upgrade():
    op.create_table('expiry_digests',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_expiry_digests_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expiry_digests')),
    sa.UniqueConstraint('institution_id', 'day', name=op.f('uq_expiry_digests_institution_id_day'))
    )
    op.create_table('certificate_renewals',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('renews_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('certificate_id <> renews_id', name=op.f('ck_certificate_renewals_renews_another')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_renewals_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['renews_id'], ['certificates.id'], name=op.f('fk_certificate_renewals_renews_id_certificates')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_renewals')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_certificate_renewals_certificate_id')),
    sa.UniqueConstraint('renews_id', name=op.f('uq_certificate_renewals_renews_id'))
    )
    op.create_table('certificate_replacements',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_certificate_replacements_has_a_reason')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_replacements_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_certificate_replacements_made_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_replacements')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_certificate_replacements_certificate_id'))
    )
    op.create_table('expiry_reminders',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('days_before', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.Column('digest_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('days_before > 0', name=op.f('ck_expiry_reminders_before_the_end')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_expiry_reminders_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['digest_id'], ['expiry_digests.id'], name=op.f('fk_expiry_reminders_digest_id_expiry_digests')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_expiry_reminders_institution_id_institutions')),
    sa.ForeignKeyConstraint(['mail_id'], ['outgoing_mails.id'], name=op.f('fk_expiry_reminders_mail_id_outgoing_mails')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expiry_reminders')),
    sa.UniqueConstraint('certificate_id', 'days_before', name=op.f('uq_expiry_reminders_certificate_id_days_before'))
    )
    with op.batch_alter_table('expiry_reminders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expiry_reminders_digest_id_institution_id'), ['digest_id', 'institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_expiry_reminders_mail_id'), ['mail_id'], unique=False)

    op.create_table('revocation_orders',
    sa.Column('source', sa.String(length=255), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('ordered_by_id', sa.Integer(), nullable=True),
    sa.Column('ordered_by_name', sa.String(length=200), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('tells_holders', sa.Boolean(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('job_state', sa.Enum('waiting', 'running', 'done', 'failed', name='jobstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('job_done', sa.Integer(), nullable=False),
    sa.Column('job_total', sa.Integer(), nullable=False),
    sa.Column('job_failure', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(confirmed_at IS NULL) = (reason IS NULL)', name=op.f('ck_revocation_orders_confirmed_with_a_reason')),
    sa.ForeignKeyConstraint(['batch_id'], ['certificate_batches.id'], name=op.f('fk_revocation_orders_batch_id_certificate_batches')),
    sa.ForeignKeyConstraint(['ordered_by_id'], ['users.id'], name=op.f('fk_revocation_orders_ordered_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revocation_orders'))
    )
    with op.batch_alter_table('revocation_orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revocation_orders_batch_id'), ['batch_id'], unique=False)

    op.create_table('revocation_lines',
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('typed', sa.String(length=200), nullable=False),
    sa.Column('state', sa.Enum('standing', 'revoked', 'revoked before', 'replaced', 'twice', 'unknown', 'unreadable', name='linestate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_revocation_lines_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['order_id'], ['revocation_orders.id'], name=op.f('fk_revocation_lines_order_id_revocation_orders')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revocation_lines')),
    sa.UniqueConstraint('order_id', 'position', name=op.f('uq_revocation_lines_order_id_position'))
    )
    with op.batch_alter_table('revocation_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_revocation_lines_certificate_id'), ['certificate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_revocation_lines_order_id_state_position'), ['order_id', 'state', 'position'], unique=False)

    op.create_index(
        'ix_certificates_expiring', 'certificates', ['valid_until'], unique=False,
        sqlite_where=sa.text('valid_until IS NOT NULL'), postgresql_where=sa.text('valid_until IS NOT NULL'),
    )
    op.execute(CHAIN)


def downgrade():
    op.drop_index(
        'ix_certificates_expiring', 'certificates',
        sqlite_where=sa.text('valid_until IS NOT NULL'), postgresql_where=sa.text('valid_until IS NOT NULL'),
    )
    with op.batch_alter_table('revocation_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_revocation_lines_order_id_state_position'))
        batch_op.drop_index(batch_op.f('ix_revocation_lines_certificate_id'))

    op.drop_table('revocation_lines')
    with op.batch_alter_table('revocation_orders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_revocation_orders_batch_id'))

    op.drop_table('revocation_orders')
    with op.batch_alter_table('expiry_reminders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_expiry_reminders_mail_id'))
        batch_op.drop_index(batch_op.f('ix_expiry_reminders_digest_id_institution_id'))

    op.drop_table('expiry_reminders')
    op.drop_table('certificate_replacements')
    op.drop_table('certificate_renewals')
    op.drop_table('expiry_digests')
