"""The marks of a sitting that is marked twice: what each marker gives, kept apart until it stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.exams.grading import Attempt, refusal, written
from gdt.exams.marks_page import Entry, Page, Problem, overtaken, understand
from gdt.exams.models import Sitting
from gdt.exams.moderation import Given, Marking, MarkingState, MarkRefused, Why, mark
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.moderation_queries import double_marks_of


@dataclass(frozen=True)
class Desk:
    """Whoever marks, and what lies before her: the marks these people have in the sitting so far."""

    viewer: Viewer
    sitting: Sitting
    marks: Mapping[int, DoubleMark]

    @classmethod
    def of(cls, viewer: Viewer, sitting: Sitting, person_ids: Collection[int]) -> "Desk":
        return cls(viewer, sitting, double_marks_of(sitting, person_ids) if sitting.is_marked_twice else {})

    def judge(self, page: Page, person_id: int, entry: Entry, earlier: Sequence[Attempt]) -> None:
        """Put into the page what a row amounts to: an absence, a mark that waits, or one that stands."""
        value, sentence = understand(entry, self.sitting.exam)
        known = self.marks.get(person_id)
        given = known.mark_of(self.viewer.id) if known else None
        has_own = written(given) if given is not None else ""
        if not sentence and value is None:
            sentence = _("Has a mark already, so cannot be absent.") if known else None
        elif not sentence and value is not None:
            sentence = refusal(earlier, self.sitting.held_on, self.sitting.exam)
        if sentence or has_own != entry.seen:
            page.problems[person_id] = Problem(sentence or overtaken(has_own))
        elif value is None:
            page.new[person_id] = None
        elif self.viewer.id is None:
            page.problems[person_id] = Problem(_("Sign in: a mark that is given twice has two names."))
        else:
            self._mark(page, person_id, Given(self.viewer.id, value), known)

    def _mark(self, page: Page, person_id: int, given: Given, known: DoubleMark | None) -> None:
        try:
            marking = mark(known.marking if known else None, given, self.sitting.exam)
        except MarkRefused as refused:
            page.problems[person_id] = Problem(refusals()[refused.why])
            return
        page.marked[person_id] = marking
        if marking.standing is not None:
            page.new[person_id] = marking.standing


def keep(viewer: Viewer, sitting: Sitting, page: Page) -> tuple[int, int]:
    """Keep what the markers gave; returns how many wait for a second mark, and how many differ."""
    if not page.marked:
        return 0, 0
    known = double_marks_of(sitting, page.marked)
    for person_id, marking in page.marked.items():
        _write(viewer, known.get(person_id) or _new(sitting, person_id), marking)
    states = [marking.state for marking in page.marked.values()]
    firsts, count = states.count(MarkingState.ONCE), len(states)
    audit.record(
        viewer,
        "marked",
        sitting,
        ngettext("Gave %(num)s mark", "Gave %(num)s marks", count),
        institution_id=sitting.cohort.institution_id,
        first=firsts,
        second=count - firsts,
    )
    return firsts, states.count(MarkingState.DIFFERING)


def _new(sitting: Sitting, person_id: int) -> DoubleMark:
    row = DoubleMark(sitting_id=sitting.id, person_id=person_id)
    db.session.add(row)
    return row


def _write(viewer: Viewer, row: DoubleMark, marking: Marking) -> None:
    row.state = marking.state
    if marking.second is None:
        row.first_mark, row.first_by_id = marking.first.mark, marking.first.by
        row.first_by_name, row.first_at = viewer.name, now()
    else:
        row.second_mark, row.second_by_id = marking.second.mark, marking.second.by
        row.second_by_name, row.second_at = viewer.name, now()


def refusals() -> dict[Why, str]:
    """The sentences that refuse a mark or a decision."""
    return {
        Why.STANDS: _("This mark stands already."),
        Why.DIFFERS: _("Two markers were here and differ. The programme office decides."),
        Why.NOTHING_TO_DECIDE: _("There is only one mark yet, so there is nothing to decide."),
        Why.MARKED_IT: _("You gave one of the two marks. Somebody else has to decide."),
    }
