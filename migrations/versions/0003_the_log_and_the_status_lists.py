"""The log, the status lists and the terms of keys

Entries, tiles and heads of the log are only ever added: triggers refuse to change or delete them. Keys known
before are in use until the next of their kind began. Certificates issued before enter the log by
`flask gdt log adopt`.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22 04:44:53.265076
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

ONLY_GROW = ("log_leaves", "log_tiles", "log_heads")
PRESENT_KEYS = """
UPDATE certification_keys SET began_at = first_used_at, ended_at = (
  SELECT MIN(later.first_used_at) FROM certification_keys AS later
  WHERE later.kind = certification_keys.kind AND later.id > certification_keys.id)
"""
REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$
"""


def refuse_changes():
    """Make the database itself refuse to change or delete what was written into the log."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute(REFUSE)
    for table in ONLY_GROW:
        if is_postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )


def drop_function():
    """Triggers go with their tables; the function they called goes after them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def upgrade():
    op.create_table('log_heads',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('mailed_to', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_heads')),
    sa.UniqueConstraint('number', name=op.f('uq_log_heads_number')),
    sa.UniqueConstraint('signed_on', 'size', name=op.f('uq_log_heads_signed_on_size'))
    )
    with op.batch_alter_table('log_heads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_heads_size'), ['size'], unique=False)

    op.create_table('log_tiles',
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('hashes', sa.LargeBinary(), nullable=False),
    sa.Column('root', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_tiles')),
    sa.UniqueConstraint('level', 'place', name=op.f('uq_log_tiles_level_place'))
    )
    op.create_table('register_log',
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_register_log_is_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_log'))
    )
    op.create_table('status_lists',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_lists')),
    sa.UniqueConstraint('number', name=op.f('uq_status_lists_number')),
    sa.UniqueConstraint('url', name=op.f('uq_status_lists_url'))
    )
    op.create_table('certificate_seals',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_seals_certificate_id_certificates')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_seals')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_certificate_seals_certificate_id'))
    )
    op.create_table('log_leaves',
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('event', sa.Enum('issued', 'revoked', 'replaced', name='event', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('leaf', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('position >= 0', name=op.f('ck_log_leaves_positions_start_at_zero')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_log_leaves_certificate_id_certificates')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_leaves')),
    sa.UniqueConstraint('certificate_id', 'event', name=op.f('uq_log_leaves_certificate_id_event')),
    sa.UniqueConstraint('position', name=op.f('uq_log_leaves_position'))
    )
    op.create_table('status_entries',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('bit', sa.Integer(), nullable=False),
    sa.Column('is_set', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_status_entries_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['list_id'], ['status_lists.id'], name=op.f('fk_status_entries_list_id_status_lists')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_entries')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_status_entries_certificate_id')),
    sa.UniqueConstraint('list_id', 'bit', name=op.f('uq_status_entries_list_id_bit'))
    )
    with op.batch_alter_table('status_entries', schema=None) as batch_op:
        batch_op.create_index('ix_status_entries_set', ['list_id', 'bit'], unique=False, sqlite_where=sa.text('is_set'), postgresql_where=sa.text('is_set'))

    op.create_table('key_orders',
    sa.Column('action', sa.Enum('rotate', 'retire', name='keyaction', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('key_id', sa.Integer(), nullable=False),
    sa.Column('compromised_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.Enum('waiting', 'done', 'dropped', name='keyorderstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('prepared_by_name', sa.String(length=200), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(action = 'retire') = (compromised_from IS NOT NULL)", name=op.f('ck_key_orders_retires_from_a_day')),
    sa.CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name=op.f('ck_key_orders_settled_at_a_moment')),
    sa.ForeignKeyConstraint(['key_id'], ['certification_keys.id'], name=op.f('fk_key_orders_key_id_certification_keys')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_orders'))
    )
    with op.batch_alter_table('key_orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_key_orders_key_id'), ['key_id'], unique=False)

    op.create_table('log_bundles',
    sa.Column('head_id', sa.Integer(), nullable=False),
    sa.Column('file_key', sa.String(length=200), nullable=True),
    sa.Column('file_size', sa.Integer(), nullable=True),
    sa.Column('job_state', sa.Enum('waiting', 'running', 'done', 'failed', name='jobstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('job_done', sa.Integer(), nullable=False),
    sa.Column('job_total', sa.Integer(), nullable=False),
    sa.Column('job_failure', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['head_id'], ['log_heads.id'], name=op.f('fk_log_bundles_head_id_log_heads')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_bundles')),
    sa.UniqueConstraint('head_id', name=op.f('uq_log_bundles_head_id'))
    )
    op.create_table('log_witnesses',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_name', sa.String(length=200), nullable=False),
    sa.Column('stop_token', sa.String(length=64), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_name', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_by_name IS NULL)', name=op.f('ck_log_witnesses_ended_by_somebody')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_log_witnesses_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_witnesses')),
    sa.UniqueConstraint('stop_token', name=op.f('uq_log_witnesses_stop_token'))
    )
    with op.batch_alter_table('log_witnesses', schema=None) as batch_op:
        batch_op.create_index('ix_log_witnesses_open', ['institution_id', 'email'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('key_approvals',
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['key_orders.id'], name=op.f('fk_key_approvals_order_id_key_orders')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_key_approvals_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_approvals')),
    sa.UniqueConstraint('order_id', 'user_id', name=op.f('uq_key_approvals_order_id_user_id'))
    )
    with op.batch_alter_table('key_approvals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_key_approvals_user_id'), ['user_id'], unique=False)

    for column in ("began_at", "ended_at", "compromised_from"):
        op.add_column("certification_keys", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.execute(PRESENT_KEYS)
    op.create_index('ix_certification_keys_in_use', 'certification_keys', ['kind'], unique=True, sqlite_where=sa.text('began_at IS NOT NULL AND ended_at IS NULL'), postgresql_where=sa.text('began_at IS NOT NULL AND ended_at IS NULL'))
    op.add_column("certificate_proofs", sa.Column("badge_digest", sa.String(length=64), nullable=True))
    op.create_index("ix_certificate_proofs_badge_digest", "certificate_proofs", ["badge_digest"])
    refuse_changes()


def downgrade():
    with op.batch_alter_table('key_approvals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_key_approvals_user_id'))

    op.drop_table('key_approvals')
    with op.batch_alter_table('log_witnesses', schema=None) as batch_op:
        batch_op.drop_index('ix_log_witnesses_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.drop_table('log_witnesses')
    op.drop_table('log_bundles')
    with op.batch_alter_table('key_orders', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_key_orders_key_id'))

    op.drop_table('key_orders')
    op.drop_index("ix_certificate_proofs_badge_digest", "certificate_proofs")
    op.execute("ALTER TABLE certificate_proofs DROP COLUMN badge_digest")
    op.drop_index('ix_certification_keys_in_use', 'certification_keys')
    for column in ("compromised_from", "ended_at", "began_at"):
        op.execute(f"ALTER TABLE certification_keys DROP COLUMN {column}")
    with op.batch_alter_table('status_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_status_entries_set', sqlite_where=sa.text('is_set'), postgresql_where=sa.text('is_set'))

    op.drop_table('status_entries')
    op.drop_table('log_leaves')
    op.drop_table('certificate_seals')
    op.drop_table('status_lists')
    op.drop_table('register_log')
    op.drop_table('log_tiles')
    with op.batch_alter_table('log_heads', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_heads_size'))

    op.drop_table('log_heads')
    drop_function()
