import re
import shutil
import subprocess

import pytest

from certificates import (
    Attachment,
    InvalidAttachment,
    Kind,
    Relationship,
    example_content,
    render_certificate,
)
from certificates.inspection import inspect_pdf

TEACHER = example_content(Kind.TEACHER)
FILES = (
    Attachment("ordinary.txt", "text/plain", b"words", relationship=Relationship.SUPPLEMENT),
    Attachment("empty.bin", "application/octet-stream", b""),
    Attachment("badge (1).json", "application/ld+json", b'{"a": 1}' * 500, "Open Badge (3.0)"),
    Attachment("Zeugnis für 阮氏映雪.json", "application/json", bytes(range(256)) * 40, "Das Zeugnis"),
)


def _run(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"LOUD: {tool} is not installed, so nothing independent has found the attached files.")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("attached") / "file.pdf"
    path.write_bytes(render_certificate(TEACHER, attachments=FILES))
    return path


def test_pdfdetach_lists_and_extracts_the_same_bytes(path, tmp_path):
    listed = re.findall(r"^\d+: (.*)$", _run("pdfdetach", "-list", path).decode(), re.MULTILINE)
    assert listed == ["Zeugnis für 阮氏映雪.json", "badge (1).json", "empty.bin", "ordinary.txt"]
    names = {entry.name: entry.data for entry in FILES}
    for place, name in enumerate(listed, 1):
        _run("pdfdetach", "-save", place, "-o", tmp_path / str(place), path)
        assert (tmp_path / str(place)).read_bytes() == names[name]


def test_qpdf_finds_nothing_wrong_and_every_key_in_the_tree(path):
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", path).decode()
    listed = _run("qpdf", "--list-attachments", "--verbose", path).decode()
    for entry in FILES:
        assert entry.name in listed
        assert _run("qpdf", f"--show-attachment={entry.name}", path) == entry.data


def test_the_inspector_finds_what_was_attached(path):
    found = {entry.name: entry for entry in inspect_pdf(path.read_bytes()).attachments}
    for entry in FILES:
        seen = found.pop(entry.name)
        assert (seen.mime, seen.description, seen.relationship, seen.data) == (
            entry.mime,
            entry.description,
            entry.relationship,
            entry.data,
        )
    assert found == {}


def test_attached_files_are_compressed_and_reproducible(path):
    data = path.read_bytes()
    assert render_certificate(TEACHER, attachments=FILES) == data
    assert len(data) - len(render_certificate(TEACHER)) < 3_000


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "../secret"}, "secret"),
        ({"name": ""}, "name"),
        ({"name": ".."}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"mime": "json"}, "media type"),
        ({"description": "two\nlines"}, "one line"),
        ({"relationship": "Source"}, "relationship"),
    ],
)
def test_what_cannot_be_attached_is_refused(change, named):
    facts = {"name": "a.json", "mime": "application/json", "data": b"{}"} | change
    with pytest.raises(InvalidAttachment, match=named):
        Attachment(**facts)


def test_too_much_and_twice_the_same_name_are_refused():
    one = FILES[0]
    large = Attachment("large.bin", "application/octet-stream", bytes(8_000_001))
    many = [Attachment(f"{place}.txt", "text/plain", b"") for place in range(17)]
    for attachments, named in (([one, one], "same name"), ([large], "larger"), (many, "17 files")):
        with pytest.raises(InvalidAttachment, match=named):
            render_certificate(TEACHER, attachments=attachments)
