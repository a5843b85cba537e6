"""Why a published figure may differ today: the causes that can be told from the records."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext


class Cause(StrEnum):
    MERGED = "merged"
    REVOKED = "revoked"
    ERASED = "erased"
    HEADCOUNT = "headcount"
    PROJECT = "project"
    MOVED = "moved"
    AGREEMENT = "agreement"
    LATE = "late"

    def __str__(self) -> str:
        return str(WORDS[self])


WORDS: dict[Cause, Any] = {
    Cause.MERGED: lazy_gettext("Entries of people were merged, or a merge undone"),
    Cause.REVOKED: lazy_gettext("Certificates were revoked"),
    Cause.ERASED: lazy_gettext("People were erased at their request"),
    Cause.HEADCOUNT: lazy_gettext("A headcount was verified or corrected"),
    Cause.PROJECT: lazy_gettext("A community project was counted, corrected or taken out"),
    Cause.MOVED: lazy_gettext("An institution moved to another country"),
    Cause.AGREEMENT: lazy_gettext("An agreement was recorded or changed"),
    Cause.LATE: lazy_gettext("Records were entered or corrected after the year was closed"),
}
_PEOPLE = {"teachers_certified", "students_trained", "exams_passed"}
_TAUGHT = {"students_trained", "completions", "exams_taken", "exams_passed"}
_REPORTED = _TAUGHT | {"teachers_certified"}
_CERTIFIED = {"teachers_certified", "certificates_issued"}
_PRESENT = {"institutions", "countries"}
_TOLD = {"projects", "people_helped"}
_ALL = _PEOPLE | _TAUGHT | _CERTIFIED
CAN_CHANGE = {
    Cause.MERGED: _PEOPLE,
    Cause.REVOKED: _CERTIFIED,
    Cause.ERASED: _ALL,
    Cause.HEADCOUNT: _REPORTED | _PRESENT,
    Cause.PROJECT: _TOLD,
    Cause.AGREEMENT: _PRESENT,
    Cause.LATE: _ALL | _PRESENT,
}


def causes_at(measure: str, happened: Collection[Cause]) -> tuple[Cause, ...]:
    """The causes that happened and can change this measure; none means that the office must say why.

    A late entry is named only where nothing more exact explains the difference.
    """
    found = [cause for cause in CAN_CHANGE if cause in happened and measure in CAN_CHANGE[cause]]
    exact = [cause for cause in found if cause is not Cause.LATE]
    return tuple(exact or found)
