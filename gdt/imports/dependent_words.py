"""What stands in the way of undoing an import, as a sentence for each kind of record."""

from collections.abc import Callable
from typing import Any, Final

from gdt.filters import ngettext
from gdt.imports.undoing import Dependent


def dependent_words(dependent: Dependent) -> str:
    """The sentence about some records that were made or changed since."""
    return str(_SENTENCES.get(dependent.table, _others)(dependent.rows))


def _persons(num: int) -> Any:
    return ngettext("%(num)s person was changed since.", "%(num)s people were changed since.", num)


def _affiliations(num: int) -> Any:
    return ngettext(
        "%(num)s person was given a place or another number at an institution since.",
        "%(num)s people were given places or other numbers at institutions since.",
        num,
    )


def _merges(num: int) -> Any:
    return ngettext(
        "%(num)s entry was merged with another since.", "%(num)s entries were merged with others since.", num
    )


def _enrolments(num: int) -> Any:
    return ngettext(
        "%(num)s person was enrolled in another cohort, or has attendance or completion recorded since.",
        "%(num)s people were enrolled in other cohorts, or have attendance or completion recorded since.",
        num,
    )


def _results(num: int) -> Any:
    return ngettext(
        "%(num)s exam result was recorded or changed since.",
        "%(num)s exam results were recorded or changed since.",
        num,
    )


def _certificates(num: int) -> Any:
    return ngettext("%(num)s certificate rests on it.", "%(num)s certificates rest on it.", num)


def _participants(num: int) -> Any:
    return ngettext(
        "%(num)s person took a place in a teacher training since.",
        "%(num)s people took places in teacher trainings since.",
        num,
    )


def _teachers(num: int) -> Any:
    return ngettext(
        "%(num)s teacher was given a cohort to teach since.",
        "%(num)s teachers were given cohorts to teach since.",
        num,
    )


def _qualifications(num: int) -> Any:
    return ngettext(
        "%(num)s qualification was recorded since.", "%(num)s qualifications were recorded since.", num
    )


def _headcounts(num: int) -> Any:
    return ngettext(
        "%(num)s headcount was verified or changed since.",
        "%(num)s headcounts were verified or changed since.",
        num,
    )


def _institutions(num: int) -> Any:
    return ngettext("%(num)s institution was changed since.", "%(num)s institutions were changed since.", num)


def _agreements(num: int) -> Any:
    return ngettext("%(num)s agreement was made since.", "%(num)s agreements were made since.", num)


def _users(num: int) -> Any:
    return ngettext("%(num)s person signs in for them now.", "%(num)s people sign in for them now.", num)


def _cohorts(num: int) -> Any:
    return ngettext("%(num)s cohort was opened since.", "%(num)s cohorts were opened since.", num)


def _targets(num: int) -> Any:
    return ngettext("%(num)s target was changed since.", "%(num)s targets were changed since.", num)


def _places(num: int) -> Any:
    return ngettext(
        "%(num)s person was ticked otherwise since.", "%(num)s people were ticked otherwise since.", num
    )


def _double_marks(num: int) -> Any:
    return ngettext(
        "%(num)s student has both marks, so neither is taken back.",
        "%(num)s students have both marks, so neither is taken back.",
        num,
    )


def _others(num: int) -> Any:
    return ngettext("%(num)s other record depends on it.", "%(num)s other records depend on it.", num)


_SENTENCES: Final[dict[str, Callable[[int], Any]]] = {
    "persons": _persons,
    "affiliations": _affiliations,
    "person_merges": _merges,
    "enrolments": _enrolments,
    "results": _results,
    "certificates": _certificates,
    "training_participants": _participants,
    "cohort_teachers": _teachers,
    "qualifications": _qualifications,
    "headcounts": _headcounts,
    "institutions": _institutions,
    "agreements": _agreements,
    "users": _users,
    "cohorts": _cohorts,
    "targets": _targets,
    "double_marks": _double_marks,
    "event_registrations": _places,
}
