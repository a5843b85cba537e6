"""How awards are worded: kinds of nominees, states and stages with their shapes, what was typed as lists."""

import re
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.errors import DomainError
from gdt.filters import day, number
from gdt.recognition.models import AwardCall, Nomination, NomineeKind
from gdt.recognition.stages import NominationState, Stage

NOMINEES = {
    NomineeKind.INSTITUTION: lazy_gettext("Institution"),
    NomineeKind.LECTURER: lazy_gettext("Lecturer"),
    NomineeKind.STUDENT: lazy_gettext("Student"),
}
STATES: dict[NominationState, tuple[Any, str]] = {
    NominationState.NOMINATED: (lazy_gettext("Nominated"), "progress"),
    NominationState.WITHDRAWN: (lazy_gettext("Withdrawn"), "neutral"),
    NominationState.GIVEN: (lazy_gettext("Award given"), "ok"),
    NominationState.PASSED_OVER: (lazy_gettext("Passed over"), "neutral"),
}
STAGES: dict[Stage, tuple[Any, str]] = {
    Stage.COMING: (lazy_gettext("Not open yet"), "neutral"),
    Stage.OPEN: (lazy_gettext("Nominations are open"), "attention"),
    Stage.JUDGING: (lazy_gettext("Nominations are closed"), "progress"),
}
MOST_LINES = 15


def stage_sentence(call: AwardCall, stage: Stage) -> str:
    """What happens now, and until when."""
    if stage is Stage.COMING:
        return str(_("Nominations are taken from %(day)s on.", day=day(call.opens_on)))
    if stage is Stage.OPEN:
        return str(_("Nominations are taken until %(day)s.", day=day(call.closes_on)))
    return str(
        _(
            "Nominations closed on %(closed)s. Judges judge until %(day)s.",
            closed=day(call.closes_on),
            day=day(call.judged_by),
        )
    )


def honoured(nomination: Nomination) -> str:
    """Whom the honours page names: a person only if she agreed, and is still in the register."""
    person = nomination.person
    if person is None:
        return nomination.institution.name
    if nomination.may_be_named and person.erased_at is None:
        return person.printed_name
    return str(_("A lecturer") if nomination.nominee_kind is NomineeKind.LECTURER else _("A student"))


def points(mean: Fraction | None) -> str:
    """A mean with one decimal, exact where it has none."""
    return "–" if mean is None else number(round(float(mean), 1))


def read_categories(typed: str) -> list[tuple[str, str]]:
    """(name, description) of each line, such as “Inclusiveness: for reaching those who are left out”."""
    found = [(name.strip(), words.strip()) for name, _sign, words in _lines(typed, "categories")]
    if any(not name or len(name) > 100 or len(words) > 500 for name, words in found):
        raise DomainError(
            _("A name has at most 100 characters, and what stands behind it at most 500."), "categories"
        )
    _refuse_twice([name for name, _words in found], "categories")
    return found


def read_criteria(typed: str) -> list[tuple[str, int]]:
    """(name, most points) of each line, such as “Reach: 10”."""
    found = []
    for name, _sign, most in _lines(typed, "criteria"):
        if not name.strip() or len(name) > 100 or not re.fullmatch(r"\s*([1-9][0-9]?|100)\s*", most):
            raise DomainError(
                _("Write each criterion with its most points, from 1 to 100, such as “Reach: 10”."),
                "criteria",
            )
        found.append((name.strip(), int(most)))
    _refuse_twice([name for name, _most in found], "criteria")
    return found


def _lines(typed: str, field: str) -> list[tuple[str, str, str]]:
    lines = [line for line in typed.splitlines() if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES:
        raise DomainError(_("Write from 1 to %(most)s lines.", most=MOST_LINES), field)
    return [line.partition(":") for line in lines]


def _refuse_twice(names: list[str], field: str) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DomainError(_("“%(name)s” stands there twice.", name=twice), field)
