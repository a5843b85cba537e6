"""The holder's page: by the secret link with everything, by the code with less, for others nothing."""

import re

import pytest
from flask_mailman import Mail

from gdt.access import OFFICE
from gdt.certification.delivery.models import HolderChoice, HolderLink
from gdt.certification.delivery.services import deliver_issued
from gdt.certification.editions.corrections import Corrections
from gdt.certification.editions.replacing import replace_certificate
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.models import Certificate
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, now, unit_of_work
from gdt.people.models import Person
from gdt.training.models import EnrolmentState
from tests.browser import submit, token_of
from tests.factories import TODAY, make_affiliation, make_course, make_enrolment, make_module
from tests.features.certification.stories import add_student, all_certificates, make_ready_cohort, yesterday


@pytest.fixture
def outbox(app):
    mail: Mail = app.extensions["mailman"]
    mail.outbox = []
    return mail.outbox


def two_holders():
    """Lim Mei Ling's certificate, and that of somebody else."""
    cohort = make_ready_cohort(0)
    add_student(cohort, printed_name="Lim Mei Ling", native_name="林美玲", email="mei@x.example")
    add_student(cohort, printed_name="Somebody Else", email="else@x.example")
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    return named("Lim Mei Ling")


@pytest.fixture
def certificate(app):
    return two_holders()


def named(name):
    return next(c for c in all_certificates() if c.facts["printed_name"] == name)


def mailed_link(outbox, address="mei@x.example"):
    body = next(mail.body for mail in reversed(outbox) if mail.to == [address])
    return re.search(r"/holder/[\w-]+", body).group(0)


def link_to(certificate, outbox):
    """The secret address in the mail to Lim Mei Ling."""
    with unit_of_work():
        deliver_issued([db.session.get(Certificate, certificate.id)], batch_id=None, is_new=False)
    return mailed_link(outbox)


@pytest.fixture
def link(certificate, outbox):
    return link_to(certificate, outbox)


def another_certificate_of(person):
    """The same person in a second course."""
    course = make_course(title="Smart Logistics", modules=[make_module()])
    cohort = make_ready_cohort(0, course=course)
    make_affiliation(person, cohort.institution)
    make_enrolment(cohort, person, state=EnrolmentState.COMPLETED, completed_on=TODAY)
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    return next(c for c in all_certificates() if c.facts["achievement"] == "Smart Logistics")


def test_the_link_opens_everything_the_holder_needs(client, certificate, link):
    page = client.get(link)
    assert page.status_code == 200
    for part in (
        "Lim Mei Ling",
        "林美玲",
        certificate.facts["achievement"],
        f"{link}/{certificate.number}.pdf",
        f"/verify/{certificate.code}/badge.png",
        f"/verify/{certificate.code}/badge.json",
        "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME",
        certificate.facts["verify_url"],
        "<svg",
        "It stands in our record today.",
    ):
        assert part in page.text, part
    paper = client.get(f"{link}/{certificate.number}.pdf")
    assert paper.data.startswith(b"%PDF-") and "attachment" in paper.headers["Content-Disposition"]
    assert len(page.data) < 20_000


def test_the_page_is_kept_by_nobody_and_named_to_nobody(client, certificate, link):
    for path in (link, f"{link}/{certificate.number}.pdf", f"/verify/{certificate.code}/mine"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]


def test_only_the_hash_of_a_link_is_kept(link):
    token = link.removeprefix("/holder/")
    kept = db.session.query(HolderLink).one()
    assert token not in (kept.token_sha256, kept.recipient) and len(kept.token_sha256) == 64
    assert len(token) == 43


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t.swapcase(), lambda t: "A" * 43])
def test_a_guessed_link_opens_nothing(client, link, spoil):
    assert client.get("/holder/" + spoil(link.removeprefix("/holder/"))).status_code == 404


def test_an_ended_link_and_an_erased_person_open_nothing(client, certificate, link):
    kept = db.session.query(HolderLink).one()
    kept.ended_at = now()
    db.session.commit()
    assert client.get(link).status_code == 404
    db.session.query(HolderLink).update({"ended_at": None})
    db.session.query(Person).filter_by(id=certificate.person_id).update({"erased_at": now()})
    db.session.commit()
    assert client.get(link).status_code == 404


def test_a_link_opens_no_certificate_of_anybody_else(client, link):
    other = named("Somebody Else")
    assert client.get(f"{link}/{other.number}").status_code == 404
    assert client.get(f"{link}/{other.number}.pdf").status_code == 404
    assert other.number not in client.get(link).text


def test_all_certificates_of_the_person_are_there_even_after_a_merge(client, certificate, link):
    second = another_certificate_of(certificate.person)
    page = client.get(link).text
    assert "All your certificates" in page and second.number in page
    assert "Smart Logistics" in client.get(f"{link}/{second.number}").text
    survivor = Person(printed_name="Lim Mei-Ling")
    db.session.add(survivor)
    db.session.flush()
    db.session.query(Person).filter_by(id=certificate.person_id).update({"merged_into_id": survivor.id})
    db.session.commit()
    assert second.number in client.get(link).text


def test_each_state_is_told_in_words(client, certificate, link):
    record = db.session.get(Certificate, certificate.id)
    record.valid_until = yesterday()
    db.session.commit()
    page = client.get(link).text
    assert "Its term ended on" in page and "linkedin.com/profile/add" not in page
    record = db.session.get(Certificate, certificate.id)
    record.valid_until = None
    db.session.commit()
    with unit_of_work():
        record = db.session.get(Certificate, certificate.id)
        wanted = Corrections(printed_name="Lim Mei Lin")
        replace_certificate(actor=OFFICE, certificate=record, reason="A typing mistake.", corrections=wanted)
    newer = named("Lim Mei Lin")
    page = client.get(link).text
    assert f"replaced by {newer.number}" in page and f"{link}/{newer.number}" in page
    with unit_of_work():
        revoke_certificate(
            actor=OFFICE, certificate=db.session.get(Certificate, newer.id), reason="Exam repeated."
        )
    assert "Exam repeated." in client.get(f"{link}/{newer.number}").text


def test_the_holder_of_a_replaced_certificate_is_mailed_the_new_one(certificate, outbox):
    with unit_of_work():
        record = db.session.get(Certificate, certificate.id)
        wanted = Corrections(printed_name="Lim Mei Lin")
        replace_certificate(actor=OFFICE, certificate=record, reason="A typing mistake.", corrections=wanted)
    (mail,) = [mail for mail in outbox if mail.to == ["mei@x.example"]]
    assert "Dear Lim Mei Lin," in mail.body and named("Lim Mei Lin").number in mail.subject


def test_strangers_see_the_paper_alone_until_the_holder_chooses_more(client, certificate, link):
    second = another_certificate_of(certificate.person)
    place = f"/verify/{certificate.code}"
    assert second.number not in client.get(place).text
    answer = submit(client, f"{link}/choices", page=link, profile_url="https://evil.example/")
    assert answer.status_code == 422 and "linkedin.com" in answer.text
    for url in ("https://www.linkedin.com.evil.example/in/x", "javascript:alert(1)", "http://github.com/x"):
        assert submit(client, f"{link}/choices", page=link, profile_url=url).status_code == 422
    profile = "https://www.linkedin.com/in/lim-mei-ling/"
    chosen = submit(client, f"{link}/choices", page=link, shows_others="y", profile_url=profile)
    assert chosen.status_code == 302
    page = client.get(place).text
    assert second.number in page and profile in page and "mei@x.example" not in page
    assert second.number not in client.get(f"/verify/{named('Somebody Else').code}").text
    submit(client, f"{link}/choices", page=link, profile_url="")
    page = client.get(place).text
    assert second.number not in page and profile not in page
    assert db.session.query(HolderChoice).count() == 1


def test_by_the_code_there_is_the_paper_but_none_of_the_rest(client, certificate, link):
    second = another_certificate_of(certificate.person)
    assert f"/verify/{certificate.code}/mine" in client.get(f"/verify/{certificate.code}").text
    page = client.get(f"/verify/{certificate.code}/mine").text
    assert f"/verify/{certificate.code}/certificate.pdf" in page and "linkedin.com/profile/add" in page
    assert second.number not in page and "What strangers see" not in page and "/holder/" not in page
    assert client.get(f"/verify/{certificate.code}/certificate.pdf").data.startswith(b"%PDF-")


def test_a_wish_for_the_link_gets_one_answer_and_goes_to_the_known_address_only(client, certificate, outbox):
    nobody = named("Somebody Else")
    db.session.query(Person).filter_by(id=nobody.person_id).update({"email": None})
    db.session.commit()
    answers = []
    for code in (certificate.code, nobody.code):
        place = f"/verify/{code}/mine"
        sent = submit(client, f"{place}/link", page=place, email="attacker@evil.example")
        assert sent.status_code == 302
        answers.append(re.search(r'class="notice.*?</div>', client.get(place).text, re.S).group(0))
    assert answers[0] == answers[1]
    assert [mail.to for mail in outbox] == [["mei@x.example"]]
    assert client.get(mailed_link(outbox)).status_code == 200


def test_at_most_three_links_a_day_are_mailed_for_one_certificate(client, certificate, outbox):
    place = f"/verify/{certificate.code}/mine"
    for _ in range(6):
        assert submit(client, f"{place}/link", page=place).status_code == 302
    assert len(outbox) == 3


def test_nothing_is_changed_without_the_page_s_own_token(client, certificate, link, outbox):
    outbox.clear()
    assert client.post(f"{link}/choices", data={"shows_others": "y"}).status_code == 400
    assert client.post(f"/verify/{certificate.code}/mine/link").status_code == 400
    assert outbox == [] and db.session.query(HolderChoice).count() == 0
    assert token_of(client, link)
