"""Every door of the application, tried by every role with keys of its own institution and of another one."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from certificates import design_source, example_logo
from gdt import documents
from gdt.access import GRANTS, OFFICE, PROGRAMME_WIDE, Permission, Role
from gdt.accounts.models import User
from gdt.accounts.token_models import AccessToken
from gdt.audit import AuditEvent
from gdt.certification.archives.archiving import order_archive
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.correction_requests.models import CameBy
from gdt.certification.correction_requests.services import Complaint, ask_for_correction
from gdt.certification.delivery.models import CertificateDelivery
from gdt.certification.delivery.services import deliver_issued
from gdt.certification.designs.look_choosing import choose_look
from gdt.certification.designs.services import keep_design
from gdt.certification.keys import queries as key_queries
from gdt.certification.keys.orders import prepare_retirement
from gdt.certification.log.heads import sign_head_now
from gdt.certification.log.witnessing import add_witness
from gdt.certification.models import Certificate
from gdt.certification.revoking.bulk import check_list
from gdt.certification.revoking.lists import Entry
from gdt.community.models import ProjectPicture
from gdt.community.states import ProjectState
from gdt.database import db, now, unit_of_work
from gdt.events.models import Event, EventSession, Way
from gdt.events.people_models import EventInvitation, EventRegistration
from gdt.events.states import PlaceState
from gdt.exams.flag_models import SittingFlag
from gdt.exams.models import Result, Sitting
from gdt.exams.moderation import MarkingState
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.results_kind import RESULTS
from gdt.exams.results_kind import subject_of as of_sitting
from gdt.exams.suspicion import FlagRule
from gdt.impact.digesting import stop_address
from gdt.impact.periods import whole_year
from gdt.imports.checking import hand_in
from gdt.imports.models import Upload
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Agreement, AgreementKind, Institution
from gdt.partners.reminder_models import AgreementReminder, Audience, ReminderState
from gdt.people.duplicate_models import ProbablePair
from gdt.people.likeness import Reason
from gdt.people.merging import merge_persons
from gdt.people.models import AffiliationRole, Person
from gdt.privacy.models import AskedBy
from gdt.privacy.notices import find_current, publish_notice
from gdt.privacy.requests import ask_to_forget
from gdt.recognition.models import AwardCall, NominationEvidence
from gdt.recognition.stages import NominationState
from gdt.reporting.finding_models import RiskFinding
from gdt.reporting.models import InstitutionReport
from gdt.reporting.queries import find_round
from gdt.reporting.risk_rules import Rule as RiskRule
from gdt.reporting.rounds import invite_institutions, open_round
from gdt.training.curriculum.models import CourseVersion, Material, ModuleVersion
from gdt.training.curriculum.states import VersionState
from gdt.training.feedback.models import FeedbackRequest
from gdt.training.meetings.models import Meeting
from gdt.training.models import Cohort, Headcount, HeadcountMeasure, Module
from gdt.training.roster_kind import ROSTER
from gdt.training.roster_kind import subject_of as of_cohort
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation
from gdt.training.taking_part.states import PartState
from tests.browser import Browser, counted_queries, token_of
from tests.emptying import made_once
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_application,
    make_award_call,
    make_contact,
    make_country,
    make_event,
    make_exam,
    make_institution,
    make_judge,
    make_nomination,
    make_participant,
    make_person,
    make_project,
    make_qualification,
    make_region,
    make_sitting,
    make_token,
    make_training,
    make_user,
)
from tests.features.certification.stories import certified_cohort, give_result

STATIC = {"static", "bootstrap.static"}
CANARY = "Zyxwv"  # in every name of the other institution, and in nothing a partner's people may read
KEY = re.compile(r"([\w-]+)/<(?:\w+:)?(\w+)>")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b(?! INTO audit_(events|seals) )", re.IGNORECASE)
# What stands in an address, by the word before it: whether it belongs to an institution.
OWNED = {
    "institutions/code",
    "agreements/agreement_id",
    "contacts/contact_id",
    "drafts/draft_id",
    "renewals/reminder_id",
    "applications/application_id",
    "headcounts/headcount_id",
    "cohorts/code",
    "sittings/code",
    "results/result_id",
    "double-marks/double_mark_id",
    "exam-flags/flag_id",
    "people/person_id",
    "duplicates/pair_id",
    "merges/merge_id",
    "imports/upload_id",
    "uploads/upload_id",
    "tokens/token_id",
    "certificates/number",
    "certificate-archives/archive_id",
    "deliveries/delivery_id",
    "correction-requests/request_id",
    "requests/erasure_id",
    "users/user_id",
    "witnesses/witness_id",
    "projects/code",
    "nominations/nomination_id",
    "training-invitations/invitation_id",
    "training-applications/application_id",
    "qualifications/qualification_id",
}
# Shown to whoever holds the code of a certificate, or the link in a witness's mail.
PUBLIC_FACTS = {
    "certification.verify",
    "certification.verify_api",
    "certification.mine",
    "certification.wrong_by_code",
    "certification.stop_witness",
    "impact.stop_weekly_mail",
}
# Files to take away that tell nothing about people, or only what is published; all others leave an event.
WITHOUT_PEOPLE = {
    "accounts.recovery_codes_file",  # her own
    "certification.badge_file",  # what whoever holds the code of a certificate may have, her own as a rule
    "certification.badge_picture",
    "certification.paper",
    "certification.design_file",
    "certification.head_text",
    "certification.log_bundle",
    "certification.newest_head_text",
    "events.event_calendar",  # an event that everybody sees
    "impact.closed_figures",
    "impact.measure_definitions_csv",
    "impact.restatements_csv",
    "impact.summary_csv",
    "renewals.calendar_ics",  # institutions and days
    "impact.summary_pdf",
    "impact.summary_xlsx",
    "impact.targets_template",
    "partners.institutions_csv",
    "partners.institutions_template",
    "privacy.register_csv",
    "privacy.register_file",
    "reporting.round_csv",
    "reporting.round_xlsx",
    "training.headcounts_template",
    "training.invited_timetable_ics",  # hours and titles
    "training.teaching_ics",  # her own
    "training.timetable_ics",
    "training.material",
    "training.roster_template",
    "training.teachers_template",
}
# Doors with a secret in their address, which no role has.
SECRET = {
    "accounts.accept_invitation",
    "accounts.reset",
    "joining.own_application",
    "events.own_place",
    "events.answer_invitation",
    "certification.holder",
    "certification.held",
    "certification.held_file",
    "certification.wrong",
    "privacy.own_data",
    "training.give_feedback",
    "training.own_page",
    "training.own_timetable_ics",
}


def doors(app: Flask) -> list[Rule]:
    """Every route but the static files; signing out comes last, because nothing works after it."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in STATIC]
    return sorted(rules, key=lambda rule: (rule.endpoint == "accounts.sign_out", rule.rule))


def keys_of(rule: Rule) -> list[str]:
    """The places of a rule that hold a key, such as `cohorts/code`."""
    return [f"{before}/{name}" for before, name in KEY.findall(rule.rule)]


def address(rule: Rule, keys: dict[str, str]) -> str:
    """The rule with its keys filled in. A new kind of key is a KeyError: give `room` one."""
    return KEY.sub(lambda found: f"{found[1]}/{keys[f'{found[1]}/{found[2]}']}", rule.rule)


def belongs_to_an_institution(rule: Rule) -> bool:
    return not OWNED.isdisjoint(keys_of(rule))


def room(word: str, **place: object) -> dict[str, str]:
    """An institution with one of everything in it, each bearing the word; returns the keys of its doors."""
    school = make_institution(
        code=f"{word}-school".lower(), name=f"{word} College", city=f"{word}ville", **place
    )
    agreement = make_agreement(
        school,
        signatories=f"{word} Rector",
        document_key=documents.keep("agreements", b"%PDF-", suffix=".pdf")[0],
    )
    cohort = certified_cohort(1, institution=school, code=f"{word}-cohort".lower(), term=f"{word} term")
    teacher = cohort.teachers[0]
    teacher.printed_name = f"{word} Teacher"
    make_affiliation(teacher, school, role=AffiliationRole.TEACHER)
    certificate = db.session.query(Certificate).filter_by(cohort_id=cohort.id).one()
    student = certificate.person
    student.printed_name, student.email = f"{word} Student", f"{word}@students.example".lower()
    training = make_training(title="Training of many", host=None)
    sitting = make_sitting(cohort, make_exam(cohort.course), code=f"{word}-sitting".lower())
    give_result(sitting, student, 71)
    renewing = renewed_and_applied(agreement, word)
    headcount, draft = reported(cohort, word), dressed(school)
    finding = asked_to_report(school)
    roster, archive = handed_in(cohort, sitting, word)
    user = make_user(role=Role.COORDINATOR, institution=school, name=f"{word} Coordinator")
    with unit_of_work():
        certificate = db.session.merge(certificate)
        deliver_issued([certificate], batch_id=None, is_new=False)
        complaint = Complaint(
            fact="place", wanted=f"{word}town", why="It moved.", evidence=b"%PDF-", evidence_name="scan"
        )
        asked = ask_for_correction(certificate=certificate, complaint=complaint, came_by=CameBy.LINK)
        db.session.flush()
        asked_id = asked.id
    return (
        witnessed(school, word)
        | twins_of(school, word)
        | renewing
        | honoured(school, word)
        | gathered(school, word)
        | {
            "institutions/code": school.code,
            "agreements/agreement_id": str(agreement.id),
            "contacts/contact_id": str(make_contact(school, name=f"{word} Lead").id),
            "headcounts/headcount_id": str(headcount.id),
            "cohorts/code": cohort.code,
            "sittings/code": sitting.code,
            "results/result_id": str(db.session.query(Result.id).filter_by(sitting_id=sitting.id).scalar()),
            "double-marks/double_mark_id": str(marked_twice(cohort, student)),
            "exam-flags/flag_id": str(flagged(sitting)),
            "people/person_id": str(student.id),
            "imports/upload_id": str(roster),
            "uploads/upload_id": str(roster),
            "tokens/token_id": str(token_id(user)),
            "certificates/number": certificate.number,
            "certificate-archives/archive_id": str(archive),
            "correction-requests/request_id": str(asked_id),
            "corrections/request_id": str(asked_id),
            "deliveries/delivery_id": str(db.session.query(func.max(CertificateDelivery.id)).scalar()),
            "certificate-batches/batch_id": str(db.session.query(CertificateBatch.id).first()[0]),
            "certificate-revocations/revocation_id": str(listed(certificate.number)),
            "teachers/course_code": cohort.course.code,
            "exams/code": sitting.exam.code,
            "trainings/code": training.code,
            **invited_and_met(training, teacher, school),
            "modules/code": cohort.modules[0].code,
            "courses/code": cohort.course.code,
            "versions/number": "1",
            "materials/material_id": str(written(cohort)),
            "users/user_id": str(user.id),
            "certificate-designs/name": draft,
            "certificate-look/kind": "teacher",
            "verify/code": certificate.code,
            "invitation/token": "no-such-token",
            "reset/token": "no-such-token",
            "institution/code": "no-such-institution",
            "sign-in-services/code": school.code,
            "holder/token": "no-such-token",
            "weekly-mail/token": stop_address(user).split("/")[-2],
            "impact/measure": "students-trained",
            "figures/measure": "students_trained",
            "impact/year": str(TODAY.year),
            "rounds/code": str(TODAY.year - 1),
            "reports/period": str(TODAY.year - 1),
            "findings/finding_id": str(finding),
            "countries/country_code": school.country.code,
            "years/year": str(TODAY.year),
            "requests/erasure_id": str(asked_to_forget(student)),
            "notice/version": str(told_everyone()),
        }
    )


def written(cohort: Cohort) -> int:
    """The id of a file among the materials of a cohort's module; module and course have versions."""
    key, digest = documents.keep("materials", b"%PDF-", suffix=".pdf")
    said = {"number": 1, "label": "1", "summary": "", "outcomes": [], "languages": ["en"], "changes": ""}
    said |= {"state": VersionState.PUBLISHED, "taught_from": TODAY, "published_by_name": "Lin"}
    file = Material(title="Slides", language="en", file_key=key, file_sha256=digest, file_size=5)
    file.file_name = "slides.pdf"
    version = ModuleVersion(module=cohort.modules[0], hours=24, materials=[file], **said)
    db.session.add_all([version, CourseVersion(course=cohort.course, modules=cohort.course.modules, **said)])
    db.session.commit()
    return file.id


def invited_and_met(training: object, teacher: Person, school: Institution) -> dict[str, str]:
    """The keys of a training's meeting, of what the school was invited to, and of a teacher it named."""
    asked = FeedbackRequest(participant=make_participant(training, teacher, school), token_hash=school.code)
    starts_at = now() + timedelta(days=1)
    meeting = Meeting(training=training, title="First day", starts_at=starts_at)
    meeting.ends_at = starts_at + timedelta(hours=2)
    invitation = TrainingInvitation(training=training, institution=school, places=2, invited_by_name="Lin")
    named = TrainingApplication(training=training, person=teacher, institution=school)
    named.state, named.named_by_name = PartState.TAKES_PART, "Lin"
    module = db.session.query(Module).first()
    held = make_qualification(teacher, module, school, valid_from=TODAY - timedelta(days=9))
    db.session.add_all([meeting, invitation, named, asked])
    db.session.commit()
    return {
        "meetings/meeting_id": str(meeting.id),
        "training-invitations/invitation_id": str(invitation.id),
        "training-applications/application_id": str(named.id),
        "qualifications/qualification_id": str(held.id),
        "training-feedback/token": "no-such-token",
        "teacher/token": "no-such-token",
    }


def renewed_and_applied(agreement: Agreement, word: str) -> dict[str, str]:
    """The keys of a draft, a reminder that was sent, and an application from the same country."""
    school = agreement.institution
    reminder = AgreementReminder(
        agreement=agreement, audience=Audience.INSTITUTION, months=9, due_on=TODAY, state=ReminderState.SENT
    )
    reminder.sent_at = now()
    draft = AgreementDraft(
        institution=school,
        kind=AgreementKind.MEMORANDUM,
        starts_on=TODAY,
        ends_on=TODAY,
        signs_for_partner=f"{word} Rector",
        drafted_by_name="Office",
    )
    application = make_application(name=f"{word} Academy", country=school.country)
    db.session.add_all([reminder, draft])
    db.session.commit()
    return {
        "drafts/draft_id": str(draft.id),
        "renewals/reminder_id": str(reminder.id),
        "applications/application_id": str(application.id),
        "join/token": "no-such-token",
    }


def gathered(school: Institution, word: str) -> dict[str, str]:
    """The keys of one event of both, where the school's people were invited and have a place."""
    event = db.session.query(Event).first() or make_event(title="Conference of many")
    line = EventSession(event=event, starts_at=event.starts_at, ends_at=event.ends_at, title="Opening")
    who = {"event": event, "institution": school, "email": f"{word}@guests.example".lower()}
    invitation = EventInvitation(**who, name=f"{word} Guest", link_key=f"{word}-i", invited_by_name="Lin")
    place = EventRegistration(**who, name=f"{word} Guest", link_key=f"{word}-p", way=Way.ONLINE)
    place.state = PlaceState.REGISTERED
    db.session.add_all([line, invitation, place])
    db.session.commit()
    return {
        "events/code": event.code,
        "sessions/session_id": str(line.id),
        "event-places/token": "no-such-token",
        "event-invitations/token": "no-such-token",
    }


def marked_twice(cohort: Cohort, student: Person) -> int:
    """The id of a mark that waits for a third decision, of a sitting of the cohort."""
    sitting = make_sitting(cohort, make_exam(cohort.course), is_marked_twice=True)
    first, second = make_user(role=Role.OFFICER), make_user(role=Role.OFFICER)
    row = DoubleMark(sitting_id=sitting.id, person_id=student.id, state=MarkingState.DIFFERING)
    row.first_mark, row.first_by_id, row.first_by_name = Decimal(40), first.id, first.name
    row.second_mark, row.second_by_id, row.second_by_name = Decimal(80), second.id, second.name
    row.second_at = now()
    db.session.add(row)
    db.session.commit()
    return row.id


def flagged(sitting: Sitting) -> int:
    """The id of a reason to look at a sitting."""
    flag = SittingFlag(sitting=sitting, rule=FlagRule.SAME_MARK, facts={"count": 6, "mark": "72"})
    db.session.add(flag)
    db.session.commit()
    return flag.id


def token_id(user: User) -> int:
    """The id of an access token of the user."""
    make_token(user, name="Her script")
    return db.session.query(AccessToken.id).filter_by(user_id=user.id).scalar()


def asked_to_forget(person: Person) -> int:
    """The id of an institution's request that one of its people be forgotten."""
    with unit_of_work():
        person = db.session.merge(person)
        wish = ask_to_forget(actor=OFFICE, person=person, words="By letter.", asked_by=AskedBy.INSTITUTION)
        db.session.flush()
        return wish.id


def told_everyone() -> int:
    """The version of the privacy notice that holds; the first to ask publishes it."""
    with unit_of_work():
        return (find_current() or publish_notice(actor=OFFICE, text="# Your data")).version


def dressed(school: Institution) -> str:
    """Give the school a logo; return the name of a draft of a design."""
    choose_look(actor=OFFICE, institution=school, language=None, logo=example_logo().data)
    source = design_source("teacher-2").replace('"teacher-2"', '"teacher-3"')
    record = keep_design(actor=OFFICE, content=source.replace("version = 2", "version = 3").encode())
    db.session.commit()
    return record.name


def witnessed(school: Institution, word: str) -> dict[str, str]:
    """The keys of the doors of the log and of keys: a witness of the school, a head she was mailed."""
    with unit_of_work():
        address = f"{word}@witness.example"
        witness = add_witness(actor=OFFICE, institution=db.session.merge(school), email=address)
        head, _is_new = sign_head_now()
        key_order = prepare_retirement(
            actor=OFFICE, key=key_queries.every_key()[0], compromised_from=TODAY - timedelta(days=900)
        )
        db.session.flush()
        return {
            "keys/name": key_order.key.name,
            "key-orders/order_id": str(key_order.id),
            "witnesses/witness_id": str(witness.id),
            "stop/token": witness.stop_token,
            "heads/size": str(head.size),
            "status/number": "1",
        }


def honoured(school: Institution, word: str) -> dict[str, str]:
    """The keys of a project and a nomination of the school; only those of the first room are public."""
    is_first = word != CANARY
    decided = {"sent_at": now(), "decided_at": now(), "decided_by_name": "Lin"}
    state = {"state": ProjectState.COUNTED} | decided if is_first else {"state": ProjectState.DRAFT}
    project = make_project(school, title=f"{word} project", code=f"{word}-project".lower(), **state)
    file = {"file_key": documents.keep("evidence", b"%PDF-", suffix=".pdf")[0], "file_sha256": word}
    project.evidence[0].file_key = file["file_key"]
    size = {"width": 9, "height": 9, "small_key": file["file_key"]}
    project.pictures.append(ProjectPicture(alt=f"{word} market", **file, **size))
    call = db.session.query(AwardCall).one_or_none() or make_award_call(
        closes_on=TODAY - timedelta(days=1), judged_by=TODAY
    )
    by, officer = make_user(name=f"{word} Nominator"), make_user()
    given = {
        "state": NominationState.GIVEN,
        "decided_by_id": officer.id,
        "decided_by_name": "Lin",
        "decided_at": now(),
        "reason": f"{word} reason",
        "citation": f"{word} citation",
        "given_on": TODAY,
    }
    evidence = [NominationEvidence(name=f"{word}.pdf", file_size=5, **file)]
    nomination = make_nomination(call, school, by, evidence=evidence, **given if is_first else {})
    judge = make_judge(call, officer)
    keys = {
        "projects/code": project.code,
        "showcase/code": project.code,
        "places/place_id": project.places[0].id,
        "pictures/picture_id": project.pictures[0].id,
        "evidence/evidence_id": project.evidence[0].id,
        "nominations/nomination_id": nomination.id,
        "files/file_id": nomination.evidence[0].id,
        "judging/nomination_id": nomination.id,
        "judges/judge_id": judge.id,
        "awards/year": call.year,
        "honours/year": call.year,
    }
    return {name: str(key) for name, key in keys.items()}


def twins_of(school: Institution, word: str) -> dict[str, str]:
    """The keys of a pair of the school that may be one person, and of one that became one."""
    names = (f"{word} Ann", f"Ann {word}", f"{word} Ben", f"Ben {word}")
    people = [make_person(printed_name=name) for name in names]
    for person in people:
        make_affiliation(person, school)
    with unit_of_work():
        pair = ProbablePair(first_id=people[0].id, second_id=people[1].id, reason=Reason.NAME)
        pair.reasons, pair.strength, pair.institution_id = [Reason.NAME.value], 2, school.id
        db.session.add(pair)
        one, other = (db.session.merge(person) for person in people[2:])
        merge = merge_persons(actor=OFFICE, survivor=one, other=other, choices={})
        db.session.flush()
        return {"duplicates/pair_id": str(pair.id), "merges/merge_id": str(merge.id)}


def reported(cohort: Cohort, word: str) -> Headcount:
    headcount = Headcount(
        institution=cohort.institution,
        module=cohort.modules[0],
        year=TODAY.year - 1,
        measure=HeadcountMeasure.STUDENTS_TRAINED,
        people=7,
        evidence=f"{word} letter",
    )
    db.session.add(headcount)
    db.session.commit()
    return headcount


def asked_to_report(school: Institution) -> int:
    """Open last year's round, or let the school join it; returns a finding of its report."""
    year = TODAY.year - 1
    with unit_of_work():
        round_ = find_round(str(year)) or open_round(actor=OFFICE, period=whole_year(year), due_on=TODAY)
        invite_institutions(actor=OFFICE, round_=round_)
        report = db.session.query(InstitutionReport).filter_by(institution_id=school.id).one()
        facts = {"measure": "students trained", "module": "New Retail", "people": 100}
        finding = RiskFinding(report=report, rule=RiskRule.ROUND_NUMBER, subject="headcount 1", facts=facts)
        finding.is_sampled = True
        db.session.add(finding)
        db.session.flush()
        return finding.id


def handed_in(cohort: Cohort, sitting: object, word: str) -> tuple[int, int]:
    """The ids of a roster, checked but not kept beside a sheet of results, and of a ZIP."""
    with unit_of_work():
        cohort, sitting = db.session.merge(cohort), db.session.merge(sitting)
        names = f"Full name\n{word} Newcomer\n\x00\n".encode()
        about = {"actor": OFFICE, "filename": f"{word}.csv"}
        roster = hand_in(kind=ROSTER, subject=of_cohort(cohort), data=names, **about)
        marks = f"Full name,Mark\n{word} Student,80\n{word} Nobody,80\n".encode()
        hand_in(kind=RESULTS, subject=of_sitting(sitting), data=marks, **about)
        archive = order_archive(actor=OFFICE, subject=cohort)
        db.session.flush()
        return roster.id, archive.id


def listed(number: str) -> int:
    """The id of a list to revoke that names one certificate; nobody has confirmed it."""
    with unit_of_work():
        return check_list(actor=OFFICE, entries=[Entry(1, number, number=number)], source="Typed list").id


@pytest.fixture
def own(app: Flask) -> dict[str, str]:
    """The keys of the institution whose people look."""
    return made_once("own", lambda: room("Home"))


def room_elsewhere() -> dict[str, str]:
    africa = make_region(code="africa", name="Africa", position=2)
    return room(CANARY, country=make_country(code="RW", m49_subregion="014", region=africa))


@pytest.fixture
def other(own) -> dict[str, str]:
    """The keys of another institution, in another region."""
    return made_once("own and other", room_elsewhere)


def place_of(role: Role, own: dict[str, str], *, is_limited: bool = False) -> dict[str, object]:
    """Whom a user of the role works for: her institution, her regions, and of a teacher her entry."""
    cohort = db.session.query(Cohort).filter_by(code=own["cohorts/code"]).one()
    if is_limited:
        return {"regions": [cohort.institution.country.region]}
    if role.is_of_one_person:
        return {"institution": cohort.institution, "person_id": cohort.teachers[0].id}
    return {"institution": cohort.institution} if role.is_of_one_institution else {}


def signed_in_as(role: Role, own: dict[str, str], sign_in, *, is_limited: bool = False) -> Browser:
    return sign_in(role, **place_of(role, own, is_limited=is_limited))


def keys_of_role(role: Role, own: dict[str, str]) -> dict[str, str]:
    """The keys of what the role may open: a teacher hands in results, and no roster."""
    if not role.is_of_one_person:
        return own
    sitting = db.session.query(Sitting).filter_by(code=own["sittings/code"]).one()
    sheet = db.session.query(Upload.id).filter_by(kind=RESULTS.name, subject_id=sitting.id).scalar()
    return own | {"imports/upload_id": str(sheet), "uploads/upload_id": str(sheet)}


Wanted = Callable[[Rule, object], bool]


def tried(
    app: Flask,
    client: Browser,
    keys: dict[str, str],
    method: str,
    token: str = "",
    wanted: Wanted = lambda _rule, _access: True,
) -> Iterator:
    """(rule, who may, answer) of every door that takes the method, or of those that are wanted."""
    for rule in doors(app):
        access = app.view_functions[rule.endpoint].access
        if method in rule.methods and wanted(rule, access):
            data = {"csrf_token": token} if method == "POST" else None
            yield rule, access, client.open(address(rule, keys), method=method, data=data)


def is_for_programs(rule: Rule, access: object) -> bool:
    return rule.rule.startswith("/api/v1/") and access != "public"


def decoded(answer: TestResponse) -> str:
    return answer.get_data().decode("utf-8", "replace")


def is_barred(access: object, role: Role, *, is_limited: bool = False) -> bool:
    if is_limited and access in PROGRAMME_WIDE:
        return True
    return isinstance(access, Permission) and access not in GRANTS[role]


def is_hardened(answer: TestResponse) -> bool:
    """Whether no cache keeps an answer to somebody signed in, and no script or frame of others gets at it."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    is_closed = "default-src" in policy and "unsafe" not in policy and headers["X-Frame-Options"] == "DENY"
    return is_closed and headers["Cache-Control"] == "no-store" and "nosniff" in str(headers)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_own_doors_and_no_other_and_looking_changes_nothing(app, own, sign_in, role):
    client, answers, files = signed_in_as(role, own, sign_in), {}, {}
    own, bare = keys_of_role(role, own), set()
    with counted_queries() as sent:
        for rule, access, answer in tried(app, client, own, "GET"):
            answers[rule.endpoint] = (is_barred(access, role), answer.status_code)
            bare |= set() if is_hardened(answer) else {rule.endpoint}
            if answer.headers.get("Content-Disposition", "").startswith("attachment"):
                files[rule.endpoint] = hasattr(app.view_functions[rule.endpoint], "hands_out")
    wrong = {
        endpoint: status
        for endpoint, (barred, status) in answers.items()
        if (status != 403 if barred else status not in {200, 302, 404})
    }
    assert (wrong, bare) == ({}, set())
    nowhere = {endpoint for endpoint, (barred, status) in answers.items() if status == 404}
    closed = {"impact.closed_figures"} if role is Role.COORDINATOR else set()
    if Permission.IMPACT_READ in GRANTS[role]:
        closed.add("api.list_restatements")  # the year is not closed
    assert nowhere == closed | SECRET | {
        "certification.log_consistency",  # it needs two sizes
        "accounts.leave_for_institution",  # it leads to another server
        "metrics",  # it needs a token
        "recognition.to_judge",  # they need a judge who was named
        "recognition.judge_nomination",
        "recognition.evidence_to_judge",
        "accounts.end_own_token",  # one's own alone
    }
    assert [statement for statement in sent if WRITES.match(statement)] == []
    assert {endpoint for endpoint, is_told in files.items() if not is_told} <= WITHOUT_PEOPLE
    told = db.session.query(AuditEvent).filter_by(action="took out").count()
    assert told == len(files) - len(WITHOUT_PEOPLE.intersection(files))


# Who sees a part of the network: a coordinator, and an officer limited to the region of the first room.
PARTLY = [(Role.COORDINATOR, False), (Role.OFFICER, True), (Role.TEACHER, False)]
HER_DOORS = {Role.TEACHER: (16, 2)}  # how many owned doors she has at least, and how many for programs


@pytest.mark.parametrize(("role", "is_limited"), PARTLY)
def test_a_coordinator_finds_no_trace_of_another_institution(app, own, other, sign_in, role, is_limited):
    client = signed_in_as(role, own, sign_in, is_limited=is_limited)
    told, open_doors = {}, {}
    for keys in (own, other):
        for rule, access, answer in tried(app, client, keys, "GET"):
            if CANARY.lower() in decoded(answer).lower():
                told[rule.endpoint] = answer.request.path
            barred = is_barred(access, role, is_limited=is_limited)
            if keys is other and belongs_to_an_institution(rule) and not barred:
                open_doors[rule.endpoint] = answer.status_code
    assert {endpoint for endpoint in told if CANARY.lower() not in told[endpoint]} <= PUBLIC_FACTS
    assert len(open_doors) > HER_DOORS.get(role, (20, 8))[0]
    assert {endpoint for endpoint, status in open_doors.items() if status != 404} == set()


@pytest.mark.parametrize(("role", "is_limited"), PARTLY)
def test_a_token_finds_no_trace_of_another_institution_and_reading_writes_only_its_use(
    app, own, other, role, is_limited
):
    about = place_of(role, own, is_limited=is_limited)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(make_user(role=role, **about))}"
    told, elsewhere, opened, cookies = [], {}, set(), []
    with counted_queries() as sent:
        for keys in (own, other):
            for rule, access, answer in tried(app, client, keys, "GET", wanted=is_for_programs):
                told += [rule.rule] if CANARY.lower() in decoded(answer).lower() else []
                cookies += answer.headers.getlist("Set-Cookie")
                barred = is_barred(access, role, is_limited=is_limited)
                opened |= {rule.endpoint} if answer.status_code == 200 else set()
                if barred or (keys is other and belongs_to_an_institution(rule)):
                    elsewhere[rule.rule] = (barred, answer.status_code)
    assert (told, cookies) == ([], [])
    assert {
        path for path, (barred, status) in elsewhere.items() if status != (403 if barred else 404)
    } == set()
    assert len(opened) > HER_DOORS.get(role, (20, 8))[1]
    writes = {statement.split()[1] for statement in sent if statement.startswith(("UPDATE", "DELETE"))}
    assert writes <= {"access_tokens"}
    for rule, _access, answer in tried(app, client, other, "POST", wanted=is_for_programs):
        owned = belongs_to_an_institution(rule)
        assert answer.status_code in ({403, 404} if owned else {403, 422}), rule.rule


def beside(own: dict[str, str]) -> dict[str, str]:
    """The keys of what a colleague of the same institution teaches: the word is in all of it."""
    school = db.session.query(Cohort).filter_by(code=own["cohorts/code"]).one().institution
    cohort = certified_cohort(1, institution=school, code=f"{CANARY}-class".lower(), term=f"{CANARY} term")
    cohort.teachers[0].printed_name = f"{CANARY} Colleague"
    make_affiliation(cohort.teachers[0], school, role=AffiliationRole.TEACHER)
    certificate = db.session.query(Certificate).filter_by(cohort_id=cohort.id).one()
    student = certificate.person
    student.printed_name = f"{CANARY} Student"
    sitting = make_sitting(cohort, make_exam(cohort.course), code="beside-sitting")
    give_result(sitting, student, 71)
    held = make_qualification(
        cohort.teachers[0], cohort.modules[0], school, valid_from=TODAY - timedelta(days=9)
    )
    handed_in(cohort, sitting, CANARY)
    sheet = db.session.query(func.max(Upload.id)).filter_by(kind=RESULTS.name).scalar()
    result = db.session.query(Result.id).filter_by(sitting_id=sitting.id).scalar()
    return own | {
        "cohorts/code": cohort.code,
        "sittings/code": sitting.code,
        "results/result_id": str(result),
        "double-marks/double_mark_id": str(marked_twice(cohort, student)),
        "exam-flags/flag_id": str(flagged(sitting)),
        "people/person_id": str(student.id),
        "imports/upload_id": str(sheet),
        "uploads/upload_id": str(sheet),
        "certificates/number": certificate.number,
        "qualifications/qualification_id": str(held.id),
        "materials/material_id": str(written(cohort)),
    }


def test_a_teacher_finds_no_trace_of_what_her_colleague_teaches(app, own, sign_in):
    client, theirs, told, open_doors = signed_in_as(Role.TEACHER, own, sign_in), beside(own), {}, {}
    changed = {key for key in own if theirs[key] != own[key]}
    token = token_of(client, "/account")

    def is_hers(rule: Rule, access: object) -> bool:
        return not is_barred(access, Role.TEACHER)

    def is_theirs(rule: Rule, access: object) -> bool:
        return is_hers(rule, access) and not changed.isdisjoint(keys_of(rule))

    for keys, method, wanted in (
        (keys_of_role(Role.TEACHER, own), "GET", is_hers),
        (theirs, "GET", is_theirs),
        (theirs, "POST", is_theirs),
    ):
        for rule, access, answer in tried(app, client, keys, method, token, wanted):
            if CANARY.lower() in decoded(answer).lower():
                told[rule.endpoint, method] = answer.request.path
            if keys is theirs and access != "public":
                open_doors[rule.endpoint, method] = answer.status_code
    assert {endpoint: path for endpoint, path in told.items() if CANARY.lower() not in path} == {}
    assert len(open_doors) > 25
    assert {endpoint for endpoint, status in open_doors.items() if status != 404} == set()


def test_no_filter_of_a_list_shows_a_coordinator_another_institution(app, own, other, sign_in):
    client = signed_in_as(Role.COORDINATOR, own, sign_in)
    asked = {"institution": other["institutions/code"], "by": "institution", "source": "headcounts"}
    told = []
    for rule in (rule for rule in doors(app) if "GET" in rule.methods):
        answer = client.get(address(rule, own), query_string=asked)
        page = decoded(answer).replace(other["institutions/code"], "")
        if answer.status_code >= 500 or CANARY.lower() in page.lower():
            told.append((rule.endpoint, answer.status_code))
    assert told == []


@pytest.mark.parametrize(("role", "is_limited"), [*((role, False) for role in Role), (Role.OFFICER, True)])
def test_no_role_sends_anything_through_a_door_that_is_not_its_own(
    app, own, other, sign_in, role, is_limited
):
    client = signed_in_as(role, own, sign_in, is_limited=is_limited)
    token = token_of(client, "/account")
    is_part = role.is_of_one_institution or is_limited
    keys = other if is_part else own
    wrong = {}
    for rule, access, answer in tried(app, client, keys, "POST", token):
        allowed = {200, 201, 202, 302, 404, 422}
        if is_barred(access, role, is_limited=is_limited):
            allowed = {403}
        elif is_part and belongs_to_an_institution(rule):
            allowed = {404}
        if answer.status_code not in allowed:
            wrong[rule.endpoint] = answer.status_code
    assert wrong == {}


def test_without_the_token_of_a_form_nothing_is_written_through_any_door(app, own, officer):
    wrong = {}
    with counted_queries() as sent:
        for rule, _access, answer in tried(app, officer, own, "POST", "stolen"):
            if answer.status_code not in {200, 302, 400, 401, 403, 404, 422}:
                wrong[rule.endpoint] = answer.status_code
    assert wrong == {}
    assert [statement for statement in sent if WRITES.match(statement)] == []


def test_a_stranger_is_asked_to_sign_in_or_shown_what_is_public(app, own, client):
    token = token_of(client, "/sign-in")
    wrong = {}
    for method in ("GET", "POST"):
        for rule, access, answer in tried(app, client, own, method, token):
            to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
            if rule.rule.startswith("/api/"):
                to_sign_in = answer.status_code == 401
            fine = answer.status_code in {200, 302, 404, 422} if access == "public" else to_sign_in
            if not fine:
                wrong[method, rule.endpoint] = answer.status_code
    assert wrong == {}


ODD = ("%00", "a%1Fb", "-1", "0", "abc", "2147483648", "9" * 30, "A" * 5000, "%F0%9F%98%80", "..%2F..%2Fetc")


def test_an_address_nobody_was_given_finds_nothing_and_breaks_nothing(app, own, officer):
    broken = {}
    for rule in doors(app):
        if "GET" in rule.methods and keys_of(rule):
            odd = (address(rule, dict.fromkeys(own, word)) for word in ODD)
            statuses = {path[:60]: officer.get(path).status_code for path in odd}
            broken |= {path: status for path, status in statuses.items() if status not in {302, 403, 404}}
    assert broken == {}


ODD_CHOICES = ("a\x1f\0b", "9" * 5000, "__class__")
NARROWING = (
    "q",
    "sort",
    "show",
    "state",
    "kind",
    "role",
    "by",
    "first",
    "source",
    "extends",
    "code",
    "after",
)
OF_YEARS = ("impact.", "exams.pass_rates", "training.trainings", "api.")
SLOW = {
    "impact.summary_pdf",
    "impact.summary_csv",
    "impact.summary_xlsx",
    "certification.certificate_file",
}


def test_an_odd_choice_in_an_address_breaks_no_page(app, own, officer):
    broken = {}
    for rule in (rule for rule in doors(app) if "GET" in rule.methods and rule.endpoint not in SLOW):
        for value in ODD_CHOICES:
            for names in (("year",), NARROWING) if rule.endpoint.startswith(OF_YEARS) else (NARROWING,):
                answer = officer.get(address(rule, own), query_string=dict.fromkeys(names, value))
                if answer.status_code >= 500:
                    broken[rule.endpoint] = value[:10]
    assert broken == {}


def test_control_characters_typed_into_any_form_are_refused_in_words(app, own, officer):
    broken = {}
    token = token_of(officer, "/account")
    for rule in doors(app):
        if {"GET", "POST"} <= rule.methods and rule.endpoint != "accounts.sign_in":
            path = address(rule, own)
            names = set(re.findall(r'name="([\w-]+)"', officer.get(path).text)) - {"csrf_token"}
            for typed in ("\0\x1f", "x" * 5000, "9" * 5000):
                answer = officer.post(path, data=dict.fromkeys(names, typed) | {"csrf_token": token})
                if answer.status_code >= 500:
                    broken[rule.endpoint] = answer.status_code
    assert broken == {}


def test_a_character_nobody_can_see_is_refused_beside_its_field(app, officer):
    token = token_of(officer, "/trainings/new")
    day = str(now().date() - timedelta(days=1))
    typed = {
        "title": "Trainers\0 week",
        "starts_on": day,
        "ends_on": day,
        "mode": "online",
        "trainers": "Lin",
    }
    answer = officer.post("/trainings/new", data=typed | {"csrf_token": token})
    assert answer.status_code == 422
    assert "cannot be seen" in answer.text
