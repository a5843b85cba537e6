"""All certificates of a cohort in one ZIP: every byte as issued, under names every system keeps."""

import io
import zipfile

import pytest

from gdt import documents
from gdt.access import Role
from gdt.certification.archives import archiving
from gdt.certification.archives.archiving import file_name
from gdt.certification.archives.models import CertificateArchive
from gdt.database import db
from gdt.jobs import JobState
from tests.browser import submit
from tests.features.certification.stories import all_certificates, certified_cohort, make_ready_cohort


def order(client, cohort):
    page = f"/cohorts/{cohort.code}/certificates"
    return submit(client, f"{page}/archives", page=page)


def archive_of(client, cohort):
    answer = order(client, cohort)
    file = client.get(f"{answer.location}/file")
    assert file.status_code == 200
    assert file.content_length == len(file.data)
    return zipfile.ZipFile(io.BytesIO(file.data))


def test_the_zip_holds_every_certificate_as_issued(officer):
    cohort = certified_cohort(0, names=["Nguyễn Văn An", "林美玲", 'A/B: "C"'])
    bundle = archive_of(officer, cohort)
    assert bundle.testzip() is None
    assert {entry.compress_type for entry in bundle.infolist()} == {zipfile.ZIP_STORED}
    held = {bundle.read(name) for name in bundle.namelist()}
    assert held == {documents.read(c.file_key) for c in all_certificates()}
    assert sorted(name.split(" ", 1)[1] for name in bundle.namelist()) == [
        "A B C.pdf",
        "Nguyễn Văn An.pdf",
        "林美玲.pdf",
    ]


def test_a_coordinator_takes_her_cohorts_zip_and_no_other(sign_in):
    mine, theirs = certified_cohort(1), certified_cohort(1)
    coordinator = sign_in(Role.COORDINATOR, institution=mine.institution)
    other = sign_in(Role.COORDINATOR, institution=theirs.institution)
    location = order(coordinator, mine).location
    assert coordinator.get(location).status_code == 200
    for path in (location, f"{location}/file"):
        assert other.get(path).status_code == 404
    token_page = f"/cohorts/{theirs.code}/certificates"
    answer = submit(other, f"/cohorts/{mine.code}/certificates/archives", page=token_page)
    assert answer.status_code == 404


def test_a_leader_changes_nothing_not_even_by_ordering_a_zip(leader):
    cohort = certified_cohort(1)
    assert "Download all as ZIP" not in leader.get(f"/cohorts/{cohort.code}/certificates").text


def test_a_cohort_without_certificates_has_no_zip(officer):
    cohort = make_ready_cohort(1)
    page = officer.get(f"/cohorts/{cohort.code}/certificates").text
    assert "No certificates yet" in page
    assert "Download all as ZIP" not in page


def test_an_altered_certificate_is_not_put_into_a_zip(officer):
    cohort = certified_cohort(2)
    filesystem, path = documents._place(all_certificates()[0].file_key)
    filesystem.pipe_file(path, b"%PDF forged")
    answer = order(officer, cohort)
    page = officer.get(answer.location).text
    assert "not the one that was issued" in page
    archive = db.session.query(CertificateArchive).one()
    assert (archive.job_state, archive.file_key) == (JobState.FAILED, None)
    assert officer.get(f"{answer.location}/file").status_code == 404


def test_progress_is_told_while_the_file_is_written(officer, monkeypatch):
    monkeypatch.setattr(archiving, "PROGRESS_EVERY", 2)
    told = []
    say = archiving._say
    monkeypatch.setattr(archiving, "_say", lambda key, done: (told.append(done), say(key, done)))
    archive_of(officer, certified_cohort(5))
    assert told == [2, 4]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Nguyễn Văn An", "N1 Nguyễn Văn An.pdf"),
        ('a/b\\c:d*e?f"g<h>i|j', "N1 a b c d e f g h i j.pdf"),
        ("Ends with a dot.", "N1 Ends with a dot.pdf"),
        ("\u202egpj.exe", "N1 gpj.exe.pdf"),
        ("  ", "N1.pdf"),
        ("..", "N1.pdf"),
    ],
)
def test_a_file_name_is_safe_on_every_system(name, kept):
    assert file_name("N1", name) == kept


def test_a_very_long_name_is_cut_between_characters():
    name = file_name("GDT-2026-000001", "阮" * 300)
    assert len(name.encode()) <= 255
    assert name.endswith("阮.pdf")
