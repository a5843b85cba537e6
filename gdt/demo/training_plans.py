"""Who sat in which teacher training: newcomers since 2018, those who came back, and renewals."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from gdt.demo.curriculum import SHORT_TITLES
from gdt.demo.network import LAST_YEAR, Activity, Network, Partner, Teacher, monday
from gdt.demo.rows import split
from gdt.training.models import Mode, Outcome

SMALLEST, LARGEST = 7, 26
SETS = ((("NR",), 24), (("DM",), 20), (("SL",), 16), (("SI",), 9), (("NR", "DM"), 9), (("SL", "DM"), 6))
ALL_FOUR = 7
COMES_BACK, IS_LOST, RENEWS = 0.14, 0.07, 0.4
COMES_BACK_SINCE = 0.04
SETTLED_AFTER_WEEKS = 9


class Group(NamedTuple):
    """Countries that are trained together."""

    code: str
    place: str
    countries: tuple[str, ...]


GROUPS = (
    Group("mys", "Malaysia and Singapore", ("MY", "SG")),
    Group("mkg", "Thailand, Cambodia and Vietnam", ("TH", "KH", "VN")),
    Group("isl", "Indonesia, the Philippines and Australia", ("ID", "PH", "AU")),
    Group("lat", "Latin America", ("MX", "CO", "BO")),
    Group("afr", "Africa", ("RW", "TN", "ET")),
    Group("cas", "Kazakhstan, Mongolia and Pakistan", ("KZ", "MN", "PK")),
)
SEVERAL = Group("int", "several countries", ())


class Wave(NamedTuple):
    """A time of the year at which trainings start."""

    month: int
    day: int
    name: str

    def of(self, year: int, week: int = 0) -> date:
        """The Monday of a week of it, counted from 0."""
        return monday(date(year, self.month, self.day)) + timedelta(weeks=week)

    def is_over(self, year: int, today: date) -> bool:
        """Whether its trainings have ended, with outcomes and certificates."""
        return self.of(year, SETTLED_AFTER_WEEKS) <= today


WAVES = (Wave(3, 14, "March"), Wave(7, 13, "July"), Wave(11, 23, "November"))
RENEWAL_WAVES = (Wave(3, 10, "March"), Wave(9, 8, "September"))


@dataclass
class Seat:
    """A participant: a known teacher, or a newcomer of whom we know what will become."""

    partner: Partner
    teacher: Teacher | None = None
    outcome: Outcome = Outcome.PASSED


@dataclass
class Plan:
    """A training to be written, and who sits in it."""

    code: str
    title: str
    starts_on: date
    mode: Mode
    modules: tuple[str, ...]
    seats: list[Seat] = field(default_factory=list)
    is_renewal: bool = False

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=4 if len(self.modules) == 1 else 11)


def plan_year(network: Network, year: int) -> Iterator[Plan]:
    """The trainings of a year; each is to be written before the next is asked for."""
    waves = _seat_newcomers(network, year)
    for wave, seated in zip(WAVES, waves, strict=True):
        alone = []
        for group in GROUPS:
            seats = [seat for seat in seated if seat.partner.country in group.countries]
            if wave.name == "July" and wave.is_over(year, network.today):
                seats += _those_who_come_back(network, group, year)
            if len(seats) >= SMALLEST:
                yield from _plans(network, year, group, wave, seats)
            else:
                alone += seats
        yield from _plans(network, year, SEVERAL, wave, alone)


def plan_renewals(network: Network, year: int) -> Iterator[Plan]:
    """Trainings in which teachers of the active institutions renew what they hold."""
    for position, wave in enumerate(RENEWAL_WAVES):
        for group in GROUPS:
            seats = [
                Seat(partner, teacher)
                for partner in _partners_of(network, group)
                if partner.is_active
                for teacher in _renewing(partner, year)[position :: len(RENEWAL_WAVES)]
            ]
            for number, some in enumerate(_chunks(seats), start=1):
                yield Plan(
                    code=f"tt-{year}-{group.code}-renew-{wave.month}-{number}",
                    title=f"Renewal of qualifications, {group.place}, {wave.name} {year}",
                    starts_on=wave.of(year, number - 1),
                    mode=Mode.ONLINE,
                    modules=tuple(network.modules),
                    seats=some,
                    is_renewal=True,
                )


def _partners_of(network: Network, group: Group) -> list[Partner]:
    return [partner for partner in network.partners.values() if partner.country in group.countries]


def _renewing(partner: Partner, year: int) -> list[Teacher]:
    """Most of the institution's teachers whose term ends, those trained last first, and two at least."""
    ending = [teacher for teacher in partner.teachers if teacher.terms[-1].valid_from.year < year - 2]
    newest = sorted(
        ending or partner.teachers, key=lambda teacher: teacher.terms[-1].valid_from, reverse=True
    )
    return newest[: max(2, round(len(newest) * RENEWS))]


def _seat_newcomers(network: Network, year: int) -> list[list[Seat]]:
    """The year's new teachers by wave; nobody is trained before the institution joined, or after today."""
    waves: list[list[Seat]] = [[] for _wave in WAVES]
    for activity in network.activities_of(year):
        partner = network.partners[activity.institution]
        joined = [n for n, wave in enumerate(WAVES[:2]) if _has_joined(partner, wave.of(year))] or [2]
        opened = [n for n in joined if WAVES[n].is_over(year, network.today)]
        if not opened:
            continue
        for position, people in zip(opened, split(activity.teachers_recorded, len(opened)), strict=True):
            waves[position] += [Seat(partner) for _person in range(people)]
        waves[opened[-1]] += _lost(network, partner, activity)
    return waves


def _has_joined(partner: Partner, day: date) -> bool:
    return partner.joined_on is not None and partner.joined_on < day


def _lost(network: Network, partner: Partner, activity: Activity) -> list[Seat]:
    """The few who came and did not qualify."""
    endings = (Outcome.FAILED, Outcome.WITHDREW, Outcome.ASKED_TO_REPEAT)
    lost = sum(network.rng.random() < IS_LOST for _teacher in range(activity.teachers_recorded))
    return [Seat(partner, outcome=network.rng.choice(endings)) for _person in range(lost)]


def _those_who_come_back(network: Network, group: Group, year: int) -> list[Seat]:
    """Teachers of earlier years who come for a further module."""
    is_since = year > LAST_YEAR
    share = COMES_BACK_SINCE if is_since else COMES_BACK
    at_work = {
        activity.institution
        for activity in network.activities_of(year)
        if activity.teachers_recorded or not is_since
    }
    return [
        Seat(partner, teacher)
        for partner in _partners_of(network, group)
        if partner.code in at_work
        for teacher in partner.teachers
        if teacher.terms[0].valid_from.year < year and network.rng.random() < share
    ]


def _plans(network: Network, year: int, group: Group, wave: Wave, seats: list[Seat]) -> Iterator[Plan]:
    network.rng.shuffle(seats)
    for number, some in enumerate(_chunks(seats), start=1):
        modules = _modules(network, len(some))
        whole = len(modules) == len(network.modules)
        topic = "all four modules" if whole else " and ".join(SHORT_TITLES[code] for code in modules)
        yield Plan(
            code=f"tt-{year}-{group.code}-{wave.month}-{number}",
            title=f"Train the trainer: {topic}, {group.place}, {wave.name} {year}",
            starts_on=wave.of(year, number - 1),
            mode=_mode(network, year),
            modules=modules,
            seats=some,
        )


def _chunks(seats: list[Seat]) -> list[list[Seat]]:
    sizes = split(len(seats), -(-len(seats) // LARGEST)) if seats else []
    return [[seats.pop() for _seat in range(size)] for size in sizes]


def _modules(network: Network, size: int) -> tuple[str, ...]:
    """One or two modules as a rule; all four in a well-attended training now and then."""
    sets: list[tuple[str, ...]] = [modules for modules, _weight in SETS]
    weights = [weight for _modules, weight in SETS]
    everything = tuple(network.modules)
    return network.rng.choices([*sets, everything], [*weights, ALL_FOUR if size > 9 else 0])[0]


def _mode(network: Network, year: int) -> Mode:
    if year in (2020, 2021):
        return Mode.ONLINE
    return network.rng.choice([Mode.ON_SITE, Mode.ON_SITE, Mode.HYBRID, Mode.ONLINE])
