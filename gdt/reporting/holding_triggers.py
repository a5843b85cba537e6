"""The triggers that note a change of rows a report has counted, whoever makes it by whatever way.

A trigger cannot know who acts, nor what is approved while this transaction goes on, so it only notes;
`holding` reads the notes before the transaction commits.
Both databases have them from the migration; a test holds the two against each other.
"""

from gdt.row_triggers import Triggers, Watch

SENT = "h.state IN ('submitted', 'approved', 'correcting')"
WITH_RESULTS = "SELECT e.sitting_id FROM results e"
REPORT = f"institution_reports h ON h.institution_id = c.institution_id AND {SENT}"
# The last day of a year, whose report is that of the year's headcounts.
SQLITE_LAST, POSTGRESQL_LAST = "{r}.year || '-12-31'", "make_date({r}.year, 12, 31)"
WITHIN = "BETWEEN h.starts_on AND h.ends_on"


def _held(table: str, columns: tuple[str, ...], reports: str, condition: str = "TRUE") -> Watch:
    """A table, its columns that matter, and which reports a row {r} of it belongs to.

    `condition` is cheap and spares a row that belongs to none.
    """
    return Watch(table, columns, lambda row, source: [_noted(reports, condition, row, source)], condition)


def _noted(reports: str, condition: str, row: str, source: str) -> str:
    """Note each report once."""
    last = POSTGRESQL_LAST if source else SQLITE_LAST
    reports = reports.replace("{last}", last).replace("{r}", row)
    rows = f"{source} {row}, " if source else ""
    each = "DISTINCT h.id" if source else "h.id"  # of one row it is one report, as a rule
    chosen = f"SELECT {each} FROM {rows}{reports} AND {condition.replace('{r}', row)}"  # noqa: S608
    once = "NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id)"
    return f"INSERT INTO held_changes (report_id) {chosen} AND {once}"


HELD = (
    _held(
        "headcounts",
        ("institution_id", "module_id", "year", "measure", "people"),
        "institution_reports h WHERE h.institution_id = {r}.institution_id AND h.ends_on = {last}"
        f" AND {SENT}",
    ),
    _held(
        "enrolments",
        ("state", "completed_on", "cohort_id"),
        f"cohorts c JOIN {REPORT} WHERE c.id = {{r}}.cohort_id AND {{r}}.completed_on {WITHIN}",
        "{r}.completed_on IS NOT NULL",
    ),
    _held(
        "results",
        ("outcome", "mark", "sitting_id"),
        f"sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN {REPORT}"
        f" WHERE s.id = {{r}}.sitting_id AND s.held_on {WITHIN}",
    ),
    _held(
        "sittings",
        ("held_on", "cohort_id"),
        f"cohorts c JOIN {REPORT} WHERE c.id = {{r}}.cohort_id AND {{r}}.held_on {WITHIN}"
        f" AND {{r}}.id IN ({WITH_RESULTS})",
    ),
    _held(
        "cohort_modules",
        ("cohort_id", "module_id"),
        f"cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN {REPORT}"
        f" WHERE c.id = {{r}}.cohort_id AND e.completed_on {WITHIN}",
    ),
)
HOLDING = Triggers("held", "hold", HELD)
