"""The network while it is being written: what each subject needs to know of the ones before it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random

from gdt.accounts.models import User
from gdt.demo.names import NameBook

SEED = 2017
FIRST_NAMED_YEAR, LAST_YEAR = 2018, 2022  # the announcement tells of the years up to the last


@dataclass(frozen=True)
class Term:
    """A qualification a teacher holds: a module from a day to a day."""

    module: str
    valid_from: date
    valid_until: date

    def covers(self, first: date, last: date) -> bool:
        return self.valid_from <= first and last <= self.valid_until


@dataclass
class Teacher:
    person_id: int
    terms: list[Term] = field(default_factory=list)

    def may_teach(self, module: str, first: date, last: date) -> bool:
        return any(term.module == module and term.covers(first, last) for term in self.terms)

    @property
    def modules(self) -> list[str]:
        return sorted({term.module for term in self.terms})


@dataclass
class Partner:
    """An institution with the habits the demo gives it."""

    id: int
    code: str
    country: str
    domain: str
    language: str
    own_numbers: str
    story: str
    joined_on: date | None
    cultures: dict[str, int]
    women: float
    ability: float
    teachers: list[Teacher] = field(default_factory=list)
    students: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    numbers: Iterator[int] = field(default_factory=lambda: count(1207))
    staff_numbers: Iterator[int] = field(default_factory=lambda: count(101))

    @property
    def is_active(self) -> bool:
        return self.story in {"in force", "conference", "expiring", "in grace"}


@dataclass(frozen=True)
class Taught:
    """A course with the codes of its modules and its exam."""

    id: int
    code: str
    modules: tuple[str, ...]
    exam_id: int


@dataclass(frozen=True)
class Activity:
    """What an institution did in a year: people by name (recorded) and as numbers (reported)."""

    institution: str
    year: int
    teachers_recorded: int
    teachers_reported: int
    students_recorded: int
    students_reported: int


@dataclass
class Network:
    today: date
    rng: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 the same network every time
    partners: dict[str, Partner] = field(default_factory=dict)
    modules: dict[str, int] = field(default_factory=dict)
    courses: dict[str, Taught] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = NameBook(self.rng)
        self.emails: set[str] = set()
        self.cohorts: Counter[tuple[str, int]] = Counter()
        self.officer: User
        self.coordinators: dict[int, User] = {}  # by institution

    @property
    def years_since(self) -> range:
        """The whole years since the announcement."""
        return range(LAST_YEAR + 1, self.today.year)

    def activities_of(self, year: int) -> list[Activity]:
        return [activity for activity in self.activities if activity.year == year]


def monday(day: date) -> date:
    """The day itself or the next Monday after it."""
    return day + timedelta(days=-day.weekday() % 7)


def moment(day: date, hour: int = 9) -> datetime:
    """A UTC moment in the working hours of a day."""
    return datetime.combine(day, time(hour), UTC)
