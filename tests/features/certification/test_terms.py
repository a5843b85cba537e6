"""Terms: reminders before the end, each once; renewal as a chain that never forks; what both pages say."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.access import OFFICE, Role
from gdt.certification.editions.corrections import Corrections
from gdt.certification.editions.replacing import replace_certificate
from gdt.certification.issuing.services import issue_teacher_certificates
from gdt.certification.models import Certificate
from gdt.certification.revoking.services import revoke_certificate
from gdt.certification.terms.models import CertificateRenewal, ExpiryDigest, ExpiryReminder
from gdt.certification.terms.queries import list_chain
from gdt.certification.terms.reminding import send_reminders
from gdt.database import db, unit_of_work
from gdt.mail import OutgoingMail
from tests.factories import TODAY, make_course, make_module, make_qualification, make_user
from tests.features.certification.stories import (
    all_certificates,
    make_ready_institution,
    make_teacher,
    yesterday,
)
from tests.questions import count_questions


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
    monkeypatch.setattr("gdt.certification.terms.reminding.mail.send", lambda *_a, **_k: 1 / 0)
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


def test_both_pages_of_an_expired_and_renewed_certificate_lead_on_and_show_the_chain(officer, client):
    teacher, course, institution = certified_teacher(ends_in=-5)
    renew(teacher, course, institution)
    first, second = all_certificates()
    record = officer.get(f"/certificates/{first.number}").text
    assert f"Renewed by {second.number}." in record and "Terms of this certificate" in record
    assert f"Renewed by {second.number}, valid until" in record  # in the history, too
    newer = officer.get(f"/certificates/{second.number}").text
    assert f'href="/certificates/{first.number}"' in newer and "(this one)" in newer
    verify = client.get(f"/verify/{first.code}").text
    assert "Its term ended on" in verify and "was renewed by" in verify
    assert f'href="/verify/{second.code}"' in verify
    newer_verify = client.get(f"/verify/{second.code}").text
    assert "Its last day is" in newer_verify and f"renewed by {second.number}" in newer_verify
    assert "was renewed by" not in newer_verify


def test_the_history_tells_of_the_reminders_and_whether_the_mail_went(officer):
    certified_teacher(ends_in=20)
    certified_teacher(ends_in=5, email=None, name="No Address")
    send_reminders(TODAY)
    first, second = all_certificates()
    assert (
        "30 days before: holder and institution by mail" in officer.get(f"/certificates/{first.number}").text
    )
    assert "7 days before: the institution alone" in officer.get(f"/certificates/{second.number}").text


def expiring_page(browser, query=""):
    return browser.get(f"/certificates/expiring{query}").text


def test_the_page_of_what_ends_says_who_when_and_what_to_do_next(officer):
    certified_teacher(ends_in=20, name="Needs training", email=None)
    teacher, course, institution = certified_teacher(ends_in=40, name="May be issued", email=None)
    for module in course.modules:
        make_qualification(
            teacher, module, institution, valid_from=yesterday(), valid_until=TODAY + days(500)
        )
    page = expiring_page(officer)
    assert page.index("Needs training") < page.index("May be issued")
    assert "Give a place in a teacher training" in page
    assert f'href="/certificates/ready/teachers/{course.code}"' in page
    assert "2 certificates" in page


def test_what_ends_far_away_or_was_renewed_or_revoked_is_not_on_that_page(officer):
    certified_teacher(ends_in=300, email=None, name="Far away")
    renewed, course, institution = certified_teacher(ends_in=20, email=None, name="Renewed")
    renew(renewed, course, institution)
    certified_teacher(ends_in=20, email=None, name="Revoked")
    revoke(certificate_of("Revoked"))
    certified_teacher(ends_in=-200, email=None, name="Long ended")
    page = expiring_page(officer)
    assert "No certificate ends soon" in page
    certified_teacher(ends_in=-20, email=None, name="Just ended")
    assert "Just ended" in expiring_page(officer)


def test_the_page_is_narrowed_by_month_and_institution_and_downloaded(officer):
    _one, _course, institution = certified_teacher(ends_in=10, email=None, name="Early")
    certified_teacher(ends_in=100, email=None, name="Late")
    month = f"{TODAY + days(10):%Y-%m}"
    assert "Late" not in expiring_page(officer, f"?month={month}")
    narrowed = expiring_page(officer, f"?institution={institution.code}")
    assert "Early" in narrowed and "Late" not in narrowed
    assert "No certificate fits" in expiring_page(officer, "?month=1999-01")
    rows = officer.get(f"/certificates/expiring.csv?month={month}").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 2 and "Early" in rows[1]


def test_a_coordinator_sees_her_own_teachers_alone(sign_in):
    _one, _course, institution = certified_teacher(ends_in=10, email=None, name="Ours")
    certified_teacher(ends_in=10, email=None, name="Theirs")
    coordinator = sign_in(Role.COORDINATOR, institution)
    page = expiring_page(coordinator)
    assert "Ours" in page and "Theirs" not in page
    assert "Ask the programme office" in page
    assert b"Theirs" not in coordinator.get("/certificates/expiring.csv").data


def test_a_coordinator_sees_of_a_chain_only_the_terms_at_her_institution(sign_in):
    teacher, course, institution = certified_teacher(ends_in=10)
    elsewhere = make_ready_institution()
    renew(teacher, course, elsewhere)
    first, second = all_certificates()
    assert (first.institution_id, second.institution_id) == (institution.id, elsewhere.id)
    page = sign_in(Role.COORDINATOR, db.session.merge(institution)).get(f"/certificates/{first.number}").text
    assert second.number not in page


def test_the_page_asks_the_database_as_often_for_many_rows_as_for_few(officer):
    institution, course = make_ready_institution(), make_course(modules=[make_module()])
    asked = []
    for n in range(6):
        certified_teacher(institution=institution, course=course, email=None, name=f"Teacher {n}")
        asked.append(count_questions(lambda: expiring_page(officer)))
    assert asked[0] == asked[-1]


def test_the_register_is_narrowed_to_what_ends_soon_and_what_was_renewed(officer):
    certified_teacher(ends_in=20, email=None, name="Ending")
    certified_teacher(ends_in=120, email=None, name="Standing")
    teacher, course, institution = certified_teacher(ends_in=20, email=None, name="Renewed")
    renew(teacher, course, institution)
    ending = officer.get("/certificates?term=ending").text
    assert "1 certificate" in ending and "Ending" in ending
    renewed = officer.get("/certificates?term=renewed").text
    assert "1 certificate" in renewed and "Ends within 90 days" in renewed
    assert "4 certificates" in officer.get("/certificates?term=nonsense").text
