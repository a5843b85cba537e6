"""The print file of issued certificates says what they said at issue, whatever was changed since."""

import io
import subprocess

import pytest

from gdt.certification.archives.printing import write_prints
from gdt.database import db
from tests.features.certification.stories import all_certificates, certified_cohort


def _pages(certificates, tmp_path):
    path = tmp_path / "prints.pdf"
    with path.open("wb") as file:
        assert write_prints(iter(certificates), file) == len(certificates)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return text.stdout.split("\f")[:-1]


def test_the_print_file_has_a_page_for_each_certificate_with_its_frozen_facts(app, tmp_path):
    cohort = certified_cohort(0, names=["Nguyễn Văn An", "林美玲", "ณัฐวุฒิ ศรีสุข"])
    certificates = all_certificates()
    cohort.institution.name = "Renamed University"
    db.session.flush()
    pages = _pages(certificates, tmp_path)
    assert len(pages) == 3
    for certificate, page in zip(certificates, pages, strict=True):
        assert certificate.facts["printed_name"] in page
        assert certificate.number in page
        assert "Renamed" not in page


def test_there_is_no_print_file_of_nothing(app):
    with pytest.raises(ValueError, match="no certificates"):
        write_prints(iter(()), io.BytesIO())
