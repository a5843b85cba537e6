"""A teacher who signs in: she has a class that is running, one that waits for results, and an invitation."""

from sqlalchemy import select

from gdt.access import Role
from gdt.accounts.models import User
from gdt.database import db
from gdt.demo.accounts import TEACHER
from gdt.demo.network import Network
from gdt.demo.present_day import STORY
from gdt.demo.rows import add_all
from gdt.people.models import Person
from gdt.training.models import Cohort, CohortTeacher, TeacherTraining, TrainingParticipant
from gdt.training.taking_part.models import TrainingApplication
from gdt.training.taking_part.states import PartState


def add_teacher(network: Network) -> None:
    """Give the first teacher of the story's latest class an account, and a place in the training ahead."""
    school = network.partners[STORY].id
    latest = (
        select(Cohort.id).where(Cohort.institution_id == school).order_by(Cohort.starts_on.desc()).limit(1)
    )
    teaches = CohortTeacher.cohort_id == latest.scalar_subquery()
    person = db.session.scalars(
        select(Person)
        .join(CohortTeacher, CohortTeacher.person_id == Person.id)
        .where(teaches)
        .order_by(Person.id)
        .limit(1)
    ).one()
    person.email = TEACHER
    row = {"email": TEACHER, "name": person.printed_name, "role": Role.TEACHER}
    add_all(User, [row | {"institution_id": school, "person_id": person.id}])
    _name(network, school, person)


def _name(network: Network, school: int, person: Person) -> None:
    """She takes the place of a colleague in the training ahead, and has not said yet whether she comes."""
    ahead = select(TeacherTraining.id).where(TeacherTraining.starts_on > network.today)
    here = TrainingApplication.institution_id == school, TrainingApplication.training_id.in_(ahead)
    named = db.session.scalars(
        select(TrainingApplication).where(*here).order_by(TrainingApplication.id)
    ).all()
    if any(one.person_id == person.id for one in named):
        return
    place = next(one for one in named if one.state is PartState.TAKES_PART)
    part = db.session.scalars(
        select(TrainingParticipant).where(
            TrainingParticipant.training_id == place.training_id,
            TrainingParticipant.person_id == place.person_id,
        )
    ).one()
    place.person_id = part.person_id = person.id
