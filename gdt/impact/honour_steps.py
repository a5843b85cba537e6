"""What projects and awards put on the home pages: answers that are waited for, and nominations to judge."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.access import Permission, Viewer, may
from gdt.community.queries import count_by_state
from gdt.community.states import ProjectState
from gdt.filters import day
from gdt.impact.home_steps import Step, home_steps
from gdt.recognition.judging_queries import count_to_judge, list_judging
from gdt.recognition.stages import Stage


@home_steps
def project_steps(viewer: Viewer, _today: date) -> Iterator[Step]:
    """A question of the office for the institution; what was claimed for the office."""
    counts = count_by_state(viewer)
    claimed, asked = counts.get(ProjectState.CLAIMED, 0), counts.get(ProjectState.ASKED_BACK, 0)
    if may(viewer, Permission.PROJECTS_REVIEW):
        if claimed:
            sentence = ngettext(
                "%(num)s community project waits for you.",
                "%(num)s community projects wait for you.",
                claimed,
            )
            yield Step(sentence, url_for("community.projects", state="claimed"), _("Have a look"))
    elif asked and may(viewer, Permission.PROJECTS_MANAGE):
        sentence = ngettext(
            "The office has a question about %(num)s community project.",
            "The office has questions about %(num)s community projects.",
            asked,
        )
        yield Step(sentence, url_for("community.projects", state="asked back"), _("Answer"))


@home_steps
def judging_steps(viewer: Viewer, today: date) -> Iterator[Step]:
    """The nominations a judge has not judged, while judging lasts."""
    for call in list_judging(viewer):
        if call.stage(today) is Stage.JUDGING and today <= call.judged_by:
            waiting = count_to_judge(viewer, call)
            if waiting:
                sentence = ngettext(
                    "%(num)s nomination waits for your points until %(day)s.",
                    "%(num)s nominations wait for your points until %(day)s.",
                    waiting,
                    day=day(call.judged_by),
                )
                url = url_for("recognition.to_judge", year=call.year)
                yield Step(sentence, url, _("Judge"), due_on=call.judged_by)
