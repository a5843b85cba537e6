"""What a person was told and when, and what she took back of what rests on her consent alone."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from gdt import audit
from gdt.access import Viewer
from gdt.certification.delivery.models import HolderChoice
from gdt.database import db
from gdt.errors import DomainError
from gdt.people.models import Person
from gdt.privacy.holdings import entries_of
from gdt.privacy.notice_models import ConsentWithdrawal, NoticeGiven
from gdt.row_security import everything
from gdt.training.models import Enrolment


def list_notices(person: Person) -> Sequence[NoticeGiven]:
    """Which versions of the notice she was given, by the files she came with, newest first."""
    uploads = select(Enrolment.upload_id).where(Enrolment.person_id.in_(entries_of(person.id)))
    query = select(NoticeGiven).where(NoticeGiven.upload_id.in_(uploads)).order_by(NoticeGiven.id.desc())
    return db.session.scalars(query.options(joinedload(NoticeGiven.notice))).all()


def list_guardian_words(person: Person) -> Sequence[Enrolment]:
    """The cohorts for which a file said row by row that a guardian agreed, or that she was of age."""
    told = Enrolment.person_id.in_(entries_of(person.id)), Enrolment.guardian.is_not(None)
    query = select(Enrolment).where(*told).order_by(Enrolment.id.desc())
    return db.session.scalars(query.options(joinedload(Enrolment.cohort))).all()


def list_withdrawals(person: Person) -> Sequence[ConsentWithdrawal]:
    query = select(ConsentWithdrawal).where(ConsentWithdrawal.person_id.in_(entries_of(person.id)))
    return db.session.scalars(query.order_by(ConsentWithdrawal.id.desc())).all()


@everything()
def withdraw_consent(
    *, actor: Viewer, person: Person, name: str = "", by: str = "office"
) -> ConsentWithdrawal:
    """Take away what rests on her consent alone: her gender, and what strangers see beyond the paper."""
    if person.erased_at is not None:
        raise DomainError(_("This person was erased."))
    person.gender = None
    db.session.execute(delete(HolderChoice).where(HolderChoice.person_id.in_(entries_of(person.id))))
    record = ConsentWithdrawal(person_id=person.id, recorded_by_name=name or actor.name)
    db.session.add(record)
    summary = _("Consent was taken back: gender, and what strangers see beyond the paper")
    audit.record(actor, "withdrew", person, summary, institution_id=actor.institution_id, by=by)
    return record
