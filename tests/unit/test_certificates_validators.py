"""Independent tools read every design with names of twelve scripts, signed and with a badge inside."""

import dataclasses
import re
import shutil
import subprocess
import unicodedata
from datetime import UTC, datetime

import pytest

from certificates import (
    Attachment,
    Kind,
    Signer,
    example_content,
    example_logo,
    make_development_key,
    render_certificate,
)

NAMES = {
    "Latin": ("en", "María-José O’Connor-d’Ávila"),
    "Vietnamese": ("vi", "Nguyễn Thị Ánh Tuyết"),
    "Kazakh": ("kk", "Әлия Құрманғазықызы"),
    "Mongolian": ("mn", "Өнөрбаяр Үүрийнтуяа"),
    "Chinese": ("zh", "龚铉喆堃璟𬭎"),
    "Thai": ("th", "ณัฐวุฒิ ศรีสุขก็น้ำผึ้ง"),
    "Khmer": ("km", "ចន្ទ្រា ស្រីពៅ"),
    "Amharic": ("am", "ተስፋዬ ገብረማርያም"),
    "Tamil": ("ms", "முருகன் ஸ்ரீ கௌரி"),
    "Devanagari": ("en", "श्रीकृष्ण शर्मा"),
    "Arabic": ("ar", "محمد الأمين بن علي"),
    "Urdu": ("ur", "ڈاکٹر عمر فاروق"),
}
BADGE = Attachment("badge.json", "application/vc", b'{"name": "Teamwork"}' * 100, "Open Badge")
TOOLS = ("pdfsig", "qpdf", "pdffonts", "pdftoppm", "zbarimg", "pdftotext", "pdfdetach")


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"LOUD: {missing} not installed, so nothing independent has read the certificates.")
    return Signer(make_development_key(tmp_path_factory.mktemp("keys")))


def run(*words):
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True).stdout


def letters(text):
    """The letters of a text in any order, for scripts that readers put in an order of their own."""
    return sorted(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("kind", list(Kind))
def test_independent_tools_agree(kind, script, signer, tmp_path):
    language, name = NAMES[script]
    logo, path = example_logo(), tmp_path / "c.pdf"
    content = dataclasses.replace(
        example_content(kind), printed_name="Ana Lima", native_name=name, language=language, logo=logo.sha256
    )
    moment = datetime.now(UTC).replace(microsecond=0)
    path.write_bytes(
        render_certificate(content, signer=signer, signed_at=moment, attachments=[BADGE], logo=logo)
    )
    said = run("pdfsig", "-nocert", path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path)
    fonts = run("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(re.search(r"Identity-H +yes yes yes", row) for row in fonts), fonts
    assert "1: badge.json" in run("pdfdetach", "-list", path)
    run("pdftoppm", "-r", "110", "-gray", "-singlefile", "-png", path, tmp_path / "page")
    seen = run("zbarimg", "-q", "--raw", "-S*.enable=0", "-Sqrcode.enable=1", tmp_path / "page.png")
    assert seen.strip() == content.verify_url
    lines = [line.strip() for line in run("pdftotext", "-layout", path, "-").splitlines()]
    if script in ("Arabic", "Urdu"):
        assert letters(name) in [letters(line) for line in lines]
    else:
        assert name in lines
    assert "Ana Lima" in lines
