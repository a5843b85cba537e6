"""Reporting rounds, what is unusual in them, and triggers that note changes of approved rows

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-22 11:23:44.237945
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

HELD = ('headcounts', 'enrolments', 'results', 'sittings', 'cohort_modules')
DEEDS = ('INSERT', 'UPDATE', 'DELETE')
SQLITE = [
    "CREATE TRIGGER held_headcounts_insert AFTER INSERT ON headcounts WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = NEW.institution_id AND h.year = NEW.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_headcounts_update AFTER UPDATE OF institution_id, module_id, year, measure, people ON headcounts WHEN OLD.institution_id IS NOT NEW.institution_id OR OLD.module_id IS NOT NEW.module_id OR OLD.year IS NOT NEW.year OR OLD.measure IS NOT NEW.measure OR OLD.people IS NOT NEW.people BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = OLD.institution_id AND h.year = OLD.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = NEW.institution_id AND h.year = NEW.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_headcounts_delete AFTER DELETE ON headcounts WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = OLD.institution_id AND h.year = OLD.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_enrolments_insert AFTER INSERT ON enrolments WHEN NEW.completed_on IS NOT NULL BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND h.year = CAST(substr(NEW.completed_on, 1, 4) AS INTEGER) AND NEW.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_enrolments_update AFTER UPDATE OF state, completed_on, cohort_id ON enrolments WHEN OLD.state IS NOT NEW.state OR OLD.completed_on IS NOT NEW.completed_on OR OLD.cohort_id IS NOT NEW.cohort_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND h.year = CAST(substr(OLD.completed_on, 1, 4) AS INTEGER) AND OLD.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND h.year = CAST(substr(NEW.completed_on, 1, 4) AS INTEGER) AND NEW.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_enrolments_delete AFTER DELETE ON enrolments WHEN OLD.completed_on IS NOT NULL BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND h.year = CAST(substr(OLD.completed_on, 1, 4) AS INTEGER) AND OLD.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_results_insert AFTER INSERT ON results WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = NEW.sitting_id AND h.year = CAST(substr(s.held_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_results_update AFTER UPDATE OF outcome, mark, sitting_id ON results WHEN OLD.outcome IS NOT NEW.outcome OR OLD.mark IS NOT NEW.mark OR OLD.sitting_id IS NOT NEW.sitting_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = OLD.sitting_id AND h.year = CAST(substr(s.held_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = NEW.sitting_id AND h.year = CAST(substr(s.held_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_results_delete AFTER DELETE ON results WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = OLD.sitting_id AND h.year = CAST(substr(s.held_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_sittings_insert AFTER INSERT ON sittings WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND h.year = CAST(substr(NEW.held_on, 1, 4) AS INTEGER) AND NEW.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_sittings_update AFTER UPDATE OF held_on, cohort_id ON sittings WHEN OLD.held_on IS NOT NEW.held_on OR OLD.cohort_id IS NOT NEW.cohort_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND h.year = CAST(substr(OLD.held_on, 1, 4) AS INTEGER) AND OLD.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND h.year = CAST(substr(NEW.held_on, 1, 4) AS INTEGER) AND NEW.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_sittings_delete AFTER DELETE ON sittings WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND h.year = CAST(substr(OLD.held_on, 1, 4) AS INTEGER) AND OLD.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_cohort_modules_insert AFTER INSERT ON cohort_modules WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND h.year = CAST(substr(e.completed_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_cohort_modules_update AFTER UPDATE OF cohort_id, module_id ON cohort_modules WHEN OLD.cohort_id IS NOT NEW.cohort_id OR OLD.module_id IS NOT NEW.module_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND h.year = CAST(substr(e.completed_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND h.year = CAST(substr(e.completed_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_cohort_modules_delete AFTER DELETE ON cohort_modules WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND h.year = CAST(substr(e.completed_on, 1, 4) AS INTEGER) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
]
POSTGRESQL = [
    "CREATE FUNCTION hold_headcounts() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.year = r.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.year = r.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.year = r.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.institution_id, o.module_id, o.year, o.measure, o.people) IS DISTINCT FROM (n.institution_id, n.module_id, n.year, n.measure, n.people)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.year = r.year AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.institution_id, o.module_id, o.year, o.measure, o.people) IS DISTINCT FROM (n.institution_id, n.module_id, n.year, n.measure, n.people)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_enrolments() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.completed_on) AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.completed_on) AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.completed_on) AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.state, o.completed_on, o.cohort_id) IS DISTINCT FROM (n.state, n.completed_on, n.cohort_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.completed_on) AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.state, o.completed_on, o.cohort_id) IS DISTINCT FROM (n.state, n.completed_on, n.cohort_id)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_results() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND h.year = EXTRACT(YEAR FROM s.held_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND h.year = EXTRACT(YEAR FROM s.held_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND h.year = EXTRACT(YEAR FROM s.held_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.outcome, o.mark, o.sitting_id) IS DISTINCT FROM (n.outcome, n.mark, n.sitting_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND h.year = EXTRACT(YEAR FROM s.held_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.outcome, o.mark, o.sitting_id) IS DISTINCT FROM (n.outcome, n.mark, n.sitting_id)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_sittings() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.held_on) AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.held_on) AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.held_on) AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.held_on, o.cohort_id) IS DISTINCT FROM (n.held_on, n.cohort_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM r.held_on) AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.held_on, o.cohort_id) IS DISTINCT FROM (n.held_on, n.cohort_id)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_cohort_modules() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM e.completed_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM e.completed_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM e.completed_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.cohort_id, o.module_id) IS DISTINCT FROM (n.cohort_id, n.module_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND h.year = EXTRACT(YEAR FROM e.completed_on) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.cohort_id, o.module_id) IS DISTINCT FROM (n.cohort_id, n.module_id)); END IF; RETURN NULL; END$$",
    'CREATE TRIGGER held_headcounts_insert AFTER INSERT ON headcounts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_headcounts()',
    'CREATE TRIGGER held_headcounts_update AFTER UPDATE ON headcounts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_headcounts()',
    'CREATE TRIGGER held_headcounts_delete AFTER DELETE ON headcounts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_headcounts()',
    'CREATE TRIGGER held_enrolments_insert AFTER INSERT ON enrolments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_enrolments()',
    'CREATE TRIGGER held_enrolments_update AFTER UPDATE ON enrolments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_enrolments()',
    'CREATE TRIGGER held_enrolments_delete AFTER DELETE ON enrolments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_enrolments()',
    'CREATE TRIGGER held_results_insert AFTER INSERT ON results REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_results()',
    'CREATE TRIGGER held_results_update AFTER UPDATE ON results REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_results()',
    'CREATE TRIGGER held_results_delete AFTER DELETE ON results REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_results()',
    'CREATE TRIGGER held_sittings_insert AFTER INSERT ON sittings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_sittings()',
    'CREATE TRIGGER held_sittings_update AFTER UPDATE ON sittings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_sittings()',
    'CREATE TRIGGER held_sittings_delete AFTER DELETE ON sittings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_sittings()',
    'CREATE TRIGGER held_cohort_modules_insert AFTER INSERT ON cohort_modules REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_cohort_modules()',
    'CREATE TRIGGER held_cohort_modules_update AFTER UPDATE ON cohort_modules REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_cohort_modules()',
    'CREATE TRIGGER held_cohort_modules_delete AFTER DELETE ON cohort_modules REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_cohort_modules()',
]


def make_triggers():
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def drop_triggers():
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in HELD:
        for deed in DEEDS:
            on_table = f" ON {table}" if is_postgresql else ""
            op.execute(f"DROP TRIGGER IF EXISTS held_{table}_{deed.lower()}{on_table}")
        if is_postgresql:
            op.execute(f"DROP FUNCTION IF EXISTS hold_{table}()")


def upgrade():
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table('held_changes',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_changes'))
    )
    op.create_table('reporting_rounds',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reporting_rounds')),
    sa.UniqueConstraint('id', 'year', name=op.f('uq_reporting_rounds_id_year')),
    sa.UniqueConstraint('year', name=op.f('uq_reporting_rounds_year'))
    )
    op.create_table('institution_reports',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('open', 'submitted', 'queried', 'approved', 'correcting', name='reportstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('first_submitted_on', sa.Date(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_name', sa.String(length=200), nullable=True),
    sa.Column('question', sa.Text(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_by_name', sa.String(length=200), nullable=True),
    sa.Column('correctable_until', sa.Date(), nullable=True),
    sa.Column('last_reminded_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'correcting') = (correctable_until IS NOT NULL)", name=op.f('ck_institution_reports_corrected_until_a_day')),
    sa.CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name=op.f('ck_institution_reports_submitted_at_a_moment')),
    sa.CheckConstraint("(state = 'queried') = (question IS NOT NULL)", name=op.f('ck_institution_reports_queried_with_a_question')),
    sa.CheckConstraint("state NOT IN ('approved', 'correcting') OR approved_at IS NOT NULL", name=op.f('ck_institution_reports_approved_at_a_moment')),
    sa.CheckConstraint('(submitted_at IS NULL) = (first_submitted_on IS NULL)', name=op.f('ck_institution_reports_submitted_first')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_institution_reports_institution_id_institutions')),
    sa.ForeignKeyConstraint(['round_id', 'year'], ['reporting_rounds.id', 'reporting_rounds.year'], name='fk_institution_reports_round'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institution_reports')),
    sa.UniqueConstraint('institution_id', 'year', name=op.f('uq_institution_reports_institution_id_year'))
    )
    with op.batch_alter_table('institution_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_institution_reports_round_id_state'), ['round_id', 'state'], unique=False)

    op.create_table('late_corrections',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'granted', 'declined', name='correctionstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_name', sa.String(length=200), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_name', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name=op.f('ck_late_corrections_answered_at_a_moment')),
    sa.CheckConstraint("(state = 'granted') = (until_on IS NOT NULL)", name=op.f('ck_late_corrections_granted_until_a_day')),
    sa.ForeignKeyConstraint(['report_id'], ['institution_reports.id'], name=op.f('fk_late_corrections_report_id_institution_reports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_corrections'))
    )
    with op.batch_alter_table('late_corrections', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_late_corrections_report_id'), ['report_id'], unique=False)
        batch_op.create_index('uq_late_corrections_waiting', ['report_id'], unique=True, sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))

    op.create_table('risk_findings',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.Enum('jump', 'round number', 'same people', 'very many', name='rule', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('is_sampled', sa.Boolean(), nullable=False),
    sa.Column('is_present', sa.Boolean(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('to look at', 'fine', 'to correct', name='findingstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looked_by_name', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'to look at') = (looked_at IS NULL)", name=op.f('ck_risk_findings_looked_at_by_someone')),
    sa.ForeignKeyConstraint(['report_id'], ['institution_reports.id'], name=op.f('fk_risk_findings_report_id_institution_reports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_findings')),
    sa.UniqueConstraint('report_id', 'rule', 'subject', name=op.f('uq_risk_findings_report_id_rule_subject'))
    )
    with op.batch_alter_table('risk_findings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_risk_findings_is_sampled_state_id'), ['is_sampled', 'state', 'id'], unique=False)

    # ### end Alembic commands ###
    make_triggers()


def downgrade():
    drop_triggers()
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table('risk_findings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_risk_findings_is_sampled_state_id'))

    op.drop_table('risk_findings')
    with op.batch_alter_table('late_corrections', schema=None) as batch_op:
        batch_op.drop_index('uq_late_corrections_waiting', sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))
        batch_op.drop_index(batch_op.f('ix_late_corrections_report_id'))

    op.drop_table('late_corrections')
    with op.batch_alter_table('institution_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_institution_reports_round_id_state'))

    op.drop_table('institution_reports')
    op.drop_table('reporting_rounds')
    op.drop_table('held_changes')
    # ### end Alembic commands ###
