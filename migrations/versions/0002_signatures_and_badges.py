"""Signatures and badges

Two tables of their own and no change to `certificates`: on SQLite a changed table is copied and dropped, and
dropping one that others point to breaks their foreign keys. A certificate issued before has no proof.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 03:15:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('certification_keys',
    sa.Column('kind', sa.Enum('signature', 'badge', name='keykind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('public', sa.Text(), nullable=False),
    sa.Column('is_development', sa.Boolean(), nullable=False),
    sa.Column('first_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certification_keys')),
    sa.UniqueConstraint('name', name=op.f('uq_certification_keys_name'))
    )
    op.create_table('certificate_proofs',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('signature_key_id', sa.Integer(), nullable=False),
    sa.Column('badge_key_id', sa.Integer(), nullable=False),
    sa.Column('badge', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['badge_key_id'], ['certification_keys.id'], name=op.f('fk_certificate_proofs_badge_key_id_certification_keys')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_proofs_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['signature_key_id'], ['certification_keys.id'], name=op.f('fk_certificate_proofs_signature_key_id_certification_keys')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_proofs')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_certificate_proofs_certificate_id'))
    )
    with op.batch_alter_table('certificate_proofs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_proofs_badge_key_id'), ['badge_key_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_proofs_signature_key_id'), ['signature_key_id'], unique=False)


def downgrade():
    with op.batch_alter_table('certificate_proofs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_proofs_signature_key_id'))
        batch_op.drop_index(batch_op.f('ix_certificate_proofs_badge_key_id'))

    op.drop_table('certificate_proofs')
    op.drop_table('certification_keys')
