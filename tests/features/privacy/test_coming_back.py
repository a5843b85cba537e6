"""Guardians row by row, people who were forgotten and come back by a file, accounts that are forgotten."""

import pytest

from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.accounts.session_models import UserSession
from gdt.audit import AuditEvent
from gdt.database import db, unit_of_work
from gdt.imports.models import Upload
from gdt.imports.undoing import undo
from gdt.people.forgotten_models import ForgottenMark
from gdt.people.models import Person
from gdt.privacy.notices import publish_notice
from gdt.privacy.restored import erase_again
from gdt.trail_checking import check_trail
from gdt.training.models import Enrolment
from tests.browser import squeezed, submit
from tests.factories import (
    make_affiliation,
    make_cohort,
    make_institution,
    make_person,
    make_session,
    make_user,
)
from tests.features.privacy.stories import handed_in
from tests.features.privacy.test_erasing import forget, found_in_tables

HEADER = "Full name,Student number,E-mail,Guardian consent\n"
NAME, EMAIL = "Nor Hidayah Zulkarnain", "nor.hidayah.z@partner.example"


def kept_names(cohort_id):
    db.session.rollback()
    rows = db.session.query(Enrolment).filter_by(cohort_id=cohort_id).order_by(Enrolment.id)
    return [(one.person.printed_name, one.guardian and one.guardian.value) for one in rows]


def test_a_guardians_word_is_kept_row_by_row_with_the_version_the_day_and_who_confirmed(app, sign_in):
    cohort = make_cohort(make_institution())
    coordinator = sign_in(Role.COORDINATOR, cohort.institution)
    with unit_of_work():
        publish_notice(actor=OFFICE, text="# Your data")
    rows = "Lim Ah Kow,A-1,,yes\nTan Mei,A-2,,of age\nAina Ahmad,A-3,,\n"
    upload_id = handed_in(cohort, (HEADER + rows).encode(), "r.csv", keep=False)
    page = squeezed(coordinator.get(f"/imports/{upload_id}").text)
    assert "as the column “Guardian consent” says row by row" in page
    assert "It is not said whether a parent or guardian agreed" in page
    submit(coordinator, f"/imports/{upload_id}/keep", page=f"/imports/{upload_id}", declared="yes")
    assert kept_names(cohort.id) == [("Lim Ah Kow", "agreed"), ("Tan Mei", "of age")]
    person = db.session.query(Person).filter_by(printed_name="Lim Ah Kow").one()
    told = squeezed(coordinator.get(f"/people/{person.id}/privacy").text)
    assert "Version 1 of the privacy notice, confirmed on" in told
    assert "the file says in this person’s row that a parent or guardian agreed" in told
    with unit_of_work():
        undo(actor=OFFICE, upload=db.session.get(Upload, upload_id))
    assert kept_names(cohort.id) == []
    plain = handed_in(cohort, b"Full name,Student number\nLee Wei,A-4\n", "p.csv", keep=False)
    page = squeezed(coordinator.get(f"/imports/{plain}").text)
    assert "for everyone under 18 we hold the consent of a parent or guardian" in page


def test_who_was_forgotten_comes_back_by_no_file_and_no_form_until_the_office_lets_her(app, sign_in, store):
    cohort = make_cohort(make_institution())
    cohort_id, place = cohort.id, cohort.institution
    person = make_person(printed_name="Siti Zubaidah", email="siti@students.example")
    make_affiliation(person, place, own_number="TZQ-7")
    forget(person.id)
    assert db.session.query(ForgottenMark).count() == 2
    assert found_in_tables(("TZQ-7", "siti@students.example")) == []
    roster = (HEADER + "S Zubaidah,tzq-7,,yes\nOther,B-1,SITI@students.example,yes\nNew,B-2,,yes\n").encode()
    upload = db.session.get(Upload, handed_in(cohort, roster, "r.csv", keep=True))
    assert kept_names(cohort_id) == [("New", "agreed")]
    assert upload.rows_refused == 2
    officer = sign_in(Role.OFFICER)
    form = f"/cohorts/{cohort.code}/students/new"
    typed = {
        "printed_name": "Siti Zubaidah",
        "own_number": "TZQ-7",
        "email": "",
        "native_name": "",
        "gender": "",
    }
    refused = submit(officer, form, **typed)
    assert (refused.status_code, "asked to be forgotten" in refused.text) == (422, True)
    back = {"email": "", "institution": place.code, "number": "TZQ-7"}
    assert submit(officer, "/privacy/let-back", **back | {"number": "none"}).status_code == 422
    assert submit(officer, "/privacy/let-back", **back).status_code == 302
    assert submit(officer, form, **typed).status_code == 302
    assert kept_names(cohort_id) == [("New", "agreed"), ("Siti Zubaidah", None)]
    event = db.session.query(AuditEvent).filter_by(action="let back in").one()
    assert "TZQ" not in f"{event.summary} {event.details}"


@pytest.mark.usefixtures("store")
def test_an_account_that_is_forgotten_leaves_its_deeds_and_no_name(app, sign_in):
    place, administrator = make_institution(), sign_in(Role.ADMINISTRATOR)
    leaver = make_user(role=Role.COORDINATOR, institution=place, name=NAME, email=EMAIL)
    user_id, created_at = leaver.id, leaver.created_at
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = make_session(leaver)
    cohort = make_cohort(place)
    typed = {"printed_name": "Tan Mei", "own_number": "A-2", "email": "", "native_name": "", "gender": ""}
    assert submit(browser, f"/cohorts/{cohort.code}/students/new", **typed).status_code == 302
    assert submit(administrator, f"/users/{user_id}/suspend", reason=f"{NAME} left").status_code == 302
    page = administrator.get(f"/users/{user_id}/forget").text
    assert f"Former user {user_id}" in page
    assert submit(administrator, f"/users/{user_id}/forget", reason="left").status_code == 302
    db.session.rollback()
    assert found_in_tables((NAME, EMAIL)) == []
    assert db.session.query(UserSession).filter_by(user_id=user_id).count() == 0
    deeds = db.session.query(AuditEvent).filter_by(actor_id=user_id)
    assert {deed.actor_name for deed in deeds} == {"Erased"}
    assert f"Former user {user_id}" in administrator.get(f"/trail?actor={user_id}").text
    assert list(check_trail()) == []
    again = submit(administrator, f"/users/{user_id}/reinstate", reason="back")
    assert again.status_code == 422
    with unit_of_work():  # as a backup from before would bring her back
        user = db.session.get(User, user_id)
        user.name, user.email, user.forgotten_at = NAME, EMAIL, None
    assert created_at == db.session.get(User, user_id).created_at
    assert erase_again() == 1
    assert db.session.get(User, user_id).name == f"Former user {user_id}"
