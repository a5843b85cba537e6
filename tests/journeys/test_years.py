"""The partner network through its years, in a browser, while a clock is moved.

From an application to the second agreement, from a teacher's invitation to her renewed qualification, and
from a student's project to the honours page.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gdt.access import Role
from gdt.accounts.passwords import hash_password
from gdt.database import db, reading
from gdt.partners.models import Agreement, Institution
from gdt.people.models import AffiliationRole
from gdt.training.models import Qualification
from tests.factories import (
    make_affiliation,
    make_country,
    make_course,
    make_institution,
    make_module,
    make_person,
    make_user,
)
from tests.journeys.years_server import PASSWORD, Years, a_pdf, fill, passing_years, press

OFFICER, JUDGE = "officer@gdt.example", "judge@elsewhere.example"
LEAD, TEACHER = "aina@kolej.example", "halim@kolej.example"
COLLEGE = "Kolej Perdana Ipoh"
TERM = timedelta(days=364)


@pytest.fixture
def years(app, chromium: Browser) -> Iterator[Years]:
    secret = {"password_hash": hash_password(PASSWORD)}
    make_country()
    make_course(code="retail", title="New Retail", modules=[make_module(title="New Retail")])
    make_user(email=OFFICER, role=Role.OFFICER, **secret)
    make_user(email=JUDGE, role=Role.COORDINATOR, institution=make_institution(), **secret)
    with passing_years(app, chromium) as running:
        yield running


def test_an_institution_a_teacher_and_a_project_go_through_their_years(years: Years, tmp_path: Path) -> None:
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(a_pdf())
    apply_to_join(years)
    accept_the_application(years)
    accept_the_invitation(years)
    sign_the_draft(years, signed)
    training = invite_to_a_training(years)
    name_a_teacher(years)
    qualify_her(years, training)
    enrol_a_student()
    count_the_project(years, signed)
    year = nominate_the_student(years)
    judge_and_decide(years, year)
    honour_is_public(years)
    renew_the_agreement(years, signed)
    renew_her_qualification(years)


def apply_to_join(years: Years) -> None:
    with years.window() as page:
        page.goto("/join")
        fill(page, {"Name of the institution": COLLEGE, "City": "Ipoh"})
        page.get_by_label("College", exact=True).check()
        page.get_by_label("Country").select_option("MY")
        page.get_by_label("Whom it teaches").fill("Two hundred students of trade a year.")
        page.get_by_label("New Retail", exact=True).check()
        fill(page, {"Teachers it could send": "6", "Students it could train": "240"})
        fill(page, {"Who leads it": "Aina Binti Ahmad", "The lead’s duty": "Dean"})
        page.get_by_label("The lead’s e-mail address").fill(LEAD)
        press(page, "Send the application")
        page.goto(years.link_to(LEAD, "/join"))
        press(page, "Confirm the address")
        expect(page.get_by_text("Your address is confirmed")).to_be_visible()


def accept_the_application(years: Years) -> None:
    with years.window(OFFICER) as page:
        expect(page.get_by_text("1 institution has applied to join")).to_be_visible()
        page.goto("/applications")
        page.get_by_role("link", name=COLLEGE).click()
        expect(page.get_by_role("button", name="Done", exact=True).first).to_be_visible()
        while page.get_by_role("button", name="Done", exact=True).count():
            with page.expect_navigation():
                page.get_by_role("button", name="Done", exact=True).first.click()
        page.get_by_role("link", name="Accept the institution").click()
        page.get_by_label("Code").fill("kolej")
        page.get_by_label("The agreement starts on").fill(str(years.today))
        page.get_by_label("and ends on").fill(str(years.today + TERM))
        press(page, "Accept the institution")
        expect(page.get_by_text("its lead is invited")).to_be_visible()


def accept_the_invitation(years: Years) -> None:
    with years.window() as page:
        page.goto(years.link_to(LEAD, "/invitation"))
        page.get_by_label("New password").fill(PASSWORD)
        press(page, "Set the password and begin")
        expect(page.get_by_text("Partner coordinator").first).to_be_visible()


def sign_the_draft(years: Years, signed: Path) -> None:
    with years.window(OFFICER) as page:
        page.goto("/institutions/kolej")
        page.get_by_role("link", name="Open the draft").click()
        with page.expect_download() as paper:
            page.get_by_role("link", name="Agreement to be signed").click()
        assert Path(paper.value.path()).read_bytes().startswith(b"%PDF")
        record_signatures(years, page, signed)
        expect(page.get_by_text("In force").first).to_be_visible()


def record_signatures(years: Years, page: Page, signed: Path) -> None:
    page.get_by_role("link", name="Record the signed agreement").click()
    page.get_by_label("Signed on").fill(str(years.today))
    page.get_by_label("Signatories").fill("Aina Binti Ahmad, Dean; the programme office")
    page.get_by_label("Signed document").set_input_files(signed)
    press(page, "Record the signed agreement")
    expect(page.get_by_text("The agreement is signed")).to_be_visible()


def invite_to_a_training(years: Years) -> str:
    """The office plans a training and keeps a place for the college; returns the training's address."""
    with years.window(OFFICER) as page:
        page.goto("/trainings/new")
        page.get_by_label("Title").fill("Trainers' week")
        page.get_by_label("New Retail", exact=True).check()
        page.get_by_label("First day").fill(str(years.today + timedelta(days=10)))
        page.get_by_label("Last day").fill(str(years.today + timedelta(days=12)))
        page.get_by_label("Online").check()
        page.get_by_label("Trainers").fill("Lin Wei")
        press(page, "Plan the training")
        training = page.url
        page.goto(f"{training}/offer")
        page.get_by_label("Places").fill("2")
        press(page, "Keep it")
        page.goto(f"{training}/invitations/new")
        page.get_by_label("Places for each").fill("1")
        page.get_by_label(COLLEGE).check()
        press(page, "Invite them")
    return training


def name_a_teacher(years: Years) -> None:
    with years.window(LEAD) as page:
        page.goto("/training-invitations")
        page.get_by_role("link", name="Trainers' week").click()
        press(page, "Accept")
        page.get_by_role("link", name="Name teachers").first.click()
        page.get_by_label("Full name").fill("Halim bin Omar")
        page.get_by_label("E-mail").fill(TEACHER)
        press(page, "Name them")
        expect(page.get_by_text("1 teacher takes part")).to_be_visible()
    with years.window() as page:
        page.goto(years.link_to(TEACHER, "/teacher"))
        expect(page.get_by_text("Trainers' week").first).to_be_visible()


def qualify_her(years: Years, training: str) -> None:
    years.until(years.today + timedelta(days=13))
    with years.window(OFFICER) as page:
        page.goto(training)
        press(page, "Save, and mark the open ones passed")
        expect(page.get_by_label("Halim bin Omar, New Retail")).to_have_value("passed")


def renew_her_qualification(years: Years) -> None:
    with reading():
        held = db.session.query(Qualification).one()
        teacher, ends_on = held.person_id, held.valid_until
    before = len(years.mails_to(TEACHER))
    years.until(ends_on - timedelta(days=150))
    assert "qualification" in years.mails_to(TEACHER)[before:][0].subject
    with years.window(OFFICER) as page:
        page.goto(f"/people/{teacher}/record")
        page.get_by_role("link", name="Renew").click()
        page.get_by_label("Why").fill("She taught every year.")
        press(page, "Renew it")
        expect(page.get_by_text("The qualification is renewed")).to_be_visible()
    with reading():
        assert db.session.query(Qualification).count() == 2


def enrol_a_student() -> None:
    place = db.session.query(Institution).filter_by(code="kolej").one()
    student = make_person(printed_name="Nurul Izzah binti Halim", email="nurul@kolej.example")
    make_affiliation(student, place, role=AffiliationRole.STUDENT, own_number="S1")


def count_the_project(years: Years, evidence: Path) -> None:
    """A project of the college is written, sent and counted."""
    with years.window(LEAD) as page:
        page.goto("/projects/new")
        page.get_by_label("Title").fill("Harvest online")
        page.get_by_label("Story").fill("Students taught growers to sell online.")
        page.get_by_label("First day").fill(str(years.today))
        fill(page, {"People taking part": "12", "People helped": "80"})
        fill(page, {"Local products helped": "9", "Businesses helped": "4"})
        page.get_by_label("Everybody who can be recognised").check()
        press(page, "Keep the draft")
        project = page.url
        page.get_by_role("link", name="Add a place").first.click()
        page.get_by_label("Name of the place").fill("Kampar")
        page.get_by_label("Country").select_option("MY")
        press(page, "Add the place")
        page.goto(f"{project}/evidence/new")
        page.get_by_label("File").set_input_files(evidence)
        press(page, "Add the file")
        page.goto(f"{project}/send")
        page.get_by_role("checkbox").check()
        press(page, "Send it to the office")
    with years.window(OFFICER) as page:
        page.goto(f"{project}/review")
        page.get_by_role("radio", name=re.compile("Count")).check()
        press(page, "Answer")


def nominate_the_student(years: Years) -> int:
    """Nominate her in the awards of this year, which is returned."""
    year, today = years.today.year, years.today
    with years.window(OFFICER) as page:
        page.goto("/awards/new")
        page.get_by_label("Year").fill(str(year))
        page.get_by_label("Nominations from").fill(str(today))
        page.get_by_label("Nominations until").fill(str(today + timedelta(days=5)))
        page.get_by_label("Judges judge until").fill(str(today + timedelta(days=20)))
        press(page, "Announce it")
        page.goto(f"/awards/{year}/judges")
        page.get_by_label("E-mail").fill(JUDGE)
        press(page, "Name the judge")
    with years.window(LEAD) as page:
        page.goto(f"/awards/{year}/nominate")
        page.get_by_label("Social impact").check()
        page.get_by_label("Student", exact=True).check()
        page.get_by_label("Of a lecturer or student").fill("S1")
        page.get_by_label("This person agrees").check()
        page.get_by_label("Why").fill("She began it, and others follow.")
        page.get_by_label("Community project").select_option(label="Harvest online")
        press(page, "Nominate")
        expect(page.get_by_text("Nominated.")).to_be_visible()
    return year


def judge_and_decide(years: Years, year: int) -> None:
    years.until(years.today + timedelta(days=6))
    with years.window(JUDGE) as page:
        page.goto(f"/awards/{year}/judging")
        page.get_by_role("link", name="Nurul Izzah binti Halim").click()
        expect(page.get_by_role("heading", name="Nurul Izzah binti Halim")).to_be_visible()
        for box in page.get_by_role("spinbutton").all():
            box.fill("9")
        page.get_by_label("Your comment").fill("It lasts.")
        press(page, "Keep my judgement")
    with years.window(OFFICER) as page:
        page.goto(f"/awards/{year}")
        page.get_by_role("link", name="Nurul Izzah binti Halim").click()
        page.goto(f"{page.url}/decide")
        page.get_by_label("Give the award").check()
        page.get_by_label("Why").fill("The judges agree.")
        page.get_by_label("Sentence on the honours page").fill("For growers who sell online.")
        page.get_by_label("Given on").fill(str(years.today))
        press(page, "Keep the decision")
        page.goto(f"/awards/{year}/certificates")
        press(page, "Issue 1 certificate")


def honour_is_public(years: Years) -> None:
    with years.window() as page:
        page.goto("/honours")
        expect(page.get_by_text("Nurul Izzah binti Halim")).to_be_visible()
        expect(page.get_by_text("For growers who sell online.")).to_be_visible()


def renew_the_agreement(years: Years, signed: Path) -> None:
    with reading():
        ends_on = db.session.query(Agreement).one().ends_on
    before = len(years.mails_to(LEAD))
    years.until(ends_on - timedelta(days=100))
    assert any(mail.subject for mail in years.mails_to(LEAD)[before:])
    with years.window(LEAD) as page:
        expect(page.get_by_text("agreement ends").first).to_be_visible()
    with years.window(OFFICER) as page:
        page.goto("/institutions/kolej")
        page.get_by_role("link", name="Renew the agreement").click()
        page.get_by_label("Ends on").fill(str(ends_on + timedelta(days=3 * 365)))
        press(page, "Make the draft")
        record_signatures(years, page, signed)
        expect(page.get_by_text("Signed").first).to_be_visible()
    years.until(ends_on + timedelta(days=1))
    with years.window(LEAD) as page:
        page.goto("/institutions/kolej")
        terms = page.get_by_role("table", name="Agreements")
        expect(terms.get_by_text("In force")).to_be_visible()
        expect(terms.get_by_text("Renewed")).to_be_visible()
