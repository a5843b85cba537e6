"""How an institution's certificates look: its country's language or another, and its logo."""

import io
import subprocess

import pytest
from PIL import Image, ImageDraw

from certificates import example_logo
from gdt import documents
from gdt.access import OFFICE, Role
from gdt.certification.archives.printing import write_prints
from gdt.certification.designs import looks
from gdt.certification.designs.look_choosing import choose_look
from gdt.certification.designs.models import InstitutionLook
from gdt.certification.issuing.services import issue_for_cohort
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from tests.browser import submit
from tests.factories import TODAY, make_country, make_institution
from tests.features.certification.stories import all_certificates, make_ready_cohort, make_ready_institution


def a_logo():
    picture = Image.new("RGBA", (600, 300), (255, 255, 255, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 599, 299), outline="navy", width=40)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def issued_for(institution):
    issue_for_cohort(make_ready_cohort(1, institution=institution), actor=OFFICE, issued_on=TODAY)
    return all_certificates()[-1]


def text_of(certificate, tmp_path):
    (tmp_path / "c.pdf").write_bytes(documents.read(certificate.file_key))
    read = subprocess.run(["pdftotext", "-layout", tmp_path / "c.pdf", "-"], capture_output=True, check=True)
    return read.stdout.decode()


@pytest.mark.parametrize(
    ("country", "language", "words"),
    [
        ("MX", "es", "Student Certificate · Certificado de estudiante"),
        ("KZ", "kk", "Student Certificate · Студент сертификаты"),
        ("VN", "vi", "Student Certificate · Chứng chỉ học viên"),
        ("SG", "en", "Student Certificate"),
    ],
)
def test_the_language_of_the_country_stands_beside_english(app, tmp_path, country, language, words):
    certificate = issued_for(make_ready_institution(country=make_country(code=country)))
    assert certificate.facts["language"] == language
    lines = [line.strip() for line in text_of(certificate, tmp_path).splitlines()]
    assert words in lines


def test_an_institution_can_choose_another_language_or_english_alone(officer, tmp_path):
    institution = make_ready_institution()
    page = f"/institutions/{institution.code}/certificate-look/edit"
    assert "that of its country: Malay" in officer.get(page).text
    assert submit(officer, page, language="zh").status_code == 302
    assert "学员证书" in text_of(issued_for(institution), tmp_path)
    submit(officer, page, language="en")
    assert issued_for(institution).facts["language"] == "en"
    submit(officer, page, language="")
    assert issued_for(institution).facts["language"] == "ms"


def test_a_language_the_designs_do_not_have_is_refused_by_text_and_language(app):
    with pytest.raises(DomainError, match=r"lacks the text “Teacher Certificate” in Kinyarwanda \(rw\)"):
        choose_look(actor=OFFICE, institution=make_institution(), language="rw")


def test_a_logo_is_uploaded_shown_and_printed_and_its_hash_is_frozen(officer, tmp_path):
    institution = make_ready_institution()
    page = f"/institutions/{institution.code}/certificate-look/edit"
    answer = submit(officer, page, language="", logo=(io.BytesIO(a_logo()), "logo.png"))
    assert answer.location == f"/institutions/{institution.code}/certificate-look"
    look = db.session.query(InstitutionLook).one()
    shown = officer.get(f"/institutions/{institution.code}/logo.png")
    assert shown.content_type == "image/png"
    assert shown.data == documents.read(looks.logo_key(look.logo_sha256))
    assert "beside the programme" in officer.get(answer.location).text
    certificate = issued_for(institution)
    assert certificate.facts["logo"] == look.logo_sha256
    assert b"/Subtype/Image" in documents.read(certificate.file_key)


def test_a_logo_that_is_changed_or_removed_leaves_what_was_issued_alone(officer, tmp_path):
    institution = make_ready_institution()
    with unit_of_work():
        choose_look(actor=OFFICE, institution=institution, language=None, logo=a_logo())
    first = issued_for(institution)
    before = documents.read(first.file_key)
    page = f"/institutions/{institution.code}/certificate-look/edit"
    submit(officer, page, language="", removes_logo="y")
    second = issued_for(institution)
    assert "logo" not in second.facts
    assert documents.read(first.file_key) == before
    with (tmp_path / "prints.pdf").open("wb") as file:
        assert write_prints(all_certificates(), file) == 2
    assert (tmp_path / "prints.pdf").read_bytes().count(b"/Subtype/Image") == 2  # the picture and its veil


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"GIF89a nothing", "neither a PNG nor a JPEG"), (b"\x89PNG\r\n\x1a\n", "neither a PNG nor a JPEG")],
)
def test_what_is_no_logo_is_refused_at_its_field(officer, data, sentence):
    institution = make_institution()
    page = f"/institutions/{institution.code}/certificate-look/edit"
    answer = submit(officer, page, language="", logo=(io.BytesIO(data), "logo.png"))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.query(InstitutionLook).count() == 0


def test_a_lost_logo_stops_issuing_with_a_sentence_and_loses_nothing(app):
    institution = make_ready_institution()
    with unit_of_work():
        look = choose_look(actor=OFFICE, institution=institution, language=None, logo=a_logo())
        look.logo_sha256 = "0" * 64
    with pytest.raises(DomainError, match="The file of a logo"):
        issued_for(institution)
    assert all_certificates() == []


def test_a_coordinator_sees_how_its_certificates_look_and_cannot_change_it(sign_in):
    institution = make_ready_institution()
    with unit_of_work():
        choose_look(actor=OFFICE, institution=institution, language=None, logo=example_logo().data)
    client = sign_in(Role.COORDINATOR, institution)
    page = f"/institutions/{institution.code}/certificate-look"
    assert "Malay" in client.get(page).text
    for kind in ("teacher", "student", "award", "partner"):
        assert client.get(f"{page}/{kind}.pdf").data.startswith(b"%PDF")
    assert client.get(f"{page}/diploma.pdf").status_code == 404
    assert client.get(f"{page}/edit").status_code == 403
    other = make_institution()
    assert client.get(f"/institutions/{other.code}/certificate-look").status_code == 404
    assert client.get(f"/institutions/{other.code}/logo.png").status_code == 404
