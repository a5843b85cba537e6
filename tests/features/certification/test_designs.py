"""Designs: kept as drafts, looked at, published once, and never changed after that."""

import io
import re

import pytest

from certificates import design_source
from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.designs import versions as design_versions
from gdt.certification.designs.models import CertificateDesign
from gdt.certification.designs.services import keep_design, publish_design
from gdt.certification.designs.versions import DesignState, get_version
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.issuing.steering import continue_batch
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from tests.browser import counted_queries, submit
from tests.factories import TODAY
from tests.features.certification.stories import all_certificates, make_ready_cohort

SECOND = design_source("student-2")


def version_of(number, **changes):
    """The student design under another number, with words changed."""
    source = SECOND.replace('"student-2"', f'"student-{number}"')
    source = source.replace("version = 2", f"version = {number}")
    for old, new in changes.values():
        assert old in source
        source = source.replace(old, new)
    return source.encode()


def published(number, **changes):
    with unit_of_work():
        record = keep_design(actor=OFFICE, content=version_of(number, **changes))
        publish_design(actor=OFFICE, name=record.name, seen=record.sha256)
    return db.session.query(CertificateDesign).filter_by(version=number).one()


def upload(client, content, name="design.toml"):
    page = "/certificate-designs/new"
    return submit(client, page, file=(io.BytesIO(content), name))


def publish(client, name, word=None):
    page = f"/certificate-designs/{name}/publish"
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', client.get(page).text)[1]
    return submit(client, page, seen=seen, confirm_word=name if word is None else word)


def test_a_new_version_is_kept_looked_at_published_and_drawn_with(officer):
    cohort = make_ready_cohort(1)
    answer = upload(officer, version_of(3, title=('title = "Student Certificate"', 'title = "Diploma"')))
    assert answer.location == "/certificate-designs/student-3"
    page = officer.get(answer.location).text
    assert "Draft" in page
    assert "English and Kazakh" in page
    for file in ("specimen.pdf?language=ar", "worst-names.pdf?language=km", "worst-names.pdf"):
        preview = officer.get(f"{answer.location}/{file}")
        assert preview.data.startswith(b"%PDF")
        assert preview.headers["Content-Disposition"].startswith("inline")
    assert get_version("student-2").state is DesignState.IN_USE
    assert publish(officer, "student-3").status_code == 302
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    (certificate,) = all_certificates()
    assert certificate.design == "student-3"
    states = {version.name: version.state for version in design_versions.list_versions()}
    assert states["student-3"] is DesignState.IN_USE
    assert states["student-2"] is states["student-1"] is DesignState.EARLIER
    assert states["teacher-2"] is DesignState.IN_USE
    event = db.session.query(AuditEvent).filter_by(action="published").one()
    assert event.summary == "Published the design student-3"


def test_what_was_issued_keeps_its_look_and_the_file_its_bytes(officer):
    issue_for_cohort(make_ready_cohort(1), actor=OFFICE, issued_on=TODAY)
    before = officer.get(f"/certificates/{all_certificates()[0].number}.pdf").data
    published(3, ink=('ink = "#211C18"', 'ink = "#111111"'))
    (certificate,) = all_certificates()
    assert certificate.design == "student-2"
    assert officer.get(f"/certificates/{certificate.number}.pdf").data == before


def test_publishing_wants_the_name_and_what_was_looked_at(officer):
    upload(officer, version_of(3))
    assert publish(officer, "student-3", word="yes").status_code == 422
    page = "/certificate-designs/student-3/publish"
    stale = submit(officer, page, seen="0" * 64, confirm_word="student-3")
    assert stale.status_code == 422
    assert "another draft took its place" in stale.text
    assert get_version("student-3").state is DesignState.DRAFT


def test_a_published_version_never_changes(officer):
    published(3)
    assert upload(officer, version_of(3)).status_code == 422
    older = upload(officer, version_of(2))
    assert older.status_code == 422
    assert "student-3 is in use, and a published version never changes. Call the new one student-4." in (
        older.text
    )
    record = db.session.query(CertificateDesign).filter_by(name="student-3").one()
    with pytest.raises(DomainError, match="published already"):
        publish_design(actor=OFFICE, name="student-3", seen=record.sha256)


def test_a_draft_gives_way_to_the_next_and_can_be_discarded(officer):
    upload(officer, version_of(3))
    upload(officer, version_of(3, title=('title = "Student Certificate"', 'title = "Diploma"')))
    assert get_version("student-3").title == "Diploma"
    answer = submit(officer, "/certificate-designs/student-3/discard", page="/certificate-designs/student-3")
    assert answer.status_code == 302
    assert officer.get("/certificate-designs/student-3").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"[seal", "is not TOML"),
        (version_of(3, a=("widest = 178.0", "")), "signatures.widest is missing."),
        (version_of(3, a=("mn = ", "ne = ")), "is missing in Mongolian (mn)."),
        (
            version_of(3, a=("baseline = 216.0", "baseline = 245.0")),
            "overlap (Longest Latin, with Tamil; en).",
        ),
        (version_of(3).split(b"[logo]")[0], "logo is missing"),
        (b"x" * 200_001, "larger than"),
    ],
)
def test_a_design_that_cannot_be_used_is_refused_by_its_entry(officer, content, sentence):
    answer = upload(officer, content)
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#34;", '"')
    assert db.session.query(CertificateDesign).count() == 0


def test_no_file_is_refused_at_its_field(officer):
    answer = submit(officer, "/certificate-designs/new")
    assert answer.status_code == 422
    assert "Choose the file of the design." in answer.text


def test_a_version_without_a_language_the_network_uses_is_not_published(officer):
    make_ready_cohort(1)  # of an institution in Malaysia
    fewer = re.sub(rb"(?m)^ms = .*\n", b"", version_of(3)).replace(b'"ms", ', b"")
    upload(officer, fewer)
    answer = publish(officer, "student-3")
    assert answer.status_code == 422
    assert "student-3 lacks the text “Student Certificate” in Malay (ms)." in answer.text
    assert get_version("student-3").state is DesignState.DRAFT


def test_a_published_design_that_was_changed_stops_issuing_and_goes_on_when_it_is_restored(officer):
    record = published(3)
    source, record.source = record.source, record.source.replace("Alibaba", "Ali8aba")
    db.session.commit()
    cohort = make_ready_cohort(2)
    with pytest.raises(DomainError, match="The design student-3 is not as it was published"):
        issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    assert all_certificates() == []
    assert "Changed after publishing" in officer.get("/certificate-designs").text
    assert "Restore it from a backup" in officer.get("/certificate-designs/student-3").text
    assert officer.get("/certificate-designs/student-3/specimen.pdf").status_code == 404
    with unit_of_work():
        db.session.query(CertificateDesign).one().source = source
    with unit_of_work():
        continue_batch(actor=OFFICE, batch=db.session.query(CertificateBatch).one())
    assert len(all_certificates()) == 2


def test_the_list_of_designs_asks_the_same_questions_however_many_there_are(officer):
    with counted_queries() as few:
        officer.get("/certificate-designs")
    for number in (3, 4, 5):
        published(number)
    with counted_queries() as many:
        page = officer.get("/certificate-designs")
    assert "student-5" in page.text
    selects = [[query for query in sent if query.startswith("SELECT")] for sent in (few, many)]
    assert len(selects[0]) == len(selects[1])


def test_a_version_of_the_library_can_be_taken_away_to_be_changed(officer):
    answer = officer.get("/certificate-designs/student-2.toml")
    assert answer.data.decode() == SECOND
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.COORDINATOR])
def test_designs_are_for_the_office(sign_in, role):
    institution = make_ready_cohort(0).institution if role is Role.COORDINATOR else None
    assert sign_in(role, institution).get("/certificate-designs").status_code == 403


def test_the_administrator_may_publish_too(administrator):
    upload(administrator, version_of(3))
    assert publish(administrator, "student-3").status_code == 302
