import dataclasses
import io
import itertools
import re
import shutil
import subprocess
import tracemalloc

import pytest

from certificates import (
    InvalidContent,
    Kind,
    Sheet,
    UnprintableText,
    example_content,
    load_design,
    render_certificate,
    write_print_file,
)

TEACHER = example_content(Kind.TEACHER)
NAMES = [
    "Nguyễn Thị Ánh Tuyết",
    "ณัฐวุฒิ ศรีสุข",
    "ចន្ទ្រា ស្រីពៅ",
    "龚铉喆堃璟𬭎",
    "ተስፋዬ ገብረማርያም",
    "Әлия Құрманғазықызы",
]


def _people(count):
    for place in range(count):
        yield dataclasses.replace(
            TEACHER,
            number=f"GDT-2026-{place:06d}",
            code=f"7K3M-9QXR-2TBW-5HNC-8DVF-{place:04d}-PA",
            verify_url=f"https://gdt.example.org/verify/7K3M9QXR2TBW5HNC8DVF{place:04d}PA",
            printed_name=f"Ana Lima {place}",
            native_name=NAMES[place % len(NAMES)],
        )


def _run(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"LOUD: {tool} is not installed, so nothing here has read the print file back.")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def _printed(sheets):
    file = io.BytesIO()
    return write_print_file(sheets, file), file.getvalue()


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """250 teachers, which is more than one branch of the page tree and one object stream, and every kind."""
    path = tmp_path_factory.mktemp("book") / "book.pdf"
    with path.open("wb") as file:
        sheets = [*map(Sheet, _people(250)), *(Sheet(example_content(kind)) for kind in Kind)]
        assert write_print_file(sheets, file) == 254
    return path


def test_there_is_a_page_for_each_certificate_in_the_order_given(book):
    said = _run("pdftotext", "-layout", book, "-").split("\f")
    assert len(said) == 255
    for place, content in enumerate(_people(250)):
        lines = [line.strip() for line in said[place].splitlines()]
        assert content.printed_name in lines
        assert content.native_name in lines
        assert any(content.number in line for line in lines)
    assert [Kind.AWARD.title() in said[252], "Partner Certificate" in said[253]] == [True, True]


def test_qpdf_finds_nothing_wrong(book):
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", book)


def test_all_fonts_are_embedded_once_for_each_design(book):
    rows = _run("pdffonts", book).splitlines()[2:]
    assert all(re.search(r"Identity-H +yes yes yes", row) for row in rows), rows
    assert len(rows) < 40


def test_it_is_not_signed_and_says_what_it_is(book):
    assert "Title:           Certificates to print: 254" in _run("pdfinfo", book)
    assert b"/Sig" not in book.read_bytes()


def test_a_page_looks_like_the_certificate(book, tmp_path):
    content = next(itertools.islice(_people(250), 133, None))
    (tmp_path / "one.pdf").write_bytes(render_certificate(content))
    _run("pdftoppm", "-r", "60", "-f", "134", "-l", "134", "-singlefile", book, tmp_path / "page")
    _run("pdftoppm", "-r", "60", "-singlefile", tmp_path / "one.pdf", tmp_path / "one")
    assert (tmp_path / "page.ppm").read_bytes() == (tmp_path / "one.ppm").read_bytes()


def test_certificates_printed_afterwards_are_as_they_were():
    before = [render_certificate(content) for content in _people(6)]
    _printed(map(Sheet, _people(12)))
    assert [render_certificate(content) for content in _people(6)] == before


def test_the_same_sheets_give_the_same_bytes():
    assert _printed(map(Sheet, _people(20))) == _printed(map(Sheet, _people(20)))


def test_a_page_takes_little_room():
    _pages, small = _printed(map(Sheet, _people(100)))
    _pages, large = _printed(map(Sheet, _people(600)))
    assert (len(large) - len(small)) / 500 <= 1700


class _Nowhere(io.RawIOBase):
    """A file that only counts: what the print file holds back must be its own."""

    def writable(self):
        return True

    def write(self, data):
        return len(data)


def test_memory_does_not_grow_with_the_pages():
    people = list(_people(200))  # the same again and again, so that what is cached of their names is there
    write_print_file(map(Sheet, people), _Nowhere())
    kept = []
    for count in (400, 1600):
        tracemalloc.start()
        write_print_file(map(Sheet, itertools.islice(itertools.cycle(people), count)), _Nowhere())
        kept.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert kept[1] - kept[0] < 1200 * 200


def test_the_design_of_issue_is_printed_when_it_is_named():
    _pages, named = _printed([Sheet(TEACHER, load_design("teacher-1"))])
    assert named == _printed([Sheet(TEACHER, load_design("teacher-1"))])[1]
    with pytest.raises(InvalidContent, match="student-1"):
        _printed([Sheet(TEACHER, load_design("student-1"))])


def test_nothing_to_print_and_unprintable_names_are_refused():
    with pytest.raises(ValueError, match="no certificates"):
        _printed([])
    with pytest.raises(UnprintableText, match=r"U\+E123"):
        _printed([Sheet(dataclasses.replace(TEACHER, printed_name="Ana \ue123"))])
