"""Totals kept as rows change

Triggers mark what must be counted anew, by whatever way a row changes. What is there already is counted by
the first transaction after this, or at once by `flask gdt impact check --repair`.

Revision ID: 0010
Revises: 0013
Create Date: 2026-11-22 08:11:49.351948
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0013'
branch_labels = None
depends_on = None

DEEDS = ("INSERT", "UPDATE", "DELETE")


class Watch(NamedTuple):
    table: str
    columns: tuple
    marks: tuple


WATCHED = (
    Watch(
        "enrolments",
        ("completed_on", "cohort_id", "person_id"),
        (("completions", "{r}.person_id", "{r}.completed_on IS NOT NULL"),),
    ),
    Watch(
        "results",
        ("outcome", "sitting_id", "exam_id", "person_id"),
        (("results", "{r}.person_id", "{r}.outcome <> 'absent'"),),
    ),
    Watch(
        "certificates",
        (
            "kind",
            "edition",
            "thing_earned",
            "person_id",
            "institution_id",
            "course_id",
            "cohort_id",
            "issued_on",
            "revoked_at",
            "replaces_id",
        ),
        (
            ("certificates", "COALESCE({r}.person_id, -{r}.institution_id)", "TRUE"),
            ("certificate", "{r}.replaces_id", "{r}.replaces_id IS NOT NULL"),
        ),
    ),
    Watch("sittings", ("held_on", "cohort_id"), (("sitting", "{r}.id", "TRUE"),)),
    Watch(
        "cohorts",
        ("institution_id", "starts_on", "ends_on"),
        (("cohort", "{r}.id", "TRUE"), ("institution", "{r}.institution_id", "TRUE")),
    ),
    Watch("cohort_modules", ("cohort_id", "module_id"), (("cohort", "{r}.cohort_id", "TRUE"),)),
    Watch("course_modules", ("course_id", "module_id"), (("course", "{r}.course_id", "TRUE"),)),
    Watch("institutions", ("country_id",), (("place", "{r}.id", "TRUE"),)),
    Watch("countries", ("region_id",), (("country", "{r}.id", "TRUE"),)),
    Watch(
        "persons",
        ("merged_into_id",),
        (
            ("person", "{r}.id", "{r}.merged_into_id IS NOT NULL"),
            ("person", "{r}.merged_into_id", "{r}.merged_into_id IS NOT NULL"),
        ),
    ),
)


def sqlite_triggers() -> dict[str, str]:
    """The statement that makes each trigger, by its name."""
    return {
        f"counted_{watch.table}_{deed.lower()}": _sqlite(watch, deed) for watch in WATCHED for deed in DEEDS
    }


def _sqlite(watch: Watch, deed: str) -> str:
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[deed]
    when = ""
    if deed == "UPDATE":
        deed = f"UPDATE OF {', '.join(watch.columns)}"
        when = " WHEN " + " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in watch.columns)
    marks = " ".join(f"{_mark(*mark, row, '')};" for row in rows for mark in watch.marks)
    kind = deed.split()[0].lower()
    return (
        f"CREATE TRIGGER counted_{watch.table}_{kind} AFTER {deed} ON {watch.table}{when} BEGIN {marks} END"
    )


def _mark(subject: str, subject_id: str, condition: str, row: str, source: str) -> str:
    chosen = f"SELECT '{subject}', {subject_id.format(r=row)}{source} WHERE {condition.format(r=row)}"
    return f"INSERT INTO counting_marks (subject, subject_id) {chosen}"


def postgresql_functions() -> dict[str, str]:
    """The body of each table's function, which sees a statement's rows at once, by its name."""
    return {f"count_{watch.table}": _body(watch) for watch in WATCHED}


def _body(watch: Watch) -> str:
    both = "(" + ", ".join(f"{{0}}.{name}" for name in watch.columns) + ")"
    differs = f"{both.format('o')} IS DISTINCT FROM {both.format('n')}"
    same = "SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id"
    changed = f" AND r.id IN ({same} WHERE {differs})"
    old = [_mark(*mark, "r", " FROM old_rows r") for mark in watch.marks]
    new = [_mark(*mark, "r", " FROM new_rows r") for mark in watch.marks]
    branches = (
        ("IF TG_OP = 'INSERT' THEN", new),
        ("ELSIF TG_OP = 'DELETE' THEN", old),
        ("ELSE", [f"{statement}{changed}" for statement in (*old, *new)]),
    )
    body = " ".join(f"{head} {'; '.join(statements)};" for head, statements in branches)
    return f"BEGIN {body} END IF; RETURN NULL; END"


def postgresql_statements() -> list[str]:
    """What makes the functions and their triggers."""
    seen = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }
    functions = [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        for name, body in postgresql_functions().items()
    ]
    triggers = [
        f"CREATE TRIGGER counted_{watch.table}_{deed.lower()} AFTER {deed} ON {watch.table}"
        f" REFERENCING {seen[deed]} FOR EACH STATEMENT EXECUTE FUNCTION count_{watch.table}()"
        for watch in WATCHED
        for deed in DEEDS
    ]
    return [*functions, *triggers]


def make_triggers():
    if op.get_bind().dialect.name == "postgresql":
        statements = postgresql_statements()
    else:
        statements = list(sqlite_triggers().values())
    for statement in statements:
        op.execute(statement)


def drop_triggers():
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for watch in WATCHED:
        for deed in DEEDS:
            on_table = f" ON {watch.table}" if is_postgresql else ""
            op.execute(f"DROP TRIGGER IF EXISTS counted_{watch.table}_{deed.lower()}{on_table}")
        if is_postgresql:
            op.execute(f"DROP FUNCTION IF EXISTS count_{watch.table}()")



def upgrade():
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('counted_people',
    sa.Column('completions', sa.Text(), nullable=True),
    sa.Column('results', sa.Text(), nullable=True),
    sa.Column('certificates', sa.Text(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counted_people'))
    )
    op.create_table('counted_places',
    sa.Column('country_id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counted_places'))
    )
    op.create_table('counted_teaching',
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('first_year', sa.Integer(), nullable=False),
    sa.Column('last_year', sa.Integer(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counted_teaching')),
    sa.UniqueConstraint('institution_id', 'module_id', 'first_year', 'last_year', name='uq_counted_teaching_years')
    )
    op.create_table('counted_totals',
    sa.Column('fact', sa.String(length=20), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('module_id', sa.Integer(), nullable=False),
    sa.Column('facts', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('newcomers', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counted_totals')),
    sa.UniqueConstraint('fact', 'year', 'level', 'place_id', 'module_id', name=op.f('uq_counted_totals_fact_year_level_place_id_module_id'))
    )
    with op.batch_alter_table('counted_totals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_counted_totals_level_place_id_year'), ['level', 'place_id', 'year'], unique=False)

    op.create_table('counting_marks',
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counting_marks'))
    )
    # ### end Alembic commands ###

    make_triggers()
    op.execute(
        "INSERT INTO counting_marks (subject, subject_id)"
        " SELECT 'everything', 0 WHERE EXISTS (SELECT 1 FROM institutions)"
    )


def downgrade():
    drop_triggers()
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_table('counting_marks')
    with op.batch_alter_table('counted_totals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_counted_totals_level_place_id_year'))

    op.drop_table('counted_totals')
    op.drop_table('counted_teaching')
    op.drop_table('counted_places')
    op.drop_table('counted_people')
    # ### end Alembic commands ###
