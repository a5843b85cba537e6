"""What a partner's coordinator has to do: cohorts, results, files, teachers, the agreement."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Viewer
from gdt.certification.correction_requests.queries import count_open
from gdt.filters import day, number
from gdt.impact import next_steps
from gdt.impact.agreement_state import agreement_state
from gdt.impact.home_steps import Step, steps_of_others
from gdt.impact.next_steps import Pile
from gdt.partners.models import EXPIRING

CLOSED_WITHIN = timedelta(days=14)  # after its end, a cohort's completion and a sitting's results are there


def partner_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """Everything that waits for the coordinator of an institution."""
    yield from steps_of_others(viewer, today)
    yield from _cohort_steps(viewer, today)
    yield from upload_steps(viewer, today)
    yield from _teacher_steps(viewer, today)
    yield from _correction_step(viewer)
    yield from _agreement_step(viewer, today)


def _cohort_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    empty = next_steps.cohorts_without_roster(viewer, today)
    for cohort in empty.first:
        sentence = _("%(cohort)s has no students yet.", cohort=cohort)
        url = url_for("training.upload_roster", code=_code(cohort))
        yield Step(sentence, url, _("Upload the roster"), due_on=getattr(cohort, "starts_on", None))
    yield from _more(empty, _("cohorts have no students yet"))
    yield from closing_steps(viewer, today)


def closing_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """What is left to say of cohorts that ended and of exams that were sat."""
    ended = next_steps.cohorts_without_completion(viewer, today)
    for cohort in ended.first:
        ended_on = getattr(cohort, "ends_on", today)
        sentence = _("%(cohort)s ended on %(day)s: say who completed it.", cohort=cohort, day=day(ended_on))
        url = url_for("training.cohort", code=_code(cohort))
        yield Step(sentence, url, _("Mark completion"), due_on=ended_on + CLOSED_WITHIN)
    yield from _more(ended, _("ended cohorts wait for completion"))
    sat = next_steps.sittings_without_results(viewer, today)
    for sitting in sat.first:
        sentence = _("%(sitting)s has no results yet.", sitting=sitting)
        due_on = getattr(sitting, "held_on", today) + CLOSED_WITHIN
        url = url_for("exams.sitting", code=_code(sitting))
        yield Step(sentence, url, _("Enter results"), due_on=due_on)
    yield from _more(sat, _("sittings wait for results"))


def _code(record: Any) -> str:
    return str(record.code)


def _more(pile: Pile, what: str) -> Iterator[Step]:
    hidden = pile.count - len(pile.first)
    if hidden > 0:
        sentence = _("%(n)s more %(what)s.", n=number(hidden), what=what)
        yield Step(sentence, url_for("training.cohorts"), _("All cohorts"))


def upload_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """Files that were checked and never kept, and kept ones of which rows were refused."""
    for upload in next_steps.list_unfinished_uploads(viewer, today):
        url, day_in = url_for("imports.upload", upload_id=upload.id), upload.uploaded_at.date()
        if upload.rows_refused:
            sentence = ngettext(
                "%(num)s row of %(file)s, handed in on %(day)s, was refused and is not kept.",
                "%(num)s rows of %(file)s, handed in on %(day)s, were refused and are not kept.",
                upload.rows_refused,
                file=upload.filename,
                day=day(day_in),
            )
            yield Step(sentence, url, _("See the rows"))
        else:
            sentence = _(
                "%(file)s was handed in on %(day)s and waits for your word.",
                file=upload.filename,
                day=day(day_in),
            )
            yield Step(sentence, url, _("Check it"))


def _teacher_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    ending = next_steps.count_ending_qualifications(viewer, today)
    if ending.teachers:
        sentence = ngettext(
            "%(num)s teacher may soon teach a module no more. Ask the GDT office about the next training.",
            "%(num)s teachers may soon teach a module no more. Ask the GDT office about the next training.",
            ending.teachers,
        )
        code = next_steps.get_own_institution(viewer).code
        url = url_for("training.institution_teachers", code=code)
        yield Step(sentence, url, _("See which"), due_on=ending.first_on)


def _correction_step(viewer: Viewer) -> Iterator[Step]:
    asked = count_open(viewer)
    if asked:
        sentence = ngettext(
            "%(num)s holder asks for a correction. The office decides; say what you know.",
            "%(num)s holders ask for a correction. The office decides; say what you know.",
            asked,
        )
        yield Step(sentence, url_for("certification.correction_requests", state="open"), _("Look at it"))


def _agreement_step(viewer: Viewer, today: date) -> Iterator[Step]:
    institution = next_steps.get_own_institution(viewer)
    state = agreement_state(institution, today)
    agreement = state.agreement
    if agreement is None or agreement.ends_on > today + EXPIRING or state.kind == "ok":
        return
    left = (agreement.ends_on - today).days
    sentence = (
        ngettext(
            "Your agreement ends in %(num)s day: ask the GDT office to renew it.",
            "Your agreement ends in %(num)s days: ask the GDT office to renew it.",
            left,
        )
        if left >= 0
        else _("%(sentence)s Ask the GDT office to renew it.", sentence=state.sentence)
    )
    url = url_for("partners.institution", code=institution.code)
    yield Step(sentence, url, _("See the agreement"), due_on=agreement.ends_on)
