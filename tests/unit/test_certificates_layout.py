import dataclasses
import re
import unicodedata

import pytest

from certificates import (
    WORST_NAMES,
    Kind,
    ModuleLine,
    Signatory,
    content_faults,
    design_faults,
    design_names,
    example_content,
    lay_out,
    load_design,
    newest_design,
    parse_design,
    unprintable_characters,
)
from certificates.designs import FOLDER
from certificates.layout import address, fixed_layout

TEACHER = example_content(Kind.TEACHER)
LONG_NAME = "Wickramasinghe Mudiyanselage Nuwan Chaminda Bandara Wijesundara Rajapakse Ekanayake Perera"
FOUR = (
    Signatory(name="Lin Meihua", title="Programme Director"),
    Signatory(name="Ahmad Faizal bin Osman", title="Dean, Faculty of Business and Finance"),
    Signatory(name="Dr Nurul Aisyah binti Abdul Rahman", title="Vice-Chancellor"),
    Signatory(name="ศ.ดร. สมชาย ศรีสุข", title="คณบดีคณะพาณิชยศาสตร์และการบัญชี"),
)
CROWDED = dataclasses.replace(
    TEACHER,
    printed_name=LONG_NAME,
    native_name="விக்ரமசிங்க முதியன்சேலாகே நுவன் சமிந்த பண்டார விஜேசுந்தர ராஜபக்ஷ ஏகநாயக்க பெரேரா",
    institution="Instituto Tecnológico y de Estudios Superiores de Monterrey, Escuela de Negocios Digitales",
    institution_native="สถาบันเทคโนโลยีพระจอมเกล้าเจ้าคุณทหารลาดกระบัง คณะบริหารธุรกิจ",
    achievement="Digital Commerce, New Retail, Smart Logistics and Cross-border Trade for Enterprises",
    modules=tuple(ModuleLine(title=f"Cross-border Trade and Logistics {n}", hours=12) for n in range(12)),
    place="Centro de Convenciones Internacional de la Ciudad de México, salón Benito Juárez",
    signatories=FOUR,
    language="es",
)
CASES = {
    "four signatories, 90 characters, two scripts": CROWDED,
    "the longest Arabic": dataclasses.replace(
        CROWDED, native_name="محمّد الأمين بن علي بن عبد الرحمن " * 3 + "التونسي"
    ),
    "stacked Khmer": dataclasses.replace(
        CROWDED, printed_name="សុខ វិបុល ចន្ទ្រា ស្រីពៅ " * 3 + "ចន្ទ្រា", native_name="ស្រីពៅ ចន្ទ្រា"
    ),
    "Urdu": dataclasses.replace(TEACHER, native_name="ڈاکٹر عمر فاروق چھٹّہ", signatories=FOUR[:3]),
    "one word without end": dataclasses.replace(TEACHER, printed_name="W" * 120, native_name="国" * 120),
    "nothing optional": dataclasses.replace(
        TEACHER,
        native_name=None,
        institution_native=None,
        modules=(),
        held_from=None,
        held_to=None,
        mode=None,
        place=None,
        valid_until=None,
        signatories=(),
    ),
    "one letter": dataclasses.replace(TEACHER, printed_name="O", native_name=None),
} | {kind.value: example_content(kind) for kind in Kind}
CASES |= {
    f"{kind} in {language}": dataclasses.replace(example_content(kind), language=language)
    for kind in Kind
    for language in ("es-MX", "km", "ur", "zh")
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_overlaps_and_nothing_leaves_the_frame(case):
    assert content_faults(CASES[case], newest_design(CASES[case].kind)) == []


@pytest.mark.parametrize("name", [name for name in design_names() if name.endswith("-2")])
def test_the_worst_names_fit_every_design_in_every_language(name):
    design = load_design(name)
    assert len(design.languages) == 13
    assert design_faults(design) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("baseline = 216.0", "baseline = 240.0", "The achievement and the .* overlap"),
        ("y = 469.0", "y = 440.0", "The Teacher Certificate and the logo overlap"),
        ("x = 84.0\ny = 68.0", "x = 54.0\ny = 68.0", "The symbol leaves the frame"),
        ("rule = 118.0", "rule = 165.0", "The occasion and the sign.* overlap"),
        ("y = 541.0", "y = 500.0", "The Alibaba Global Digital Talent and the seal overlap"),
    ],
)
def test_a_design_in_which_parts_overlap_is_found_out(old, new, fault):
    source = (FOLDER / "teacher-2.toml").read_text(encoding="utf-8")
    assert old in source
    found = design_faults(parse_design(source.replace(old, new)))
    assert any(re.match(fault, sentence) for sentence in found), found


def test_the_worst_names_are_in_many_scripts_and_each_can_be_printed():
    letters = "".join(name for names in WORST_NAMES.values() for name in names if name)
    scripts = {unicodedata.name(letter).split()[0] for letter in letters if letter.isalpha()}
    wanted = {
        "LATIN",
        "ARABIC",
        "THAI",
        "KHMER",
        "CJK",
        "ETHIOPIC",
        "CYRILLIC",
        "DEVANAGARI",
        "TAMIL",
        "HANGUL",
    }
    assert wanted <= scripts
    assert any(ord(letter) > 0xFFFF for letter in letters)
    assert unprintable_characters(letters) == []


@pytest.mark.parametrize("case", [case for case in CASES if case != "one word without end"])
def test_the_holders_name_is_the_largest_thing(case):
    content = CASES[case]
    design = newest_design(content.kind)
    lines = lay_out(content, design).lines
    name = min(line.size for line in lines if line.role == "name")
    rest = [
        line.size for line in (*lines, *fixed_layout(design, content.language).lines) if line.role != "name"
    ]
    assert name > max(rest)


def test_the_native_name_is_as_large_as_the_printed_one():
    sizes = {line.size for line in lay_out(TEACHER, newest_design(Kind.TEACHER)).lines if line.role == "name"}
    assert len(sizes) == 1


def test_a_long_name_wraps_without_losing_a_word():
    lines = lay_out(CROWDED, newest_design(Kind.TEACHER)).lines
    assert LONG_NAME in " ".join(line.text for line in lines if line.role == "name")


def test_every_fact_of_the_content_is_on_the_sheet():
    text = " ".join(line.text for line in lay_out(TEACHER, newest_design(Kind.TEACHER)).lines)
    facts = [
        *(TEACHER.printed_name, TEACHER.native_name, TEACHER.institution, TEACHER.institution_native),
        *(TEACHER.country, TEACHER.achievement, TEACHER.number, TEACHER.place, TEACHER.mode),
        *("New Retail, 12\u00a0hours", "3–7 Nov 2026", "21 Nov 2026", "20 Nov 2029", "Lin Meihua"),
        *("7K3M-9QXR-2TBW-5HNC- 8DVF-4GZJ-PA", "gdt.example.org/verify"),
    ]
    assert [fact for fact in facts if fact not in text] == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://gdt.example.org/verify/7K3M9QXR2TBW5HNC8DVF4GZJPA", "gdt.example.org/verify"),
        ("https://gdt.example.org/v?c=7K3M-9QXR-2TBW-5HNC-8DVF-4GZJ-PA", "gdt.example.org/v?c"),
        ("http://127.0.0.1:5000/verify", "127.0.0.1:5000/verify"),
    ],
)
def test_the_verify_address_is_printed_without_scheme_and_code(url, words):
    assert address(dataclasses.replace(TEACHER, verify_url=url)) == words


def test_a_heading_is_in_small_capitals_wholly_or_not_at_all():
    design = newest_design(Kind.TEACHER)
    heading = {
        language: next(line for line in fixed_layout(design, language).lines if "Teacher" in line.text)
        for language in ("en", "vi")
    }
    assert heading["en"].style.small_caps
    assert not heading["vi"].style.small_caps
