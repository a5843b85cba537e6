"""The triggers that note a change of rows a report has counted, whoever makes it by whatever way.

A trigger cannot know who acts, nor what is approved while this transaction goes on, so it only notes;
`holding` reads the notes before the transaction commits.
Both databases have them from the migration; a test holds the two against each other.
"""

from dataclasses import dataclass

DEEDS = ("INSERT", "UPDATE", "DELETE")
SENT = "h.state IN ('submitted', 'approved', 'correcting')"
WITH_RESULTS = "SELECT e.sitting_id FROM results e"
REPORT = f"institution_reports h ON h.institution_id = c.institution_id AND {SENT}"


@dataclass(frozen=True)
class Held:
    """A table, its columns that matter, and which reports a row {r} of it belongs to; {y}(…) is a year.

    `condition` is cheap and spares a row that belongs to none.
    """

    table: str
    columns: tuple[str, ...]
    reports: str
    condition: str = "TRUE"


HELD = (
    Held(
        "headcounts",
        ("institution_id", "module_id", "year", "measure", "people"),
        "institution_reports h WHERE h.institution_id = {r}.institution_id AND h.year = {r}.year"
        f" AND {SENT}",
    ),
    Held(
        "enrolments",
        ("state", "completed_on", "cohort_id"),
        f"cohorts c JOIN {REPORT} WHERE c.id = {{r}}.cohort_id AND h.year = {{y}}({{r}}.completed_on)",
        "{r}.completed_on IS NOT NULL",
    ),
    Held(
        "results",
        ("outcome", "mark", "sitting_id"),
        f"sittings s JOIN cohorts c ON c.id = s.cohort_id JOIN {REPORT}"
        " WHERE s.id = {r}.sitting_id AND h.year = {y}(s.held_on)",
    ),
    Held(
        "sittings",
        ("held_on", "cohort_id"),
        f"cohorts c JOIN {REPORT} WHERE c.id = {{r}}.cohort_id AND h.year = {{y}}({{r}}.held_on)"
        f" AND {{r}}.id IN ({WITH_RESULTS})",
    ),
    Held(
        "cohort_modules",
        ("cohort_id", "module_id"),
        f"cohorts c JOIN enrolments e ON e.cohort_id = c.id JOIN {REPORT}"
        " WHERE c.id = {r}.cohort_id AND h.year = {y}(e.completed_on)",
    ),
)


def _noted(held: Held, row: str, source: str, year: tuple[str, str]) -> str:
    """Note each report once. `year` is what stands before and after a day to make its year."""
    reports = held.reports.replace("{r}", row)
    before, after = year
    while "{y}(" in reports:
        head, _mark, tail = reports.partition("{y}(")
        day, _end, rest = tail.partition(")")
        reports = f"{head}{before}{day}{after}{rest}"
    each = "DISTINCT h.id" if source else "h.id"  # of one row it is one report, as a rule
    chosen = f"SELECT {each} FROM {source}{reports} AND {held.condition.replace('{r}', row)}"  # noqa: S608
    once = "NOT EXISTS (SELECT 1 FROM held_changes t WHERE t.report_id = h.id)"
    return f"INSERT INTO held_changes (report_id) {chosen} AND {once}"


def sqlite_triggers() -> dict[str, str]:
    """The statement that makes each trigger, by its name."""
    return {f"held_{held.table}_{deed.lower()}": _sqlite(held, deed) for held in HELD for deed in DEEDS}


def _sqlite(held: Held, deed: str) -> str:
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[deed]
    event, when = deed, f" WHEN {held.condition.replace('{r}', rows[0])}"
    if deed == "UPDATE":
        event = f"UPDATE OF {', '.join(held.columns)}"
        when = " WHEN " + " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in held.columns)
    year = ("CAST(substr(", ", 1, 4) AS INTEGER)")
    notes = " ".join(f"{_noted(held, row, '', year)};" for row in rows)
    name = f"held_{held.table}_{deed.lower()}"
    return f"CREATE TRIGGER {name} AFTER {event} ON {held.table}{when} BEGIN {notes} END"


def postgresql_functions() -> dict[str, str]:
    """The body of each table's function, which sees a statement's rows at once, by its name."""
    return {f"hold_{held.table}": _body(held) for held in HELD}


def _body(held: Held) -> str:
    both = "(" + ", ".join(f"{{0}}.{name}" for name in held.columns) + ")"
    differs = f"{both.format('o')} IS DISTINCT FROM {both.format('n')}"
    same = "SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id"
    changed = f" AND r.id IN ({same} WHERE {differs})"
    year = ("EXTRACT(YEAR FROM ", ")")
    old = _noted(held, "r", "old_rows r, ", year)
    new = _noted(held, "r", "new_rows r, ", year)
    branches = (
        ("IF TG_OP = 'INSERT' THEN", [new]),
        ("ELSIF TG_OP = 'DELETE' THEN", [old]),
        ("ELSE", [f"{old}{changed}", f"{new}{changed}"]),
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
        f"CREATE TRIGGER held_{held.table}_{deed.lower()} AFTER {deed} ON {held.table}"
        f" REFERENCING {seen[deed]} FOR EACH STATEMENT EXECUTE FUNCTION hold_{held.table}()"
        for held in HELD
        for deed in DEEDS
    ]
    return [*functions, *triggers]
