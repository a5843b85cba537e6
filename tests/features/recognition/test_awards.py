"""A year of awards: nominated, judged without a conflict of interest, decided, certified, and honoured."""

import io
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.certification.models import Certificate, CertificateKind
from gdt.certification.revoking.services import revoke_certificate
from gdt.community.states import ProjectState
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.outgoing import OutgoingMail
from gdt.people.merging import merge_persons
from gdt.people.models import AffiliationRole
from gdt.recognition.judging import judge_nomination
from gdt.recognition.judging_models import Judgement
from gdt.recognition.models import AwardCall, Nomination, NomineeKind
from gdt.recognition.stages import NominationState
from tests.browser import submit, token_of
from tests.factories import (
    TODAY,
    make_affiliation,
    make_award_call,
    make_institution,
    make_judge,
    make_nomination,
    make_person,
    make_project,
    make_user,
)

PDF = b"%PDF-1.7 evidence"


def post(client, path, **data):
    return client.post(path, data=data | {"csrf_token": token_of(client, "/account")})


def close(year=TODAY.year):
    """Let nominations have closed yesterday."""
    call = db.session.query(AwardCall).filter_by(year=year).one()
    call.closes_on = TODAY - timedelta(days=1)
    db.session.commit()


def form_of(category, **columns):
    return {
        "category_id": str(category.id),
        "kind": "institution",
        "person": "",
        "case_for": "Thirty products of four states found buyers.",
        "project_id": "0",
    } | columns


def the(model, **columns):
    db.session.expire_all()
    return db.session.query(model).filter_by(**columns).one()


def test_an_institution_and_a_lecturer_go_from_nomination_to_the_honours_page(app, client, sign_in):
    utar = make_institution(code="utar", name="Universiti Tunku Abdul Rahman", native_name="拉曼大学")
    project = make_project(
        utar, state=ProjectState.COUNTED, sent_at=now(), decided_at=now(), decided_by_name="x"
    )
    lecturer = make_person(printed_name="Tan Siew Ling", email="tan@utar.example")
    make_affiliation(lecturer, utar, role=AffiliationRole.TEACHER, own_number="T1")
    coordinator, officer = sign_in(Role.COORDINATOR, utar), sign_in(Role.OFFICER)
    judge = sign_in(Role.COORDINATOR, make_institution(name="INTI"), email="judge@inti.example")
    year = TODAY.year
    days = {
        "opens_on": (TODAY - timedelta(days=5)).isoformat(),
        "closes_on": TODAY.isoformat(),
        "judged_by": (TODAY + timedelta(days=9)).isoformat(),
    }
    lists = {"categories": "Academic excellence\nSocial impact: for people around", "criteria": "Reach: 10"}
    wrong = submit(officer, "/awards/new", year=str(year), **days, **lists | {"criteria": "Reach"})
    assert wrong.status_code == 422 and "most points" in wrong.text
    assert submit(officer, "/awards/new", year=str(year), **days, **lists).status_code == 302
    assert "are there already" in submit(officer, "/awards/new", year=str(year), **days, **lists).text
    teaching, impact = the(AwardCall, year=year).categories

    path = f"/awards/{year}/nominate"
    nominated = submit(
        coordinator, path, **form_of(impact, institution_code="utar", project_id=str(project.id))
    )
    assert nominated.status_code == 302
    again = submit(coordinator, path, **form_of(impact, institution_code="utar"))
    assert again.status_code == 422 and "already" in again.text and "Thirty products" in again.text
    unknown = form_of(teaching, institution_code="utar", kind="lecturer", person="Nobody")
    assert "Nobody in this role" in submit(coordinator, path, **unknown).text
    submit(coordinator, path, **unknown | {"person": "T1", "may_be_named": "y"})
    ours, hers = the(Nomination, person_id=None), the(Nomination, person_id=lecturer.id)
    file = (io.BytesIO(PDF), "letter.pdf")
    assert submit(coordinator, f"/nominations/{ours.id}/evidence/new", evidence=file).status_code == 302
    fake = (io.BytesIO(b"MZ"), "letter.pdf")
    assert "it holds none" in submit(coordinator, f"/nominations/{ours.id}/evidence/new", evidence=fake).text
    submit(officer, f"/awards/{year}/judges", email="judge@inti.example")
    assert the(OutgoingMail, recipient="judge@inti.example").subject == f"You judge the GDT awards of {year}"
    assert "Nobody who signs in" in submit(officer, f"/awards/{year}/judges", email="who@x.example").text

    judging = f"/awards/{year}/judging"
    criterion = the(AwardCall, year=year).criteria[0].id
    early = submit(judge, f"{judging}/{ours.id}", **{f"points_{criterion}": "9"}, comment="Good.")
    assert "Judging has not begun" in early.text
    decide = {"reason": "It reached most.", "citation": "For four states.", "given_on": TODAY.isoformat()}
    decide |= {"outcome": "give", "given_at_place": "Annual conference, Singapore"}
    assert "cannot be done now" in submit(officer, f"/nominations/{ours.id}/decide", **decide).text
    close()
    late = submit(coordinator, path, **form_of(teaching, institution_code="utar"))
    assert late.status_code == 422 and "Nominations closed on" in late.text
    assert "No judge has given points" in submit(officer, f"/nominations/{ours.id}/decide", **decide).text
    assert coordinator.get(judging).status_code == 404
    assert "Waits for you" in judge.get(judging).text
    assert "2 nominations wait for your points" in judge.get("/").text
    assert judge.get(f"/nominations/{ours.id}").status_code == 404
    [kept] = ours.evidence
    assert judge.get(f"{judging}/{ours.id}/files/{kept.id}").data == PDF
    too_many = submit(judge, f"{judging}/{ours.id}", **{f"points_{criterion}": "11"}, comment="Good.")
    assert too_many.status_code == 422
    for one, points in ((ours, "9"), (hers, "7"), (ours, "8")):
        submit(judge, f"{judging}/{one.id}", **{f"points_{criterion}": points}, comment="Good.")
    assert "8 points" in judge.get(judging).text
    assert "Good." in officer.get(f"/nominations/{ours.id}").text
    seen = coordinator.get(f"/nominations/{ours.id}").text
    assert "Good." not in seen and "Judged the nomination." not in seen
    assert "Judged the nomination." in officer.get(f"/nominations/{ours.id}").text
    assert "Universiti Tunku Abdul Rahman" in officer.get(f"/awards/{year}/standing").text

    assert submit(officer, f"/nominations/{ours.id}/decide", **decide).status_code == 302
    assert submit(officer, f"/nominations/{hers.id}/decide", **decide).status_code == 302
    assert "decided already" in submit(judge, f"{judging}/{ours.id}", comment="Later.", stands_aside="y").text
    certify = f"/awards/{year}/certificates"
    assert "Issue 2 certificates" in officer.get(certify).text
    assert "Meanwhile this changed" in submit(officer, certify, seen="1").text
    app.extensions["mailman"].outbox = []
    assert submit(officer, certify, seen="2").status_code == 302
    told = [(mail.to[0], mail.subject) for mail in app.extensions["mailman"].outbox]
    assert len([subject for _to, subject in told if subject.startswith("The certificate of the award")]) == 2
    assert [to for to, subject in told if subject.startswith("Your certificate")] == ["tan@utar.example"]
    assert submit(officer, certify, seen="2").status_code == 422
    paper = the(Certificate, person_id=None)
    assert (paper.kind, paper.facts["printed_name"]) == (CertificateKind.AWARD, utar.name)
    assert paper.facts["achievement"] == f"Social impact {year}"
    assert paper.facts["place"] == "Annual conference, Singapore"
    verified = client.get(f"/verify/{paper.code}").text
    assert f"Social impact {year}" in verified and paper.number in verified
    assert client.get("/honours").location == f"/honours/{year}"
    page = client.get(f"/honours/{year}").text
    assert "For four states." in page and "Tan Siew Ling" in page and "It reached most." not in page
    assert project.title in page
    assert client.get("/honours/2001").status_code == 404

    refused = post(officer, f"/nominations/{ours.id}/take-back")
    assert refused.status_code == 422 and paper.number in refused.text
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=the(Certificate, person_id=None), reason="A mistake.")
    assert post(officer, f"/nominations/{ours.id}/take-back").status_code == 302
    assert utar.native_name not in client.get(f"/honours/{year}").text


def test_a_judge_with_a_conflict_is_refused_with_a_sentence_and_the_others_are_not(app, sign_in):
    home, away, call = make_institution(), make_institution(), make_award_call()
    insider = sign_in(Role.COORDINATOR, home, email="in@x.example")
    users = {"in": the(User, email="in@x.example")}
    users["out"] = make_user(role=Role.COORDINATOR, institution=away)
    users["self"] = make_user(email="me@home.example")
    of_home = make_nomination(call, home, users["in"])
    of_hers = make_nomination(call, home, users["out"], category=call.categories[1])
    person = make_person(email="me@home.example")
    lecturer = {"nominee_kind": NomineeKind.LECTURER, "person": person}
    of_person = make_nomination(call, home, users["in"], **lecturer)
    judges = {name: make_judge(call, user) for name, user in users.items()}
    close()
    points = {criterion.id: 3 for criterion in call.criteria}

    def judge(name, nomination, **said):
        about = {"points": points, "comment": "Good.", **said}
        judged = judges[name]
        return judge_nomination(actor=judged.user, judge=judged, nomination=nomination, **about)

    for name, nomination, why in (
        ("in", of_home, "your own institution"),
        ("out", of_hers, "whom you nominated"),
        ("out", of_home, "in whatever category"),
        ("self", of_person, "judge yourself"),
    ):
        with pytest.raises(DomainError, match=why):
            judge(name, nomination)
    with pytest.raises(DomainError, match="from 0 to 10 points"):
        judge("self", of_home, points={})
    with unit_of_work():
        assert judge("self", of_home).by_criterion == points
        assert judge("out", of_person, points={}, stands_aside=True, comment="A friend.").scores == []
    path = f"/awards/{call.year}/judging"
    assert "your own institution" in insider.get(path).text
    answer = insider.get(f"{path}/{of_home.id}")
    assert answer.status_code == 422 and "your own institution" in answer.text
    assert "A friend." not in insider.get(f"/nominations/{of_person.id}").text


@pytest.mark.parametrize("conflict", ["institution", "nominator", "another call"])
def test_no_row_of_a_judgement_with_a_conflict_can_be_written(app, conflict):
    home, call = make_institution(), make_award_call()
    insider = make_user(role=Role.COORDINATOR, institution=home)
    officer = make_user()
    other = make_award_call(year=TODAY.year - 1)
    nomination = make_nomination(call, home, officer)
    judge = make_judge(
        other if conflict == "another call" else call, insider if conflict == "institution" else officer
    )
    if conflict == "another call":
        nomination = make_nomination(call, home, insider, category=call.categories[1])
    values = {
        "nomination_id": nomination.id,
        "judge_id": judge.id,
        "call_id": call.id,
        "judge_institution": judge.own_institution,
        "judge_user_id": judge.user_id,
        "nominee_institution": nomination.institution_id,
        "nominated_by_id": nomination.nominated_by_id,
    }
    for lie in (
        {},
        {"judge_institution": 0, "judge_user_id": 0},
        {"nominee_institution": 0, "nominated_by_id": 0},
    ):
        db.session.add(Judgement(**values | lie, comment="Mine.", judge_name="Me"))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_whoever_nominated_does_not_decide_and_a_category_has_one_award_of_a_kind(app, sign_in):
    call, officer = make_award_call(), sign_in(Role.OFFICER)
    me = db.session.query(User).one()
    other = make_user()
    mine = make_nomination(call, make_institution(), me)
    first, second = (make_nomination(call, make_institution(), other) for _n in range(2))
    judge = make_judge(call, make_user(role=Role.LEADER))
    for nomination in (mine, first, second):
        shared = {
            "call_id": call.id,
            "judge_institution": 0,
            "judge_user_id": judge.user_id,
            "comment": "Good.",
        }
        hers = {
            "nominee_institution": nomination.institution_id,
            "nominated_by_id": nomination.nominated_by_id,
        }
        judged = Judgement(nomination_id=nomination.id, judge_id=judge.id, judge_name="J", **shared, **hers)
        db.session.add(judged)
    db.session.commit()
    close()
    given = {"outcome": "give", "reason": "Best.", "citation": "For it.", "given_on": TODAY.isoformat()}
    assert "Whoever nominated" in submit(officer, f"/nominations/{mine.id}/decide", **given).text
    assert submit(officer, f"/nominations/{first.id}/decide", **given).status_code == 302
    taken = submit(officer, f"/nominations/{second.id}/decide", **given)
    assert taken.status_code == 422 and first.institution.name in taken.text
    passed = submit(officer, f"/nominations/{second.id}/decide", **given | {"outcome": "pass"})
    assert passed.status_code == 302
    assert the(Nomination, id=second.id).state is NominationState.PASSED_OVER


def test_nominations_of_two_entries_that_are_one_person_become_one(app):
    home, call = make_institution(), make_award_call()
    by = make_user()
    one, other = (make_person(printed_name=name) for name in ("Tan Siew Ling", "Siew Ling Tan"))
    for person in (one, other):
        make_affiliation(person, home, role=AffiliationRole.TEACHER)
        make_nomination(call, home, by, nominee_kind=NomineeKind.LECTURER, person=person)
    alone = make_nomination(
        call, home, by, category=call.categories[1], nominee_kind=NomineeKind.LECTURER, person=other
    )
    with unit_of_work():
        merge_persons(actor=OFFICE, survivor=db.session.merge(one), other=db.session.merge(other), choices={})
    found = db.session.query(Nomination).order_by(Nomination.id).all()
    assert {nomination.person_id for nomination in found} == {one.id}
    assert [nomination.state.value for nomination in found] == ["nominated", "withdrawn", "nominated"]
    assert found[2].id == alone.id
