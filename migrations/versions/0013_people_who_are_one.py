"""People who are one: keys, probable pairs, merges and their journal

Revision ID: 0013
Revises: 0009
Create Date: 2026-11-22 08:19:48.984269
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('people_comparisons',
    sa.Column('job_run', sa.Integer(), nullable=False),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('job_state', sa.Enum('waiting', 'running', 'done', 'failed', name='jobstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('job_done', sa.Integer(), nullable=False),
    sa.Column('job_total', sa.Integer(), nullable=False),
    sa.Column('job_failure', sa.String(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_comparisons'))
    )
    op.create_table('person_keys',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_person_keys_person_id_persons'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_keys')),
    sa.UniqueConstraint('person_id', 'key', name=op.f('uq_person_keys_person_id_key'))
    )
    with op.batch_alter_table('person_keys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_keys_key_person_id'), ['key', 'person_id'], unique=False)

    op.create_table('person_merges',
    sa.Column('survivor_id', sa.Integer(), nullable=False),
    sa.Column('merged_id', sa.Integer(), nullable=False),
    sa.Column('merged_name', sa.String(length=200), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('merged_by_id', sa.Integer(), nullable=True),
    sa.Column('merged_by_name', sa.String(length=200), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_by_name', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(undone_at IS NULL) = (undone_by_name IS NULL)', name=op.f('ck_person_merges_undone_by_someone')),
    sa.CheckConstraint('survivor_id <> merged_id', name=op.f('ck_person_merges_of_two_entries')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_person_merges_institution_id_institutions')),
    sa.ForeignKeyConstraint(['merged_by_id'], ['users.id'], name=op.f('fk_person_merges_merged_by_id_users')),
    sa.ForeignKeyConstraint(['merged_id'], ['persons.id'], name=op.f('fk_person_merges_merged_id_persons')),
    sa.ForeignKeyConstraint(['survivor_id'], ['persons.id'], name=op.f('fk_person_merges_survivor_id_persons')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['users.id'], name=op.f('fk_person_merges_undone_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_merges'))
    )
    with op.batch_alter_table('person_merges', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_merges_institution_id_id'), ['institution_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_merges_merged_id'), ['merged_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_merges_survivor_id_id'), ['survivor_id', 'id'], unique=False)

    op.create_table('probable_pairs',
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('email', 'number', 'native', 'name', 'script', 'sound', 'slip', name='reason', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('strength', sa.SmallInteger(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('different_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('different_by_id', sa.Integer(), nullable=True),
    sa.Column('different_by_name', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(different_at IS NULL) = (different_by_name IS NULL)', name=op.f('ck_probable_pairs_called_different_by_someone')),
    sa.CheckConstraint('first_id < second_id', name=op.f('ck_probable_pairs_the_older_entry_first')),
    sa.CheckConstraint('strength BETWEEN 1 AND 3', name=op.f('ck_probable_pairs_strength_has_a_word')),
    sa.ForeignKeyConstraint(['different_by_id'], ['users.id'], name=op.f('fk_probable_pairs_different_by_id_users')),
    sa.ForeignKeyConstraint(['first_id'], ['persons.id'], name=op.f('fk_probable_pairs_first_id_persons'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_probable_pairs_institution_id_institutions')),
    sa.ForeignKeyConstraint(['second_id'], ['persons.id'], name=op.f('fk_probable_pairs_second_id_persons'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_probable_pairs')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_probable_pairs_first_id_second_id'))
    )
    with op.batch_alter_table('probable_pairs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_probable_pairs_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_probable_pairs_second_id'), ['second_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_probable_pairs_strength_id'), ['strength', 'id'], unique=False)

    op.create_table('person_merge_steps',
    sa.Column('merge_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('deed', sa.Enum('changed', 'removed', 'kept', name='deed', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('table_name', sa.String(length=40), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['merge_id'], ['person_merges.id'], name=op.f('fk_person_merge_steps_merge_id_person_merges')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_merge_steps')),
    sa.UniqueConstraint('merge_id', 'position', name=op.f('uq_person_merge_steps_merge_id_position'))
    )
    with op.batch_alter_table('person_merge_steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_merge_steps_table_name_row_id'), ['table_name', 'row_id'], unique=False)

    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.add_column(sa.Column('compared_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_persons_to_compare', ['id'], unique=False, sqlite_where=sa.text('compared_at IS NULL'), postgresql_where=sa.text('compared_at IS NULL'))



def downgrade():
    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.drop_index('ix_persons_to_compare', sqlite_where=sa.text('compared_at IS NULL'), postgresql_where=sa.text('compared_at IS NULL'))
        batch_op.drop_column('compared_at')

    with op.batch_alter_table('person_merge_steps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_merge_steps_table_name_row_id'))

    op.drop_table('person_merge_steps')
    with op.batch_alter_table('probable_pairs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_probable_pairs_strength_id'))
        batch_op.drop_index(batch_op.f('ix_probable_pairs_second_id'))
        batch_op.drop_index(batch_op.f('ix_probable_pairs_institution_id'))

    op.drop_table('probable_pairs')
    with op.batch_alter_table('person_merges', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_merges_survivor_id_id'))
        batch_op.drop_index(batch_op.f('ix_person_merges_merged_id'))
        batch_op.drop_index(batch_op.f('ix_person_merges_institution_id_id'))

    op.drop_table('person_merges')
    with op.batch_alter_table('person_keys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_keys_key_person_id'))

    op.drop_table('person_keys')
    op.drop_table('people_comparisons')
