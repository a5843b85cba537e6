"""The triggers that mark what must be counted anew, whoever changes a row and by whatever way.

Both databases have them from the migration; a test holds the two against each other, and another finds a
column that the facts read and no trigger watches.
"""

from collections.abc import Iterable

from gdt.row_triggers import Triggers, Watch

Mark = tuple[str, str, str]  # subject, its id, and when; {r} is a row


def _watch(
    table: str, columns: tuple[str, ...], marks: Iterable[Mark], marks_of_old: Iterable[Mark] = ()
) -> Watch:
    """A table, the columns whose change matters, and what is marked then; some of rows that were there."""

    def written(row: str, source: str) -> list[str]:
        was_there = row == "OLD" or source == "old_rows"
        return [_mark(*mark, row, source) for mark in (*marks, *(marks_of_old if was_there else ()))]

    return Watch(table, columns, written)


def _mark(subject: str, subject_id: str, condition: str, row: str, source: str) -> str:
    rows = f" FROM {source} {row}" if source else ""
    chosen = f"SELECT '{subject}', {subject_id.format(r=row)}{rows} WHERE {condition.format(r=row)}"
    return f"INSERT INTO counting_marks (subject, subject_id) {chosen}"


WATCHED = (
    _watch(
        "enrolments",
        ("completed_on", "cohort_id", "person_id"),
        (("completions", "{r}.person_id", "{r}.completed_on IS NOT NULL"),),
    ),
    _watch(
        "results",
        ("outcome", "sitting_id", "exam_id", "person_id"),
        (("results", "{r}.person_id", "{r}.outcome <> 'absent'"),),
    ),
    _watch(
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
    _watch("sittings", ("held_on", "cohort_id"), (("sitting", "{r}.id", "TRUE"),)),
    _watch(
        "cohorts",
        ("institution_id", "starts_on", "ends_on"),
        (("cohort", "{r}.id", "TRUE"), ("institution", "{r}.institution_id", "TRUE")),
    ),
    _watch("cohort_modules", ("cohort_id", "module_id"), (("cohort", "{r}.cohort_id", "TRUE"),)),
    _watch("course_modules", ("course_id", "module_id"), (("course", "{r}.course_id", "TRUE"),)),
    _watch("institutions", ("country_id",), (("place", "{r}.id", "TRUE"),)),
    _watch("countries", ("region_id",), (("country", "{r}.id", "TRUE"),)),
    _watch(
        "persons",
        ("merged_into_id", "gender"),
        (
            ("person", "{r}.id", "{r}.merged_into_id IS NOT NULL"),
            ("person", "{r}.merged_into_id", "{r}.merged_into_id IS NOT NULL"),
        ),
        marks_of_old=(("person", "{r}.id", "{r}.merged_into_id IS NULL"),),
    ),
)
COUNTING = Triggers("counted", "count", WATCHED)
