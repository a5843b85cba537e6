"""Teacher trainings as records: participants, outcomes module by module, and the qualifications they gave."""

from collections.abc import Iterable
from datetime import timedelta

from gdt.demo.network import Network, Partner, Teacher, Term
from gdt.demo.people import Newcomer, add_people
from gdt.demo.rows import Row, add_all, add_links
from gdt.demo.training_plans import Plan, Seat, plan_renewals, plan_year
from gdt.people.models import AffiliationRole
from gdt.training.models import (
    Mode,
    Outcome,
    Qualification,
    TeacherTraining,
    TrainingModule,
    TrainingOutcome,
    TrainingParticipant,
)
from gdt.training.teaching import valid_until

PASSES_FURTHER_MODULE = 0.93
FIRST_RENEWALS = 2025  # when the terms of those end whom the announcement counts
TRAINERS = ("Zhao Yuting", "Chen Haoran", "Sun Lijuan", "Ma Zhiqiang", "Xu Wanqing", "He Jianing")


def add_trainings(network: Network, years: Iterable[int]) -> None:
    """Write the trainings year by year, so that teachers come back with what they have learned."""
    for year in years:
        for plan in plan_year(network, year):
            _write(network, plan)


def add_renewals(network: Network, year: int) -> None:
    for plan in plan_renewals(network, year):
        _write(network, plan)


def _write(network: Network, plan: Plan) -> None:
    training_id = _add_training(network, plan)
    teachers = _seated_teachers(network, plan)
    participants = add_all(TrainingParticipant, [_participant(training_id, *pair) for pair in teachers])
    outcomes = []
    for participant_id, seat, (partner, teacher) in zip(participants, plan.seats, teachers, strict=True):
        for module in _taken(plan, teacher):
            outcome = _outcome(network, seat, is_first=module == plan.modules[0])
            outcomes.append((partner, teacher, module, outcome, participant_id))
    rows = [
        _outcome_row(network, training_id, participant_id, module, outcome)
        for _partner, _teacher, module, outcome, participant_id in outcomes
    ]
    ids = add_all(TrainingOutcome, rows)
    passed = [
        (partner, teacher, module, outcome_id)
        for outcome_id, (partner, teacher, module, outcome, _participant_id) in zip(
            ids, outcomes, strict=True
        )
        if outcome is Outcome.PASSED
    ]
    _qualify(network, plan, passed)


def _add_training(network: Network, plan: Plan) -> int:
    [training_id] = add_all(
        TeacherTraining,
        [
            {
                "code": plan.code,
                "title": plan.title,
                "starts_on": plan.starts_on,
                "ends_on": plan.ends_on,
                "mode": plan.mode,
                "host_id": None if plan.mode is Mode.ONLINE else plan.seats[0].partner.id,
                "trainers": ", ".join(network.rng.sample(TRAINERS, 2)),
            }
        ],
    )
    modules = [{"training_id": training_id, "module_id": network.modules[code]} for code in plan.modules]
    add_links(TrainingModule, modules)
    return training_id


def _seated_teachers(network: Network, plan: Plan) -> list[tuple[Partner, Teacher]]:
    """The people in the seats, newcomers registered; who will pass joins the institution's teachers."""
    from_on = plan.starts_on - timedelta(days=40)
    new = [seat for seat in plan.seats if seat.teacher is None]
    ids = add_people(network, [Newcomer(seat.partner, AffiliationRole.TEACHER, from_on) for seat in new])
    for seat, person_id in zip(new, ids, strict=True):
        seat.teacher = Teacher(person_id)
        if seat.outcome is Outcome.PASSED:
            seat.partner.teachers.append(seat.teacher)
    return [(seat.partner, seat.teacher) for seat in plan.seats if seat.teacher is not None]


def _participant(training_id: int, partner: Partner, teacher: Teacher) -> Row:
    return {"training_id": training_id, "person_id": teacher.person_id, "institution_id": partner.id}


def _taken(plan: Plan, teacher: Teacher) -> list[str]:
    """A renewal is taken in what one holds, a training in all it offers."""
    return [module for module in plan.modules if not plan.is_renewal or module in teacher.modules]


def _outcome(network: Network, seat: Seat, *, is_first: bool) -> Outcome:
    """Who passes at all passes the first module; of a further one a few are asked to repeat."""
    if seat.outcome is not Outcome.PASSED:
        return seat.outcome
    if is_first or network.rng.random() < PASSES_FURTHER_MODULE:
        return Outcome.PASSED
    return Outcome.ASKED_TO_REPEAT


def _outcome_row(
    network: Network, training_id: int, participant_id: int, module: str, outcome: Outcome
) -> Row:
    return {
        "participant_id": participant_id,
        "training_id": training_id,
        "module_id": network.modules[module],
        "attended": outcome is not Outcome.WITHDREW,
        "outcome": outcome,
    }


def _qualify(network: Network, plan: Plan, passed: list[tuple[Partner, Teacher, str, int]]) -> None:
    term = (plan.ends_on, valid_until(plan.ends_on))
    for _partner, teacher, module, _outcome_id in passed:
        teacher.terms.append(Term(module, *term))
    rows = [
        {
            "person_id": teacher.person_id,
            "module_id": network.modules[module],
            "institution_id": partner.id,
            "outcome_id": outcome_id,
            "valid_from": term[0],
            "valid_until": term[1],
        }
        for partner, teacher, module, outcome_id in passed
    ]
    add_links(Qualification, rows)
