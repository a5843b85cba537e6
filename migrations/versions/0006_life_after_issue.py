"""Life after issue: replacements

Revision ID: 0006
Revises: 0002
Create Date: 2026-11-22 04:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
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


def downgrade():
    op.drop_table('certificate_replacements')
