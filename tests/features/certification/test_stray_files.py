"""Files that come without a code, or beside the wrong one: each is told for what it is, in its own words."""

import io
import json
import zlib
from datetime import UTC, datetime

import pypdf
import pytest

from certificates import Attachment, Signer, make_development_key
from certificates.badges import SigningKey, sign_document
from certificates.content import content_from_json
from certificates.press import render_certificate
from gdt import documents
from tests.features.certification.stories import all_certificates, certified_cohort, change_keys

MOMENT = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def certificate(app):
    certified_cohort(2)
    return all_certificates()[0]


@pytest.fixture
def hand_in(client):
    """Hand in a file, without a code unless one is named."""

    def handed(data, code=None):
        path = "/verify" if code is None else f"/verify/{code}"
        form = {"file": (io.BytesIO(data), "file")}
        return client.post(path, data=form, content_type="multipart/form-data")

    return handed


def pdf_of(certificate):
    return documents.read(certificate.file_key)


def saved_anew(pdf, **information):
    """What a PDF program makes of it: the same page, its own structure, no signature."""
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(pdf), import_outline=False)
    writer.add_metadata({f"/{name}": value for name, value in information.items()})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_whatever_we_issued_finds_its_certificate(certificate, hand_in, client):
    picture = client.get(f"/verify/{certificate.code}/badge.png").data
    for data in (pdf_of(certificate), certificate.proof.badge.encode(), picture):
        answer = hand_in(data)
        assert answer.status_code == 200
        assert "It is exactly what we issued." in answer.text
        assert f"<h1>Student certificate for {certificate.facts['printed_name']}</h1>" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_altered_file_is_laid_beside_the_certificate_it_names(certificate, hand_in):
    for data in (
        pdf_of(certificate) + b"\n",
        saved_anew(pdf_of(certificate), Keywords=certificate.facts["code"]),
    ):
        answer = hand_in(data)
        assert answer.status_code == 200
        assert "This PDF is not the one we issued" in answer.text
        assert "<h1>This file is not what we issued</h1>" in answer.text
        assert certificate.facts["printed_name"] in answer.text
    badge = json.loads(certificate.proof.badge) | {"name": "Teacher Certificate"}
    assert "changed after it was signed" in hand_in(json.dumps(badge).encode()).text


def test_a_pdf_of_somebody_else_is_told_so(certificate, hand_in):
    writer = pypdf.PdfWriter()
    page = writer.add_page(pypdf.PdfReader(io.BytesIO(pdf_of(certificate))).pages[0])
    del page["/Annots"]  # the drawing alone: what "print to PDF" leaves of a certificate
    out = io.BytesIO()
    writer.write(out)
    strange = out.getvalue()
    for code in (None, certificate.code):
        answer = hand_in(strange, code)
        assert answer.status_code == (404 if code is None else 200)
        assert "This PDF is not one of ours" in answer.text
        assert "exactly what we issued" not in answer.text


def test_a_pdf_another_key_signed_is_told_so(certificate, hand_in, tmp_path):
    """A forger has our software, our design and every fact: only our key is missing."""
    content = content_from_json(json.dumps(certificate.facts))
    badge = Attachment("badge.json", "application/vc", certificate.proof.badge.encode(), "The badge")
    signer = Signer(make_development_key(tmp_path))
    forged = render_certificate(content, signer=signer, signed_at=MOMENT, attachments=[badge])
    for code in (None, certificate.code):
        assert "somebody else signed it, not we" in hand_in(forged, code).text


def test_a_good_file_beside_the_wrong_code_is_another_certificate(certificate, hand_in):
    other = all_certificates()[1]
    answer = hand_in(pdf_of(other), certificate.code)
    assert "it is another certificate" in answer.text
    assert other.facts["printed_name"] not in answer.text


def test_a_stranger_s_badge_is_told_so_with_and_without_our_code_in_it(certificate, hand_in):
    plain = {n: value for n, value in json.loads(certificate.proof.badge).items() if n != "proof"}
    stranger = SigningKey.from_seed(b"s" * 32)
    with_our_code = json.dumps(sign_document(plain, stranger, MOMENT)).encode()
    assert "somebody else signed it, not we" in hand_in(with_our_code).text
    elsewhere = plain | {"id": "https://elsewhere.example/badges/1"}
    badge = json.dumps(sign_document(elsewhere, stranger, MOMENT))
    answer = hand_in(badge.encode())
    assert (answer.status_code, "This badge is not one of ours" in answer.text) == (404, True)


def test_a_badge_of_a_key_we_no_longer_use_is_still_ours(app, certificate, hand_in):
    change_keys(app)
    for data in (certificate.proof.badge.encode(), pdf_of(certificate)):
        assert "It is exactly what we issued." in hand_in(data).text


def test_our_badge_in_another_picture_proves_only_itself(certificate, hand_in, client):
    picture = client.get(f"/verify/{certificate.code}/badge.png").data
    answer = hand_in(with_comment(picture))
    assert "The picture around it is not" in answer.text
    assert "Only its badge" in answer.text


def with_comment(png):
    """The picture with a remark in a chunk of its own, right behind its head."""
    chunk = b"tEXta\0b"
    return png[:33] + b"\0\0\0\3" + chunk + zlib.crc32(chunk).to_bytes(4, "big") + png[33:]


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"", 422, "Choose a file first"),
        (b"hello", 422, "not a PDF, a badge in JSON"),
        (b"{}", 404, "This badge is not one of ours"),
        (b"%PDF-1.7\n", 404, "This PDF is not one of ours"),
        (b"0" * (3 * 1024 * 1024), 422, "larger than any that we issue"),
    ],
)
def test_anything_else_gets_a_sentence(app, hand_in, data, status, sentence):
    answer = hand_in(data)
    assert (answer.status_code, sentence in answer.text) == (status, True)
