"""Files that come in rows at the command line: the same checks as on the pages, and no questions."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from gdt.access import OFFICE
from gdt.commands.answers import a_file, as_json, of_sheets, only_looking, refuse, say
from gdt.database import unit_of_work
from gdt.errors import DomainError, RecordNotFound
from gdt.events import attendance_kind
from gdt.events.queries import get_event
from gdt.exams.results_kind import import_results
from gdt.impact.targets_kind import TARGETS, the_targets
from gdt.imports.deciding import FILE
from gdt.imports.keeping import import_now
from gdt.imports.rows import RowState
from gdt.imports.understanding import Said
from gdt.partners.institutions_kind import INSTITUTIONS, the_network
from gdt.partners.queries import get_institution
from gdt.spreadsheets.refusals import Refused
from gdt.training import headcounts_kind, progress_kind, teachers_kind
from gdt.training.queries import get_cohort
from gdt.training.roster_importing import import_roster

TAKE_THE_FILES = {RowState.CONFLICT.value: FILE}


@click.command("import-roster")
@a_file
@of_sheets
@click.option("--institution", required=True, help="The institution's code.")
@click.option("--cohort", required=True, help="The cohort's code.")
@only_looking
@as_json
@with_appcontext
def import_roster_command(
    file: Path, sheets: tuple[str, ...], institution: str, cohort: str, is_dry: bool, as_json: bool
) -> None:
    """Enrol the students of a spreadsheet in a cohort."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        return import_roster(
            viewer=OFFICE, institution_code=institution, cohort_code=cohort, sheets=sheets, **told
        )

    _import(work, file, is_dry, as_json)


@click.command("import-results")
@a_file
@of_sheets
@click.option("--sitting", required=True, help="The sitting's code.")
@click.option(
    "--out-of", "marks_out_of", default="", help="What the marks are out of, if the file does not say."
)
@only_looking
@as_json
@with_appcontext
def import_results_command(
    file: Path, sheets: tuple[str, ...], sitting: str, marks_out_of: str, is_dry: bool, as_json: bool
) -> None:
    """Record the exam results of a spreadsheet."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        return import_results(
            viewer=OFFICE, sitting_code=sitting, marks_out_of=marks_out_of, sheets=sheets, **told
        )

    _import(work, file, is_dry, as_json)


@click.command("import-progress")
@a_file
@of_sheets
@click.option("--cohort", required=True, help="The cohort's code.")
@click.option(
    "--completed-on", type=click.DateTime(["%Y-%m-%d"]), help="The day of who completed without one."
)
@only_looking
@as_json
@with_appcontext
def import_progress_command(
    file: Path,
    sheets: tuple[str, ...],
    cohort: str,
    completed_on: datetime | None,
    is_dry: bool,
    as_json: bool,
) -> None:
    """Record attendance and completion of a cohort from a spreadsheet."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        subject = progress_kind.subject_of(get_cohort(OFFICE, cohort))
        said = Said(sheets, otherwise_on=completed_on.date() if completed_on else None)
        return import_now(viewer=OFFICE, kind=progress_kind.PROGRESS, subject=subject, said=said, **told)

    _import(work, file, is_dry, as_json)


@click.command("import-teachers")
@a_file
@of_sheets
@click.option("--institution", required=True, help="The institution's code.")
@only_looking
@as_json
@with_appcontext
def import_teachers_command(
    file: Path, sheets: tuple[str, ...], institution: str, is_dry: bool, as_json: bool
) -> None:
    """Enter the teachers of an institution from a spreadsheet."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        subject = teachers_kind.subject_of(get_institution(OFFICE, institution))
        return import_now(
            viewer=OFFICE, kind=teachers_kind.TEACHERS, subject=subject, said=Said(sheets), **told
        )

    _import(work, file, is_dry, as_json)


in_place = click.option(
    "--replace", "is_replacing", is_flag=True, help="Where the register says something else, take the file's."
)


@click.command("import-headcounts")
@a_file
@of_sheets
@click.option("--institution", required=True, help="The institution's code.")
@in_place
@only_looking
@as_json
@with_appcontext
def import_headcounts_command(
    file: Path, sheets: tuple[str, ...], institution: str, is_replacing: bool, is_dry: bool, as_json: bool
) -> None:
    """Report the numbers of an institution from a spreadsheet; they are claimed until verified."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        subject = headcounts_kind.subject_of(get_institution(OFFICE, institution))
        kind, says = headcounts_kind.HEADCOUNTS, TAKE_THE_FILES if is_replacing else None
        return import_now(viewer=OFFICE, kind=kind, subject=subject, says=says, said=Said(sheets), **told)

    _import(work, file, is_dry, as_json)


@click.command("import-attendance")
@a_file
@of_sheets
@click.option("--event", required=True, help="The event's code.")
@in_place
@only_looking
@as_json
@with_appcontext
def import_attendance_command(
    file: Path, sheets: tuple[str, ...], event: str, is_replacing: bool, is_dry: bool, as_json: bool
) -> None:
    """Tick who came to an event from a spreadsheet, such as the report of an online meeting."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        subject = attendance_kind.subject_of(get_event(event))
        kind, says = attendance_kind.ATTENDANCE, TAKE_THE_FILES if is_replacing else None
        return import_now(viewer=OFFICE, kind=kind, subject=subject, says=says, said=Said(sheets), **told)

    _import(work, file, is_dry, as_json)


@click.command("import-institutions")
@a_file
@of_sheets
@in_place
@only_looking
@as_json
@with_appcontext
def import_institutions_command(
    file: Path, sheets: tuple[str, ...], is_replacing: bool, is_dry: bool, as_json: bool
) -> None:
    """Register the partner institutions of a spreadsheet, and put known ones right."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        says = TAKE_THE_FILES if is_replacing else None
        return import_now(
            viewer=OFFICE, kind=INSTITUTIONS, subject=the_network(), says=says, said=Said(sheets), **told
        )

    _import(work, file, is_dry, as_json)


@click.command("import-targets")
@a_file
@of_sheets
@in_place
@only_looking
@as_json
@with_appcontext
def import_targets_command(
    file: Path, sheets: tuple[str, ...], is_replacing: bool, is_dry: bool, as_json: bool
) -> None:
    """Set the yearly targets of a spreadsheet: of the network, countries and institutions."""

    def work(told: dict[str, Any]) -> dict[str, Any]:
        says = TAKE_THE_FILES if is_replacing else None
        return import_now(
            viewer=OFFICE, kind=TARGETS, subject=the_targets(), says=says, said=Said(sheets), **told
        )

    _import(work, file, is_dry, as_json)


def _import(
    work: Callable[[dict[str, Any]], dict[str, Any]], file: Path, is_dry: bool, as_json: bool
) -> None:
    """Read a file and keep its good rows, or refuse it whole and keep nothing."""
    try:
        with unit_of_work():
            outcome = work({"filename": file.name, "data": file.read_bytes(), "is_dry": is_dry})
    except Refused as error:
        refuse(error.reason, as_json)
    except DomainError as error:
        refuse(error.message, as_json)
    except RecordNotFound:
        refuse("There is nothing with that code. Check the codes you gave.", as_json)
    sentence = "{rows_in} rows read: {rows_kept} kept ({rows_matched} known before), {rows_refused} refused."
    say(outcome, sentence.format(**outcome), as_json)


IMPORT_COMMANDS = (
    import_roster_command,
    import_results_command,
    import_progress_command,
    import_teachers_command,
    import_headcounts_command,
    import_attendance_command,
    import_institutions_command,
    import_targets_command,
)
