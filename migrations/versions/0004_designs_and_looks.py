"""Designs the office brings and publishes, and how each institution's certificates look

Only new tables.

Revision ID: 0004
Revises: 0005
Create Date: 2026-11-22 05:22:53.994376
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('institution_looks',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('logo_sha256', sa.String(length=64), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_institution_looks_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution_looks')),
    sa.UniqueConstraint('institution_id', name=op.f('uq_institution_looks_institution_id'))
    )
    op.create_table('certificate_designs',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.Enum('teacher', 'student', 'award', 'partner', name='certificatekind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kept_by_id', sa.Integer(), nullable=True),
    sa.Column('kept_by_name', sa.String(length=200), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by_name', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(published_at IS NULL) = (published_by_name IS NULL)', name=op.f('ck_certificate_designs_published_by_somebody')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_certificate_designs_versions_start_at_one')),
    sa.ForeignKeyConstraint(['kept_by_id'], ['users.id'], name=op.f('fk_certificate_designs_kept_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_designs')),
    sa.UniqueConstraint('kind', 'version', name=op.f('uq_certificate_designs_kind_version')),
    sa.UniqueConstraint('name', name=op.f('uq_certificate_designs_name'))
    )


def downgrade():
    op.drop_table('certificate_designs')
    op.drop_table('institution_looks')
