import dataclasses
import re
import shutil

import pytest

from certificates import (
    WORST_NAMES,
    InvalidDesign,
    Kind,
    design_names,
    designs,
    example_content,
    load_design,
    newest_design,
    parse_design,
    preview,
    render_certificate,
    write_preview,
)
from certificates.designs import FOLDER

TEACHER = (FOLDER / "teacher-1.toml").read_text(encoding="utf-8")


def _contrast_with_white(colour):
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 1.05 / (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05)


def test_every_kind_has_a_design():
    assert {newest_design(kind).kind for kind in Kind} == set(Kind)


@pytest.mark.parametrize("name", design_names())
def test_text_colours_reach_aa_contrast_on_white(name):
    design = load_design(name)
    used = {line.colour for line in design.lines} | {design.names.colour, "ink", "soft", "accent"}
    assert all(_contrast_with_white(design.colours[colour]) >= 4.5 for colour in used)


@pytest.mark.parametrize("name", design_names())
def test_ornament_is_light_enough_for_a_photocopy_to_lose(name):
    design = load_design(name)
    assert all(_contrast_with_white(design.colours[tint]) < 2.6 for tint in ("tint", "pale", "mist"))


@pytest.mark.parametrize("name", design_names())
def test_the_name_may_grow_larger_than_anything_else(name):
    design = load_design(name)
    assert design.names.largest > 2 * max(line.size for line in design.lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "teacher-1"', 'name = "teacher-2"'),
        ("version = 1", 'version = "1"'),
        ('kind = "teacher"', 'kind = "diploma"'),
        ('accent = "#B5480A"', 'accent = "orange"'),
        ('fact = "modules"', 'fact = "marks"'),
        ('fact = "modules"', 'fact = "modules"\ntext = "both"'),
        ('style = "heading"', 'style = "shouting"'),
        ('colour = "soft"', 'colour = "puce"'),
        ("[check]", "[check]\nshadow = 1.0"),
        ("widest = 178.0", ""),
        ("[seal]", "[seal"),
        ("inset = 24.0", 'inset = "24"'),
        ("aside = { italic = true }", "aside = { slanted = true }"),
    ],
)
def test_a_design_that_cannot_be_drawn_is_refused_by_name(old, new):
    assert old in TEACHER
    with pytest.raises(InvalidDesign, match="teacher-1"):
        parse_design(TEACHER.replace(old, new), "teacher-1")


@pytest.mark.parametrize("name", ["teacher-99", "../teacher-1", "Teacher-1", ""])
def test_a_design_that_is_not_there_is_refused_and_the_others_are_named(name):
    with pytest.raises(InvalidDesign, match=re.escape("student-2, teacher-1, teacher-2")):
        load_design(name)


SECOND = (FOLDER / "teacher-2.toml").read_text(encoding="utf-8")


def test_the_newest_designs_speak_the_languages_of_the_network():
    wanted = {"am", "ar", "es", "fr", "id", "kk", "km", "mn", "ms", "th", "ur", "vi", "zh"}
    assert all(set(newest_design(kind).languages) == wanted for kind in Kind)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kk = ", "tr = ", "the text “Teacher Certificate” is missing in Kazakh (kk)."),
        ('languages = ["am"', 'languages = ["de", "am"', "“Teacher Certificate” is missing in German (de)."),
        ('languages = ["am"', 'languages = ["xx", "am"', "'xx' is not a language we know"),
        ("untranslated = true\n", "", "“Alibaba Global Digital Talent” is missing in Amharic (am)."),
        ('text = "Teacher Certificate"', 'text = "Teacher \ue123"', "which no font can print"),
        ("widest = 178.0", "", "signatures.widest is missing."),
        ("widest = 178.0", 'widest = "wide"', "signatures.widest must be a number, not 'wide'."),
        ("amplitude = 4.2", "amplitude = -4.2", "seal.rings[1].amplitude must be from 0 to 900, not -4.2."),
        ("lobes = 36", "lobes = 100000000", "lobes must be from 1 to 200, not 1e+08."),
        ("x = 420.94", "x = nan", "must be from -900 to 900, not nan."),
        ('fact = "modules"', 'text = "Modules"\nuntranslated = true', "no line shows the fact modules."),
        ('side = "left"', 'side = "top"', "logo.side must be one of left, center, right, not 'top'."),
        ("aside = { italic = true }", 'aside = { family = "comic" }', "styles.aside needs the family"),
        ('soft = "#5F554C"', "", "there is no colour 'soft'."),
        ("[check]", "[check]\nshadow = 1.0", "check.shadow is not an entry of a design."),
        ("stacked = true", "stacked = 1", "lines[5].stacked must be true or false, not 1."),
    ],
)
def test_what_is_wrong_with_a_design_is_said_by_its_entry(old, new, sentence):
    assert old in SECOND
    with pytest.raises(InvalidDesign, match=re.escape(sentence)):
        parse_design(SECOND.replace(old, new, 1), "teacher-2")


def test_a_design_too_large_to_be_one_is_not_read():
    with pytest.raises(InvalidDesign, match="larger than"):
        parse_design(SECOND + "#" * 200_000)


def test_a_language_a_design_does_not_have_is_refused_by_text_and_language():
    content = dataclasses.replace(example_content(Kind.TEACHER), language="rw")
    sentence = "teacher-2 lacks the text “Teacher Certificate” in Kinyarwanda (rw)."
    with pytest.raises(InvalidDesign, match=re.escape(sentence)):
        render_certificate(content, load_design("teacher-2"))
    with pytest.raises(InvalidDesign, match=re.escape("teacher-1 lacks the text")):
        render_certificate(dataclasses.replace(content, language="es"), load_design("teacher-1"))


def test_a_design_is_previewed_with_the_worst_names_and_a_logo(tmp_path):
    path = tmp_path / "preview.pdf"
    with path.open("wb") as file:
        pages = write_preview(load_design("partner-2"), file, "ar")
    assert pages == len(WORST_NAMES)
    data = path.read_bytes()
    assert b"/Subtype/Image" in data
    assert preview(load_design("partner-2"), "ar") != preview(load_design("partner-2"))


def test_a_design_that_was_changed_on_the_disk_is_not_drawn_with(tmp_path, monkeypatch):
    copied = tmp_path / "designs"
    shutil.copytree(FOLDER, copied)
    monkeypatch.setattr(designs, "FOLDER", copied)
    assert designs.design_source.__wrapped__("teacher-2") == SECOND
    (copied / "teacher-2.toml").write_text(SECOND.replace("Alibaba", "Ali8aba"), encoding="utf-8")
    with pytest.raises(InvalidDesign, match=re.escape("teacher-2.toml is not as it was published")):
        designs.design_source.__wrapped__("teacher-2")
