"""Reports of a part of a year: the days of rounds and reports, apart for each institution, and locked by day

Revision ID: 0028
Revises: 0026
Create Date: 2026-11-22 17:52:10.114273
"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0026'
branch_labels = None
depends_on = None

HELD = ('headcounts', 'enrolments', 'results', 'sittings', 'cohort_modules')
DEEDS = ('INSERT', 'UPDATE', 'DELETE')
ONE_YEAR = (
    "starts_on <= ends_on"
    " AND substr(CAST(starts_on AS varchar), 1, 4) = substr(CAST(ends_on AS varchar), 1, 4)"
    " AND CAST(substr(CAST(starts_on AS varchar), 1, 4) AS integer) = year"
)
APART = (
    "EXISTS (SELECT 1 FROM institution_reports o WHERE o.institution_id = NEW.institution_id"
    " AND o.id IS NOT NEW.id AND o.starts_on <= NEW.ends_on AND NEW.starts_on <= o.ends_on)"
)
SQLITE = [
    "CREATE TRIGGER held_headcounts_insert AFTER INSERT ON headcounts WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = NEW.institution_id AND h.ends_on = NEW.year || '-12-31' AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_headcounts_update AFTER UPDATE OF institution_id, module_id, year, measure, people ON headcounts WHEN OLD.institution_id IS NOT NEW.institution_id OR OLD.module_id IS NOT NEW.module_id OR OLD.year IS NOT NEW.year OR OLD.measure IS NOT NEW.measure OR OLD.people IS NOT NEW.people BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = OLD.institution_id AND h.ends_on = OLD.year || '-12-31' AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = NEW.institution_id AND h.ends_on = NEW.year || '-12-31' AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_headcounts_delete AFTER DELETE ON headcounts WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM institution_reports h WHERE h.institution_id = OLD.institution_id AND h.ends_on = OLD.year || '-12-31' AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_enrolments_insert AFTER INSERT ON enrolments WHEN NEW.completed_on IS NOT NULL BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND NEW.completed_on BETWEEN h.starts_on AND h.ends_on AND NEW.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_enrolments_update AFTER UPDATE OF state, completed_on, cohort_id ON enrolments WHEN OLD.state IS NOT NEW.state OR OLD.completed_on IS NOT NEW.completed_on OR OLD.cohort_id IS NOT NEW.cohort_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND OLD.completed_on BETWEEN h.starts_on AND h.ends_on AND OLD.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND NEW.completed_on BETWEEN h.starts_on AND h.ends_on AND NEW.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_enrolments_delete AFTER DELETE ON enrolments WHEN OLD.completed_on IS NOT NULL BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND OLD.completed_on BETWEEN h.starts_on AND h.ends_on AND OLD.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_results_insert AFTER INSERT ON results WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = NEW.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_results_update AFTER UPDATE OF outcome, mark, sitting_id ON results WHEN OLD.outcome IS NOT NEW.outcome OR OLD.mark IS NOT NEW.mark OR OLD.sitting_id IS NOT NEW.sitting_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = OLD.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = NEW.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_results_delete AFTER DELETE ON results WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = OLD.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_sittings_insert AFTER INSERT ON sittings WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND NEW.held_on BETWEEN h.starts_on AND h.ends_on AND NEW.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_sittings_update AFTER UPDATE OF held_on, cohort_id ON sittings WHEN OLD.held_on IS NOT NEW.held_on OR OLD.cohort_id IS NOT NEW.cohort_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND OLD.held_on BETWEEN h.starts_on AND h.ends_on AND OLD.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND NEW.held_on BETWEEN h.starts_on AND h.ends_on AND NEW.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_sittings_delete AFTER DELETE ON sittings WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND OLD.held_on BETWEEN h.starts_on AND h.ends_on AND OLD.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_cohort_modules_insert AFTER INSERT ON cohort_modules WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_cohort_modules_update AFTER UPDATE OF cohort_id, module_id ON cohort_modules WHEN OLD.cohort_id IS NOT NEW.cohort_id OR OLD.module_id IS NOT NEW.module_id BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = NEW.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
    "CREATE TRIGGER held_cohort_modules_delete AFTER DELETE ON cohort_modules WHEN TRUE BEGIN INSERT INTO held_changes (report_id) SELECT h.id FROM cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = OLD.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); END",
]
POSTGRESQL = [
    "CREATE FUNCTION hold_headcounts() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.ends_on = make_date(r.year, 12, 31) AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.ends_on = make_date(r.year, 12, 31) AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.ends_on = make_date(r.year, 12, 31) AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.institution_id, o.module_id, o.year, o.measure, o.people) IS DISTINCT FROM (n.institution_id, n.module_id, n.year, n.measure, n.people)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, institution_reports h WHERE h.institution_id = r.institution_id AND h.ends_on = make_date(r.year, 12, 31) AND h.state IN ('submitted', 'approved', 'correcting') AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.institution_id, o.module_id, o.year, o.measure, o.people) IS DISTINCT FROM (n.institution_id, n.module_id, n.year, n.measure, n.people)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_enrolments() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.completed_on BETWEEN h.starts_on AND h.ends_on AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.completed_on BETWEEN h.starts_on AND h.ends_on AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.completed_on BETWEEN h.starts_on AND h.ends_on AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.state, o.completed_on, o.cohort_id) IS DISTINCT FROM (n.state, n.completed_on, n.cohort_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.completed_on BETWEEN h.starts_on AND h.ends_on AND r.completed_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.state, o.completed_on, o.cohort_id) IS DISTINCT FROM (n.state, n.completed_on, n.cohort_id)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_results() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.outcome, o.mark, o.sitting_id) IS DISTINCT FROM (n.outcome, n.mark, n.sitting_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE s.id = r.sitting_id AND s.held_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.outcome, o.mark, o.sitting_id) IS DISTINCT FROM (n.outcome, n.mark, n.sitting_id)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_sittings() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.held_on BETWEEN h.starts_on AND h.ends_on AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.held_on BETWEEN h.starts_on AND h.ends_on AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.held_on BETWEEN h.starts_on AND h.ends_on AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.held_on, o.cohort_id) IS DISTINCT FROM (n.held_on, n.cohort_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND r.held_on BETWEEN h.starts_on AND h.ends_on AND r.id IN (SELECT e.sitting_id FROM results e) AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.held_on, o.cohort_id) IS DISTINCT FROM (n.held_on, n.cohort_id)); END IF; RETURN NULL; END$$",
    "CREATE FUNCTION hold_cohort_modules() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSIF TG_OP = 'DELETE' THEN INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id); ELSE INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM old_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.cohort_id, o.module_id) IS DISTINCT FROM (n.cohort_id, n.module_id)); INSERT INTO held_changes (report_id) SELECT DISTINCT h.id FROM new_rows r, cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN institution_reports h ON h.institution_id = c.institution_id AND h.state IN ('submitted', 'approved', 'correcting') WHERE c.id = r.cohort_id AND e.completed_on BETWEEN h.starts_on AND h.ends_on AND TRUE AND NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id) AND r.id IN (SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE (o.cohort_id, o.module_id) IS DISTINCT FROM (n.cohort_id, n.module_id)); END IF; RETURN NULL; END$$",
    "CREATE TRIGGER held_headcounts_insert AFTER INSERT ON headcounts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_headcounts()",
    "CREATE TRIGGER held_headcounts_update AFTER UPDATE ON headcounts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_headcounts()",
    "CREATE TRIGGER held_headcounts_delete AFTER DELETE ON headcounts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_headcounts()",
    "CREATE TRIGGER held_enrolments_insert AFTER INSERT ON enrolments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_enrolments()",
    "CREATE TRIGGER held_enrolments_update AFTER UPDATE ON enrolments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_enrolments()",
    "CREATE TRIGGER held_enrolments_delete AFTER DELETE ON enrolments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_enrolments()",
    "CREATE TRIGGER held_results_insert AFTER INSERT ON results REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_results()",
    "CREATE TRIGGER held_results_update AFTER UPDATE ON results REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_results()",
    "CREATE TRIGGER held_results_delete AFTER DELETE ON results REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_results()",
    "CREATE TRIGGER held_sittings_insert AFTER INSERT ON sittings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_sittings()",
    "CREATE TRIGGER held_sittings_update AFTER UPDATE ON sittings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_sittings()",
    "CREATE TRIGGER held_sittings_delete AFTER DELETE ON sittings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_sittings()",
    "CREATE TRIGGER held_cohort_modules_insert AFTER INSERT ON cohort_modules REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_cohort_modules()",
    "CREATE TRIGGER held_cohort_modules_update AFTER UPDATE ON cohort_modules REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_cohort_modules()",
    "CREATE TRIGGER held_cohort_modules_delete AFTER DELETE ON cohort_modules REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION hold_cohort_modules()",
]


def make_triggers(is_of_years=False):
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        op.execute(of_years(statement) if is_of_years else statement)


def of_years(statement):
    """The triggers of before: the days of a row made a year."""
    before = r"EXTRACT(YEAR FROM \1)" if "$$" in statement or "EXECUTE" in statement else r"CAST(substr(\1, 1, 4) AS INTEGER)"
    statement = re.sub(r"(\w+\.\w+) BETWEEN h\.starts_on AND h\.ends_on", rf"h.year = {before}", statement)
    return re.sub(r"h\.ends_on = (?:make_date\((\w+)\.year, 12, 31\)|(\w+)\.year \|\| '-12-31')", r"h.year = \1\2.year", statement)


def drop_triggers():
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in HELD:
        for deed in DEEDS:
            on_table = f" ON {table}" if is_postgresql else ""
            op.execute(f"DROP TRIGGER IF EXISTS held_{table}_{deed.lower()}{on_table}")
        if is_postgresql:
            op.execute(f"DROP FUNCTION IF EXISTS hold_{table}()")


def keep_apart():
    """No institution has two reports of one day."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE institution_reports ADD CONSTRAINT ex_institution_reports_apart EXCLUDE USING gist"
            " (int4range(institution_id, institution_id, '[]') WITH &&,"
            " daterange(starts_on, ends_on, '[]') WITH &&)"
        )
        return
    for deed in ("INSERT", "UPDATE OF institution_id, starts_on, ends_on"):
        op.execute(
            f"CREATE TRIGGER reports_apart_{deed.split()[0].lower()} BEFORE {deed} ON institution_reports"
            f" WHEN {APART} BEGIN SELECT RAISE(ABORT, 'reports of one institution share a day'); END"
        )


def upgrade():
    drop_triggers()
    for table in ('reporting_rounds', 'institution_reports'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('starts_on', sa.Date(), nullable=True))
            batch_op.add_column(sa.Column('ends_on', sa.Date(), nullable=True))
        op.execute(
            f"UPDATE {table} SET starts_on = {day('01-01')}, ends_on = {day('12-31')}"
        )
    with op.batch_alter_table('reporting_rounds', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code', sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column('kinds', sa.JSON(), nullable=False, server_default='[]'))
    op.execute("UPDATE reporting_rounds SET code = CAST(year AS varchar)")
    with op.batch_alter_table('institution_reports', schema=None) as batch_op:
        batch_op.drop_constraint('fk_institution_reports_round', type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_institution_reports_institution_id_year'), type_='unique')
        batch_op.alter_column('starts_on', existing_type=sa.Date(), nullable=False)
        batch_op.alter_column('ends_on', existing_type=sa.Date(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_institution_reports_institution_id_starts_on'), ['institution_id', 'starts_on'])
    with op.batch_alter_table('reporting_rounds', schema=None) as batch_op:
        batch_op.alter_column('starts_on', existing_type=sa.Date(), nullable=False)
        batch_op.alter_column('ends_on', existing_type=sa.Date(), nullable=False)
        batch_op.alter_column('code', existing_type=sa.String(length=100), nullable=False)
        batch_op.alter_column('kinds', existing_type=sa.JSON(), existing_nullable=False, server_default=None)
        batch_op.drop_constraint(batch_op.f('uq_reporting_rounds_id_year'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_reporting_rounds_year'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_reporting_rounds_code'), ['code'])
        batch_op.create_unique_constraint(batch_op.f('uq_reporting_rounds_id_year_starts_on_ends_on'), ['id', 'year', 'starts_on', 'ends_on'])
        batch_op.create_check_constraint(batch_op.f('ck_reporting_rounds_days_of_one_year'), ONE_YEAR)
    with op.batch_alter_table('institution_reports', schema=None) as batch_op:
        batch_op.create_foreign_key('fk_institution_reports_round', 'reporting_rounds', ['round_id', 'year', 'starts_on', 'ends_on'], ['id', 'year', 'starts_on', 'ends_on'])
    keep_apart()
    make_triggers()


def day(of_year):
    written = f"CAST(year AS varchar) || '-{of_year}'"
    return f"CAST({written} AS date)" if op.get_bind().dialect.name == "postgresql" else written


def downgrade():
    """Reports of a part of a year have no place in the schema of before: they stop it, and are not lost."""
    parts = op.get_bind().scalar(sa.text("SELECT count(*) FROM reporting_rounds WHERE code <> CAST(year AS varchar)"))
    if parts:
        raise RuntimeError(f"{parts} rounds are of a part of a year, or of some institutions only.")
    drop_triggers()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE institution_reports DROP CONSTRAINT ex_institution_reports_apart")
    else:
        op.execute("DROP TRIGGER reports_apart_insert")
        op.execute("DROP TRIGGER reports_apart_update")
    with op.batch_alter_table('institution_reports', schema=None) as batch_op:
        batch_op.drop_constraint('fk_institution_reports_round', type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_institution_reports_institution_id_starts_on'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_institution_reports_institution_id_year'), ['institution_id', 'year'])
    with op.batch_alter_table('reporting_rounds', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_reporting_rounds_days_of_one_year'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_reporting_rounds_id_year_starts_on_ends_on'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_reporting_rounds_code'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_reporting_rounds_year'), ['year'])
        batch_op.create_unique_constraint(batch_op.f('uq_reporting_rounds_id_year'), ['id', 'year'])
        for column in ('kinds', 'code', 'ends_on', 'starts_on'):
            batch_op.drop_column(column)
    with op.batch_alter_table('institution_reports', schema=None) as batch_op:
        batch_op.create_foreign_key('fk_institution_reports_round', 'reporting_rounds', ['round_id', 'year'], ['id', 'year'])
        batch_op.drop_column('ends_on')
        batch_op.drop_column('starts_on')
    make_triggers(is_of_years=True)
