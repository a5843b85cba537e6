"""Cohorts of named students since 2019: who taught them, who completed, who withdrew."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from gdt.demo.curriculum import FOUNDATIONS
from gdt.demo.network import Network, Partner, Taught, Teacher, moment, monday
from gdt.demo.people import Newcomer, add_people
from gdt.demo.rows import Row, add_all, add_links, split
from gdt.people.models import AffiliationRole
from gdt.training.models import Cohort, CohortModule, CohortTeacher, Enrolment, EnrolmentState, Mode

USUAL_SIZE = 34
WITHDRAWS, COMES_FOR_MORE, FOUNDATIONS_SHARE = 0.055, 0.03, 0.2
STUDY_YEARS = 3
CERTIFIED_AFTER = timedelta(days=60)  # whatever ended longer ago has its results and certificates


class Season(NamedTuple):
    """A part of the year in which a cohort runs, and how its term is called."""

    name: str
    starts: tuple[int, int]
    weeks: int


SEASONS = (
    Season("Autumn", (8, 31), 11),
    Season("Summer", (5, 4), 14),
    Season("Spring", (1, 18), 13),
)


@dataclass
class Class:
    """A cohort in the making."""

    partner: Partner
    course: Taught
    teachers: list[Teacher]
    term: str
    starts_on: date
    ends_on: date
    mode: Mode
    newcomers: int
    returning: list[int] = field(default_factory=list)
    withdrawing: int = 0
    state: EnrolmentState = EnrolmentState.COMPLETED
    code: str = ""
    id: int = 0
    completed: list[int] = field(default_factory=list)


def add_cohorts(network: Network, year: int) -> list[Class]:
    """Write a year's cohorts with their students; returns them in the order in which they started."""
    classes = [
        planned
        for activity in network.activities_of(year)
        if activity.students_recorded
        for planned in _plan(
            network, network.partners[activity.institution], year, activity.students_recorded
        )
    ]
    classes.sort(key=lambda planned: (planned.starts_on, planned.partner.code))
    write_classes(network, classes)
    return classes


def _plan(network: Network, partner: Partner, year: int, students: int) -> list[Class]:
    classes = []
    for position, people in enumerate(split(students, max(1, round(students / USUAL_SIZE)))):
        chosen = _season(network, partner, year, position)
        if chosen is None:
            continue
        season, (starts_on, ends_on) = chosen
        course, teachers = choose_course(network, partner, starts_on, ends_on)
        classes.append(
            Class(
                partner=partner,
                course=course,
                teachers=teachers,
                term=f"{season} {year}",
                starts_on=starts_on,
                ends_on=ends_on,
                mode=_mode(network, year),
                newcomers=people,
                returning=_returning(network, partner, year, course),
                withdrawing=sum(network.rng.random() < WITHDRAWS for _student in range(people)),
            )
        )
    return classes


def _season(
    network: Network, partner: Partner, year: int, position: int
) -> tuple[str, tuple[date, date]] | None:
    """The season this cohort would like, or the next one in which a teacher is qualified.

    None: the year is so young that no season of it is over and certified.
    """
    is_any_over = False
    for season in (*SEASONS[position % 3 :], SEASONS[0]):
        starts_on = monday(date(year, *season.starts)) + timedelta(weeks=(len(partner.code) + position) % 2)
        days = (starts_on, starts_on + timedelta(weeks=season.weeks, days=-3))
        if days[1] > network.today - CERTIFIED_AFTER:
            continue
        is_any_over = True
        if qualified(partner, *days):
            return season.name, days
    if not is_any_over:
        return None
    message = f"Nobody at {partner.code} is qualified in {year}: its activity needs earlier teachers"
    raise ValueError(message)


def qualified(partner: Partner, starts_on: date, ends_on: date) -> dict[str, list[Teacher]]:
    """Who may teach what for the whole of these days, by module."""
    found: dict[str, list[Teacher]] = {}
    for teacher in partner.teachers:
        for module in teacher.modules:
            if teacher.may_teach(module, starts_on, ends_on):
                found.setdefault(module, []).append(teacher)
    return found


def choose_course(
    network: Network, partner: Partner, starts_on: date, ends_on: date
) -> tuple[Taught, list[Teacher]]:
    """A course the institution's teachers may teach in these days, and one or two who will."""
    by_module = qualified(partner, starts_on, ends_on)
    complete = [t for t in partner.teachers if all(t in by_module.get(m, ()) for m in network.modules)]
    if complete and network.rng.random() < FOUNDATIONS_SHARE:
        return network.courses[FOUNDATIONS], _some(network, complete)
    modules = sorted(by_module)
    module = network.rng.choices(modules, [len(by_module[name]) + 1 for name in modules])[0]
    return network.courses[module], _some(network, by_module[module])


def _some(network: Network, teachers: list[Teacher]) -> list[Teacher]:
    return network.rng.sample(teachers, min(len(teachers), network.rng.choice((1, 1, 2))))


def _mode(network: Network, year: int) -> Mode:
    weights = (1, 0, 0) if year == 2020 else (6, 1, 3) if year == 2021 else (2, 6, 3)
    return network.rng.choices((Mode.ONLINE, Mode.ON_SITE, Mode.HYBRID), weights)[0]


def _returning(network: Network, partner: Partner, year: int, course: Taught) -> list[int]:
    """A few of last year's students take a further course: people already counted, enrolled again."""
    earlier = partner.students[year - 1]
    some = [
        student for student in earlier if student[1] != course.code and network.rng.random() < COMES_FOR_MORE
    ]
    partner.students[year - 1] = [student for student in earlier if student not in some]
    return [person_id for person_id, _course in some]


def write_classes(network: Network, classes: list[Class]) -> None:
    for one in classes:
        one.code = _code(network, one)
    ids = add_all(Cohort, [_cohort(one) for one in classes])
    for one, cohort_id in zip(classes, ids, strict=True):
        one.id = cohort_id
    _link(network, classes)
    enrolments = [row for one in classes for row in _enrol(network, one)]
    add_links(Enrolment, enrolments)


def _code(network: Network, one: Class) -> str:
    """Such as utar-2021-002, counted within institution and year as the office counts."""
    year = (one.partner.code, one.starts_on.year)
    network.cohorts[year] += 1
    return f"{one.partner.code}-{one.starts_on.year}-{network.cohorts[year]:03d}"


def _cohort(one: Class) -> Row:
    return {
        "code": one.code,
        "institution_id": one.partner.id,
        "course_id": one.course.id,
        "term": one.term,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "mode": one.mode,
        "language": one.partner.language,
        "created_at": moment(one.starts_on - timedelta(days=12), 3),
    }


def _link(network: Network, classes: list[Class]) -> None:
    modules = [
        {"cohort_id": one.id, "module_id": network.modules[code]}
        for one in classes
        for code in one.course.modules
    ]
    teachers = [
        {"cohort_id": one.id, "person_id": teacher.person_id} for one in classes for teacher in one.teachers
    ]
    add_links(CohortModule, modules)
    add_links(CohortTeacher, teachers)


def _enrol(network: Network, one: Class) -> list[Row]:
    """Register the newcomers, enrol everyone, and remember who completed for the exam."""
    until_on = date(one.starts_on.year + STUDY_YEARS, 8, 31)
    newcomer = Newcomer(
        one.partner,
        AffiliationRole.STUDENT,
        from_on=one.starts_on - timedelta(days=9),
        until_on=until_on if until_on < network.today else None,
    )
    new = add_people(network, [newcomer] * (one.newcomers + one.withdrawing))
    finished, withdrawn = new[: one.newcomers], new[one.newcomers :]
    if one.state is EnrolmentState.COMPLETED:
        one.completed = [*finished, *one.returning]
        one.partner.students[one.starts_on.year] += [(person, one.course.code) for person in finished]
    rows = [_enrolment(network, one, person, one.state) for person in (*finished, *one.returning)]
    return rows + [_enrolment(network, one, person, EnrolmentState.WITHDREW) for person in withdrawn]


def _enrolment(network: Network, one: Class, person_id: int, state: EnrolmentState) -> Row:
    rng = network.rng
    attendance = {
        EnrolmentState.COMPLETED: min(100, round(rng.triangular(70, 104, 95))),
        EnrolmentState.WITHDREW: rng.randrange(5, 55),
        EnrolmentState.ENROLLED: None,
    }[state]
    return {
        "cohort_id": one.id,
        "person_id": person_id,
        "state": state,
        "attendance_percent": attendance,
        "completed_on": one.ends_on if state is EnrolmentState.COMPLETED else None,
    }
