"""Agreements and applications in every state: drafts, a renewal signed ahead, a termination, reminders."""

from datetime import date, timedelta

from sqlalchemy import select

from gdt.accounts.models import User
from gdt.database import db
from gdt.demo.network import moment
from gdt.joining.application_states import ApplicationState, CheckItem
from gdt.joining.models import ApplicationCheck, ApplicationNote, InstitutionApplication, Voice
from gdt.partners.agreements import following_term, sign_agreement
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.drafting import prepare_draft, withdraw_draft
from gdt.partners.models import Agreement, AgreementKind, Institution, InstitutionKind, InstitutionStatus
from gdt.partners.queries import find_country
from gdt.partners.reminder_models import AgreementReminder, ReminderState
from gdt.partners.reminding import plan_reminders

SIGNED_AHEAD, CLOSED_WAS_UNTIL = "inti", date(2023, 12, 31)
APPLICANTS = (
    ("Politeknik Kuching", "MY", "Kuching", ApplicationState.RECEIVED),
    ("Universidad del Istmo Digital", "MX", "Oaxaca", ApplicationState.ASKED),
    ("Kigali School of Commerce", "RW", "Kigali", ApplicationState.DECLINED),
    ("Almaty Retail Academy", "KZ", "Almaty", ApplicationState.WITHDRAWN),
)
QUESTION = "Who would teach New Retail in the first year?"
REASON = "The school has no teacher who can come to a training yet. Please apply again when it has."


def add_partnerships(officer: User, today: date) -> None:
    """Around the institutions that are there, as seen on the day of loading."""
    institutions = db.session.scalars(select(Institution).order_by(Institution.id)).all()
    by_status = {one.status(today): one for one in reversed(institutions)}
    applicant = by_status[InstitutionStatus.APPLICANT]
    _terminate_the_closed(by_status[InstitutionStatus.CLOSED])
    _sign_ahead(officer, next(one for one in institutions if one.code == SIGNED_AHEAD), today)
    _draft_renewal(officer, by_status[InstitutionStatus.EXPIRING])
    given_up = _draft_renewal(officer, by_status[InstitutionStatus.IN_GRACE])
    withdraw_draft(viewer=officer, draft=given_up, reason="The rector asks for a shorter term.")
    first = today.replace(day=1)
    prepare_draft(
        viewer=officer,
        institution=applicant,
        kind=AgreementKind.PROGRAMME_AGREEMENT,
        extends_id=None,
        starts_on=first + timedelta(days=62),
        ends_on=first + timedelta(days=62 + 1095),
        teachers_target=8,
        students_target=160,
    )
    _add_applications(officer, applicant, today)
    plan_reminders()
    _send_what_was_due(today)


def _terminate_the_closed(institution: Institution) -> None:
    last = institution.agreements[-1]
    last.agreed_until = CLOSED_WAS_UNTIL
    last.termination_reason = "The institution closed its school of commerce."


def _sign_ahead(officer: User, institution: Institution, today: date) -> None:
    term = institution.agreements[-1]
    starts_on, ends_on = following_term(term)
    sign_agreement(
        viewer=officer,
        institution=institution,
        kind=AgreementKind.EXTENSION,
        extends_id=term.id,
        starts_on=starts_on,
        ends_on=ends_on,
        document=None,
        signed_on=today - timedelta(days=20),
        signatories=term.signatories,
        teachers_target=term.teachers_target,
        students_target=term.students_target,
    )


def _draft_renewal(officer: User, institution: Institution) -> AgreementDraft:
    term: Agreement = institution.agreements[-1]
    starts_on, ends_on = following_term(term)
    return prepare_draft(
        viewer=officer,
        institution=institution,
        kind=AgreementKind.EXTENSION,
        extends_id=term.id,
        starts_on=starts_on,
        ends_on=ends_on,
        teachers_target=term.teachers_target,
        students_target=term.students_target,
    )


def _add_applications(officer: User, applicant: Institution, today: date) -> None:
    accepted = _application(applicant.name, applicant.country.code, applicant.city, today)
    accepted.native_name, accepted.kind = applicant.native_name, applicant.kind
    accepted.checks = [ApplicationCheck(item=item, done_by_name=officer.name) for item in CheckItem]
    accepted.institution_id, accepted.state = applicant.id, ApplicationState.ACCEPTED
    accepted.decided_at, accepted.decided_by_name = moment(today - timedelta(days=9)), officer.name
    for name, country, city, state in APPLICANTS:
        one = _application(name, country, city, today)
        one.state = state
        if state is ApplicationState.RECEIVED:
            one.checks = [ApplicationCheck(item=CheckItem.EXISTS, done_by_name=officer.name)]
        if state is ApplicationState.ASKED:
            one.notes = [ApplicationNote(voice=Voice.OFFICE, author_name=officer.name, words=QUESTION)]
        if state is ApplicationState.DECLINED:
            one.reason, one.decided_by_name = REASON, officer.name
            one.decided_at = moment(today - timedelta(days=3))


def _application(name: str, country_code: str, city: str, today: date) -> InstitutionApplication:
    country = find_country(country_code)
    key = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
    application = InstitutionApplication(
        link_key=f"demo-{key}"[:40],
        name=name,
        kind=InstitutionKind.COLLEGE,
        country_id=country.id if country else 0,
        city=city,
        teaches="About four hundred students of trade and business a year.",
        teachers_a_year=4,
        students_a_year=120,
        module_titles=["New Retail", "Digital Marketing"],
        lead_name=f"Dean of {name}",
        lead_duty="Dean",
        lead_email=f"dean@{key}.example",
        applied_at=moment(today - timedelta(days=16)),
        confirmed_at=moment(today - timedelta(days=15)),
    )
    db.session.add(application)
    return application


def _send_what_was_due(today: date) -> None:
    """As if workers had run all along; the first one that was sent was answered."""
    due = select(AgreementReminder).where(AgreementReminder.due_on <= today)
    for position, one in enumerate(db.session.scalars(due.order_by(AgreementReminder.id))):
        one.state, one.sent_at, one.people = ReminderState.SENT, moment(one.due_on), 1
        if position == 0:
            one.state, one.settled_at = ReminderState.ANSWERED, moment(one.due_on + timedelta(days=1))
            one.note = "They renew for three years."
