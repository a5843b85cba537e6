"""What needs doing next, for a partner and for the office: a constant number of statements each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from gdt.access import Viewer, within
from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.queries import visible_batch
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.exams.models import Exam, Result, ResultOutcome, Sitting
from gdt.imports.models import Upload, UploadState
from gdt.imports.queries import private_kinds, visible
from gdt.partners.models import EXPIRING, GRACE, Agreement, Institution
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.training.models import Cohort, Enrolment, EnrolmentState, Headcount, Module, Qualification
from gdt.training.visible import still_teaches, visible_cohort

SHOWN = 5
ENDS_SOON = timedelta(days=90)
FRESH = timedelta(days=30)
RECENT = timedelta(days=365)  # older cohorts are history, not work


@dataclass(frozen=True)
class Pile:
    """Things of one kind that wait: how many, and the first few of them."""

    count: int
    first: Sequence[Cohort | Sitting | Institution]


@dataclass(frozen=True)
class TeacherLine:
    """A teacher and the modules she may teach now, with the day the first of these rights ends."""

    person_id: int
    name: str
    modules: list[str]
    until: date | None


def get_own_institution(viewer: Viewer) -> Institution:
    """The coordinator's own institution with its agreements."""
    return db.session.scalars(
        select(Institution)
        .where(Institution.id == viewer.institution_id)
        .options(selectinload(Institution.agreements))
    ).one()


def find_place_taught(viewer: Viewer) -> Institution | None:
    """The institution of a teacher's account, while she teaches there."""
    mine = select(Institution).where(Institution.id == viewer.institution_id, still_teaches(viewer))
    return db.session.scalar(mine)


def cohorts_without_roster(viewer: Viewer, today: date) -> Pile:
    empty = ~exists().where(Enrolment.cohort_id == Cohort.id)
    return _cohorts(viewer, empty, Cohort.starts_on <= today, Cohort.ends_on >= today - RECENT)


def cohorts_without_completion(viewer: Viewer, today: date) -> Pile:
    """Cohorts that have ended with students of whom nobody has said whether they completed."""
    open_ones = exists().where(Enrolment.cohort_id == Cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
    return _cohorts(viewer, open_ones, Cohort.ends_on < today, Cohort.ends_on >= today - RECENT)


def _cohorts(viewer: Viewer, *conditions: ColumnElement[bool]) -> Pile:
    mine = (visible_cohort(viewer), *conditions)
    count = db.session.scalar(select(func.count(Cohort.id)).where(*mine)) or 0
    first = db.session.scalars(select(Cohort).where(*mine).order_by(Cohort.ends_on, Cohort.id).limit(SHOWN))
    return Pile(count, first.all())


def sittings_without_results(viewer: Viewer, today: date) -> Pile:
    mine = (
        visible_cohort(viewer),
        Sitting.held_on <= today,
        Sitting.held_on >= today - RECENT,
        ~exists().where(Result.sitting_id == Sitting.id),
    )
    joined = select(Sitting).join(Cohort, Sitting.cohort_id == Cohort.id).where(*mine)
    count = db.session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    return Pile(count, db.session.scalars(joined.order_by(Sitting.held_on, Sitting.id).limit(SHOWN)).all())


def list_latest_cohorts(viewer: Viewer) -> Sequence[tuple[Cohort, int, int]]:
    """The cohorts that began last, with their students and how many of them completed."""
    students = _enrolled().scalar_subquery()
    completed = _enrolled().where(Enrolment.state == EnrolmentState.COMPLETED).scalar_subquery()
    rows = db.session.execute(
        select(Cohort, students, completed)
        .where(visible_cohort(viewer))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(SHOWN)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _enrolled() -> Select[int]:
    return select(func.count(Enrolment.id)).where(Enrolment.cohort_id == Cohort.id).correlate(Cohort)


def list_teachers(viewer: Viewer, today: date) -> tuple[int, list[TeacherLine]]:
    """How many teachers there are now, and the first few with their qualifications, soonest to end first."""
    teaches = (
        within(viewer, Affiliation.institution_id),
        Affiliation.role == AffiliationRole.TEACHER,
        or_(Affiliation.until_on.is_(None), Affiliation.until_on >= today),
    )
    count = db.session.scalar(select(func.count(Affiliation.id)).where(*teaches)) or 0
    valid = (Qualification.valid_from <= today) & (Qualification.valid_until >= today)
    until = func.min(Qualification.valid_until)
    found = db.session.execute(
        select(Person.id, Person.printed_name, until)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .outerjoin(Qualification, (Qualification.person_id == Person.id) & valid)
        .where(*teaches)
        .group_by(Person.id, Person.printed_name)
        .order_by(until.is_(None), until, Person.printed_name)
        .limit(SHOWN)
    ).all()
    modules = _modules_of([row[0] for row in found], today)
    return count, [TeacherLine(row[0], row[1], modules.get(row[0], []), row[2]) for row in found]


def _modules_of(person_ids: Sequence[int], today: date) -> dict[int, list[str]]:
    titles: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Qualification.person_id, Module.title)
        .distinct()
        .join(Module, Qualification.module_id == Module.id)
        .where(
            Qualification.person_id.in_(person_ids),
            Qualification.valid_from <= today,
            Qualification.valid_until >= today,
        )
        .order_by(Module.title)
    )
    for person_id, title in rows:
        titles.setdefault(person_id, []).append(title)
    return titles


def count_ready(viewer: Viewer, today: date) -> int:
    """Students who completed a recent cohort, passed its exam and hold no certificate for it."""
    passed = exists().where(
        Result.person_id == Enrolment.person_id,
        Result.outcome == ResultOutcome.PASSED,
        Result.exam_id.in_(select(Exam.id).where(Exam.course_id == Cohort.course_id)),
    )
    certified = exists().where(
        Certificate.cohort_id == Cohort.id,
        Certificate.person_id == Enrolment.person_id,
        Certificate.kind == CertificateKind.STUDENT,
    )
    statement = (
        select(func.count(Enrolment.id))
        .join(Cohort, Enrolment.cohort_id == Cohort.id)
        .where(Cohort.ends_on >= today - RECENT, Enrolment.completed_on.is_not(None), passed, ~certified)
        .where(visible_cohort(viewer))
    )
    return db.session.scalar(statement) or 0


def ending_agreements(viewer: Viewer, today: date) -> Pile:
    """Institutions whose agreement ends soon, or ended and is in grace, with none to follow it."""
    last = select(func.max(Agreement.ends_on)).where(
        Agreement.institution_id == Institution.id, Agreement.agreed_until.is_(None)
    )
    ends_on = last.correlate(Institution).scalar_subquery()
    condition = (
        within(viewer, Institution.id),
        ends_on.between(today - GRACE, today + EXPIRING),
        or_(Institution.closed_on.is_(None), Institution.closed_on > today),
    )
    count = db.session.scalar(select(func.count(Institution.id)).where(*condition)) or 0
    statement = select(Institution).where(*condition).options(selectinload(Institution.agreements))
    return Pile(count, db.session.scalars(statement.order_by(ends_on, Institution.id).limit(SHOWN)).all())


@dataclass(frozen=True)
class Ending:
    """How many teachers lose a qualification soon that none follows, and the first day of these."""

    teachers: int
    first_on: date | None


def count_ending_qualifications(viewer: Viewer, today: date) -> Ending:
    later = aliased(Qualification)
    row = db.session.execute(
        select(func.count(Qualification.person_id.distinct()), func.min(Qualification.valid_until)).where(
            within(viewer, Qualification.institution_id),
            Qualification.valid_until.between(today, today + ENDS_SOON),
            ~exists().where(
                later.person_id == Qualification.person_id,
                later.module_id == Qualification.module_id,
                later.valid_until > Qualification.valid_until,
            ),
        )
    ).one()
    return Ending(row[0], row[1])


def list_unfinished_uploads(viewer: Viewer, today: date) -> Sequence[Upload]:
    """Recent files of hers that wait for a word, or left rows behind, and that no later one replaced."""
    later = aliased(Upload)
    begun = datetime.combine(today - FRESH, time.min, UTC)
    left = (Upload.state == UploadState.KEPT) & (Upload.rows_refused > 0)
    return db.session.scalars(
        select(Upload)
        .where(
            *visible(viewer),
            Upload.uploaded_at >= begun,
            or_(Upload.state == UploadState.CHECKED, left),
            ~exists().where(
                later.kind == Upload.kind,
                later.subject_id == Upload.subject_id,
                or_(Upload.kind.not_in(private_kinds()), later.uploaded_by_id == Upload.uploaded_by_id),
                later.id > Upload.id,
                later.state.in_((UploadState.CHECKED, UploadState.KEPT)),
            ),
        )
        .order_by(Upload.id.desc())
        .limit(SHOWN)
    ).all()


def count_claimed(viewer: Viewer) -> int:
    """Headcounts that wait for the office to verify them."""
    claimed = (Headcount.verified_at.is_(None), within(viewer, Headcount.institution_id))
    return db.session.scalar(select(func.count(Headcount.id)).where(*claimed)) or 0


def list_recent_batches(viewer: Viewer) -> Sequence[CertificateBatch]:
    return db.session.scalars(
        select(CertificateBatch)
        .where(visible_batch(viewer))
        .options(joinedload(CertificateBatch.cohort), joinedload(CertificateBatch.course))
        .order_by(CertificateBatch.id.desc())
        .limit(SHOWN)
    ).all()


def count_users() -> dict[str, int]:
    """How many users can sign in, have not accepted their invitation yet, or are suspended."""
    has_accepted = or_(User.password_hash.is_not(None), User.last_signed_in_at.is_not(None))
    rows = db.session.execute(
        select(User.suspended_at.is_not(None), has_accepted, func.count(User.id)).group_by(
            User.suspended_at.is_not(None), has_accepted
        )
    )
    counts = {"active": 0, "invited": 0, "suspended": 0}
    for is_suspended, has_password, many in rows:
        state = "suspended" if is_suspended else "active" if has_password else "invited"
        counts[state] += many
    return counts


def list_latest_events() -> Sequence[AuditEvent]:
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(SHOWN)).all()
