"""The public check: every printed fact from the frozen record, the state in words, nothing else."""

import subprocess
from datetime import timedelta

import pytest

import config
from gdt import jobs
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.certification.codes import grouped, new_code
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, unit_of_work
from gdt.security import limiter
from tests.factories import TODAY, make_person
from tests.features.certification.stories import (
    add_student,
    all_certificates,
    certified_cohort,
    make_ready_cohort,
    yesterday,
)

NAMES = {
    "Latin": ("Nguyễn Thị Ánh Tuyết", None),
    "Chinese": ("Lim Mei Ling", "林美玲"),
    "Thai": ("Somchai Rattanakul", "สมชาย รัตนกุล"),
    "Khmer": ("Sok Dara", "សុខ ដារ៉ា"),
    "Arabic": ("Fatima Zahra", "فاطمة الزهراء"),
    "Urdu": ("Ahmed Raza Khan", "احمد رضا خان"),
    "Tamil": ("Sivakumar", "சிவகுமார்"),
    "Devanagari": ("Anjali Sharma", "अंजलि शर्मा"),
    "Amharic": ("Abebe Bikila", "አበበ ቢቂላ"),
    "Kazakh": ("Aigerim", "Әйгерім Қасымқызы"),
    "Mongolian": ("Bat-Erdene", "Бат-Эрдэнэ Өлзийт"),
    "Spanish": ("José Ñáñez Güiraldes", None),
}
RIGHT_TO_LEFT = {"Arabic", "Urdu"}


@pytest.fixture
def stranger(app):
    return app.test_client()


def issued(**columns):
    cohort = make_ready_cohort(0)
    add_student(cohort, **{"printed_name": "Aisyah binti Rahman"} | columns)
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    return all_certificates()[-1]


def dates_of(facts):
    return {facts.get(name) for name in ("held_from", "held_to", "issued_on", "valid_until")}


def test_a_stranger_sees_every_printed_fact(stranger):
    certificate = issued(native_name="عائشة")
    page = stranger.get(f"/verify/{certificate.code}")
    assert page.status_code == 200
    facts = certificate.facts
    for fact in (
        "printed_name",
        "native_name",
        "institution",
        "country",
        "achievement",
        "mode",
        "place",
        "number",
        "code",
    ):
        assert facts[fact] in page.text, fact
    for module in facts["modules"]:
        assert f"{module['title']}, {module['hours']} hours" in page.text
    assert facts["signatories"][0]["name"] in page.text
    assert certificate.file_sha256 in page.text
    assert "<h1>Student certificate for Aisyah binti Rahman</h1>" in page.text


def test_no_single_word_stands_for_the_four_answers(stranger):
    page = stranger.get(f"/verify/{issued().code}").text
    questions = ("Is it unaltered?", "Did we issue it?", "Is it in its dates?", "Was it revoked or replaced?")
    assert [page.count(question) for question in questions] == [1] * 4
    assert "valid" not in page.lower()
    assert "A code alone cannot tell." in page


def test_a_stranger_sees_nothing_private(stranger):
    certificate = issued(email="aisyah@private.example")
    page = stranger.get(f"/verify/{certificate.code}").text
    assert "private.example" not in page
    assert f"/people/{certificate.person_id}" not in page
    assert certificate.cohort.code not in page
    assert certificate.file_key not in page


@pytest.mark.parametrize("written", [str.lower, grouped, lambda code: " ".join(code)])
def test_the_address_forgives_how_the_code_is_written(stranger, written):
    certificate = issued()
    assert stranger.get(f"/verify/{written(certificate.code)}").status_code == 200


def test_the_form_leads_to_the_certificate(stranger):
    certificate = issued()
    typed = grouped(certificate.code).lower().replace("0", "o")
    answer = stranger.get("/verify", query_string={"code": typed}, follow_redirects=True)
    assert certificate.facts["printed_name"] in answer.text


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda code: code[:-2], "A code has 27 letters and digits; here are 25."),
        (lambda code: "U" + code[1:], "No code has U in it."),
        (lambda code: code[1] + code[0] + code[2:], "two are swapped"),
    ],
)
def test_a_mistyped_code_gets_a_sentence_and_keeps_the_typing(stranger, spoil, sentence):
    code = issued().code
    while code[0] == code[1]:
        code = issued().code
    for answer in (
        stranger.get("/verify", query_string={"code": spoil(code)}),
        stranger.get(f"/verify/{spoil(code)}"),
    ):
        assert answer.status_code == 404
        assert sentence in answer.text
        assert f'value="{spoil(code)}"' in answer.text


def test_a_code_nobody_was_given_is_not_found(stranger):
    answer = stranger.get(f"/verify/{new_code()}")
    assert (answer.status_code, "No certificate has this code" in answer.text) == (404, True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_number_alone_verifies_nothing(stranger):
    certificate = issued()
    for path in (f"/verify/{certificate.number}", f"/verify?code={certificate.number}"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert "number alone proves nothing" in answer.text
        assert certificate.facts["printed_name"] not in answer.text


def test_a_revoked_certificate_says_so_with_date_and_reason(stranger):
    certificate = issued()
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=certificate, reason="Exam was repeated by another.")
    page = stranger.get(f"/verify/{all_certificates()[0].code}").text
    assert page.count("We revoked it on") == 2  # before anything else, and as the answer
    assert "Exam was repeated by another." in page
    assert "linkedin" not in page


def test_an_expired_certificate_says_when_its_term_ended(stranger):
    certificate = issued()
    certificate.valid_until = yesterday()
    db.session.commit()
    page = stranger.get(f"/verify/{all_certificates()[0].code}").text
    assert page.count("Its term ended on") == 2
    assert "linkedin" not in page


@pytest.fixture
def throttled_stranger(app):
    """A stranger at the same application with its throttles on."""
    settings = config.TestConfig(
        data_dir=app.config["DATA_DIR"], database_url=app.config["SQLALCHEMY_DATABASE_URI"]
    )
    settings.RATELIMIT_ENABLED = True
    throttled = create_app(settings)
    limiter.reset()
    yield throttled.test_client()
    limiter.reset()
    limiter.enabled = False
    jobs.init_app(app)
    with throttled.app_context():
        db.engine.dispose()


def test_guesses_are_throttled_at_thirty_a_minute(throttled_stranger):
    tries = [throttled_stranger.get(f"/verify/{new_code()}") for _ in range(32)]
    assert [answer.status_code for answer in tries] == [404] * 30 + [429] * 2
    assert "Wait a minute" in tries[-1].text


def test_mistyped_codes_are_throttled_and_the_empty_form_is_not(throttled_stranger):
    assert {throttled_stranger.get("/verify").status_code for _ in range(40)} == {200}
    tries = [throttled_stranger.get(f"/verify?code={new_code()[:-1]}") for _ in range(32)]
    assert [answer.status_code for answer in tries] == [404] * 30 + [429] * 2


def test_a_good_answer_may_be_kept_for_a_minute_and_is_not_indexed(stranger):
    answer = stranger.get(f"/verify/{issued().code}")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers


def test_nothing_can_be_sent_to_the_public_check(stranger):
    assert stranger.post("/verify").status_code == 422
    assert stranger.post(f"/verify/{new_code()}").status_code == 404


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_any_script_is_the_same_on_page_and_paper(stranger, officer, tmp_path, script):
    printed, native = NAMES[script]
    certificate = issued(printed_name=printed, native_name=native)
    page = stranger.get(f"/verify/{certificate.code}").text
    assert printed in page and (native or "") in page
    paper = tmp_path / "certificate.pdf"
    paper.write_bytes(officer.get(f"/certificates/{certificate.number}.pdf").data)
    text = subprocess.run(["pdftotext", paper, "-"], check=True, capture_output=True).stdout.decode()
    words = [*printed.split(), *(() if script in RIGHT_TO_LEFT or not native else native.split())]
    assert all(word in text for word in words)
    assert certificate.number in text


def test_the_qr_of_the_paper_leads_to_the_check(stranger):
    certificate = issued()
    address = certificate.facts["verify_url"]
    assert stranger.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_what_was_issued_verifies_after_the_person_is_merged_away(stranger):
    certificate = issued()
    certificate.person.merged_into_id = make_person().id
    db.session.commit()
    assert stranger.get(f"/verify/{all_certificates()[0].code}").status_code == 200


def test_a_cohort_that_ends_tomorrow_is_printed_with_its_days(stranger):
    certificate = certified_cohort(1) and all_certificates()[0]
    assert certificate.facts["held_to"] == (TODAY + timedelta(days=1)).isoformat()
