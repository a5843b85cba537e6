"""A teacher who signs in: she has a class that is running, one that waits for results, and an invitation."""

from sqlalchemy import select

from gdt import audit
from gdt.access import Role
from gdt.accounts.models import User
from gdt.database import db, now
from gdt.demo.accounts import TEACHER
from gdt.demo.network import Network
from gdt.demo.present_day import STORY
from gdt.demo.rows import add_all
from gdt.people.models import Person
from gdt.training.models import Cohort, CohortTeacher, EnrolmentState, TeacherTraining, TrainingParticipant
from gdt.training.queries import count_students
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
    _tell(person)


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


def _tell(person: Person) -> None:
    """What she did lately: the class that ended last was closed by her."""
    user = db.session.query(User).filter_by(email=TEACHER).one()
    mine = Cohort.teachers.any(Person.id == person.id), Cohort.ends_on < now().date()
    cohort = db.session.scalars(select(Cohort).where(*mine).order_by(Cohort.ends_on.desc()).limit(1)).first()
    if cohort is not None:
        count = count_students([cohort.id])[cohort.id].get(EnrolmentState.COMPLETED, 0)
        said = f"Marked {count} students completed."
        audit.record(user, "completed", cohort, said, institution_id=cohort.institution_id)
