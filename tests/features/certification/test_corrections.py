"""A holder says that something is wrong; the office replaces, refuses or asks back."""

import io

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.access import Role
from gdt.certification.correction_requests.models import CameBy, CorrectionRequest, RequestState
from gdt.certification.correction_requests.services import Complaint, ask_for_correction
from gdt.certification.models import Certificate
from gdt.database import db, unit_of_work
from gdt.people.models import Person
from tests.browser import submit, token_of
from tests.features.certification.stories import make_ready_institution
from tests.features.certification.test_holders import link_to, mailed_link, named, two_holders

TYPED = {"fact": "printed_name", "wanted": "Lim Mei Lin", "why": "A letter too many on the roster."}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def complain(client, page, **typed):
    return submit(client, page, **TYPED | typed)


def asked():
    db.session.rollback()
    return db.session.query(CorrectionRequest).order_by(CorrectionRequest.id.desc()).first()


@pytest.fixture
def outbox(app):
    app.extensions["mailman"].outbox = []
    return app.extensions["mailman"].outbox


@pytest.fixture
def certificate(app):
    return two_holders()


@pytest.fixture
def link(certificate, outbox):
    return link_to(certificate, outbox)


@pytest.fixture
def request_page(client, certificate, link):
    """The office's page of a request that came by the holder's link."""
    assert complain(client, f"{link}/{certificate.number}/wrong").status_code == 302
    return f"/correction-requests/{asked().id}"


def answer(officer, page, act, words="The roster is wrong.", compared="y", **typed):
    typed |= {"act": act, "words": words, "compared": compared}
    return submit(officer, f"{page}/answer", page=page, **typed)


def test_a_request_is_seen_by_the_holder_and_by_the_office(client, officer, certificate, link, request_page):
    shown = client.get(link).text
    assert "Lim Mei Lin" in shown and "Waits for the office" in shown
    page = officer.get(request_page).text
    for part in ("Lim Mei Ling", "Lim Mei Lin", "A letter too many", "own link"):
        assert part in page, part
    home = officer.get("/").text
    assert "1 holder asks for a correction." in home
    listed = officer.get("/correction-requests?state=open").text
    assert certificate.number in listed and "1 request" in listed
    assert "No request fits" in officer.get("/correction-requests?q=nobody").text


def test_granting_issues_the_corrected_certificate_and_tells_the_holder(
    client,
    officer,
    certificate,
    link,
    request_page,
    outbox,
):
    outbox.clear()
    hasty = answer(officer, request_page, "replace", text="Lim Mei Lin", compared="")
    assert (hasty.status_code, "Compare both lines" in hasty.text) == (422, True)
    done = answer(officer, request_page, "replace", text="Lim Mei Lin", corrects_record="y")
    assert done.status_code == 302
    newer = named("Lim Mei Lin")
    assert newer.replaces_id == certificate.id
    assert db.session.get(Person, certificate.person_id).printed_name == "Lim Mei Lin"
    request = asked()
    assert (request.state, request.answered_at is not None) == (RequestState.REPLACED, True)
    assert [mail.to for mail in outbox] == [["mei@x.example"]]
    assert "Lim Mei Lin" in client.get(mailed_link(outbox)).text
    assert f"replaced by {newer.number}" in client.get(link).text
    assert answer(officer, request_page, "refuse").status_code == 422


def test_refusing_needs_a_reason_which_the_holder_reads(client, officer, link, request_page, outbox):
    assert answer(officer, request_page, "refuse", words="").status_code == 422
    outbox.clear()
    answer(officer, request_page, "refuse", words="Your passport says otherwise.")
    assert asked().state is RequestState.REFUSED
    (mail,) = outbox
    assert mail.to == ["mei@x.example"] and "Your passport says otherwise." in mail.body
    assert "Your passport says otherwise." in client.get(mailed_link(outbox)).text
    assert "Refused" in client.get(link).text


def test_a_question_goes_to_the_holder_and_her_reply_comes_back(
    client, officer, certificate, link, request_page
):
    answer(officer, request_page, "ask", words="Which document says so?")
    assert asked().state is RequestState.ASKED
    assert "Which document says so?" in client.get(link).text
    reply = f"{link}/corrections/{asked().id}/reply"
    submit(client, reply, page=link, words="My passport.")
    assert asked().state is RequestState.OPEN
    assert "My passport." in officer.get(request_page).text


def test_what_cannot_be_printed_is_refused_beside_the_typing_and_nothing_is_issued(officer, request_page):
    done = answer(officer, request_page, "replace", text="Lim \u0e00\uffff")
    assert done.status_code == 422
    assert asked().state is RequestState.OPEN and db.session.query(Certificate).count() == 2


def test_the_same_fact_is_asked_for_once_at_a_time(client, certificate, link, request_page):
    page = f"{link}/{certificate.number}/wrong"
    told = complain(client, page)
    assert (told.status_code, "asked for already" in told.text) == (422, True)
    assert complain(client, page, fact="institution", wanted="UTAR").status_code == 302
    first = db.session.query(CorrectionRequest).first()
    columns = ("certificate_id", "institution_id", "fact", "wanted", "why", "came_by")
    db.session.add(CorrectionRequest(**{name: getattr(first, name) for name in columns}))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_a_request_by_the_code_is_unconfirmed_until_the_known_address_says_so(
    client, officer, certificate, outbox
):
    place = f"/verify/{certificate.code}/wrong"
    assert complain(client, place, contact="somebody@elsewhere.example").status_code == 302
    (mail,) = outbox
    assert mail.to == ["mei@x.example"] and "If it was you" in mail.body
    page = officer.get(f"/correction-requests/{asked().id}").text
    assert "has not confirmed it" in page and "somebody@elsewhere.example" in page
    own = mailed_link(outbox)
    assert "Was it you?" in client.get(own).text
    submit(client, f"{own}/corrections/{asked().id}/confirm", page=own)
    assert asked().confirmed_at is not None
    assert "has not confirmed it" not in officer.get(f"/correction-requests/{asked().id}").text
    assert "Lim Mei Lin<" not in client.get(f"/verify/{certificate.code}/mine").text


def test_a_contact_that_is_not_the_known_address_gets_no_secret(client, officer, certificate, outbox):
    db.session.query(Person).filter_by(id=certificate.person_id).update({"email": None})
    db.session.commit()
    complain(client, f"/verify/{certificate.code}/wrong", contact="mei@home.example")
    assert outbox == []
    answer(officer, f"/correction-requests/{asked().id}", "ask", words="Who are you?")
    (mail,) = outbox
    assert mail.to == ["mei@home.example"]
    assert "/holder/" not in mail.body and certificate.facts["verify_url"] in mail.body


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (PNG, 302, ""),
        (b"%PDF-1.7 x", 302, ""),
        (b"MZ\x90 a program", 422, "not a PDF, a JPEG or a PNG"),
        (b"<html>%PDF-", 422, "not a PDF, a JPEG or a PNG"),
        (b"%PDF-" + b"0" * (5 * 1024 * 1024), 422, "larger than 5 MB"),
    ],
)
def test_evidence_is_a_document_of_a_sane_size(client, officer, certificate, link, content, status, sentence):
    page = f"{link}/{certificate.number}/wrong"
    done = complain(client, page, evidence=(io.BytesIO(content), "../../passport.html"))
    assert (done.status_code, sentence in done.text) == (status, True)
    if status == 302:
        file = officer.get(f"/correction-requests/{asked().id}/evidence")
        assert file.data == content
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert "passport" not in file.headers["Content-Disposition"]
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    else:
        assert asked() is None and 'value="Lim Mei Lin"' in done.text


def test_an_incomplete_request_keeps_the_typing(client, certificate, link):
    told = complain(client, f"{link}/{certificate.number}/wrong", fact="", why="")
    assert told.status_code == 422
    assert "Choose what is wrong." in told.text and 'value="Lim Mei Lin"' in told.text


def test_a_coordinator_sees_and_comments_her_own_and_answers_none(
    client, sign_in, certificate, link, request_page
):
    own = sign_in(Role.COORDINATOR, certificate.institution)
    assert certificate.number in own.get("/correction-requests").text
    page = own.get(request_page).text
    assert "Issue the corrected certificate" not in page
    submit(own, f"{request_page}/comment", page=request_page, words="She is right, our roster was wrong.")
    assert "our roster was wrong" in own.get(request_page).text
    assert "our roster was wrong" not in client.get(link).text
    token = token_of(own, request_page)
    data = {"words": "x", "act": "refuse", "csrf_token": token}
    assert own.post(f"{request_page}/answer", data=data).status_code == 403
    other = sign_in(Role.COORDINATOR, make_ready_institution())
    assert other.get(request_page).status_code == 404
    assert certificate.number not in other.get("/correction-requests").text


def test_a_request_is_closed_when_the_certificate_was_replaced_on_its_own_page(
    officer, certificate, link, client
):
    complain(
        client, f"{link}/{certificate.number}/wrong", fact="other", wanted="The second module is missing"
    )
    page = f"/correction-requests/{asked().id}"
    assert f"/certificates/{certificate.number}/replace" in officer.get(page).text
    assert "has not been replaced" in submit(officer, f"{page}/close", page=page).text
    with unit_of_work():
        record = db.session.get(Certificate, certificate.id)
        other = Complaint(fact="place", wanted="Kampar Campus", why="Moved.")
        ask_for_correction(certificate=record, complaint=other, came_by=CameBy.LINK)
    second = f"/correction-requests/{asked().id}"
    done = answer(officer, second, "replace", text="Kampar Campus")
    assert done.status_code == 302
    assert submit(officer, f"{page}/close", page=page).status_code == 302
    assert {r.state for r in db.session.query(CorrectionRequest)} == {RequestState.REPLACED}
    assert "was replaced already" in complain(client, f"{link}/{certificate.number}/wrong").text


def test_nobody_reaches_a_request_of_another_holder(client, certificate, link, request_page, outbox):
    with unit_of_work():
        record = db.session.get(Certificate, named("Somebody Else").id)
        other = Complaint(fact="printed_name", wanted="X", why="Y")
        ask_for_correction(certificate=record, complaint=other, came_by=CameBy.CODE)
    for act in ("confirm", "reply"):
        path = f"{link}/corrections/{asked().id}/{act}"
        assert submit(client, path, page=link, words="x").status_code == 404
    assert asked().confirmed_at is None
