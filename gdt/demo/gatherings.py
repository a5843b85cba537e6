"""The demo's events: the conference of February 2023, one to come, a draft, and one that was cancelled."""

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gdt.database import db
from gdt.demo.honours import GIVEN_ON
from gdt.demo.network import moment
from gdt.demo.rows import add_links
from gdt.events.models import Event, EventAgreement, EventAward, EventSession, Way
from gdt.events.people_models import EventInvitation, EventRegistration
from gdt.events.states import EventState, PlaceState
from gdt.partners.models import Agreement, AgreementKind, Institution
from gdt.recognition.models import Nomination
from gdt.recognition.stages import NominationState
from gdt.training.models import Mode

CONFERENCE, COMING = "conference-2023", "forum"
ABOUT = (
    "Universities and training institutions from 17 countries looked back on the years since 2017: 1,400"
    " teachers certified, and tens of thousands of students taught by them. INTI International University &"
    " Colleges and NTUC LearningHub extended their agreements, Universiti Tunku Abdul Rahman was given two"
    " awards, and next year’s aim was set: 400 teachers, who train 10,000 students."
)
PROGRAMME = (
    (9, 10, "Opening: five years of teaching teachers", "Programme office"),
    (10, 11, "We Care, We Act: local products of four states", "Universiti Tunku Abdul Rahman"),
    (11, 12, "Agreements are extended", "INTI International University & Colleges, NTUC LearningHub"),
    (14, 15, "Eight digital villages in Mexico", None),
    (15, 16, "Awards of the year", None),
    (16, 17, "Next year: 400 teachers, 10,000 students", "Programme office"),
)
PLACES, WAITING = 6, 2
HOME = "Asia/Kuala_Lumpur"


def add_gatherings(officer_name: str, today: date) -> None:
    """Write the events, with who was there; nobody is mailed."""
    schools = db.session.scalars(select(Institution).order_by(Institution.id).limit(PLACES + WAITING)).all()
    past = _event(
        CONFERENCE,
        GIVEN_ON,
        title="GDT conference 2023",
        about=ABOUT,
        place="Convention centre, Hangzhou",
        time_zone="Asia/Shanghai",
    )
    past.sessions = [_line(past, *row) for row in PROGRAMME]
    _add_what_happened(past)
    _add_people(past, schools, officer_name)
    coming = _event(
        f"{COMING}-{today.year + 1}",
        today + timedelta(days=75),
        title=f"Teachers’ forum {today.year + 1}",
        about="Lecturers show each other how they teach the four modules.",
        place="UTAR Sungai Long Campus, Kajang",
        online_url="https://meet.gdt.example/forum",
        places=PLACES,
        is_for_all=False,
        register_until=today + timedelta(days=60),
    )
    coming.sessions = [
        _line(coming, *row) for row in ((9, 11, "New Retail", None), (13, 15, "Start-ups", None))
    ]
    _add_people(coming, schools, None)
    _add_invitations(coming, schools, officer_name, today)
    _event(
        f"villages-{today.year + 1}",
        today + timedelta(days=150),
        title="Digital villages: a day in Oaxaca",
        about="Eight villages, and what they sell today.",
        place="Oaxaca",
        time_zone="America/Mexico_City",
        state=EventState.DRAFT,
    )
    _event(
        f"briefing-{today.year}",
        today + timedelta(days=9),
        title="Briefing for new partners",
        about="How cohorts are opened and rosters uploaded.",
        mode=Mode.ONLINE,
        state=EventState.CANCELLED,
        cancelled_at=moment(today - timedelta(days=3)),
        cancelled_because="It is part of the teachers’ forum now.",
    )
    db.session.flush()


def _event(code: str, day: date, **columns: Any) -> Event:
    """An event of a working day where it takes place, from nine in the morning."""
    zone = ZoneInfo(columns.get("time_zone", HOME))
    starts_at = datetime.combine(day, time(9), zone).astimezone(UTC)
    defaults: dict[str, Any] = {
        "mode": Mode.HYBRID,
        "time_zone": HOME,
        "state": EventState.ANNOUNCED,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=8),
    }
    event = Event(code=code, **defaults | columns)
    db.session.add(event)
    db.session.flush()
    return event


def _line(event: Event, first: int, last: int, title: str, speaker: str | None) -> EventSession:
    midnight = event.starts_at - timedelta(hours=9)
    return EventSession(
        starts_at=midnight + timedelta(hours=first),
        ends_at=midnight + timedelta(hours=last),
        title=title,
        speaker=speaker,
        room="Main hall",
    )


def _add_what_happened(event: Event) -> None:
    extended = Agreement.kind == AgreementKind.EXTENSION, Agreement.signed_on == GIVEN_ON
    event.signings = [
        EventAgreement(agreement_id=key)
        for key in db.session.scalars(select(Agreement.id).where(*extended).order_by(Agreement.id))
    ]
    given = Nomination.state == NominationState.GIVEN, Nomination.given_on == GIVEN_ON
    event.honours = [
        EventAward(nomination_id=key)
        for key in db.session.scalars(select(Nomination.id).where(*given).order_by(Nomination.id))
    ]


def _add_people(event: Event, schools: Sequence[Institution], ticked_by: str | None) -> None:
    """A guest of each institution; where the places run out the last ones wait."""
    db.session.flush()
    add_links(
        EventRegistration,
        [
            {
                "event_id": event.id,
                "institution_id": school.id,
                "email": f"dean@{school.code}.example",
                "name": f"Dean of {school.name}"[:200],
                "organisation": None,
                "way": Way.ON_SITE,
                "state": PlaceState.REGISTERED if n < (event.places or len(schools)) else PlaceState.WAITING,
                "asked_at": event.starts_at - timedelta(days=90 - n),
                "link_key": secrets.token_hex(16),
                "has_come": None if ticked_by is None else n != 1,
                "ticked_by_name": ticked_by,
            }
            for n, school in enumerate(schools)
        ],
    )


def _add_invitations(event: Event, schools: Sequence[Institution], officer_name: str, today: date) -> None:
    """Those with a place said yes; one said no, and one has not answered."""
    answers = [True] * len(schools) + [False, None]
    guests: list[tuple[int | None, str, str]] = [
        (school.id, f"dean@{school.code}.example", f"Dean of {school.name}"[:200]) for school in schools
    ]
    guests += [(None, "press@daily.example", "Anna Weber"), (None, "fund@books.example", "Paul Okello")]
    add_links(
        EventInvitation,
        [
            {
                "event_id": event.id,
                "institution_id": place,
                "email": email,
                "name": name,
                "link_key": secrets.token_hex(16),
                "invited_at": moment(today - timedelta(days=20)),
                "invited_by_name": officer_name,
                "answered_at": None if answer is None else moment(today - timedelta(days=14)),
                "is_coming": answer,
            }
            for n, ((place, email, name), answer) in enumerate(zip(guests, answers, strict=True))
        ],
    )
