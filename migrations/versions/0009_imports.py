"""Uploads of every kind: what was asked, chosen and done, row changes, remembered columns

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22 08:20:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

BEFORE = ('checked', 'keeping', 'kept', 'discarded')
NOW = ('asking', 'checked', 'keeping', 'kept', 'discarded', 'undoing', 'undone')
KINDS = ('roster', 'results')



def _one_of(column, words):
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade():
    with op.batch_alter_table('uploads') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_uploads_uploadkind'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_uploads_uploadstate'), type_='check')
        batch_op.drop_index('ix_uploads_institution_id')
        batch_op.alter_column('kind', type_=sa.String(length=30), existing_nullable=False)
        batch_op.alter_column('institution_id', existing_type=sa.Integer(), nullable=True)
        for name, kind, default in (
            ('subject_name', sa.String(length=300), ''),
            ('job_run', sa.Integer(), '0'),
            ('header', sa.JSON(), '[]'),
            ('mapping', sa.JSON(), '[]'),
            ('question', sa.JSON(), '{}'),
            ('notices', sa.JSON(), '[]'),
            ('counts', sa.JSON(), '{}'),
            ('choices', sa.JSON(), '{}'),
            ('journal', sa.JSON(), '[]'),
            ('rows_unchanged', sa.Integer(), '0'),
        ):
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        batch_op.add_column(sa.Column('sheet', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('day_order', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('stamp', sa.String(length=60), nullable=True))
    # What was checked before cannot be read by the pages of today; its file can be handed in again.
    op.execute("UPDATE uploads SET state = 'discarded' WHERE state = 'checked'")
    op.execute("UPDATE uploads SET checked_key = NULL")
    op.execute(
        "UPDATE uploads SET state = 'kept', job_state = 'done' WHERE state = 'keeping'"
    )
    with op.batch_alter_table('uploads') as batch_op:
        for name in ('subject_name', 'job_run', 'header', 'mapping', 'question', 'notices', 'counts',
                     'choices', 'journal', 'rows_unchanged'):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_check_constraint(op.f('ck_uploads_uploadstate'), _one_of('state', NOW))
        batch_op.create_check_constraint(op.f('ck_uploads_counts_rows'), 'rows_in >= 0')
        batch_op.create_index(op.f('ix_uploads_institution_id_id'), ['institution_id', 'id'])
        batch_op.create_index(op.f('ix_uploads_uploaded_by_id'), ['uploaded_by_id'])
    op.create_table(
        'upload_row_changes',
        sa.Column('upload_id', sa.Integer(), nullable=False),
        sa.Column('line', sa.Integer(), nullable=False),
        sa.Column('was', sa.String(length=20), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('row', sa.JSON(), nullable=False),
        sa.Column('texts', sa.JSON(), nullable=False),
        sa.Column('choice', sa.String(length=30), nullable=True),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['upload_id'], ['uploads.id'], name=op.f('fk_upload_row_changes_upload_id_uploads')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_upload_row_changes')),
        sa.UniqueConstraint('upload_id', 'line', name=op.f('uq_upload_row_changes_upload_id_line')),
    )
    op.create_table(
        'column_memories',
        sa.Column('institution_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=30), nullable=False),
        sa.Column('signature', sa.String(length=64), nullable=False),
        sa.Column('mapping', sa.JSON(), nullable=False),
        sa.Column('day_order', sa.String(length=12), nullable=True),
        sa.Column('remembered_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_column_memories_institution_id_institutions')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_column_memories')),
        sa.UniqueConstraint('institution_id', 'kind', 'signature', name=op.f('uq_column_memories_institution_id_kind_signature')),
    )


def downgrade():
    op.drop_table('column_memories')
    op.drop_table('upload_row_changes')
    op.execute("UPDATE uploads SET state = 'discarded' WHERE state NOT IN ('checked', 'keeping', 'kept')")
    op.execute("DELETE FROM uploads WHERE kind NOT IN ('roster', 'results') OR institution_id IS NULL")
    with op.batch_alter_table('uploads') as batch_op:
        batch_op.drop_index('ix_uploads_uploaded_by_id')
        batch_op.drop_index('ix_uploads_institution_id_id')
        batch_op.drop_constraint(op.f('ck_uploads_counts_rows'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_uploads_uploadstate'), type_='check')
        for name in ('subject_name', 'job_run', 'header', 'mapping', 'question', 'notices', 'counts',
                     'choices', 'journal', 'rows_unchanged', 'sheet', 'day_order', 'stamp'):
            batch_op.drop_column(name)
        batch_op.alter_column('institution_id', existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(op.f('ck_uploads_uploadkind'), _one_of('kind', KINDS))
        batch_op.create_check_constraint(op.f('ck_uploads_uploadstate'), _one_of('state', BEFORE))
        batch_op.create_index('ix_uploads_institution_id', ['institution_id'])
