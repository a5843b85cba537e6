"""Totals by gender, and targets from a list

Who has given a gender is counted by it, too. Everything is counted anew by the first transaction after this,
or at once by `flask gdt impact check --repair`.

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-22 14:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

MERGED = (
    "INSERT INTO counting_marks (subject, subject_id) SELECT 'person', {r}.id{source}"
    " WHERE {r}.merged_into_id IS NOT NULL"
)
MERGED_INTO = (
    "INSERT INTO counting_marks (subject, subject_id) SELECT 'person', {r}.merged_into_id{source}"
    " WHERE {r}.merged_into_id IS NOT NULL"
)
STAYS = (
    "INSERT INTO counting_marks (subject, subject_id) SELECT 'person', {r}.id{source}"
    " WHERE {r}.merged_into_id IS NULL"
)
BEFORE = {"columns": ("merged_into_id",), "old": (MERGED, MERGED_INTO), "new": (MERGED, MERGED_INTO)}
AFTER = {
    "columns": ("merged_into_id", "gender"),
    "old": (MERGED, MERGED_INTO, STAYS),
    "new": (MERGED, MERGED_INTO),
}
COUNTS_ANEW = (
    "INSERT INTO counting_marks (subject, subject_id)"
    " SELECT 'everything', 0 WHERE EXISTS (SELECT 1 FROM institutions)"
)


def sqlite_triggers(watched):
    """The statement that makes each trigger of persons, by its name."""
    columns = watched["columns"]
    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    events = {
        "insert": ("INSERT", [("NEW", "new")], ""),
        "update": (f"UPDATE OF {', '.join(columns)}", [("OLD", "old"), ("NEW", "new")], f" WHEN {differs}"),
        "delete": ("DELETE", [("OLD", "old")], ""),
    }
    made = {}
    for deed, (event, rows, when) in events.items():
        statements = [one.format(r=row, source="") for row, which in rows for one in watched[which]]
        body = " ".join(f"{statement};" for statement in statements)
        name = f"counted_persons_{deed}"
        made[name] = f"CREATE TRIGGER {name} AFTER {event} ON persons{when} BEGIN {body} END"
    return made


def postgresql_body(watched):
    """The body of the function of persons, which sees a statement's rows at once."""
    columns = watched["columns"]
    both = "(" + ", ".join(f"{{0}}.{name}" for name in columns) + ")"
    differs = f"{both.format('o')} IS DISTINCT FROM {both.format('n')}"
    changed = f" AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE {differs})"
    old = [one.format(r="r", source=" FROM old_rows r") for one in watched["old"]]
    new = [one.format(r="r", source=" FROM new_rows r") for one in watched["new"]]
    branches = (
        ("IF TG_OP = 'INSERT' THEN", new),
        ("ELSIF TG_OP = 'DELETE' THEN", old),
        ("ELSE", [f"{statement}{changed}" for statement in (*old, *new)]),
    )
    body = " ".join(f"{head} {'; '.join(statements)};" for head, statements in branches)
    return f"BEGIN {body} END IF; RETURN NULL; END"


def watch(watched):
    if op.get_bind().dialect.name == "postgresql":
        body = postgresql_body(watched)
        op.execute(
            f"CREATE OR REPLACE FUNCTION count_persons() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
        return
    for name, statement in sqlite_triggers(watched).items():
        op.execute(f"DROP TRIGGER {name}")
        op.execute(statement)


def upgrade():
    op.execute("DELETE FROM counted_totals")
    with op.batch_alter_table('counted_totals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('gender', sa.Integer(), nullable=False))
        batch_op.drop_constraint('uq_counted_totals_fact_year_level_place_id_module_id', type_='unique')
        batch_op.create_unique_constraint(
            batch_op.f('uq_counted_totals_fact_year_level_place_id_module_id_gender'),
            ['fact', 'year', 'level', 'place_id', 'module_id', 'gender'],
        )
        batch_op.drop_index('ix_counted_totals_level_place_id_year')
        batch_op.create_index(
            batch_op.f('ix_counted_totals_level_gender_place_id_year'),
            ['level', 'gender', 'place_id', 'year'],
            unique=False,
        )
    watch(AFTER)
    op.execute(COUNTS_ANEW)
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_imported', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.alter_column('is_imported', server_default=None)


def downgrade():
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.drop_column('is_imported')
    watch(BEFORE)
    op.execute("DELETE FROM counted_totals")
    with op.batch_alter_table('counted_totals', schema=None) as batch_op:
        batch_op.drop_index('ix_counted_totals_level_gender_place_id_year')
        batch_op.create_index(
            batch_op.f('ix_counted_totals_level_place_id_year'), ['level', 'place_id', 'year'], unique=False
        )
        batch_op.drop_constraint('uq_counted_totals_fact_year_level_place_id_module_id_gender', type_='unique')
        batch_op.create_unique_constraint(
            batch_op.f('uq_counted_totals_fact_year_level_place_id_module_id'),
            ['fact', 'year', 'level', 'place_id', 'module_id'],
        )
        batch_op.drop_column('gender')
    op.execute(COUNTS_ANEW)
