"""What a teacher has to do: trainings to answer, cohorts to close, results to enter, rights that end."""

from collections.abc import Iterator
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.filters import day
from gdt.impact.exam_steps import marking_steps
from gdt.impact.home_steps import Step
from gdt.impact.next_steps import ENDS_SOON
from gdt.impact.partner_steps import closing_steps, upload_steps
from gdt.row_security import everything
from gdt.training.feedback.queries import list_asked
from gdt.training.qualifications import list_qualifications
from gdt.training.qualifying.chains import renewed_of
from gdt.training.taking_part.queries import list_named_ahead


def teacher_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """Everything that waits for a teacher who signs in."""
    yield from _training_steps(viewer, today)
    yield from closing_steps(viewer, today)
    yield from marking_steps(viewer, today)
    yield from upload_steps(viewer, today)
    yield from _qualification_steps(viewer, today)


def _training_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """Trainings are hers wherever she taught when she was named."""
    with everything():
        named = list_named_ahead(viewer.person_id or 0, today)
        asked = list_asked(viewer.person_id or 0)
    for one in named:
        if one.confirmed_at is None:
            sentence = _("You are named for %(training)s. Say whether you come.", training=one.training)
            due_on = one.training.starts_on - timedelta(days=1)
            yield Step(sentence, url_for("training.own_teaching"), _("Answer"), due_on=due_on)
    for part in asked:
        sentence = _("Say what you think of %(training)s.", training=part.training)
        url = url_for("training.own_feedback", code=part.training.code)
        yield Step(sentence, url, _("Answer"), kind="neutral")


def _qualification_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    held = list_qualifications([viewer.person_id or 0])
    renewed = renewed_of(held)
    for one in held:
        if one.id not in renewed and today <= one.valid_until <= today + ENDS_SOON:
            sentence = _(
                "You may teach %(module)s until %(day)s. Ask your coordinator about the next training.",
                module=one.module,
                day=day(one.valid_until),
            )
            url = url_for("training.own_teaching", _anchor="qualifications")
            yield Step(sentence, url, _("See it"), due_on=one.valid_until)
