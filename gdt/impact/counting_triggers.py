"""The triggers that mark what must be counted anew, whoever changes a row and by whatever way.

Both databases have them from the migration; a test holds the two against each other, and another finds a
column that the facts read and no trigger watches.
"""

from dataclasses import dataclass

DEEDS = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Watch:
    """A table, the columns whose change matters, and the marks: subject, its id, and when ({r} is a row)."""

    table: str
    columns: tuple[str, ...]
    marks: tuple[tuple[str, str, str], ...]


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
