"""Outcomes of a teacher training, and the qualifications they give and take back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.errors import DomainError
from gdt.filters import ngettext
from gdt.training.models import (
    Module,
    Outcome,
    Qualification,
    TeacherTraining,
    TrainingOutcome,
    TrainingParticipant,
)
from gdt.training.qualifications import is_qualified_without
from gdt.training.queries import list_cohorts_relying
from gdt.training.teaching import valid_until
from gdt.training.training_queries import list_participants, list_qualifications_from

Cell = tuple[int, int]  # participant, module


@dataclass(frozen=True)
class Mark:
    """One cell of the grid as it was typed; `was` is what the page showed when it was drawn."""

    participant_id: int
    module_id: int
    outcome: str
    attended: bool
    was: str

    @property
    def cell(self) -> Cell:
        return self.participant_id, self.module_id

    @property
    def typed(self) -> str:
        return f"{self.outcome}:{int(self.attended)}" if self.outcome else ""


class MarksRefused(DomainError):
    """Some cells cannot be kept; `reasons` says why, by participant and module."""

    def __init__(self, reasons: dict[Cell, str]) -> None:
        super().__init__(
            ngettext(
                "%(num)s outcome needs you before anything is kept.",
                "%(num)s outcomes need you before anything is kept.",
                len(reasons),
            )
        )
        self.reasons = reasons


def shown(outcome: TrainingOutcome | None) -> str:
    """What a page shows of a cell, to tell later whether somebody else has changed it meanwhile."""
    return f"{outcome.outcome.value}:{int(outcome.attended)}" if outcome else ""


def record_outcomes(*, actor: Viewer, training: TeacherTraining, marks: Sequence[Mark]) -> int:
    """Keep the outcomes that changed, all or none; returns how many did.

    A passed outcome gives a qualification once, valid from the day the training ends. When an outcome
    changes away from passed, the qualification was never earned: it is taken back and the event keeps what
    it said. That is refused while a cohort relies on it, because what was taught there was taught by right
    of it: first the cohort gets another teacher. Raises MarksRefused with the reason of each cell.
    """
    changed = {mark.cell: mark for mark in marks if mark.typed != mark.was}
    people = {
        p.id: p for p in list_participants(training, {mark.participant_id for mark in changed.values()})
    }
    modules = {module.id: module for module in training.modules}
    kept = {(o.participant_id, o.module_id): o for p in people.values() for o in p.outcomes}
    known = {cell: m for cell, m in changed.items() if m.participant_id in people and m.module_id in modules}
    held = _held(training, people)
    reasons = {
        cell: reason
        for cell, mark in known.items()
        if (reason := _reason(mark, kept.get(cell), held.get(_holder(people, cell))))
    }
    if reasons:
        raise MarksRefused(reasons)
    for cell, mark in known.items():
        outcome = _keep(training, mark, kept.get(cell))
        _settle(actor, people[mark.participant_id], modules[mark.module_id], outcome, held)
    if known:
        summary = ngettext("Recorded %(num)s outcome.", "Recorded %(num)s outcomes.", len(known))
        changes = [
            f"{people[m.participant_id].person_id}/{m.module_id}: {m.was} → {m.typed}" for m in known.values()
        ]
        audit.record(actor, "recorded", training, summary, changes=changes)
    return len(known)


def _held(training: TeacherTraining, people: dict[int, TrainingParticipant]) -> dict[Cell, Qualification]:
    """The qualifications that begin when this training ends, by person and module."""
    rows = list_qualifications_from(training, {p.person_id for p in people.values()})
    return {(q.person_id, q.module_id): q for q in rows}


def _holder(people: dict[int, TrainingParticipant], cell: Cell) -> Cell:
    return people[cell[0]].person_id, cell[1]


def _reason(mark: Mark, kept: TrainingOutcome | None, held: Qualification | None) -> str:
    if shown(kept) not in (mark.was, mark.typed):
        return str(_("Somebody else has changed this outcome meanwhile. Reload the page and look again."))
    if mark.outcome not in list(Outcome):
        return str(_("Choose an outcome; one that was recorded cannot be left open again."))
    if mark.outcome == Outcome.PASSED:
        return "" if mark.attended else str(_("Who passed has attended: tick it, or choose another outcome."))
    gave_it = kept is not None and held is not None and held.outcome_id == kept.id
    return _reliance(held) if gave_it and held else ""


def _reliance(held: Qualification) -> str:
    relying = list_cohorts_relying(held.person_id, held.module_id, held.valid_from, held.valid_until)
    cohort = next((c for c in relying if not is_qualified_without(held, c.starts_on)), None)
    if cohort is None:
        return ""
    return str(
        _(
            "The cohort %(code)s is taught by right of this qualification. Give it another teacher first.",
            code=cohort.code,
        )
    )


def _keep(training: TeacherTraining, mark: Mark, kept: TrainingOutcome | None) -> TrainingOutcome:
    outcome = kept or TrainingOutcome(
        participant_id=mark.participant_id, module_id=mark.module_id, training_id=training.id
    )
    outcome.outcome, outcome.attended = Outcome(mark.outcome), mark.attended
    db.session.add(outcome)
    db.session.flush()
    return outcome


def _settle(
    actor: Viewer,
    participant: TrainingParticipant,
    module: Module,
    outcome: TrainingOutcome,
    held: dict[Cell, Qualification],
) -> None:
    """Give what a passed outcome earns, once; take back what a changed one no longer does."""
    cell = (participant.person_id, module.id)
    qualification = held.get(cell)
    if outcome.outcome is Outcome.PASSED:
        if qualification is None:
            held[cell] = _qualify(participant, module, outcome)
            db.session.add(held[cell])
    elif qualification is not None and qualification.outcome_id == outcome.id:
        db.session.delete(held.pop(cell))
        audit.record(
            actor,
            "took back",
            participant.person,
            _("Took back the qualification of %(name)s for %(what)s.", name=participant.person, what=module),
            institution_id=participant.institution_id,
            valid_from=qualification.valid_from.isoformat(),
            valid_until=qualification.valid_until.isoformat(),
        )


def _qualify(participant: TrainingParticipant, module: Module, outcome: TrainingOutcome) -> Qualification:
    ended_on = participant.training.ends_on
    return Qualification(
        person_id=participant.person_id,
        module_id=module.id,
        institution_id=participant.institution_id,
        outcome_id=outcome.id,
        valid_from=ended_on,
        valid_until=valid_until(ended_on),
    )
