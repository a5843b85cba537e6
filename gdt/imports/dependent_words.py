"""What stands in the way of undoing an import, as a sentence for each kind of record."""

from collections.abc import Callable
from typing import Any, Final

from flask_babel import ngettext

from gdt.imports.undoing import Dependent


def dependent_words(dependent: Dependent) -> str:
    """The sentence about some records that were made or changed since."""
    return str(_SENTENCES.get(dependent.table, _others)(dependent.rows))


def _persons(num: int) -> Any:
    return ngettext("%(num)d person was changed since.", "%(num)d people were changed since.", num)


def _affiliations(num: int) -> Any:
    return ngettext(
        "%(num)d person was given a place or another number at an institution since.",
        "%(num)d people were given places or other numbers at institutions since.",
        num,
    )


def _merges(num: int) -> Any:
    return ngettext(
        "%(num)d entry was merged with another since.", "%(num)d entries were merged with others since.", num
    )


def _enrolments(num: int) -> Any:
    return ngettext(
        "%(num)d person was enrolled in another cohort, or has attendance or completion recorded since.",
        "%(num)d people were enrolled in other cohorts, or have attendance or completion recorded since.",
        num,
    )


def _results(num: int) -> Any:
    return ngettext(
        "%(num)d exam result was recorded or changed since.",
        "%(num)d exam results were recorded or changed since.",
        num,
    )


def _certificates(num: int) -> Any:
    return ngettext("%(num)d certificate rests on it.", "%(num)d certificates rest on it.", num)


def _participants(num: int) -> Any:
    return ngettext(
        "%(num)d person took a place in a teacher training since.",
        "%(num)d people took places in teacher trainings since.",
        num,
    )


def _teachers(num: int) -> Any:
    return ngettext(
        "%(num)d teacher was given a cohort to teach since.",
        "%(num)d teachers were given cohorts to teach since.",
        num,
    )


def _qualifications(num: int) -> Any:
    return ngettext(
        "%(num)d qualification was recorded since.", "%(num)d qualifications were recorded since.", num
    )


def _headcounts(num: int) -> Any:
    return ngettext(
        "%(num)d headcount was verified or changed since.",
        "%(num)d headcounts were verified or changed since.",
        num,
    )


def _institutions(num: int) -> Any:
    return ngettext("%(num)d institution was changed since.", "%(num)d institutions were changed since.", num)


def _agreements(num: int) -> Any:
    return ngettext("%(num)d agreement was made since.", "%(num)d agreements were made since.", num)


def _users(num: int) -> Any:
    return ngettext("%(num)d person signs in for them now.", "%(num)d people sign in for them now.", num)


def _cohorts(num: int) -> Any:
    return ngettext("%(num)d cohort was opened since.", "%(num)d cohorts were opened since.", num)


def _targets(num: int) -> Any:
    return ngettext("%(num)d target was changed since.", "%(num)d targets were changed since.", num)


def _places(num: int) -> Any:
    return ngettext(
        "%(num)d person was ticked otherwise since.", "%(num)d people were ticked otherwise since.", num
    )


def _double_marks(num: int) -> Any:
    return ngettext(
        "%(num)d student has both marks, so neither is taken back.",
        "%(num)d students have both marks, so neither is taken back.",
        num,
    )


def _others(num: int) -> Any:
    return ngettext("%(num)d other record depends on it.", "%(num)d other records depend on it.", num)


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
