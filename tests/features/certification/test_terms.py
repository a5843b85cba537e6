"""Terms: reminders before the end, each once; renewal as a chain that never forks; what both pages say."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.access import OFFICE, Role
from gdt.certification.corrections import Corrections
from gdt.certification.models import Certificate
from gdt.certification.reminding import send_reminders
from gdt.certification.replacing import replace_certificate
from gdt.certification.revoking import revoke_certificate
from gdt.certification.services import issue_teacher_certificates
from gdt.certification.term_models import CertificateRenewal, ExpiryDigest, ExpiryReminder
from gdt.certification.term_queries import list_chain
from gdt.database import db, unit_of_work
from gdt.mail import OutgoingMail
from tests.factories import TODAY, make_course, make_module, make_qualification, make_user
from tests.features.certification.stories import (
    all_certificates,
    make_ready_institution,
    make_teacher,
    yesterday,
)


@pytest.fixture
def outbox(app):
    """The mails sent from now on."""
    app.extensions["mailman"].outbox = []
    return app.extensions["mailman"].outbox


def days(n):
    return timedelta(days=n)


def certified_teacher(ends_in=20, *, institution=None, course=None, email="lim@teachers.example", **columns):
    """A teacher certified a year ago whose term ends in so many days."""
    institution = institution or make_ready_institution()
    course = course or make_course(modules=[make_module()])
    terms = {"valid_from": yesterday(400), "valid_until": TODAY + days(ends_in)}
    teacher = make_teacher(institution, course.modules, **columns, **terms)
    teacher.email = email
    db.session.commit()
    issued = issue_teacher_certificates(
        course, actor=OFFICE, issued_on=yesterday(365), person_ids=[teacher.id]
    )
    assert issued["issued"] == 1
    return teacher, course, institution


def renew(teacher, course, institution, ends_in=500, from_days_ago=1):
    """A new qualification in every module of the course, and the certificate that follows from it."""
    db.session.rollback()
    course, institution = db.session.merge(course), db.session.merge(institution)
    teacher = db.session.merge(teacher)
    for module in course.modules:
        make_qualification(
            teacher,
            module,
            institution,
            valid_from=yesterday(from_days_ago),
            valid_until=TODAY + days(ends_in),
        )
    return issue_teacher_certificates(course, actor=OFFICE, issued_on=TODAY, person_ids=[teacher.id])


def reminded():
    db.session.rollback()
    return [reminder.days_before for reminder in db.session.query(ExpiryReminder).order_by(ExpiryReminder.id)]


def recipients():
    db.session.rollback()
    return [mail.recipient for mail in db.session.query(OutgoingMail).order_by(OutgoingMail.id)]


def certificate_of(name):
    return next(c for c in all_certificates() if c.facts["printed_name"] == name)


def revoke(certificate):
    with unit_of_work():
        held = db.session.get_one(Certificate, certificate.id)
        revoke_certificate(actor=OFFICE, certificate=held, reason="Not hers.")


def replace(certificate, name="Corrected"):
    with unit_of_work():
        held = db.session.get_one(Certificate, certificate.id)
        wanted = Corrections(printed_name=name)
        replace_certificate(actor=OFFICE, certificate=held, reason="A letter.", corrections=wanted)


def test_holder_and_coordinators_are_reminded_once_however_often_it_runs(app, outbox):
    _teacher, _course, institution = certified_teacher(ends_in=20)
    make_user(role=Role.COORDINATOR, institution=institution, email="coordinator@utar.example")
    suspended = make_user(role=Role.COORDINATOR, institution=institution)
    suspended.suspended_at = db.func.now()
    db.session.commit()
    assert send_reminders(TODAY) == {"reminders": 1, "holders": 1, "institutions": 1}
    assert send_reminders(TODAY) == {"reminders": 0, "holders": 0, "institutions": 0}
    assert recipients() == ["lim@teachers.example", "coordinator@utar.example"]
    assert reminded() == [30]
    holder, digest = outbox
    (certificate,) = all_certificates()
    assert certificate.number in holder.subject and "in 20 days" in holder.body
    assert certificate.number in digest.body and "/certificates/expiring" in digest.body


def test_over_the_months_three_reminders_are_sent_and_after_a_pause_only_the_last(app):
    certified_teacher(ends_in=120)
    for day in range(0, 125, 1):
        send_reminders(TODAY + days(day))
    assert reminded() == [90, 30, 7]
    assert len(recipients()) == 3


def test_after_a_long_pause_one_reminder_is_sent_not_three(app):
    certified_teacher(ends_in=120)
    send_reminders(TODAY + days(115))
    send_reminders(TODAY + days(116))
    assert reminded() == [7]


def test_an_institution_gets_one_mail_a_day_for_all_its_teachers(app, outbox):
    institution = make_ready_institution()
    make_user(role=Role.COORDINATOR, institution=institution, email="coordinator@utar.example")
    for n in range(3):
        certified_teacher(ends_in=20 + n, institution=institution, email=None, name=f"Teacher {n}")
    send_reminders(TODAY)
    certified_teacher(ends_in=25, institution=institution, email=None, name="Teacher late")
    send_reminders(TODAY)
    assert recipients() == ["coordinator@utar.example"]
    (first,) = outbox
    assert all(f"Teacher {n}," in first.body for n in range(3))
    send_reminders(TODAY + days(1))
    assert len(outbox) == 2
    assert "Teacher late," in outbox[1].body
    assert "Teacher 0," not in outbox[1].body


def test_nobody_is_reminded_of_what_was_revoked_replaced_renewed_or_erased(app):
    teacher, course, institution = certified_teacher(ends_in=20, name="Renewed")
    renew(teacher, course, institution)
    certified_teacher(ends_in=20, email=None, name="Revoked")
    revoke(certificate_of("Revoked"))
    erased, _course, _institution = certified_teacher(ends_in=20, email=None, name="Erased")
    erased = db.session.merge(erased)
    erased.erased_at = db.func.now()
    db.session.commit()
    assert send_reminders(TODAY)["reminders"] == 0


def test_a_replaced_certificate_is_not_reminded_twice_for_the_same_day(app):
    certified_teacher(ends_in=20)
    send_reminders(TODAY)
    replace(all_certificates()[0])
    send_reminders(TODAY + days(1))
    assert reminded() == [30]
    send_reminders(TODAY + days(14))
    assert reminded() == [30, 7]
    assert db.session.query(ExpiryReminder).all()[-1].certificate_id == all_certificates()[1].id


def test_several_workers_at_once_send_each_reminder_once(whole_app, app):
    institution = make_ready_institution()
    make_user(role=Role.COORDINATOR, institution=institution)
    course = make_course(modules=[make_module()])
    for n in range(5):
        certified_teacher(
            institution=institution, course=course, email=f"t{n}@teachers.example", name=f"Teacher {n}"
        )
    db.session.remove()
    start, problems = Barrier(4), []

    def work():
        with whole_app.app_context():
            start.wait()
            try:
                send_reminders(TODAY)
            except Exception as error:
                problems.append(error)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(reminded()) == 5
    assert len(recipients()) == len(set(recipients())) == 6
    assert db.session.query(ExpiryDigest).count() == 1


def test_a_failure_in_the_middle_leaves_nothing_half_sent(app, monkeypatch):
    certified_teacher(ends_in=20)
    monkeypatch.setattr("gdt.certification.reminding.mail.send", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send_reminders(TODAY)
    assert reminded() == []
    monkeypatch.undo()
    assert send_reminders(TODAY)["holders"] == 1


def test_a_renewed_qualification_gives_a_certificate_that_names_the_one_it_renews(app):
    teacher, course, institution = certified_teacher(ends_in=20)
    assert renew(teacher, course, institution, ends_in=500)["issued"] == 1
    assert renew(teacher, course, institution, ends_in=900, from_days_ago=0)["issued"] == 1
    first, second, third = all_certificates()
    links = {(link.certificate_id, link.renews_id) for link in db.session.query(CertificateRenewal)}
    assert links == {(second.id, first.id), (third.id, second.id)}
    for certificate in (first, second, third):
        assert [c.id for c in list_chain(certificate)] == [first.id, second.id, third.id]


def test_the_chain_never_forks(app):
    teacher, course, institution = certified_teacher(ends_in=20)
    renew(teacher, course, institution)
    first, _second = all_certificates()
    certified_teacher(email=None, name="Another")
    other = certificate_of("Another")
    db.session.add(CertificateRenewal(certificate_id=other.id, renews_id=first.id))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_replaced_term_stands_in_the_chain_as_its_newest_edition(app):
    teacher, course, institution = certified_teacher(ends_in=20)
    replace(all_certificates()[0])
    renew(teacher, course, institution)
    replace(all_certificates()[2])
    first, edition, second, newest = all_certificates()
    for certificate in (first, edition, second, newest):
        assert [c.id for c in list_chain(certificate)] == [edition.id, newest.id]


def test_a_revoked_term_stays_in_the_chain_as_revoked(app):
    teacher, course, institution = certified_teacher(ends_in=20)
    revoke(all_certificates()[0])
    renew(teacher, course, institution)
    first, second = all_certificates()
    assert [c.state(TODAY).value for c in list_chain(second)] == ["revoked", "valid"]
    assert [c.id for c in list_chain(first)] == [first.id, second.id]


def test_other_courses_and_other_teachers_are_other_chains(app):
    teacher, _course, institution = certified_teacher(ends_in=20)
    other = make_course(modules=[make_module()])
    renew(teacher, other, institution)
    certified_teacher(ends_in=30, email=None, name="Somebody else")
    assert db.session.query(CertificateRenewal).count() == 0
    assert [list_chain(certificate) for certificate in all_certificates()] == [[], [], []]
