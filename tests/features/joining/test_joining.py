"""An institution joins: it applies without an account, is asked back, checked, and accepted or declined."""

import re

import pytest

from gdt.access import Role
from gdt.accounts.models import User
from gdt.database import db
from gdt.joining.models import InstitutionApplication
from gdt.mail import OutgoingMail
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Institution, InstitutionStatus
from tests.browser import submit
from tests.factories import (
    TODAY,
    make_application,
    make_country,
    make_institution,
    make_module,
    make_region,
    make_user,
)

FACTS = {
    "name": "Kolej Ipoh",
    "native_name": "كوليج إيڤوه",
    "kind": "college",
    "country_code": "MY",
    "city": "Ipoh",
    "website": "https://kolej.example",
    "teaches": "Two hundred students of trade, most of them working.",
    "modules": "New Retail",
    "teachers_a_year": 6,
    "students_a_year": 240,
    "lead_name": "Aina Binti Ahmad",
    "lead_duty": "Dean",
    "lead_email": "Aina@kolej.example",
}
ITEMS = ("exists", "lead", "teachers", "modules", "privacy")


@pytest.fixture
def programme(app):
    make_country()
    make_module(title="New Retail")


@pytest.fixture
def link(app):
    """The path in the latest mail to the lead."""
    mail = app.extensions["mailman"]
    mail.outbox = []

    def latest():
        bodies = [message.body for message in mail.outbox if message.to == ["aina@kolej.example"]]
        return re.search(r"/join/\S+", bodies[-1])[0]

    return latest


def accept(officer, path, **data):
    term = {"starts_on": TODAY, "ends_on": TODAY.replace(year=TODAY.year + 3, day=1)}
    numbers = {"teachers_target": 6, "students_target": 240}
    return submit(officer, f"{path}/accept", **term | numbers | {"code": "kolej"} | data)


def test_an_institution_applies_is_asked_back_and_is_accepted_with_everything_it_needs(
    programme, client, officer, link
):
    assert submit(client, "/join", **FACTS).location == "/join/sent"
    application = db.session.query(InstitutionApplication).one()
    path, own = f"/applications/{application.id}", link()
    assert "Waits for the office" in client.get(own).text
    assert "1 institution has applied to join" in officer.get("/").text
    refused = accept(officer, path)
    assert refused.status_code == 422
    assert "5 items of the checklist are open" in refused.text
    submit(officer, f"{path}/say", page=path, act="ask", words="Who teaches trade today?")
    assert (
        "It waits for the answer" in officer.get(path).text
        or "items of the checklist" in officer.get(path).text
    )
    own = link()
    submit(client, f"{own}/confirm", page=own)
    assert "Who teaches trade today?" in client.get(own).text
    submit(client, f"{own}/answer", page=own, words="Twelve lecturers.")
    submit(officer, f"{path}/say", page=path, act="note", words="Sounds small.")
    assert "Twelve lecturers." in officer.get(path).text
    assert "Sounds small." not in client.get(own).text
    for item in (*ITEMS, "exists"):
        submit(officer, f"{path}/check", page=path, item=item, found="Register of 2026", act="done")
    submit(officer, f"{path}/check", page=path, item="lead", act="open again")
    assert "1 item of the checklist is open" in officer.get(path).text
    submit(officer, f"{path}/check", page=path, item="lead", act="done")
    assert "Everything is checked" in officer.get(path).text

    assert accept(officer, path).location == "/institutions/kolej"
    institution = db.session.query(Institution).one()
    assert (institution.name, institution.native_name) == (FACTS["name"], FACTS["native_name"])
    assert institution.status(TODAY) is InstitutionStatus.APPLICANT
    coordinator = db.session.query(User).filter_by(email="aina@kolej.example").one()
    assert (coordinator.role, coordinator.institution_id) == (Role.COORDINATOR, institution.id)
    draft = db.session.query(AgreementDraft).one()
    assert (draft.students_target, draft.is_open) == (240, True)
    sent = [mail.subject for mail in db.session.query(OutgoingMail).order_by(OutgoingMail.id)][-2:]
    assert sent == ["Your account at GDT Network", "Kolej Ipoh is accepted"]
    assert "Accepted" in client.get(own).text
    assert accept(officer, path, code="other").status_code == 422
    assert db.session.query(Institution).count() == 1


def test_what_cannot_be_accepted_leaves_nothing_behind(programme, client, officer, link):
    make_user(email="aina@kolej.example", name="Somebody")
    submit(client, "/join", **FACTS)
    path = f"/applications/{db.session.query(InstitutionApplication.id).scalar()}"
    for item in ITEMS:
        submit(officer, f"{path}/check", page=path, item=item, act="done")
    assert "has not confirmed the e-mail address" in accept(officer, path).text
    own = link()
    submit(client, f"{own}/confirm", page=own)
    assert "is the address of a user already" in accept(officer, path).text
    assert db.session.query(Institution).count() == 0
    make_institution(code="kolej", name="Kolej Lain")
    db.session.query(User).filter_by(name="Somebody").delete()
    db.session.commit()
    assert "Another institution has this code" in accept(officer, path).text
    assert db.session.query(AgreementDraft).count() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Write the name of the institution"),
        ({"country_code": "XX"}, "Not a valid choice"),
        ({"country_code": ""}, "Choose one of the programme"),
        ({"modules": "Alchemy"}, "valid choice"),
        ({"students_a_year": -1}, "Write a number from 0"),
        ({"lead_email": "aina"}, "Write a whole e-mail address"),
        ({"kind": ""}, "Choose what it is"),
    ],
)
def test_a_wrong_application_keeps_what_was_typed_and_says_what_is_wrong(programme, client, change, sentence):
    answer = submit(client, "/join", **FACTS | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert FACTS["teaches"] in answer.text
    assert db.session.query(InstitutionApplication).count() == 0


def test_who_is_here_already_is_told_and_who_looks_alike_is_shown_to_the_office(programme, client, officer):
    partner = make_institution(name="Universiti Ipoh", code="ui")
    assert "is registered already" in submit(client, "/join", **FACTS | {"name": "UNIVERSITI IPOH"}).text
    assert submit(client, "/join", **FACTS).status_code == 302
    again = submit(client, "/join", **FACTS | {"name": "kolej ipoh", "lead_email": "other@kolej.example"})
    assert "has been with us since" in again.text
    assert submit(client, "/join", **FACTS | {"name": "Univ. Ipoh"}).status_code == 302
    alike = db.session.query(InstitutionApplication).filter_by(name="Univ. Ipoh").one()
    assert f"/institutions/{partner.code}" in officer.get(f"/applications/{alike.id}").text


def test_a_declined_application_says_why_and_can_be_made_again(programme, client, officer, link):
    submit(client, "/join", **FACTS)
    path, own = f"/applications/{db.session.query(InstitutionApplication.id).scalar()}", link()
    assert submit(officer, f"{path}/say", page=path, act="decline", words="").status_code == 422
    submit(officer, f"{path}/say", page=path, act="decline", words="Not this year.")
    assert "Not this year." in client.get(own).text
    assert "Declined: Not this year." in officer.get(path).text
    late = {"csrf_token": re.search(r'csrf_token" value="([^"]+)', officer.get("/account").text)[1]}
    answer = officer.post(f"{path}/check", data=late | {"item": "lead", "act": "done"})
    assert "This application is closed" in answer.text
    assert submit(client, "/join", **FACTS).status_code == 302


def test_an_application_is_withdrawn_by_its_link_and_by_no_other(programme, client, link):
    submit(client, "/join", **FACTS)
    own = link()
    assert client.get(own[:-2] + "xx").status_code == 404
    answer = submit(client, f"{own}/withdraw", page=own)
    assert answer.location == own
    assert "Withdrawn by the applicant" in client.get(own).text
    assert client.get(own).headers["Referrer-Policy"] == "no-referrer"


def test_an_officer_of_other_regions_and_a_coordinator_see_no_application(programme, sign_in, officer):
    one = make_application(name="Kolej Ipoh")
    africa = make_region(code="africa", name="Africa", position=2)
    limited = sign_in(Role.OFFICER, regions=[africa])
    assert limited.get(f"/applications/{one.id}").status_code == 404
    assert "Kolej Ipoh" not in limited.get("/applications").text
    assert "Kolej Ipoh" in officer.get("/applications?state=received&q=ipoh").text
    assert "No application fits" in officer.get("/applications?state=declined").text
    assert sign_in(Role.COORDINATOR).get("/applications").status_code == 403
