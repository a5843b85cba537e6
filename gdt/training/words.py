"""The words and shapes in which the pages show the choices and states of training."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from gdt.training.models import (
    CohortStage,
    EnrolmentState,
    HeadcountMeasure,
    Mode,
    Outcome,
    Qualification,
)
from gdt.training.teaching import EXPIRES_SOON

MODES = {Mode.ONLINE: _("Online"), Mode.ON_SITE: _("On site"), Mode.HYBRID: _("Hybrid")}
STAGES = {
    CohortStage.UPCOMING: (_("Upcoming"), "neutral"),
    CohortStage.RUNNING: (_("Running"), "progress"),
    CohortStage.ENDED: (_("Ended"), "ok"),
}
ENROLMENT_STATES = {
    EnrolmentState.ENROLLED: (_("enrolled"), "progress"),
    EnrolmentState.COMPLETED: (_("completed"), "ok"),
    EnrolmentState.WITHDREW: (_("withdrew"), "neutral"),
}
OUTCOMES = {
    Outcome.PASSED: (_("passed"), "ok"),
    Outcome.ASKED_TO_REPEAT: (_("asked to repeat"), "attention"),
    Outcome.FAILED: (_("failed"), "problem"),
    Outcome.WITHDREW: (_("withdrew"), "neutral"),
}
MEASURES = {
    HeadcountMeasure.TEACHERS_CERTIFIED: _("teachers certified"),
    HeadcountMeasure.STUDENTS_TRAINED: _("students trained"),
    HeadcountMeasure.EXAMS_TAKEN: _("exams taken"),
    HeadcountMeasure.EXAMS_PASSED: _("exams passed"),
}
LANGUAGES = (
    *("en", "am", "ar", "es", "fil", "fr", "id", "kk", "km"),
    *("mn", "ms", "ru", "rw", "ta", "th", "ur", "vi", "zh"),
)


def validity_word(qualification: Qualification, day: date) -> tuple[Any, str]:
    """The word and the shape of a qualification on a day."""
    if day < qualification.valid_from:
        return _("not yet valid"), "neutral"
    if day > qualification.valid_until:
        return _("expired"), "problem"
    if day > qualification.valid_until - EXPIRES_SOON:
        return _("ends soon"), "attention"
    return _("valid"), "ok"
