import dataclasses
import random
import re
import shutil
import subprocess
import sys

import pytest
import segno

from certificates import (
    InvalidContent,
    Kind,
    Press,
    UnprintableText,
    example_content,
    load_design,
    newest_design,
    render_certificate,
)
from certificates.qr import qr_symbol

TEACHER = example_content(Kind.TEACHER)
NAMES = {
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
    "Kazakh": "Әлия Құрманғазықызы",
    "Mongolian": "Өнөрбаяр Үүрийнтуяа",
    "Chinese": "龚铉喆堃璟𬭎",
    "Thai": "ณัฐวุฒิ ศรีสุขก็น้ำผึ้ง",
    "Khmer": "ចន្ទ្រា ស្រីពៅ",
    "Amharic": "ተስፋዬ ገብረማርያም",
    "Tamil": "முருகன் ஸ்ரீ கௌரி",
    "Devanagari": "श्रीकृष्ण शर्मा",
    "Spanish": "José Ñuñez Peña",
    "Malay": "Siti Nurhaliza binti Ismail",
    "Mexican and Chinese": "Lucía 王 Fernández",
}


def _run(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"LOUD: {tool} is not installed, so nothing here has read the certificate back.")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """One file per script as printed and native name, and per kind; name to path."""
    folder = tmp_path_factory.mktemp("printed")
    contents = {kind.value: example_content(kind) for kind in Kind}
    for script, name in NAMES.items():
        contents[script] = dataclasses.replace(TEACHER, printed_name="Ana Lima", native_name=name)
    contents["Arabic"] = dataclasses.replace(TEACHER, native_name="محمّد الأمين بن علي")
    for name, content in contents.items():
        (folder / f"{name}.pdf").write_bytes(render_certificate(content))
    return {name: folder / f"{name}.pdf" for name in contents}


def test_the_same_content_gives_the_same_bytes_on_a_new_press():
    one, other = (Press(newest_design(Kind.TEACHER)).render(TEACHER) for _ in range(2))
    assert one == other


def test_what_a_press_printed_before_does_not_show():
    fresh, used = (Press(newest_design(Kind.TEACHER)) for _ in range(2))
    for name in NAMES.values():
        used.render(dataclasses.replace(TEACHER, printed_name=name, verify_url=f"https://x.org/{len(name)}"))
    assert used.render(TEACHER) == fresh.render(TEACHER)


def test_another_process_gives_the_same_bytes(tmp_path):
    code = (
        "import sys; from certificates import *; "
        "sys.stdout.buffer.write(render_certificate(example_content(Kind.TEACHER)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert out.stdout == render_certificate(TEACHER)


def test_any_changed_fact_changes_the_bytes():
    usual = render_certificate(TEACHER)
    for change in ({"printed_name": "Ana"}, {"number": "GDT-2026-000124"}, {"verify_url": "https://x.org/1"}):
        assert render_certificate(dataclasses.replace(TEACHER, **change)) != usual


@pytest.mark.parametrize("script", NAMES)
def test_the_name_comes_out_of_the_file_as_it_went_in(printed, script):
    lines = [line.strip() for line in _run("pdftotext", "-layout", printed[script], "-").splitlines()]
    assert NAMES[script] in lines


def test_the_facts_come_out_in_reading_order(printed):
    text = _run("pdftotext", "-layout", printed["teacher"], "-")
    order = ["Alibaba Global Digital Talent", "Teacher Certificate", "Nguyễn Thị Ánh Tuyết", "拉曼大学"]
    order += ["Digital Commerce and New Retail", "3–7 Nov 2026 · Kuala Lumpur · on site", "GDT-2026-000123"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_qpdf_finds_nothing_wrong(printed):
    for path in printed.values():
        assert "No syntax or stream encoding errors" in _run("qpdf", "--check", path)


def test_all_fonts_are_embedded_and_subset(printed):
    for path in printed.values():
        rows = _run("pdffonts", path).splitlines()[2:]
        assert rows
        assert all(re.search(r"Identity-H +yes yes yes", row) for row in rows), rows


@pytest.mark.parametrize("kind", list(Kind))
def test_a_camera_reads_the_verify_address(printed, tmp_path, kind):
    _run("pdftoppm", "-r", "150", "-gray", "-singlefile", "-png", printed[kind.value], tmp_path / "page")
    assert _run(
        "zbarimg", "-q", "--raw", "-S*.enable=0", "-Sqrcode.enable=1", tmp_path / "page.png"
    ).strip() == (example_content(kind).verify_url)


def test_the_files_say_what_they_are(printed):
    info = _run("pdfinfo", printed["teacher"])
    assert "Title:           Teacher Certificate GDT-2026-000123: Nguyễn Thị Ánh Tuyết" in info
    assert "Author:          Alibaba Global Digital Talent" in info
    assert "Keywords:        7K3M-9QXR-2TBW-5HNC-8DVF-4GZJ-PA" in info
    assert "841.89 x 595.28 pts (A4)" in info
    assert re.search(r"Pages: +1\n", info)


def test_the_files_say_their_language(printed, tmp_path):
    _run("qpdf", "--qdf", "--object-streams=disable", printed["teacher"], tmp_path / "plain.pdf")
    assert b"/Lang (en)" in (tmp_path / "plain.pdf").read_bytes()


def test_a_file_is_small(printed):
    sizes = {name: path.stat().st_size for name, path in printed.items()}
    assert max(sizes.values()) <= 36_000
    assert sizes["student"] <= 28_000


def test_delimiters_in_a_name_do_not_break_the_file(tmp_path):
    path = tmp_path / "odd.pdf"
    path.write_bytes(render_certificate(dataclasses.replace(TEACHER, achievement=r"(A) \ )B( endobj")))
    assert "No syntax" in _run("qpdf", "--check", path)
    assert r"(A) \ )B( endobj" in _run("pdftotext", path, "-")


def test_a_name_no_font_can_print_is_refused():
    with pytest.raises(UnprintableText, match=r"U\+E123"):
        render_certificate(dataclasses.replace(TEACHER, printed_name="Ana \ue123"))


def test_a_design_of_another_kind_is_refused():
    with pytest.raises(InvalidContent, match="student-1"):
        render_certificate(TEACHER, load_design("student-1"))


def test_the_countrys_language_stands_beside_english(tmp_path):
    path = tmp_path / "es.pdf"
    path.write_bytes(render_certificate(dataclasses.replace(TEACHER, language="es-MX")))
    text = _run("pdftotext", "-layout", path, "-")
    assert "This is to certify that · Se certifica que" in text
    assert "Teacher Certificate · Certificado de docente" in text


def test_derived_symbols_are_those_segno_draws():
    chance = random.Random(7)
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for length in (26, 26, 26, 10, 26, 60, 26, 26):
        address = "https://gdt.example.org/verify/" + "".join(chance.choice(alphabet) for _ in range(length))
        symbol = qr_symbol(address)
        drawn = segno.make(address, mode="byte", error="m", micro=False, boost_error=False, mask=2)
        rows = [
            f"{symbol.bits:0{symbol.size**2}b}"[at : at + symbol.size]
            for at in range(0, symbol.size**2, symbol.size)
        ]
        assert rows == ["".join(str(int(bool(module))) for module in row) for row in drawn.matrix]
