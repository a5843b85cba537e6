"""What belongs into a person's own copy, table by table: how her rows are found, and what explains them."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, or_, select

from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatchRow
from gdt.certification.correction_requests.models import CorrectionNote, CorrectionRequest
from gdt.certification.delivery.models import CertificateDelivery, HolderChoice, HolderLink
from gdt.certification.editions.models import CertificateReplacement
from gdt.certification.models import Certificate, CertificateProof
from gdt.certification.terms.models import ExpiryReminder
from gdt.exams.models import Exam, Result, ResultCorrection, Sitting
from gdt.exams.moderation_models import DoubleMark
from gdt.imports.models import Upload
from gdt.outgoing import OutgoingMail
from gdt.partners.contact_models import Contact
from gdt.partners.models import Institution
from gdt.people.duplicate_models import ProbablePair
from gdt.people.merge_models import Merge
from gdt.people.models import Affiliation, Person
from gdt.privacy.holdings import Holdings
from gdt.privacy.models import ErasureRequest
from gdt.privacy.notice_models import ConsentWithdrawal, NoticeGiven, PrivacyNotice
from gdt.privacy.sections import Finder, Section
from gdt.recognition.judging_models import Judgement
from gdt.recognition.models import AwardCategory, Nomination, NominationEvidence
from gdt.training.feedback.models import FeedbackRequest
from gdt.training.models import (
    Cohort,
    Course,
    Enrolment,
    Module,
    Qualification,
    TeacherTraining,
    TrainingOutcome,
    TrainingParticipant,
)
from gdt.training.qualifying.models import QualificationReminder
from gdt.training.taking_part.models import TrainingApplication


def _of_certificates(column: Any) -> Finder:
    return lambda held: column.in_(held.certificates)


def _of_persons(column: Any) -> Finder:
    return lambda held: column.in_(held.persons)


def _results(held: Holdings) -> Select[int]:
    return select(Result.id).where(Result.person_id.in_(held.persons))


def _nominations(held: Holdings) -> Select[int]:
    return select(Nomination.id).where(Nomination.person_id.in_(held.persons))


def _uploads(held: Holdings) -> Select[Any]:
    return select(Enrolment.upload_id).where(Enrolment.person_id.in_(held.persons))


def _addresses(held: Holdings) -> Select[Any]:
    return select(Person.email).where(Person.id.in_(held.persons), Person.email.is_not(None))


def _mails(held: Holdings) -> ColumnElement[bool]:
    return or_(OutgoingMail.id.in_(held.mails), OutgoingMail.recipient.in_(_addresses(held)))


def _events(held: Holdings) -> ColumnElement[bool]:
    def about(model: Any, ids: Sequence[int]) -> ColumnElement[bool]:
        return and_(AuditEvent.subject_kind == model.__tablename__, AuditEvent.subject_id.in_(ids))

    return or_(
        about(Person, held.persons),
        about(Certificate, held.certificates),
        about(CorrectionRequest, held.requests),
    )


_OF_CERTIFICATE = {"certificate": Certificate.number}


def _with_certificate(column: Any) -> Callable[[Select[Any]], Select[Any]]:
    return lambda query: query.join(Certificate, Certificate.id == column)


SECTIONS = (
    Section(_("Who you are"), Person, _of_persons(Person.id)),
    Section(
        _("Where you belong"),
        Affiliation,
        _of_persons(Affiliation.person_id),
        {"institution": Institution.name},
        lambda query: query.join(Institution, Institution.id == Affiliation.institution_id),
    ),
    Section(
        _("Where you are a contact"),
        Contact,
        lambda held: Contact.email.in_(_addresses(held)),
        {"institution": Institution.name},
        lambda query: query.join(Institution, Institution.id == Contact.institution_id),
    ),
    Section(
        _("How you sign in"),
        User,
        lambda held: and_(User.person_id.in_(held.persons), User.forgotten_at.is_(None)),
        {
            "institution": Institution.name,
            "email": User.email,
            "created_at": User.created_at,
            "last_signed_in_at": User.last_signed_in_at,
            "suspended_at": User.suspended_at,
            "suspended_because": User.suspended_because,
        },
        lambda query: query.outerjoin(Institution, Institution.id == User.institution_id),
    ),
    Section(
        _("What you learned"),
        Enrolment,
        _of_persons(Enrolment.person_id),
        {"course": Course.title, "cohort": Cohort.code, "term": Cohort.term},
        lambda query: query.join(Cohort, Cohort.id == Enrolment.cohort_id).join(Course),
    ),
    Section(
        _("Exams"),
        Result,
        _of_persons(Result.person_id),
        {"exam": Exam.title, "held_on": Sitting.held_on, "attempt": Result.attempt, "mark": Result.mark},
        lambda query: query.join(Sitting, Sitting.id == Result.sitting_id).join(
            Exam, Exam.id == Result.exam_id
        ),
    ),
    Section(
        _("Marks that two people gave"),
        DoubleMark,
        _of_persons(DoubleMark.person_id),
        {"exam": Exam.title, "held_on": Sitting.held_on, "mark": DoubleMark.decided_mark},
        lambda query: query.join(Sitting, Sitting.id == DoubleMark.sitting_id).join(
            Exam, Exam.id == Sitting.exam_id
        ),
    ),
    Section(
        _("Marks that were corrected"),
        ResultCorrection,
        lambda held: ResultCorrection.result_id.in_(_results(held)),
        {"old_mark": ResultCorrection.old_mark, "new_mark": ResultCorrection.new_mark},
    ),
    Section(
        _("Teacher training"),
        TrainingOutcome,
        lambda held: TrainingParticipant.person_id.in_(held.persons),
        {"training": TeacherTraining.title, "module": Module.title, "attended": TrainingOutcome.attended},
        lambda query: (
            query.join(TrainingParticipant, TrainingParticipant.id == TrainingOutcome.participant_id)
            .join(TeacherTraining, TeacherTraining.id == TrainingOutcome.training_id)
            .join(Module, Module.id == TrainingOutcome.module_id)
        ),
    ),
    Section(
        _("Trainings you were named for"),
        TrainingApplication,
        _of_persons(TrainingApplication.person_id),
        {"training": TeacherTraining.title},
        lambda query: query.join(TeacherTraining, TeacherTraining.id == TrainingApplication.training_id),
    ),
    Section(
        _("Trainings you were asked about"),
        FeedbackRequest,
        lambda held: TrainingParticipant.person_id.in_(held.persons),
        joined=lambda query: query.join(
            TrainingParticipant, TrainingParticipant.id == FeedbackRequest.participant_id
        ),
    ),
    Section(
        _("What you may teach"),
        Qualification,
        _of_persons(Qualification.person_id),
        {"module": Module.title},
        lambda query: query.join(Module, Module.id == Qualification.module_id),
    ),
    Section(
        _("Reminders that it ends"),
        QualificationReminder,
        lambda held: Qualification.person_id.in_(held.persons),
        {"module": Module.title},
        lambda query: query.join(
            Qualification, Qualification.id == QualificationReminder.qualification_id
        ).join(Module, Module.id == Qualification.module_id),
    ),
    Section(
        _("Awards you were nominated for"),
        Nomination,
        _of_persons(Nomination.person_id),
        {"award": AwardCategory.name},
        lambda query: query.join(AwardCategory, AwardCategory.id == Nomination.category_id),
    ),
    Section(
        _("Evidence for your awards"),
        NominationEvidence,
        lambda held: NominationEvidence.nomination_id.in_(_nominations(held)),
    ),
    Section(
        _("What judges said of you"), Judgement, lambda held: Judgement.nomination_id.in_(_nominations(held))
    ),
    Section(_("Your certificates"), Certificate, _of_certificates(Certificate.id)),
    Section(
        _("Your badges"),
        CertificateProof,
        _of_certificates(CertificateProof.certificate_id),
        _OF_CERTIFICATE,
        _with_certificate(CertificateProof.certificate_id),
    ),
    Section(
        _("Certificates that were replaced"),
        CertificateReplacement,
        _of_certificates(CertificateReplacement.certificate_id),
        _OF_CERTIFICATE,
        _with_certificate(CertificateReplacement.certificate_id),
    ),
    Section(
        _("Where certificates were mailed"),
        CertificateDelivery,
        _of_certificates(CertificateDelivery.certificate_id),
        _OF_CERTIFICATE,
        _with_certificate(CertificateDelivery.certificate_id),
    ),
    Section(_("Your secret links"), HolderLink, _of_certificates(HolderLink.certificate_id)),
    Section(_("Reminders"), ExpiryReminder, _of_certificates(ExpiryReminder.certificate_id)),
    Section(_("What strangers may see"), HolderChoice, _of_persons(HolderChoice.person_id)),
    Section(
        _("Corrections you asked for"),
        CorrectionRequest,
        _of_certificates(CorrectionRequest.certificate_id),
        _OF_CERTIFICATE,
        _with_certificate(CorrectionRequest.certificate_id),
    ),
    Section(
        _("What was said about them"),
        CorrectionNote,
        lambda held: CorrectionNote.request_id.in_(held.requests),
        {"written_at": CorrectionNote.written_at},
    ),
    Section(_("Orders of certificates"), CertificateBatchRow, _of_persons(CertificateBatchRow.person_id)),
    Section(_("Entries that became one"), Merge, lambda held: Merge.id.in_(held.merges)),
    Section(
        _("Entries that may be one"),
        ProbablePair,
        lambda held: or_(ProbablePair.first_id.in_(held.persons), ProbablePair.second_id.in_(held.persons)),
    ),
    Section(
        _("Files you were handed in with"),
        Upload,
        lambda held: Upload.id.in_(_uploads(held)),
        {"file": Upload.filename, "uploaded_at": Upload.uploaded_at},
    ),
    Section(_("Mails"), OutgoingMail, _mails),
    Section(
        _("Privacy notices you were given"),
        NoticeGiven,
        lambda held: NoticeGiven.upload_id.in_(_uploads(held)),
        {"version": PrivacyNotice.version, "confirmed_at": NoticeGiven.confirmed_at},
        lambda query: query.join(PrivacyNotice, PrivacyNotice.id == NoticeGiven.notice_id),
    ),
    Section(_("Consent you took back"), ConsentWithdrawal, _of_persons(ConsentWithdrawal.person_id)),
    Section(_("Wishes to be forgotten"), ErasureRequest, _of_persons(ErasureRequest.person_id)),
    Section(
        _("What was done, and when"),
        AuditEvent,
        _events,
        {
            "happened_at": AuditEvent.happened_at,
            "action": AuditEvent.action,
            "summary": AuditEvent.summary,
            "details": AuditEvent.details,
        },
    ),
)
