"""What is going on today: a cohort that is running, one before its exam results, one ready to certify."""

from datetime import date, timedelta
from decimal import Decimal

from gdt.demo.cohorts import Class, qualified, write_classes
from gdt.demo.network import Network, Partner, moment
from gdt.demo.results import sitting_row
from gdt.demo.rows import add_all, add_links
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.training.models import EnrolmentState, Mode

STORY, WAITING = "utar", "thep-nakhon"
RUNNING_STUDENTS, EXAMINED_STUDENTS, WAITING_STUDENTS, WAITING_FAILED = 24, 30, 28, 2


def add_present_day(network: Network) -> None:
    """Write the three cohorts a newcomer meets first; all dates lie around the day of loading."""
    story, waiting, today = network.partners[STORY], network.partners[WAITING], network.today
    ended = today - timedelta(days=12)
    ready = today - timedelta(days=27)
    running = _class(
        network, story, today - timedelta(days=56), today + timedelta(days=14), newcomers=RUNNING_STUDENTS
    )
    running.state = EnrolmentState.ENROLLED
    examined = _class(network, story, ended - timedelta(days=91), ended, newcomers=EXAMINED_STUDENTS)
    certifiable = _class(network, waiting, ready - timedelta(days=98), ready, newcomers=WAITING_STUDENTS)
    write_classes(network, [certifiable, examined, running])
    add_all(Sitting, [sitting_row(network, examined, today - timedelta(days=2))])
    _add_waiting_results(network, certifiable, ready + timedelta(days=6))


def _class(network: Network, partner: Partner, starts_on: date, ends_on: date, *, newcomers: int) -> Class:
    by_module = qualified(partner, starts_on, ends_on)
    module = max(sorted(by_module), key=lambda name: len(by_module[name]))
    return Class(
        partner=partner,
        course=network.courses[module],
        teachers=by_module[module][:2],
        term=_term(starts_on),
        starts_on=starts_on,
        ends_on=ends_on,
        mode=Mode.HYBRID,
        newcomers=newcomers,
    )


def _term(starts_on: date) -> str:
    season = ("Spring", "Summer", "Autumn")[(starts_on.month - 1) // 4]
    return f"{season} {starts_on.year}"


def _add_waiting_results(network: Network, one: Class, held_on: date) -> None:
    sitting = sitting_row(network, one, held_on)
    [sitting_id] = add_all(Sitting, [sitting])
    add_links(
        Result,
        [
            {
                "sitting_id": sitting_id,
                "exam_id": sitting["exam_id"],
                "person_id": person_id,
                "attempt": 1,
                "mark": Decimal(48 + position if position < WAITING_FAILED else 61 + position * 7 % 37),
                "outcome": ResultOutcome.FAILED if position < WAITING_FAILED else ResultOutcome.PASSED,
                "recorded_at": moment(held_on + timedelta(days=1), 4),
            }
            for position, person_id in enumerate(one.completed)
        ],
    )
