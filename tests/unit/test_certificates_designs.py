import re

import pytest

from certificates import InvalidDesign, Kind, design_names, load_design, newest_design, parse_design
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
    with pytest.raises(InvalidDesign, match=re.escape("partner-1, student-1, teacher-1")):
        load_design(name)
