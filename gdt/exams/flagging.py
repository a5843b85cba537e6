"""Looking a sitting through for what is unusual, and keeping what came of the office's look."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.exams import flag_queries as queries
from gdt.exams.flag_models import FlagState, SittingFlag, SittingTally
from gdt.exams.flag_words import FLAG_STATES, RULES
from gdt.exams.models import Sitting
from gdt.exams.suspicion import Evidence, Flag, SittingMarks, flags_in
from gdt.row_security import everything

NOTHING: queries.Sums = (0, None, None, None, 0)
PORTION = 200  # sittings looked through in one transaction


@everything()
def look_through(sittings: Sequence[Sitting]) -> int:
    """Sum up the marks of these sittings and flag what is unusual; returns how many flags are present.

    Doing it again finds the same. What was looked at stays so until its numbers change.
    """
    db.session.flush()
    tallies = _sum_up(sittings)
    present = 0
    for sitting in sittings:
        tally = tallies.get(sitting.id)
        found = flags_in(_evidence(sitting, tally)) if tally else []
        present += len(found)
        _keep(sitting, found)
    db.session.flush()
    return present


def look_at_later(sitting: Sitting) -> None:
    """Leave a sitting to the next round: its marks are still coming in."""
    queries.mark_stale(sitting)


def judge_flag(*, actor: Viewer, flag: SittingFlag, state: FlagState, note: str) -> None:
    """Keep what was found when somebody looked; an outcome can be changed, and each stands in the trail."""
    if state is FlagState.TO_LOOK_AT:
        raise DomainError(_("Say whether it is fine or something was wrong."), "state")
    queries.hold_flag(flag)
    flag.state, flag.note = state, note
    flag.looked_at, flag.looked_by_name = now(), actor.name
    summary = _(
        "Looked at “%(what)s”: %(outcome)s. %(note)s",
        what=RULES[flag.rule],
        outcome=str(FLAG_STATES[state][0]).lower(),
        note=note,
    )
    audit.record(actor, "looked", flag.sitting, summary, institution_id=flag.sitting.cohort.institution_id)


def _sum_up(sittings: Sequence[Sitting]) -> dict[int, SittingTally]:
    ids = [sitting.id for sitting in sittings]
    known, sums = queries.tallies_of(ids), queries.sum_marks(ids)
    tallies = {}
    for sitting in sittings:
        tally = known.get(sitting.id) or _new_tally(sitting)
        _write_sums(tally, sums.get(sitting.id, NOTHING))
        if tally.marks:
            tallies[sitting.id] = tally
    db.session.flush()
    return tallies


def _write_sums(tally: SittingTally, sums: queries.Sums) -> None:
    tally.marks, tally.at_pass, tally.is_stale = sums[0], sums[4], False
    tally.total, tally.lowest, tally.highest = (value or Decimal(0) for value in sums[1:4])


def _new_tally(sitting: Sitting) -> SittingTally:
    tally = SittingTally(
        sitting_id=sitting.id,
        exam_id=sitting.exam_id,
        institution_id=sitting.cohort.institution_id,
        held_on=sitting.held_on,
    )
    db.session.add(tally)
    return tally


def _evidence(sitting: Sitting, tally: SittingTally) -> Evidence:
    here = SittingMarks(tally.marks, tally.total, tally.lowest, tally.highest, tally.at_pass)
    before, elsewhere = queries.marks_beside(tally)
    return Evidence(sitting.exam.maximum_mark, here, before, elsewhere)


def _keep(sitting: Sitting, found: Sequence[Flag]) -> None:
    before = {flag.rule: flag for flag in queries.flags_of(sitting)}
    for one in found:
        known = before.pop(one.rule, None)
        if known is None:
            db.session.add(SittingFlag(sitting=sitting, rule=one.rule, facts=one.facts))
            continue
        known.is_present = True
        if known.facts != one.facts:
            known.facts, known.state = one.facts, FlagState.TO_LOOK_AT
            known.looked_at = known.looked_by_name = known.note = None
    for gone in before.values():
        gone.is_present = False
