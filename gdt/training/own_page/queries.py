"""Reading what stands on a teacher's own pages: those of her secret link, and those of her account."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gdt.access import OFFICE, Viewer
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.partners.time_zones import UTC_NAME
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.people.queries import list_affiliations
from gdt.training.feedback.queries import list_asked
from gdt.training.meetings.models import Meeting
from gdt.training.models import Cohort, Qualification, TrainingParticipant
from gdt.training.own_page.certificates import HeldCertificate, certificates_of
from gdt.training.own_page.links import is_for, read_link
from gdt.training.qualifications import list_qualifications
from gdt.training.queries import list_cohorts_taught
from gdt.training.taking_part.models import TrainingApplication
from gdt.training.taking_part.queries import list_named_ahead
from gdt.training.training_queries import list_trainings_of


@dataclass(frozen=True)
class OwnPage:
    """A teacher, and all that the programme knows of her teaching; `named` are trainings that are ahead."""

    person: Person
    zone: str
    qualifications: Sequence[Qualification]
    trainings: Sequence[TrainingParticipant]
    meetings: Sequence[Meeting]
    cohorts: Sequence[Cohort]
    certificates: list[HeldCertificate]
    named: Sequence[TrainingApplication]
    asked: Sequence[TrainingParticipant]


def read_own_page(token: str) -> OwnPage:
    """The page a secret link leads to. Raises RecordNotFound for one that ended, or is none of ours."""
    found = read_link(token)
    person = db.session.get(Person, found[0]) if found else None
    if found is None or person is None or person.erased_at or not is_for(found[1], person.email):
        raise RecordNotFound
    return _page_of(OFFICE, person)


def read_teaching(viewer: Viewer) -> OwnPage:
    """The same for whoever signs in; of cohorts those she sees. Raises RecordNotFound for no teacher."""
    return _page_of(viewer, get_own_person(viewer))


def get_own_person(viewer: Viewer) -> Person:
    """Her own entry in the register."""
    person = db.session.get(Person, viewer.person_id) if viewer.person_id else None
    if person is None or person.erased_at:
        raise RecordNotFound
    return person


def _page_of(viewer: Viewer, person: Person) -> OwnPage:
    trainings = list_trainings_of(OFFICE, person)
    return OwnPage(
        person=person,
        zone=_zone_of(person),
        qualifications=list_qualifications([person.id]),
        trainings=trainings,
        meetings=_meetings_of([part.training_id for part in trainings]),
        cohorts=list_cohorts_taught(viewer, person),
        certificates=certificates_of(person.id),
        named=list_named_ahead(person.id, now().date()),
        asked=list_asked(person.id),
    )


def list_places_taught(viewer: Viewer, person: Person) -> list[Institution]:
    """The institutions the viewer sees that have somebody as a teacher today."""
    today = now().date()
    return [
        place.institution
        for place in list_affiliations(viewer, person)
        if place.role is AffiliationRole.TEACHER and (place.until_on is None or place.until_on >= today)
    ]


def _zone_of(person: Person) -> str:
    """By the clock of the institution she came to last."""
    latest = db.session.scalar(
        select(Affiliation)
        .where(Affiliation.person_id == person.id)
        .options(joinedload(Affiliation.institution))
        .order_by(Affiliation.until_on.is_(None).desc(), Affiliation.from_on.desc(), Affiliation.id.desc())
        .limit(1)
    )
    return latest.institution.zone if latest else UTC_NAME


def _meetings_of(training_ids: Sequence[int]) -> Sequence[Meeting]:
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.training_id.in_(training_ids))
        .options(joinedload(Meeting.training))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
