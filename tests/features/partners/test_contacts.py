"""The people of an institution: named, put right, ended, written to, offered to sign, and forgotten."""

from datetime import timedelta

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db, unit_of_work
from gdt.joining.application_states import CheckItem
from gdt.joining.models import ApplicationCheck
from gdt.joining.reviewing import accept
from gdt.partners.contact_models import Contact, Duty
from gdt.privacy.contacts import forget_contacts_of, forget_ended_contacts
from gdt.privacy.words import Words
from gdt.renewals.sending import remind_of_ends
from tests.browser import squeezed, submit
from tests.factories import (
    TODAY,
    make_agreement,
    make_application,
    make_contact,
    make_institution,
    make_user,
)

LEAD = {
    "name": "Dr. Nur Aisyah",
    "duty": "programme lead",
    "position": "Dean of Business",
    "email": "Aisyah@utar.example",
    "phone": "",
    "from_on": str(TODAY - timedelta(days=30)),
    "until_on": "",
}


def contact_of(name):
    db.session.rollback()
    return db.session.query(Contact).filter_by(name=name).one_or_none()


def trail_of(contact_id):
    db.session.rollback()
    events = db.session.query(AuditEvent).filter_by(subject_kind="contacts", subject_id=contact_id)
    return [(event.summary, event.details) for event in events.order_by(AuditEvent.id)]


def test_a_coordinator_names_changes_and_ends_a_contact_and_the_page_tells_from_what_to_what(app, sign_in):
    school, other = make_institution(code="utar"), make_institution(code="inti")
    make_contact(other, name="Somebody Else")
    browser = sign_in(Role.COORDINATOR, school)
    page = "/institutions/utar"
    assert "No contact yet" in browser.get(page).text
    refused = submit(browser, f"{page}/contacts/new", **(LEAD | {"email": ""}))
    assert refused.status_code == 422 and "e-mail address or a telephone number" in refused.text
    assert "Dr. Nur Aisyah" in refused.text
    assert submit(browser, f"{page}/contacts/new", **(LEAD | {"phone": "call me"})).status_code == 422
    assert submit(browser, f"{page}/contacts/new", **(LEAD)).status_code == 302
    twice = submit(browser, f"{page}/contacts/new", **(LEAD))
    assert twice.status_code == 422 and "has this duty here already" in twice.text
    contact = contact_of("Dr. Nur Aisyah")
    here = f"{page}/contacts/{contact.id}"
    assert contact.email == "aisyah@utar.example"
    assert submit(browser, f"{here}/edit", **(LEAD | {"phone": "+60 5 468 8888"})).status_code == 302
    early = submit(browser, f"{here}/end", until_on=str(TODAY - timedelta(days=60)))
    assert early.status_code == 422 and "It cannot end before" in early.text
    assert submit(browser, f"{here}/end", until_on=str(TODAY - timedelta(days=1))).status_code == 302
    shown = squeezed(browser.get(page).text)
    assert "1 earlier contact" in shown and "No contact yet" in shown
    assert "Telephone: nothing → now +60 5 468 8888" in shown
    assert "Somebody Else" not in shown
    make_contact(school, name="=Formula", phone="+60 5 1", duty=Duty.SIGNATORY)
    file = browser.get("/institutions/contacts.csv").text
    assert "Formula" in file and "Somebody Else" not in file and "Nur Aisyah" not in file
    assert browser.get("/institutions/inti/contacts/new").status_code == 404
    first, _details = trail_of(contact.id)[0]
    assert first == "Named Dr. Nur Aisyah as programme lead"


def test_a_contact_is_taken_away_with_the_words_of_its_history_by_hand_by_time_and_with_the_person(
    app, officer
):
    school = make_institution(code="utar")
    for name in ("By Hand", "Long Over", "Young Still", "Erased Person Here"):
        submit(
            officer,
            "/institutions/utar/contacts/new",
            **(LEAD | {"name": name, "email": f"{name[:2]}@x.example"}),
        )
    hand, over = contact_of("By Hand").id, contact_of("Long Over").id
    typed = {"confirm_word": "take away"}
    assert (
        submit(officer, f"/institutions/utar/contacts/{hand}/take-away", confirm_word="no").status_code == 422
    )
    assert submit(officer, f"/institutions/utar/contacts/{hand}/take-away", **(typed)).status_code == 302
    with unit_of_work():
        for name, days in (("Long Over", 740), ("Young Still", 700)):
            one = db.session.query(Contact).filter_by(name=name).one()
            one.from_on, one.until_on = TODAY - timedelta(days=900), TODAY - timedelta(days=days)
    assert forget_ended_contacts() == 1 and forget_ended_contacts() == 0
    with unit_of_work():
        nobody = frozenset()
        assert forget_contacts_of(Words(nobody, nobody, nobody, frozenset({"er@x.example"}), nobody)) == 1
    db.session.rollback()
    assert [one.name for one in db.session.query(Contact)] == ["Young Still"]
    assert {summary for summary, _details in trail_of(hand) + trail_of(over)} == {"Erased"}
    shown = squeezed(officer.get(f"/institutions/{school.code}").text)
    assert "Took a contact away" in shown and "By Hand" not in shown


def test_reminders_of_an_agreement_go_to_the_programme_lead_as_well_and_to_nobody_twice(app):
    school = make_institution(code="utar")
    make_agreement(school, ends_on=TODAY + timedelta(days=80))
    make_user(role=Role.COORDINATOR, institution=school, name="Aina", email="aina@utar.example")
    make_contact(school, name="Aina", email="aina@utar.example")
    make_contact(school, name="The Lead", email="lead@utar.example")
    make_contact(school, name="Gone", email="gone@utar.example", until_on=TODAY - timedelta(days=1))
    make_contact(school, name="Examiner", email="exams@utar.example", duty=Duty.EXAM_OFFICER)
    app.extensions["mailman"].outbox = []
    remind_of_ends(TODAY)
    mails = {one.to[0]: one.body for one in app.extensions["mailman"].outbox}
    assert set(mails) == {"aina@utar.example", "lead@utar.example"}
    assert "opens for the coordinators" in mails["lead@utar.example"]
    assert "opens for the coordinators" not in mails["aina@utar.example"]


def test_accepting_an_application_makes_its_lead_a_contact_and_a_signatory_is_offered_to_the_draft(
    app, officer
):
    application = make_application(lead_name="Prof. Tan", lead_duty="Dean", lead_email="tan@new.example")
    with unit_of_work():
        found = db.session.merge(application)
        found.confirmed_at = found.applied_at
        found.checks = [ApplicationCheck(item=item, done_by_name="Ann") for item in CheckItem]
        accept(
            actor=OFFICE,
            application=found,
            code="newschool",
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=900),
            teachers_target=4,
            students_target=80,
        )
    contact = contact_of("Prof. Tan")
    assert (contact.duty, contact.position, contact.from_on) == (Duty.PROGRAMME_LEAD, "Dean", TODAY)
    make_contact(contact.institution, name="The Rector", position="Rector", duty=Duty.SIGNATORY)
    assert "The Rector, Rector" in officer.get("/institutions/newschool/drafts/new").text
