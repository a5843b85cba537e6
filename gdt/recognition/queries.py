"""Reading awards: calls, nominations a viewer may see, and the honours anyone may read."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.models import Certificate
from gdt.community.models import Project
from gdt.community.queries import is_public
from gdt.community.states import ProjectState
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.people.name_keys import name_key
from gdt.recognition.models import AwardCall, AwardCategory, Nomination, NominationEvidence, NomineeKind
from gdt.recognition.stages import NominationState
from gdt.row_security import everything

_ROLES = {
    NomineeKind.LECTURER: AffiliationRole.TEACHER,
    NomineeKind.STUDENT: AffiliationRole.STUDENT,
}


def get_call(year: int) -> AwardCall:
    """The awards of a year, with their categories and criteria."""
    loaded = (selectinload(AwardCall.categories), selectinload(AwardCall.criteria))
    call = db.session.scalar(select(AwardCall).where(AwardCall.year == year).options(*loaded))
    if call is None:
        raise RecordNotFound
    return call


def find_newest_call() -> AwardCall | None:
    loaded = (selectinload(AwardCall.categories), selectinload(AwardCall.criteria))
    return db.session.scalar(select(AwardCall).order_by(AwardCall.year.desc()).limit(1).options(*loaded))


def hold_call(call: AwardCall) -> None:
    """Hold the year’s row, so that nominations are made and decided one after the other."""
    db.session.refresh(call, ["opens_on", "closes_on", "judged_by"], with_for_update={"of": AwardCall})


def list_calls(viewer: Viewer) -> list[tuple[AwardCall, int, int]]:
    """Every year, the latest first, with the nominations the viewer sees, and the awards that are public
    or hers to see.
    """
    is_seen = within(viewer, Nomination.institution_id)
    mine = func.count(Nomination.id).filter(is_seen, Nomination.state != NominationState.WITHDRAWN)
    given = func.count(Nomination.id).filter(
        Nomination.state == NominationState.GIVEN, is_seen | (Nomination.given_on <= now().date())
    )
    statement = (
        select(AwardCall, mine, given)
        .outerjoin(Nomination, Nomination.call_id == AwardCall.id)
        .group_by(AwardCall.id)
        .order_by(AwardCall.year.desc())
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement)]


def get_nomination(viewer: Viewer, nomination_id: int) -> Nomination:
    """A nomination of an institution the viewer sees."""
    return _one(Nomination.id == nomination_id, within(viewer, Nomination.institution_id))


def get_nomination_of_call(call: AwardCall, nomination_id: int) -> Nomination:
    """A nomination of a year, for its judges."""
    standing = Nomination.state != NominationState.WITHDRAWN
    with everything():  # the nominee is of another institution than the judge
        return _one(Nomination.id == nomination_id, Nomination.call_id == call.id, standing)


def list_nominations(viewer: Viewer, call: AwardCall) -> Sequence[Nomination]:
    """The nominations of a year the viewer sees, by category and then in the order they came."""
    statement = (
        select(Nomination)
        .join(AwardCategory, AwardCategory.id == Nomination.category_id)
        .where(Nomination.call_id == call.id, within(viewer, Nomination.institution_id))
        .options(joinedload(Nomination.project))
    )
    return db.session.scalars(statement.order_by(AwardCategory.position, Nomination.id)).all()


def find_same(category: AwardCategory, institution: Institution, person: Person | None) -> Nomination | None:
    """A nomination that stands for the same nominee in the same category, by whichever institution."""
    whom = Nomination.person_id == person.id if person else Nomination.person_id.is_(None)
    statement = select(Nomination).where(
        Nomination.category_id == category.id, Nomination.state != NominationState.WITHDRAWN, whom
    )
    if person is None:
        statement = statement.where(Nomination.institution_id == institution.id)
    with everything():
        return db.session.scalar(statement.limit(1))


def find_given(nomination: Nomination) -> Nomination | None:
    """Who was given the award of the same category among nominees of the same kind."""
    return db.session.scalar(
        select(Nomination).where(
            Nomination.category_id == nomination.category_id,
            Nomination.nominee_kind == nomination.nominee_kind,
            Nomination.state == NominationState.GIVEN,
            Nomination.id != nomination.id,
        )
    )


def list_people_called(institution: Institution, kind: NomineeKind, words: str) -> Sequence[Person]:
    """The lecturers or students of an institution with this number, e-mail or name, at most two."""
    said = words.strip()
    fits = (
        (Affiliation.own_number == said)
        | (Person.email == said.lower())
        | (Person.name_key == name_key(said))
    )
    statement = (
        select(Person)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(
            Affiliation.institution_id == institution.id,
            Affiliation.role == _ROLES[kind],
            Person.merged_into_id.is_(None),
            Person.erased_at.is_(None),
            fits,
        )
    )
    return db.session.scalars(statement.order_by(Person.id).limit(2)).all()


def list_projects_of(viewer: Viewer) -> Sequence[Project]:
    """The counted projects a nomination may point at, the newest first."""
    mine = within(viewer, Project.institution_id), Project.state == ProjectState.COUNTED
    return db.session.scalars(select(Project).where(*mine).order_by(Project.starts_on.desc()).limit(40)).all()


def get_evidence(nomination: Nomination, evidence_id: int) -> NominationEvidence:
    found = next((file for file in nomination.evidence if file.id == evidence_id), None)
    if found is None:
        raise RecordNotFound
    return found


def count_nominations(call: AwardCall) -> int:
    return db.session.scalar(select(func.count(Nomination.id)).where(Nomination.call_id == call.id)) or 0


def certificates_of(nominations: Collection[Nomination]) -> dict[int, Certificate]:
    """The latest certificate issued for each of these awards, by the nomination."""
    by_thing = {one.thing_earned: one.id for one in nominations}
    statement = (
        select(Certificate).where(Certificate.thing_earned.in_(by_thing)).order_by(Certificate.edition)
    )
    return {by_thing[found.thing_earned]: found for found in db.session.scalars(statement)}


def list_given(call: AwardCall) -> Sequence[Nomination]:
    """The awards of a year, whether the day on which they are given has come or not."""
    return _given(Nomination.call_id == call.id)


def list_honours(year: int) -> Sequence[Nomination]:
    """The awards of a year that are public: given, and not on a day to come."""
    calls = select(AwardCall.id).where(AwardCall.year == year)
    return _given(Nomination.call_id.in_(calls), Nomination.given_on <= now().date())


def list_honoured_years() -> Sequence[int]:
    """The years of which there are honours, the latest first."""
    statement = (
        select(AwardCall.year)
        .join(Nomination, Nomination.call_id == AwardCall.id)
        .where(Nomination.state == NominationState.GIVEN, Nomination.given_on <= now().date())
        .distinct()
        .order_by(AwardCall.year.desc())
    )
    return db.session.scalars(statement).all()


def list_public_projects(nominations: Collection[Nomination]) -> dict[int, Project]:
    """The public projects these nominations point at, by id."""
    wanted = {one.project_id for one in nominations if one.project_id is not None}
    found = db.session.scalars(select(Project).where(Project.id.in_(wanted), *is_public()))
    return {project.id: project for project in found}


def _given(*conditions: ColumnElement[bool]) -> Sequence[Nomination]:
    statement = (
        select(Nomination)
        .join(AwardCategory, AwardCategory.id == Nomination.category_id)
        .where(Nomination.state == NominationState.GIVEN, *conditions)
    )
    with everything():  # who is honoured is public, wherever she is from
        return db.session.scalars(
            statement.order_by(AwardCategory.position, Nomination.nominee_kind, Nomination.id)
        ).all()


def _one(*conditions: ColumnElement[bool]) -> Nomination:
    loaded = (selectinload(Nomination.evidence), joinedload(Nomination.project))
    nomination = db.session.scalar(select(Nomination).where(*conditions).options(*loaded))
    if nomination is None:
        raise RecordNotFound
    return nomination
