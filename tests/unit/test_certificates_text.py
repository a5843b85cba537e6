import io
import shutil
import subprocess
import unicodedata

import pytest
import uharfbuzz as hb

from certificates import (
    FontMissing,
    TextStyle,
    UnprintableText,
    draw_text,
    is_right_to_left,
    new_canvas,
    text_width,
    unprintable_characters,
    use_fonts_directory,
    wrap_text,
)
from certificates.fonts import font_stack
from certificates.shaping import shape_text

STYLE = TextStyle()
LEFT_TO_RIGHT = {
    "Vietnamese": "Nguyễn Thị Ánh Tuyết Đặng Hữu Phước",
    "Kazakh": "Әлия Құрманғазықызы Нұрсұлтан",
    "Mongolian": "Батбаярын Өнөрбаяр Үүрийнтуяа",
    "Chinese": "张伟 · 欧阳娜娜 · 龚铉喆堃璟𬭎",
    "Thai": "ณัฐวุฒิ ศรีสุขก็น้ำผึ้ง",
    "Khmer": "សុខ វិបុល ចន្ទ្រា ស្រីពៅ",
    "Amharic": "ተስፋዬ ገብረማርያም",
    "Tamil": "முருகன் ஸ்ரீ கௌரி",
    "Devanagari": "श्रीकृष्ण शर्मा र्क क्ष्मि",
    "Spanish": "José Ñuñez Peña, María Íñiguez",
    "Malay": "Nur Aisyah binti Abdul Rahman",
    "ligatures": "Office affinity Thaddeus, Quito",
}
RIGHT_TO_LEFT = {"Arabic": "محمّد الأمين بن علي", "Urdu": "ڈاکٹر عمر فاروق چھٹّہ"}


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    """Every script in two weights and a tracked label, drawn on an ordinary ReportLab canvas."""
    return _draw([*LEFT_TO_RIGHT.values(), *RIGHT_TO_LEFT.values()], tmp_path_factory.mktemp("sheet"))


def _draw(lines, folder):
    file = io.BytesIO()
    canvas = new_canvas(file, (842, 595), title="Scripts", author="GDT", language="en")
    for place, line in enumerate(lines):
        draw_text(canvas, 30, 570 - 36 * place, line, STYLE, 18)
        draw_text(canvas, 620, 570 - 36 * place, line, TextStyle(weight=700), 14, "center")
    draw_text(canvas, 30, 20, "Alibaba Global Digital Talent", TextStyle(small_caps=True, tracking=0.2), 14)
    canvas.save()
    path = folder / "sheet.pdf"
    path.write_bytes(file.getvalue())
    return path


def _run(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"LOUD: {tool} is not installed, so nothing here has read the file back.")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("script", LEFT_TO_RIGHT)
def test_a_name_copied_out_of_the_file_is_the_name_put_in(sheet, script):
    assert _run("pdftotext", "-layout", sheet, "-").count(LEFT_TO_RIGHT[script]) == 2


@pytest.mark.parametrize("script", RIGHT_TO_LEFT)
def test_a_right_to_left_name_comes_out_with_all_its_letters(sheet, script):
    text = _run("pdftotext", "-layout", sheet, "-")
    marks_aside = [
        "".join(c for c in line if unicodedata.category(c) not in ("Mn", "Cf")) for line in text.splitlines()
    ]
    letters = "".join(c for c in RIGHT_TO_LEFT[script] if unicodedata.category(c) != "Mn")
    assert sum(line.count(letters) for line in marks_aside) == 2


def test_tracked_small_capitals_come_out_as_words(sheet):
    assert "Alibaba Global Digital Talent" in _run("pdftotext", "-layout", sheet, "-")


def test_every_font_of_a_borrowed_canvas_is_embedded_and_subset(sheet):
    rows = _run("pdffonts", sheet).splitlines()[2:]
    assert len(rows) >= 14
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows if "CID" in row)
    assert "Helvetica" not in "".join(rows)


def test_qpdf_finds_nothing_wrong_with_a_borrowed_canvas(sheet):
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", sheet)


def test_drawing_twice_gives_the_same_bytes(sheet, tmp_path):
    again = _draw([*LEFT_TO_RIGHT.values(), *RIGHT_TO_LEFT.values()], tmp_path)
    assert again.read_bytes() == sheet.read_bytes()


@pytest.mark.parametrize("text", [*LEFT_TO_RIGHT.values(), *RIGHT_TO_LEFT.values()])
def test_every_script_has_its_glyphs_in_every_weight(text):
    for weight in (400, 700):
        glyphs = [g for span in shape_text(text, TextStyle(weight=weight)).spans for g in span.glyphs]
        assert glyphs
        assert all(glyph.id for glyph in glyphs), "a .notdef box would be printed"


def test_characters_no_font_has_are_named_once_and_in_order():
    assert unprintable_characters("a\U0001f9ff b\ue123\U0001f9ff") == ["\U0001f9ff", "\ue123"]


def test_format_characters_that_leave_ink_are_not_taken_for_invisible():
    assert unprintable_characters("a\U000110bd") == ["\U000110bd"]


def test_control_characters_are_unprintable():
    assert unprintable_characters("Ana\x07") == ["\x07"]


@pytest.mark.parametrize(
    "text", [*LEFT_TO_RIGHT.values(), *RIGHT_TO_LEFT.values(), "a\u200db\u00a0c", "葛\U000e0100", "a\u3000b"]
)
def test_printable_names_are_not_complained_about(text):
    assert unprintable_characters(text) == []


def test_drawing_what_no_font_has_is_refused_and_says_which_character():
    with pytest.raises(UnprintableText, match=r"U\+E123") as refused:
        text_width("Ana \ue123", STYLE, 10)
    assert refused.value.characters == ["\ue123"]


def test_width_grows_with_size_and_letters():
    assert text_width("Ana", STYLE, 20) == pytest.approx(2 * text_width("Ana", STYLE, 10))
    assert text_width("AnaAna", STYLE, 10) > 1.9 * text_width("Ana", STYLE, 10)


def test_decomposed_and_composed_text_are_set_alike():
    name = LEFT_TO_RIGHT["Vietnamese"]
    assert text_width(unicodedata.normalize("NFD", name), STYLE, 10) == text_width(name, STYLE, 10)


def test_kerning_is_on_and_spelled_codes_are_not_kerned():
    letters = sum(text_width(letter, STYLE, 10) for letter in "AVAVA")
    assert text_width("AVAVA", STYLE, 10) < letters
    assert text_width("AVAVA", TextStyle(spelled=True), 10) == pytest.approx(letters)


def test_arabic_letters_join():
    alone = sum(len(shape_text(letter, STYLE).spans[0].glyphs) for letter in "علي")
    joined = {glyph.id for span in shape_text("علي", STYLE).spans for glyph in span.glyphs}
    separate = {g.id for letter in "علي" for span in shape_text(letter, STYLE).spans for g in span.glyphs}
    assert alone
    assert joined != separate


def test_right_to_left_text_is_laid_out_from_the_right():
    spans = [span.text for span in shape_text("عمر 2026", STYLE).spans if span.text.strip()]
    assert spans[0] == "2026"
    assert spans[-1] == "ع"


@pytest.mark.parametrize(
    ("text", "answer"), [("عمر", True), ("(عمر)", True), ("Omar عمر", False), ("12", False)]
)
def test_the_first_strong_letter_decides_the_direction(text, answer):
    assert is_right_to_left(text) is answer


@pytest.mark.parametrize("text", [*LEFT_TO_RIGHT.values(), *RIGHT_TO_LEFT.values()])
@pytest.mark.parametrize("width", [60, 120, 400])
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap_text(text, STYLE, 20, width)
    assert all(text_width(line, STYLE, 20) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_in_reading_order_from_right_to_left():
    words = RIGHT_TO_LEFT["Arabic"].split()
    lines = wrap_text(RIGHT_TO_LEFT["Arabic"], STYLE, 20, text_width(" ".join(words[:2]), STYLE, 20) + 1)
    assert lines[0] == " ".join(words[:2])


def test_chinese_breaks_between_characters_but_not_before_a_full_stop():
    lines = wrap_text("数字人才培训。", STYLE, 10, text_width("数字人才培训", STYLE, 10))
    assert lines == ["数字人才培", "训。"]


def test_balanced_lines_are_as_many_and_more_even():
    text = "Digital Commerce, New Retail, Smart Logistics and Cross-border Trade for all"
    plain, even = (wrap_text(text, STYLE, 14, 300, balance=balance) for balance in (False, True))
    widths = [[text_width(line, STYLE, 14) for line in lines] for lines in (plain, even)]
    assert len(plain) == len(even)
    assert max(widths[1]) - min(widths[1]) < max(widths[0]) - min(widths[0])


@pytest.fixture
def office_fonts(tmp_path):
    """A folder with one font of the office's own, under a name only an office could give it."""
    thai = font_stack("serif", 400, False)[1].file.path
    (tmp_path / "Office Thai (1).ttf").write_bytes(thai.read_bytes())
    use_fonts_directory(tmp_path)
    yield tmp_path
    use_fonts_directory(None)


def test_the_offices_fonts_go_before_the_packaged_fallbacks(office_fonts):
    path = _draw([LEFT_TO_RIGHT["Thai"], LEFT_TO_RIGHT["Malay"]], office_fonts)
    fonts = _run("pdffonts", path)
    assert "OfficeThai1-400" in fonts
    assert "EBGaramond-400" in fonts
    assert "NotoSansThai" not in fonts
    assert "No syntax" in _run("qpdf", "--check", path)


def test_a_fonts_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FontMissing, match="nowhere"):
        use_fonts_directory(tmp_path / "nowhere")


def test_a_subset_draws_the_same_outlines_as_the_font():
    face = font_stack("serif", 400, False)[0].face
    glyphs = [0, *(g.id for span in shape_text("Ễg", STYLE).spans for g in span.glyphs)]
    small = hb.Font(hb.Face(face.glyphs.subset(glyphs)))
    for number, glyph in enumerate(glyphs):
        assert small.get_glyph_extents(number) == face.hb_font.get_glyph_extents(glyph)
        assert small.get_glyph_h_advance(number) == face.hb_font.get_glyph_h_advance(glyph)
