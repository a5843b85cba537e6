"""What partners reported as numbers: verified for the years without names, and a few still only claimed."""

from collections.abc import Iterable
from datetime import date, timedelta

from gdt.demo.network import Activity, Network, moment
from gdt.demo.rows import Row, add_links
from gdt.training.models import Headcount, HeadcountMeasure

REPORTED_MODULES = ("NR", "DM", "SL")
CLAIMED_MODULE = "SI"  # nothing verified was reported for it, so a claim has its place
CLAIMED = {
    ("abay", 2022): 118,
    ("virunga", 2022): 64,
    ("ravi", 2022): 85,
    ("illimani", 2021): 40,
    ("sierra-alta", 2022): 52,
    ("ennakhil", 2022): 37,
}
EVIDENCE = (
    "Attendance lists signed by the faculty office",
    "Annual report to the programme, annex 2",
    "Export of the institution's student system",
    "Letter of the registrar with class lists",
)
UNVERIFIED: Row = {"verified_at": None, "verified_by_id": None, "verified_by_name": None}
WAITS_EVERY = 6  # one in so many of last year's and this year's still waits for the office
Counts = dict[HeadcountMeasure, dict[str, int]]


def add_headcounts(network: Network, years: Iterable[int]) -> None:
    """Write what was reported of these years; of last year the office has not looked at all of it yet."""
    of_these = [activity for activity in network.activities if activity.year in set(years)]
    rows = [
        _row(network, activity, measure, module, people)
        | (UNVERIFIED if _waits(network, place, activity.year) else _verified(network, activity.year))
        for place, activity in enumerate(of_these)
        for measure, by_module in _counts(network, activity).items()
        for module, people in by_module.items()
        if people
    ]
    for (code, year), people in CLAIMED.items():
        if year not in set(years):
            continue
        claim = Activity(code, year, 0, 0, 0, people)
        row = _row(network, claim, HeadcountMeasure.STUDENTS_TRAINED, CLAIMED_MODULE, people)
        rows.append(row | UNVERIFIED)
    add_links(Headcount, rows)


def _waits(network: Network, place: int, year: int) -> bool:
    return year >= network.today.year - 1 and place % WAITS_EVERY == 0


def _counts(network: Network, activity: Activity) -> Counts:
    """A year's reported teachers and students by module, and how their students did in the exams."""
    rng = network.rng
    students = _by_module(network, activity.students_reported)
    teachers = _by_module(network, activity.teachers_reported)
    taken = {module: round(people * rng.uniform(0.88, 0.97)) for module, people in students.items()}
    passed = {module: round(people * rng.uniform(0.82, 0.93)) for module, people in taken.items()}
    return {
        HeadcountMeasure.STUDENTS_TRAINED: students,
        HeadcountMeasure.TEACHERS_CERTIFIED: teachers,
        HeadcountMeasure.EXAMS_TAKEN: taken,
        HeadcountMeasure.EXAMS_PASSED: passed,
    }


def _by_module(network: Network, total: int) -> dict[str, int]:
    """A total dealt out to the modules; small numbers belong to one module alone."""
    weights = [network.rng.uniform(0.6, 1.4) for _module in REPORTED_MODULES]
    counts = [int(total * weight / sum(weights)) if total >= 15 else 0 for weight in weights]
    counts[0] += total - sum(counts)
    return dict(zip(REPORTED_MODULES, counts, strict=True))


def _row(network: Network, activity: Activity, measure: HeadcountMeasure, module: str, people: int) -> Row:
    return {
        "institution_id": network.partners[activity.institution].id,
        "module_id": network.modules[module],
        "year": activity.year,
        "measure": measure,
        "people": people,
        "evidence": f"{network.rng.choice(EVIDENCE)}, {activity.year}",
    }


def _verified(network: Network, year: int) -> Row:
    """The office verified a year's numbers in the weeks after it, and what came early in the summer."""
    begun = date(year + 1, 1, 15) if year < network.today.year else date(year, 8, 15)
    day = min(begun + timedelta(days=network.rng.randrange(40)), network.today)
    return {
        "verified_at": moment(day, 10),
        "verified_by_id": network.officer.id,
        "verified_by_name": network.officer.name,
    }
